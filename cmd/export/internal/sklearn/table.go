package sklearn

import (
	"fmt"
	"slices"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
)

// columnTransformer takes a ColumnTransformer over the given columns apart. What it drops leaves
// nothing, and what remains goes last, as the transformer has noted down itself.
func (w *writer) columnTransformer(e estimator, columns []int, depth int) ([]group, error) {
	parts, err := e.list("transformers_")
	if err != nil {
		return nil, err
	}
	names := map[string]int{}
	for i, name := range e.featureNames() {
		names[name] = i
	}
	resolved, _ := e.get("_transformer_to_input_indices").(*pickle.Dict) // since 1.0
	used := make([]bool, len(columns))
	var groups []group
	for i, p := range parts {
		triple, _ := elements(p)
		if len(triple) != 3 {
			return nil, e.errorf("transformer %d is no triple of name, transformer and columns", i)
		}
		name, _ := triple[0].(string)
		if err := e.refuseTexts(name, triple[1], depth); err != nil {
			return nil, err
		}
		selection := triple[2]
		if resolved != nil {
			if v, ok := resolved.Get(name); ok {
				selection = v
			}
		}
		indices, err := e.indices(selection, len(columns), names)
		if err != nil {
			return nil, e.errorf("transformer %q: %w", short(name), err)
		}
		if err := e.spend(len(columns) + len(indices)); err != nil {
			return nil, e.errorf("%w", err)
		}
		picked := make([]int, len(indices))
		for j, index := range indices {
			picked[j] = columns[index]
			used[index] = used[index] || triple[1] != "drop"
		}
		more, err := w.part(e, name, triple[1], picked, depth)
		if err != nil {
			return nil, err
		}
		groups = append(groups, more...)
	}
	if unused := len(used) - count(used); unused > 0 {
		if n := len(groups); n > 0 {
			became := fmt.Sprintf("nothing: %d of %d columns are not used", unused, len(columns))
			groups[n-1].fates = append(groups[n-1].fates, draft.Fate{Layer: e.inner("remainder") + ": drop", Became: became})
		}
		w.Note("%s does not use %d of %d columns; they have their places in the row all the same", e, unused, len(columns))
	}
	return groups, nil
}

// refuseTexts refuses a transformer of texts, which a ColumnTransformer has beside other columns.
func (e estimator) refuseTexts(name string, v any, depth int) error {
	step, ok := e.estimator(v, e.inner(name))
	if !ok {
		return nil
	}
	var p plan
	if err := p.add(step, depth+1); err != nil {
		return err
	}
	if len(p.before) > 0 && slices.Contains(vectorizers, p.before[0].class()) {
		return p.before[0].errorf("a column of texts in a ColumnTransformer: a model takes the words of one text, or numbers: put the vectorizer first in a Pipeline, without other columns")
	}
	return nil
}

// count returns how many are true.
func count(flags []bool) int {
	n := 0
	for _, f := range flags {
		if f {
			n++
		}
	}
	return n
}

// indices resolves a selection of columns: numbers, also from the end, names, a mask, or a slice.
func (e estimator) indices(selection any, width int, names map[string]int) ([]int, error) {
	selection = e.plain(selection)
	if r, ok := selection.(*pickle.Record); ok {
		switch {
		case r.Class.Is("builtins", "slice") && len(r.Args) == 3:
			return slice(r.Args, width, names)
		case r.Class.Name == "_RemainderColsList": // a list with a warning in it
			if data, ok := r.Attribute("data"); ok {
				selection = e.plain(data)
			}
		}
	}
	items, ok := elements(selection)
	if !ok || len(items) > maxColumns {
		return nil, errSelection(selection)
	}
	if _, isMask := first(items).(bool); isMask {
		return masked(items, width)
	}
	indices := make([]int, len(items))
	for i, item := range items {
		index, err := column(item, width, names)
		if err != nil {
			return nil, err
		}
		indices[i] = index
	}
	return indices, nil
}

// plain returns the values of an array or of an index of pandas as a list, and anything else as it
// is.
func (e estimator) plain(v any) any {
	v = fromPandas(v)
	if !pickle.IsArray(v) {
		return v
	}
	values, err := e.values(v)
	if err != nil {
		return v
	}
	return &pickle.List{Items: values}
}

func first(items []any) any {
	if len(items) == 0 {
		return nil
	}
	return pickle.Scalar(items[0])
}

// column resolves the number or the name of a column.
func column(v any, width int, names map[string]int) (int, error) {
	switch v := pickle.Scalar(v).(type) {
	case int64:
		if v < 0 {
			v += int64(width)
		}
		if v >= 0 && v < int64(width) {
			return int(v), nil
		}
	case string:
		if i, ok := names[v]; ok && i < width {
			return i, nil
		}
	}
	return 0, errColumn(v, width, names)
}

func masked(items []any, width int) ([]int, error) {
	if len(items) != width {
		return nil, errMask(len(items), width)
	}
	var indices []int
	for i, item := range items {
		if on, _ := pickle.Number(item); on != 0 {
			indices = append(indices, i)
		}
	}
	return indices, nil
}

// slice resolves start, stop and step. By names, the last one is within.
func slice(args pickle.Tuple, width int, names map[string]int) ([]int, error) {
	bounds := [3]int{0, width, 1}
	for i, v := range args {
		if v == nil {
			continue
		}
		if name, ok := v.(string); ok && i < 2 {
			index, err := column(name, width, names)
			if err != nil {
				return nil, err
			}
			bounds[i] = index + i
			continue
		}
		n, ok := v.(int64)
		if !ok {
			return nil, errSelection(v)
		}
		if n < 0 && i < 2 {
			n += int64(width)
		}
		bounds[i] = int(min(max(n, 0), int64(width)))
	}
	if bounds[2] < 1 {
		return nil, errSelection(args[2])
	}
	var indices []int
	for i := bounds[0]; i < bounds[1]; i += bounds[2] {
		indices = append(indices, i)
	}
	return indices, nil
}

func errSelection(v any) error {
	return fmt.Errorf("a selection by %s: columns are selected by numbers, by names or by a mask", pickle.Describe(v))
}

func errColumn(v any, width int, names map[string]int) error {
	if _, ok := v.(string); ok && len(names) == 0 {
		return fmt.Errorf("column %s: the file does not tell the names of the %d columns", pickle.Describe(v), width)
	}
	return fmt.Errorf("column %s, where there are %d", pickle.Describe(v), width)
}

func errMask(n, width int) error {
	return fmt.Errorf("a mask of %d values for %d columns", n, width)
}
