package keras

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// object is anything that Keras serialised: a model, a layer, a function.
type object struct {
	Class      string          `json:"class_name"`
	Module     string          `json:"module"`          // of a class of Keras itself: keras.layers
	Registered string          `json:"registered_name"` // of a class or function of one's own: package>name
	Config     json.RawMessage `json:"config"`
	Name       string          `json:"name"`           // of a layer in a functional model
	Inbound    json.RawMessage `json:"inbound_nodes"`  // of a layer in a functional model
	Build      json.RawMessage `json:"build_config"`   // the shape that a layer or model was built for
	Compile    json.RawMessage `json:"compile_config"` // of a model in an archive
}

func parseModel(text []byte) (object, error) {
	var model object
	if len(text) > maxConfig {
		return model, fmt.Errorf("%d bytes: at most %d are read", len(text), maxConfig)
	}
	if err := json.Unmarshal(text, &model); err != nil {
		return model, err
	}
	if model.Class == "" {
		return model, errors.New("no class_name")
	}
	return model, nil
}

// isNetwork reports whether an object is a model made of layers, as the classes of Keras itself are.
func (o object) isNetwork() bool {
	switch o.Class {
	case "Sequential", "Functional", "Model":
		return !o.own()
	}
	return false
}

// own reports whether an object is of a class of one's own, which may be called as one of Keras is.
// In an archive classes of Keras have no registered name, but for those that it keeps to itself, as
// Functional, which their module tells. An .h5 writes a registered class as package>name, and another
// one by its name alone, which Keras itself then takes for its own.
func (o object) own() bool {
	module, _, _ := strings.Cut(o.Module, ".")
	switch module {
	case "keras", "keras_core", "tf_keras", "tensorflow":
		return false
	}
	return o.Registered != "" || strings.Contains(o.Class, ">")
}

// config is the configuration of a layer.
type config map[string]json.RawMessage

func (o object) parse() (config, error) {
	c := config{}
	if len(o.Config) == 0 {
		return c, nil
	}
	if err := json.Unmarshal(o.Config, &c); err != nil {
		return nil, fmt.Errorf("config: %w", err)
	}
	return c, nil
}

// has reports whether a key is there and not null.
func (c config) has(key string) bool {
	raw := bytes.TrimSpace(c[key])
	return len(raw) > 0 && !bytes.Equal(raw, []byte("null"))
}

// get parses the value of a key into v, and leaves v as it is where there is none.
func (c config) get(key string, v any) error {
	if !c.has(key) {
		return nil
	}
	if err := json.Unmarshal(c[key], v); err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	return nil
}

// text returns a text, or otherwise where there is none.
func (c config) text(key, otherwise string) (string, error) {
	err := c.get(key, &otherwise)
	return otherwise, err
}

func (c config) boolean(key string, otherwise bool) (bool, error) {
	err := c.get(key, &otherwise)
	return otherwise, err
}

func (c config) integer(key string, otherwise int) (int, error) {
	err := c.get(key, &otherwise)
	return otherwise, err
}

// number returns a single number.
func (c config) number(key string, otherwise float64) (float64, error) {
	if !c.has(key) {
		return otherwise, nil
	}
	list, err := c.numbers(key)
	if err != nil {
		return 0, err
	}
	if len(list) != 1 {
		return 0, fmt.Errorf("%s: %d numbers where one is needed", key, len(list))
	}
	return list[0], nil
}

// numbers returns a number, or the numbers of a list of lists in their order, or nil where there are
// none. NumPy's stand in an object, under a key that differs between versions.
func (c config) numbers(key string) ([]float64, error) {
	if !c.has(key) {
		return nil, nil
	}
	list, err := numbers(c[key], 0)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	return list, nil
}

