package keras

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/cmd/internal/npy"
	"github.com/edge-infer/edge-infer/format"
)

// converter turns layers into those of a draft, one after the other.
type converter struct {
	draft     *draft.Draft
	weights   weights
	version   int   // of Keras, the first part
	shape     []int // of a row at this point; the draft knows it flat
	started   bool  // whether the model's own layers have begun, after what prepares rows
	repeated  int   // values that broadcast has made
	precision string
}

func convert(model object, loss loss, version string, w weights) (*draft.Draft, error) {
	number, err := major(version)
	if err != nil {
		return nil, err
	}
	layers, err := chain(model)
	if err != nil {
		return nil, err
	}
	if len(layers) == 0 {
		return nil, fmt.Errorf("a model without layers")
	}
	c := &converter{weights: w, version: number, precision: "float32"}
	if err := c.begin(model, layers); err != nil {
		return nil, err
	}
	m := c.draft.Model
	m.Source = format.Software{Name: "keras", Version: version}
	if names, err := model.parse(); err == nil { // early Sequentials have no name
		m.Name, _ = names.text("name", "")
	}
	for i := range layers {
		l := &layers[i]
		became, err := c.layer(l)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", l.place(), err)
		}
		c.draft.Became(l.String(), "%s", became)
	}
	c.output(loss)
	if err := c.draft.Finish(); err != nil {
		return nil, err
	}
	return c.draft, nil
}

// list is where layers go: what prepares rows stands before the model's own layers.
func (c *converter) list() *draft.List {
	if c.started {
		return c.draft.Layers
	}
	return c.draft.Preprocessing
}

// layer adds what a layer computes, and returns what became of it.
func (c *converter) layer(l *layer) (became string, err error) {
	if err := c.checkPrecision(l); err != nil {
		return "", err
	}
	switch {
	case l.own():
		return "", refusal(l)
	case l.Class == "InputLayer" && !l.nested:
		return "the input", nil
	case l.Class == "InputLayer":
		return unchanged, c.enter(l)
	case slices.Contains(idle, l.Class):
		return unchanged, nil
	}
	switch l.Class {
	case "Flatten":
		return c.flatten(l)
	case "Reshape":
		return c.reshape(l)
	}
	if err := l.checkReal(); err != nil {
		return "", err
	}
	switch l.Class {
	case "Normalization":
		return c.normalization(l)
	case "Rescaling":
		return c.rescaling(l)
	}
	c.started = true
	switch l.Class {
	case "Dense":
		return c.dense(l)
	case "BatchNormalization":
		return c.batchNormalization(l)
	case "PReLU":
		return c.prelu(l)
	case "Activation":
		return c.activation(l.config["activation"])
	}
	became, known, err := c.activationLayer(l.object, l.config)
	if !known {
		return "", refusal(l)
	}
	return became, err
}

// unchanged is what became of a layer that is idle.
const unchanged = "nothing is left of it: it changes nothing when a model runs"

// idle are the layers that do nothing when a model runs: what they do, they do in training.
var idle = []string{
	"Dropout", "AlphaDropout", "GaussianDropout", "GaussianNoise", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D",
	"ActivityRegularization", "Identity",
	"RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation", "RandomContrast", "RandomBrightness",
}

// refusal is the error for a layer that has no equal.
func refusal(l *layer) error {
	switch {
	case l.Class == "Lambda" || strings.HasSuffix(l.Class, "Lambda"):
		return fmt.Errorf("it holds Python code or a call of it, which is never executed: write it as a layer, such as Rescaling, or do it before the model")
	case l.own():
		return fmt.Errorf("it is a class of its own (%s), whose Python code is not in the file: build the model of layers of Keras", cmp.Or(l.Registered, l.Class))
	}
	return fmt.Errorf("it has no equal here: models of dense layers, activations and normalisations can be exported")
}

// checkPrecision refuses quantised layers, and notes once that layers compute in float16.
func (c *converter) checkPrecision(l *layer) error {
	name, err := l.config.precision()
	if err != nil {
		return err
	}
	if l.config.has("quantization_config") || strings.Contains(name, "_from_") {
		return errors.New("it is quantised: save the model before quantize() is called")
	}
	if name != c.precision && strings.Contains(name, "float16") {
		c.precision = name
		c.draft.Note("in Keras the layers compute in %s; here they compute in float32, which is more exact: answers differ by what float16 loses", name)
	}
	return nil
}

// checkReal refuses layers that compute in whole numbers, which would cut off fractions.
func (l *layer) checkReal() error {
	name, err := l.config.precision()
	if err == nil && (strings.HasPrefix(name, "int") || strings.HasPrefix(name, "uint") || name == "bool") {
		err = fmt.Errorf("it computes in %s: make it with dtype=\"float32\"", name)
	}
	return err
}

// floats returns variables of a layer as numbers, and their shapes.
func (c *converter) floats(l *layer, names ...string) (values [][]float64, shapes [][]int, err error) {
	if len(names) == 0 {
		return nil, nil, nil
	}
	arrays, err := c.weights.variables(l, names)
	if err != nil {
		return nil, nil, err
	}
	for _, a := range arrays {
		values, shapes = append(values, a.Float64s()), append(shapes, a.Shape)
	}
	return values, shapes, nil
}

// flat requires a layer that works on the last dimension to have rows of that dimension alone.
func (c *converter) flat() error {
	if n := len(c.shape); n == 0 || product(c.shape[:n-1]) != 1 {
		return fmt.Errorf("it works on the last dimension of rows of shape %v: only flat rows are possible, put Flatten before it", c.shape)
	}
	return nil
}

func product(shape []int) int { return npy.Header{Shape: shape}.Len() }
