package torch

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// recipe says how a tensor is made of the values of a file.
type recipe struct {
	name    string
	how     how
	inputs  [4]any   // values of the file, or a *recipe of such
	epsilon *epsilon // of batch normalisation; nil if the file does not say
}

type how int

const (
	asIs      how = iota
	normed        // the first is the magnitude, the second the direction
	pruned        // the second is a mask of zeros and ones
	factor        // of batch normalisation: of mean, variance, weight and bias
	summand       // of the same
	forbidden     // by torch.nn.utils.spectral_norm, or another parametrization
)

// pairs puts the values together that are one parameter kept in two. What is made of them is a
// recipe, and stands where the first of them did; other values are as they were.
func pairs(values []named) []named {
	byName := make(map[string]any, len(values))
	for _, v := range values {
		byName[v.name] = v.value
	}
	list := make([]named, 0, len(values))
	for _, v := range values {
		r, ok := recipeFor(v, byName)
		switch {
		case ok && r.how == asIs:
			list = append(list, v)
		case ok:
			list = append(list, named{r.name, &r})
		}
	}
	return list
}

// recipes says what becomes of values that pairs put together. What is made of batch normalisation
// stands where its running mean did.
func recipes(values []named) []recipe {
	byName := make(map[string]any, len(values))
	for _, v := range values {
		byName[v.name] = v.value
	}
	list := make([]recipe, 0, len(values))
	for _, v := range values {
		if group, ok := statistics(v, byName); ok {
			list = append(list, group...)
		} else if _, ok := v.value.(epsilon); !ok {
			list = append(list, recipe{name: v.name, inputs: [4]any{v.value}})
		}
	}
	return list
}

// recipeFor returns no recipe for the second of a pair, and for what only training needs.
func recipeFor(v named, byName map[string]any) (recipe, bool) {
	if before, what, ok := cutLast(v.name, "parametrizations."); ok {
		name, original, _ := strings.Cut(what, ".")
		stem := before + "parametrizations." + name + "."
		second := byName[stem+"original1"]
		switch {
		case second == nil:
			return recipe{name: before + name, how: forbidden}, original == "original"
		case original == "original0":
			return recipe{name: before + name, how: normed, inputs: [4]any{v.value, second}}, true
		}
		return recipe{}, false
	}
	stem, end, _ := cutLast(v.name, "_")
	with := func(other string) any { return byName[stem+other] }
	last := stem[strings.LastIndexByte(stem, '.')+1:]
	parameter := strings.HasPrefix(last, "weight") || last == "bias"
	switch {
	case v.name == "num_batches_tracked", strings.HasSuffix(v.name, ".num_batches_tracked"):
		return recipe{}, false
	case parameter && end == "g" && with("_v") != nil:
		return recipe{name: stem, how: normed, inputs: [4]any{v.value, with("_v")}}, true
	case end == "orig" && with("_mask") != nil:
		return recipe{name: stem, how: pruned, inputs: [4]any{v.value, with("_mask")}}, true
	case end == "orig" && with("_u") != nil:
		return recipe{name: stem, how: forbidden}, true
	case parameter && end == "v" && with("_g") != nil, end == "mask" && with("_orig") != nil,
		(end == "u" || end == "v") && with("_orig") != nil:
		return recipe{}, false
	}
	return recipe{name: v.name}, true
}

// cutLast parts a text at the last place where separator stands.
func cutLast(text, separator string) (before, after string, ok bool) {
	i := strings.LastIndex(text, separator)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(separator):], true
}

// errParametrized is the error for what cannot be made without PyTorch's own code.
var errParametrized = errors.New("it has spectral norm or another parametrization: call remove_spectral_norm or torch.nn.utils.parametrize.remove_parametrizations, and save again")

// make makes the tensor.
func (c *content) make(r recipe) (*npy.Array, error) {
	switch r.how {
	case forbidden:
		return nil, errParametrized
	case factor, summand:
		return c.normalisation(r)
	}
	first, err := c.array(r.inputs[0])
	if err != nil || r.how == asIs {
		return first, err
	}
	second, err := c.array(r.inputs[1])
	if err != nil {
		return nil, err
	}
	if r.how == pruned {
		return masked(first, second)
	}
	return normalised(first, second)
}

// tensors makes the tensors of values with names.
func (c *content) tensors(values []named) ([]source.Tensor, []string, error) {
	values = pairs(strip(values))
	counts := made{}
	for _, v := range values {
		counts.count(v.value)
	}
	var tensors []source.Tensor
	seen := make(map[string]bool, len(values))
	for _, r := range recipes(values) {
		if seen[r.name] {
			return nil, nil, fmt.Errorf("two tensors are called %q", r.name)
		}
		seen[r.name] = true
		if r.name == "" {
			return nil, nil, errors.New("a tensor without a name")
		}
		if len(tensors) == source.MaxTensors {
			return nil, nil, fmt.Errorf("more than %d tensors", source.MaxTensors)
		}
		array, err := c.make(r)
		if err != nil {
			return nil, nil, fmt.Errorf("tensor %q: %w", r.name, err)
		}
		counts.count(&r)
		tensors = append(tensors, source.Tensor{Name: r.name, Array: array})
	}
	if len(tensors) == 0 {
		return nil, nil, errors.New("there are no tensors in it")
	}
	return tensors, counts.notes(), nil
}

// made counts what was made.
type made struct{ normed, pruned, normalised, usual int }

// count counts a value if it is a recipe.
func (m *made) count(value any) {
	r, ok := value.(*recipe)
	if !ok {
		return
	}
	switch r.how {
	case normed:
		m.normed++
	case pruned:
		m.pruned++
	case factor:
		m.normalised++
		if r.epsilon == nil {
			m.usual++
		}
	}
}

func (m *made) notes() (notes []string) {
	for _, n := range []struct {
		count int
		text  string
	}{
		{m.normed, "weight norm is multiplied out, in float64 (parameters: %d)"},
		{m.pruned, "pruning masks are multiplied in (parameters: %d)"},
		{m.normalised, "batch normalisation (layers: %d) is given as multiply(NAME.multiply),add(NAME.add)"},
		{m.usual, "the epsilon of batch normalisation, which weights alone do not tell, is taken as the usual 1e-5 (layers: %d)"},
	} {
		if n.count > 0 {
			notes = append(notes, fmt.Sprintf(n.text, n.count))
		}
	}
	return notes
}

// strip takes off what wrappers put before the names: DataParallel and averaging before all of them,
// torch.compile wherever it was called.
func strip(values []named) []named {
	const wrapper, count = "module.", "n_averaged"
	out := make([]named, 0, len(values))
	for _, v := range values {
		if v.name != count {
			out = append(out, named{strings.ReplaceAll(v.name, "_orig_mod.", ""), v.value})
		}
	}
	without := func(v named) bool { return !strings.HasPrefix(v.name, wrapper) }
	for len(out) > 0 && !slices.ContainsFunc(out, without) {
		for i := range out {
			out[i].name = strings.TrimPrefix(out[i].name, wrapper)
		}
	}
	return out
}
