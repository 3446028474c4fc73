package keras

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/hdf5"
	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// weights finds the variables of a layer: those of the given names, in their order, which is also
// the order in which archives count them.
type weights interface {
	variables(l *layer, names []string) ([]*npy.Array, error)
}

// countedWeights are those of an archive.
type countedWeights struct {
	*store
	names map[string]map[string]*hdf5.Object // groups by the names of their layers, by where they stand
}

func (w *countedWeights) variables(l *layer, names []string) ([]*npy.Array, error) {
	group, err := w.group(l)
	if err != nil {
		return nil, err
	}
	if n := len(group.Names()); n != len(names) {
		return nil, fmt.Errorf("%s holds %d variables: %d are needed (%s)", group.Path, n, len(names), strings.Join(names, ", "))
	}
	var list []*npy.Array
	for i := range names {
		a, err := w.numbers(path.Join(group.Path, strconv.Itoa(i)))
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
}

// group returns the group of a layer's variables. The path by classes is right unless a group beside
// it bears the layer's own name. Keras 2.12 had another word for layers, and on Windows the parts of
// a path made one name.
func (w *countedWeights) group(l *layer) (*hdf5.Object, error) {
	if o := w.named(path.Dir(l.path))[l.name]; o != nil {
		return o, nil
	}
	older := strings.ReplaceAll(l.path, "/layers/", "/_layer_checkpoint_dependencies/")
	for _, p := range []string{l.path, older} {
		for _, p := range []string{p, strings.ReplaceAll(strings.TrimPrefix(p, "/"), "/", `\`)} {
			o, err := w.file.Object(p + "/vars")
			if !errors.Is(err, fs.ErrNotExist) {
				return o, err
			}
		}
	}
	return nil, fmt.Errorf("its variables are not in the file: there is no group %s/vars", l.path)
}

// named returns the groups below a path that say which layer is theirs. There are none in files of
// early versions of Keras 3.
func (w *countedWeights) named(outer string) map[string]*hdf5.Object {
	if found, ok := w.names[outer]; ok {
		return found
	}
	found := map[string]*hdf5.Object{}
	if w.names == nil {
		w.names = map[string]map[string]*hdf5.Object{}
	}
	w.names[outer] = found
	siblings, err := w.file.Object(outer)
	if err != nil {
		return found // and so will be the variables
	}
	for _, name := range siblings.Names() {
		o, err := w.file.Object(path.Join(siblings.Path, name, "vars"))
		if err != nil {
			continue
		}
		if text, err := textAttribute(o, "name"); err == nil && len(text) == 1 {
			found[text[0]] = o
		}
	}
	return found
}

// namedWeights are those of an .h5, under the group of a layer. A model within the model is one layer
// there: the variables of all its layers stand in one list, those that are trained before those that
// are not, so names tell whose they are.
type namedWeights struct{ *store }

// modelWeights is the group that holds those of the layers.
const modelWeights = "/model_weights"

func (w *namedWeights) variables(l *layer, names []string) ([]*npy.Array, error) {
	group, err := w.file.Object(path.Join(modelWeights, l.group))
	if err != nil {
		return nil, err
	}
	paths, err := textAttribute(group, "weight_names")
	if err != nil {
		return nil, err
	}
	if !l.nested && len(paths) != len(names) {
		return nil, fmt.Errorf("%s holds %d variables (%s): %d are needed (%s)", group.Path, len(paths), strings.Join(paths, ", "), len(names), strings.Join(names, ", "))
	}
	var list []*npy.Array
	for _, name := range names {
		found := slices.DeleteFunc(slices.Clone(paths), func(p string) bool { return !isVariable(p, l, name) })
		if len(found) != 1 {
			return nil, fmt.Errorf("%d of the variables in %s (%s) are its %s", len(found), group.Path, strings.Join(paths, ", "), name)
		}
		a, err := w.numbers(path.Join(group.Path, found[0]))
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
}

// isVariable reports whether a path such as inner/dense_1/kernel:0 is that of a layer's variable.
func isVariable(p string, l *layer, name string) bool {
	if path.Base(variableName(p)) != name {
		return false
	}
	return !l.nested || path.Base(path.Dir(p)) == l.name
}

// variableName cuts off the number of an output, which variables of TensorFlow have.
func variableName(p string) string {
	name, _, _ := strings.Cut(p, ":")
	return name
}

// textAttribute returns the texts of an attribute, none if there is no such attribute. One that is
// too long for HDF5 is split: layer_names0, layer_names1 and so on.
func textAttribute(o *hdf5.Object, name string) ([]string, error) {
	a, err := o.Attribute(name)
	if err != nil || a != nil {
		return texts(a), err
	}
	var all []string
	for i := 0; ; i++ {
		part, err := o.Attribute(name + strconv.Itoa(i))
		if err != nil || part == nil {
			return all, err
		}
		all = append(all, texts(part)...)
	}
}

// texts returns the values of an attribute. An empty list of texts is saved as one of numbers.
func texts(a *npy.Array) []string {
	if a == nil || a.Len() == 0 {
		return nil
	}
	return a.Strings()
}
