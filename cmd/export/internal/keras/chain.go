package keras

import (
	"encoding/json"
	"fmt"

	"github.com/edge-infer/edge-infer/format"
)

// layer is one layer of a model, in the order in which they run.
type layer struct {
	object
	config config
	index  string // its place: "3", or "3.1" within a model that is the layer 3
	name   string
	// Where its variables are: path by classes and counters in an archive; in an .h5 the group of the
	// layer of the outermost model that holds it.
	path, group string
	nested      bool // whether it is within a model within the model
}

func (l *layer) String() string { return fmt.Sprintf("%s: %s %q", l.index, l.Class, l.name) }

// place is how errors name a layer.
func (l *layer) place() string {
	return fmt.Sprintf("layer %s, %q of type %s", l.index, l.name, l.Class)
}

// maxNesting bounds the models within each other.
const maxNesting = 4

// chain returns the layers of a model, those of models within it in their place.
func chain(model object) ([]layer, error) {
	return layersOf(model, layer{}, 0)
}

// layersOf returns the layers of a model that is itself a layer of another one, or of none.
func layersOf(model object, outer layer, depth int) ([]layer, error) {
	if depth > maxNesting {
		return nil, fmt.Errorf("models within models, more than %d deep", maxNesting)
	}
	objects, ends, err := children(model)
	if err != nil {
		return nil, err
	}
	if len(objects) > format.MaxLayers {
		return nil, fmt.Errorf("%d layers: at most %d are read", len(objects), format.MaxLayers)
	}
	layers := make([]layer, len(objects))
	counts := map[string]int{}
	for i, o := range objects {
		if layers[i], err = newLayer(o, outer, i, counts); err != nil {
			return nil, fmt.Errorf("layer %d: %w", i, err)
		}
	}
	if model.Class != "Sequential" {
		if layers, err = ends.sort(layers); err != nil {
			return nil, err
		}
	}
	var flat []layer
	for _, l := range layers {
		if !l.isNetwork() {
			flat = append(flat, l)
			continue
		}
		inner, err := layersOf(l.object, l, depth+1)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", l.place(), err)
		}
		flat = append(flat, inner...)
		if len(flat) > format.MaxLayers {
			return nil, fmt.Errorf("more than %d layers", format.MaxLayers)
		}
	}
	return flat, nil
}

// children returns the layers of a model as they are listed. Early versions of Keras 2 had the list
// in the place of a Sequential's configuration.
func children(model object) ([]object, graph, error) {
	var listed struct {
		Layers  []object        `json:"layers"`
		Inputs  json.RawMessage `json:"input_layers"`
		Outputs json.RawMessage `json:"output_layers"`
	}
	var bare []object
	if json.Unmarshal(model.Config, &bare) == nil && model.Class == "Sequential" {
		return bare, graph{}, nil
	}
	if err := json.Unmarshal(model.Config, &listed); err != nil {
		return nil, graph{}, fmt.Errorf("config: %w", err)
	}
	return listed.Layers, graph{listed.Inputs, listed.Outputs}, nil
}

// newLayer makes the layer of an object, the i-th of a model. Counts are of the classes before it.
func newLayer(o object, outer layer, i int, counts map[string]int) (layer, error) {
	l := layer{object: o, index: fmt.Sprint(i), nested: outer.index != ""}
	var err error
	// The configuration of early Sequentials is a list, and theirs alone.
	if l.config, err = o.parse(); err != nil && !o.isNetwork() {
		return l, err
	}
	if l.name, err = l.config.text("name", o.Name); err != nil {
		return l, err
	}
	if l.nested {
		l.index = outer.index + "." + l.index
	}
	stem := snake(o.Class)
	l.path = outer.path + "/layers/" + stem
	if n := counts[stem]; n > 0 {
		l.path += fmt.Sprintf("_%d", n)
	}
	counts[stem]++
	l.group = l.name
	if l.nested {
		l.group = outer.group
	}
	return l, nil
}

// snake writes the name of a class as Keras does in paths, for the classes that have variables.
func snake(class string) string {
	switch class {
	case "BatchNormalization":
		return "batch_normalization"
	case "PReLU":
		return "p_re_lu"
	case "Model":
		return "functional"
	}
	return fold(class)
}
