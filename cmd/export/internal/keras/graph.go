package keras

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// graph is where a functional model begins and ends.
type graph struct{ inputs, outputs json.RawMessage }

// sort puts the layers of a functional model into the order in which they run. They must make a
// chain from one input to one output.
func (g graph) sort(layers []layer) ([]layer, error) {
	inputs, err := ends(g.inputs, "input")
	if err != nil {
		return nil, err
	}
	outputs, err := ends(g.outputs, "output")
	if err != nil {
		return nil, err
	}
	byName := map[string]int{}
	for i, l := range layers {
		byName[l.name] = i
	}
	used := make([]bool, len(layers))
	var reversed []layer
	for name := outputs; ; {
		i, ok := byName[name]
		if !ok {
			return nil, fmt.Errorf("the connections name a layer %q, which is not there", name)
		}
		l := layers[i]
		if used[i] {
			return nil, fmt.Errorf("%s comes twice on the way from output to input", l.place())
		}
		used[i] = true
		reversed = append(reversed, l)
		if name == inputs {
			break
		}
		if name, err = l.before(); err != nil {
			return nil, fmt.Errorf("%s: %w", l.place(), err)
		}
	}
	for i, l := range layers {
		if !used[i] {
			return nil, fmt.Errorf("%s is not in line between input and output: %w", l.place(), errNoChain)
		}
	}
	sorted := make([]layer, len(reversed))
	for i, l := range reversed {
		sorted[len(reversed)-1-i] = l
	}
	return sorted, nil
}

var errNoChain = errors.New("only models whose layers make a chain are read")

// ends returns the name of the only input or output of a model: ["name", 0, 0], perhaps in a list, or
// in an object that names it.
func ends(raw json.RawMessage, what string) (string, error) {
	found, err := references(raw)
	if err != nil {
		return "", fmt.Errorf("%ss of the model: %w", what, err)
	}
	if n := len(found.layers); n != 1 {
		return "", fmt.Errorf("%d %ss of the model (%s), one is needed: %w", n, what, strings.Join(found.layers, ", "), errNoChain)
	}
	return found.layers[0], nil
}

// maxConnection bounds the text of one list of connections, in bytes, since any value may be in it.
const maxConnection = 64 << 10

// references returns the layers that a list of connections names.
func references(raw json.RawMessage) (connection, error) {
	var c connection
	if len(raw) > maxConnection {
		return c, fmt.Errorf("connections of %d bytes: at most %d are read", len(raw), maxConnection)
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return c, err
	}
	c.walk(v)
	return c, nil
}

// before returns the name of the layer whose output the layer takes.
func (l *layer) before() (string, error) {
	var calls []json.RawMessage
	if err := json.Unmarshal(l.Inbound, &calls); err != nil {
		return "", fmt.Errorf("inbound_nodes: %w", err)
	}
	if len(calls) != 1 {
		return "", fmt.Errorf("it is called %d times: %w", len(calls), errNoChain)
	}
	taken, err := references(calls[0])
	if err != nil {
		return "", fmt.Errorf("inbound_nodes: %w", err)
	}
	switch {
	case taken.training:
		return "", errors.New("it is called with training=True, so its answers are random or depend on the batch")
	case len(taken.layers) != 1:
		return "", fmt.Errorf("it takes the outputs of %d layers (%s): %w", len(taken.layers), strings.Join(taken.layers, ", "), errNoChain)
	}
	return taken.layers[0], nil
}

// connection is what a layer is called with. In Keras 2 layers stand in lists [layer, call, output],
// with the named arguments of the call behind; in Keras 3 they stand in objects of a class of their
// own, among the other arguments.
type connection struct {
	layers   []string
	training bool
}

func (c *connection) walk(v any) {
	switch v := v.(type) {
	case []any:
		if name, ok := reference(v); ok {
			c.layers = append(c.layers, name)
			v = v[3:]
		}
		for _, e := range v {
			c.walk(e)
		}
	case map[string]any:
		if training, ok := v["training"].(bool); ok && training {
			c.training = true
		}
		if v["class_name"] == "__keras_tensor__" {
			config, _ := v["config"].(map[string]any)
			history, _ := config["keras_history"].([]any)
			name, _ := reference(history)
			c.layers = append(c.layers, name)
			return
		}
		for _, e := range v {
			c.walk(e)
		}
	}
}

// reference reports whether a list names a layer, the number of its call and that of an output.
func reference(list []any) (name string, ok bool) {
	if len(list) < 3 {
		return "", false
	}
	name, ok = list[0].(string)
	_, call := list[1].(float64)
	_, output := list[2].(float64)
	return name, ok && call && output
}
