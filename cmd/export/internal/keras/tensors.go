package keras

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/hdf5"
	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
)

// tensors returns the arrays of a file without a model. What an optimizer or a metric keeps is left
// out.
func tensors(s *store) ([]source.Tensor, error) {
	f := s.file
	// Weights that Keras 2 saved have their layers in order, also within a whole model.
	for _, group := range []string{"/", modelWeights} {
		if o, err := f.Object(group); err == nil && slices.ContainsFunc(o.Attributes(), isLayerNames) {
			return listed(s, o)
		}
	}
	all, err := f.Datasets()
	if err != nil {
		return nil, err
	}
	ofKeras := slices.ContainsFunc(all, func(d hdf5.Dataset) bool { return isCounted(d.Path) })
	var found []dataset
	for _, d := range all {
		n := dataset{path: d.Path, name: strings.TrimPrefix(d.Path, "/")}
		if ofKeras {
			if !isCounted(d.Path) || isBesideLayers(d.Path) {
				continue
			}
			n.name = readable(f, d.Path)
		}
		found = append(found, n)
	}
	return load(s, found)
}

// isCounted tells variables by their paths: dense/vars/0.
func isCounted(p string) bool { return path.Base(path.Dir(p)) == "vars" }

func isLayerNames(name string) bool { return name == "layer_names" || name == "layer_names0" }

// isBesideLayers reports whether a path is that of what is not needed to run a model.
func isBesideLayers(p string) bool {
	top, _, _ := strings.Cut(strings.TrimPrefix(p, "/"), "/")
	switch strings.TrimPrefix(top, "_") {
	case "optimizer", "metrics", "optimizer_weights", "seed_generator":
		return true
	}
	return strings.Contains(p, "/seed_generator/")
}

// dataset is a dataset with the name that its tensor gets.
type dataset struct{ path, name string }

// listed returns the variables in the order of their layers. A variable is called after its layer:
// dense_1/kernel.
func listed(s *store, o *hdf5.Object) ([]source.Tensor, error) {
	layers, err := textAttribute(o, "layer_names")
	if err != nil {
		return nil, err
	}
	var found []dataset
	for _, layer := range layers {
		group, err := s.file.Object(path.Join(o.Path, layer))
		if err != nil {
			return nil, err
		}
		variables, err := textAttribute(group, "weight_names")
		if err != nil {
			return nil, err
		}
		for _, v := range variables {
			name := layer + "/" + path.Base(variableName(v))
			if inner := path.Base(path.Dir(v)); inner != layer && inner != "." && inner != "/" {
				name = layer + "/" + inner + "/" + path.Base(variableName(v))
			}
			found = append(found, dataset{path.Join(group.Path, v), name})
		}
	}
	return load(s, found)
}

// variableNames are those of the classes that paths are made of, in the order of their numbers.
var variableNames = map[string][]string{
	"dense":               {"kernel", "bias"},
	"batch_normalization": {"gamma", "beta", "moving_mean", "moving_variance"},
	"normalization":       {"mean", "variance", "count"},
	"p_re_lu":             {"alpha"},
}

// readable makes dense_1/kernel of /layers/dense_1/vars/0. The number stays where nothing tells what it
// stands for, as where a layer left out its gamma or its beta.
func readable(f *hdf5.File, p string) string {
	group, number := path.Dir(p), path.Base(p)
	var words []string
	for _, word := range strings.Split(strings.ReplaceAll(path.Dir(group), `\`, "/"), "/") {
		if word != "" && word != "layers" && word != "_layer_checkpoint_dependencies" {
			words = append(words, word)
		}
	}
	names := variablesOf(f, group, words)
	if i, err := strconv.Atoi(number); err == nil && i >= 0 && i < len(names) {
		number = names[i]
	}
	return strings.Join(append(words, number), "/")
}

// variablesOf returns the names of the variables in a group, or nil where they are not known. Paths
// are made of class names, or in a model of one's own class of its attributes; there a matrix and a
// vector that fits its columns are those of a dense layer.
func variablesOf(f *hdf5.File, group string, words []string) []string {
	o, err := f.Object(group)
	if err != nil || len(words) == 0 {
		return nil
	}
	class := strings.TrimRight(words[len(words)-1], "_0123456789")
	names, known := variableNames[class]
	n := len(o.Names())
	switch {
	case known && n == len(names), class == "dense" && n == 1:
		return names
	case known || n != 2:
		return nil
	}
	var shapes [2][]int
	for i := range shapes {
		v, err := f.Object(path.Join(group, strconv.Itoa(i)))
		if err != nil {
			return nil
		}
		shapes[i] = v.Shape()
	}
	if len(shapes[0]) == 2 && len(shapes[1]) == 1 && shapes[0][1] == shapes[1][0] {
		return variableNames["dense"]
	}
	return nil
}

// load reads datasets as tensors.
func load(s *store, found []dataset) ([]source.Tensor, error) {
	if len(found) == 0 {
		return nil, errors.New("there are no arrays in the file")
	}
	if len(found) > source.MaxTensors {
		return nil, fmt.Errorf("%d arrays: at most %d are read", len(found), source.MaxTensors)
	}
	var list []source.Tensor
	seen := map[string]bool{}
	for _, n := range found {
		if seen[n.name] {
			n.name = strings.TrimPrefix(n.path, "/")
		}
		if seen[n.name] {
			return nil, fmt.Errorf("two arrays are called %q", n.name)
		}
		seen[n.name] = true
		a, err := s.array(n.path)
		if err != nil {
			return nil, err
		}
		list = append(list, source.Tensor{Name: n.name, Array: a})
	}
	return list, nil
}