func numbers(raw json.RawMessage, depth int) ([]float64, error) {
	const maxDepth = 16
	if depth > maxDepth {
		return nil, fmt.Errorf("lists in lists, more than %d deep", maxDepth)
	}
	raw = bytes.TrimSpace(raw)
	switch {
	case isList(raw):
		var flat []float64
		// A null among numbers would pass for a 0.
		if !bytes.Contains(raw, []byte("null")) && json.Unmarshal(raw, &flat) == nil {
			return flat, nil
		}
		var parts []json.RawMessage
		if err := json.Unmarshal(raw, &parts); err != nil {
			return nil, err
		}
		flat = nil
		for _, part := range parts {
			list, err := numbers(part, depth+1)
			if err != nil {
				return nil, err
			}
			flat = append(flat, list...)
		}
		return flat, nil
	case isObject(raw):
		wrapped, err := unwrap(raw)
		if err != nil {
			return nil, err
		}
		return numbers(wrapped, depth+1)
	}
	var v *float64
	if err := json.Unmarshal(raw, &v); err != nil || v == nil {
		return nil, fmt.Errorf("%.20q where a number is needed", raw)
	}
	return []float64{*v}, nil
}

func isList(raw json.RawMessage) bool { return bytes.HasPrefix(bytes.TrimSpace(raw), []byte("[")) }

func isObject(raw json.RawMessage) bool { return bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{")) }

// unwrap returns the value of an object that holds one.
func unwrap(raw json.RawMessage) (json.RawMessage, error) {
	var wrapped struct {
		Value  json.RawMessage `json:"value"`
		Config struct {
			Value json.RawMessage `json:"value"`
		} `json:"config"`
	}
	if err := json.Unmarshal(raw, &wrapped); err != nil {
		return nil, err
	}
	if len(wrapped.Value) > 0 {
		return wrapped.Value, nil
	}
	return wrapped.Config.Value, nil
}

// channels returns a number, or the numbers of a list that has one for each channel. Lists of one may
// hold it; else lists in a list spread along another dimension than the last one.
func (c config) channels(key string) ([]float64, error) {
	list, err := c.numbers(key)
	if err != nil || len(list) < 2 {
		return list, err
	}
	raw := c[key]
	for isObject(raw) {
		if raw, err = unwrap(raw); err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
	}
	for {
		var parts []json.RawMessage
		if err := json.Unmarshal(raw, &parts); err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		switch {
		case !slices.ContainsFunc(parts, isList):
			return list, nil
		case len(parts) > 1:
			return nil, fmt.Errorf("%s: lists in a list: only a number, or a flat list of one for each value of the last dimension, is possible", key)
		}
		raw = parts[0]
	}
}

// axes returns a list of axes, of which one may stand without a list; nil where there are none.
func (c config) axes(key string) ([]int, error) {
	list, err := c.numbers(key)
	if err != nil {
		return nil, err
	}
	var axes []int
	for _, v := range list {
		if v != float64(int(v)) {
			return nil, fmt.Errorf("%s: %g where a whole number is needed", key, v)
		}
		axes = append(axes, int(v))
	}
	return axes, nil
}

// shape returns a shape without its first dimension, the batch: nil where there is none. A dimension
// that is not fixed is an error.
func (c config) shape(key string) ([]int, error) {
	var list []*int
	if err := c.get(key, &list); err != nil || len(list) == 0 {
		return nil, err
	}
	shape := []int{}
	for _, n := range list[1:] {
		if n == nil {
			return nil, fmt.Errorf("%s %s: only the first dimension, the batch, may be left open", key, c[key])
		}
		shape = append(shape, *n)
	}
	return shape, nil
}

// precision returns the name of the dtype that a layer computes in.
func (c config) precision() (string, error) {
	if !c.has("dtype") {
		return "float32", nil
	}
	var name string
	if json.Unmarshal(c["dtype"], &name) == nil {
		return name, nil
	}
	var policy struct {
		Config struct {
			Name string `json:"name"`
		} `json:"config"`
	}
	if err := json.Unmarshal(c["dtype"], &policy); err != nil {
		return "", fmt.Errorf("dtype: %w", err)
	}
	return policy.Config.Name, nil
}

// fold makes names comparable that differ in how they are written: MeanSquaredError and
// mean_squared_error.
func fold(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }
