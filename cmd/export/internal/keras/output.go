package keras

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/edge-infer/edge-infer/format"
)

// loss is what a model was trained for, which tells what its outputs are where the last layer does
// not.
type loss struct {
	name       string // folded; empty where the file does not say it
	fromLogits bool
}

// parseTraining reads the loss of a configuration of training. It may be a name, an object, or stand
// in a list or under the name of the output.
func parseTraining(text []byte) (loss, error) {
	if len(text) == 0 {
		return loss{}, nil
	}
	if len(text) > maxConfig {
		return loss{}, fmt.Errorf("%d bytes: at most %d are read", len(text), maxConfig)
	}
	var training struct {
		Loss json.RawMessage `json:"loss"`
	}
	if err := json.Unmarshal(text, &training); err != nil {
		return loss{}, err
	}
	return parseLoss(training.Loss, 0), nil
}

func parseLoss(raw json.RawMessage, depth int) loss {
	const maxDepth = 4
	raw = bytes.TrimSpace(raw)
	var name string
	if len(raw) == 0 || depth > maxDepth {
		return loss{}
	}
	if json.Unmarshal(raw, &name) == nil {
		return loss{name: fold(name)}
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		if len(list) != 1 {
			return loss{}
		}
		return parseLoss(list[0], depth+1)
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return loss{}
	}
	if _, ok := members["class_name"]; !ok && len(members) == 1 {
		for _, member := range members {
			return parseLoss(member, depth+1)
		}
	}
	var o struct {
		Class  string          `json:"class_name"`
		Config json.RawMessage `json:"config"`
	}
	if json.Unmarshal(raw, &o) != nil {
		return loss{}
	}
	if json.Unmarshal(o.Config, &name) == nil { // a function
		return loss{name: fold(name)}
	}
	l := loss{name: fold(o.Class)}
	if settings, err := (object{Config: o.Config}).parse(); err == nil {
		l.fromLogits, _ = settings.boolean("from_logits", false)
	}
	return l
}

// output says what the numbers of the last layer are.
func (c *converter) output(trained loss) {
	out := &c.draft.Model.Output
	last := c.list().Last()
	width := c.list().Width()
	activation, _ := last.(*format.Activation)
	_, softmax := last.(*format.Softmax)
	switch {
	case softmax:
		out.Kind = format.Probabilities
	case activation != nil && activation.Function == format.Sigmoid:
		out.Kind = format.Probabilities
		if width > 1 {
			c.draft.Note("each of the %d outputs is a sigmoid of its own: the probabilities of a row need not add up to 1", width)
		}
	case strings.Contains(trained.name, "crossentropy") && trained.fromLogits:
		out.Kind = format.Logits
	case strings.Contains(trained.name, "crossentropy") && width > 1:
		out.Kind = format.Logits
		c.draft.Note("the model ends without a softmax although its loss, %s, took the outputs for probabilities: they are taken for logits, which decide for the same class", trained.name)
	case strings.Contains(trained.name, "hinge"):
		out.Kind = format.Decision
	default:
		out.Kind = format.Value
		if trained.name == "" {
			c.draft.Assume("neither the last layer nor a loss says what the outputs are: they are taken for values, not classes")
		}
	}
	if width == 1 && out.Kind != format.Value {
		c.binary(out)
	}
}

// binary makes two classes of a single output.
func (c *converter) binary(out *format.Output) {
	out.Labels = []string{"0", "1"}
	out.Threshold = &format.Cut{Comparison: format.Greater}
	if out.Kind == format.Probabilities {
		out.Threshold.Value = 0.5
	}
	c.draft.Assume("the single output decides between two classes, whose names are not in the file: they are called 0 and 1")
}
