package onnx

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/edge-infer/edge-infer/format"
)

// choose returns the value that becomes the model's output, and its name. A classifier's label is
// implied by its probabilities, and steps back for them.
func (e *evaluation) choose(wanted string) (*value, string, error) {
	if wanted != "" {
		r, ok := e.results[wanted]
		switch {
		case !ok:
			return nil, "", fmt.Errorf("there is no output %.128q: the file's are %s", wanted, e.outputNames())
		case r.err != nil:
			return nil, "", r.err
		case r.value == nil:
			return nil, "", fmt.Errorf("output %.128q does not depend on the input", wanted)
		}
		return r.value, wanted, nil
	}
	var names []string
	var first error // of an output that is not understood
	for _, p := range e.model.graph.outputs {
		switch r := e.results[p.name]; {
		case r.err != nil && first == nil:
			first = r.err
		case r.value != nil && (!r.value.class() || len(e.model.graph.outputs) == 1):
			names = append(names, p.name)
		}
	}
	switch {
	case len(names) == 0 && first != nil:
		return nil, "", first
	case len(names) == 0 && len(e.model.graph.outputs) > 0:
		return nil, "", fmt.Errorf("none of the outputs %s is computed from the input", e.outputNames())
	case len(names) == 0:
		return nil, "", errors.New("the graph has no output")
	case len(names) > 1:
		return nil, "", fmt.Errorf("%d outputs: %s: choose one of them with --onnx-output", len(names), strings.Join(names, ", "))
	}
	if first != nil {
		e.draft.Note("of the outputs %s, %s is taken: another is not understood: %v", e.outputNames(), names[0], first)
	}
	return e.results[names[0]].value, names[0], nil
}

func (e *evaluation) outputNames() string {
	var names []string
	for _, p := range e.model.graph.outputs {
		names = append(names, p.name)
	}
	return strings.Join(names, ", ")
}

// describe says what the columns of the output are.
func (e *evaluation) describe(v *value) {
	width, last := v.chain.width, ""
	if v.chain.step != nil {
		last = v.chain.step.op
	}
	if in := &e.draft.Model.Input; in.Features == nil {
		if names := e.metadataNames("names of the inputs", featureKeys); len(names) == product(in.Shape) && distinct(names) {
			in.Features = names
		}
	}
	labels, classical := e.labels(v)
	_, classifier := e.classBeside(v)
	out := &e.draft.Model.Output
	out.Labels = labels
	switch {
	case v.class(), last == "threshold" && width == 1:
		out.Kind = format.Class
	case last == "softmax", labels != nil && v.chain.shares():
		out.Kind = format.Probabilities
	case last == "sigmoid" && (width == 1 || labels != nil):
		out.Kind = format.Probabilities
		if labels == nil {
			out.Labels = indexNames(2)
			e.draft.Assume("the output is one probability: classes 0 and 1 are assumed, decided at 0.5")
		}
	case labels != nil && classical:
		out.Kind = format.Decision
	case labels != nil, classifier:
		out.Kind = format.Logits
	default:
		out.Kind = format.Value
		if last == "sigmoid" {
			e.draft.Assume("the output is %d columns of probabilities that do not exclude each other: they are values here", width)
		} else if !classical {
			e.draft.Assume("the file does not say what the outputs are: they are taken as values, and no class is decided")
		}
	}
	if width == 1 && len(out.Labels) == 2 && out.Kind != format.Class && out.Kind != format.Value {
		out.Threshold = v.cut()
	}
}

// shares reports whether a chain ends in shares of a sum, as those of one-vs-rest probabilities.
func (c *chain) shares() bool {
	if !c.is("normalize") {
		return false
	}
	n, ok := c.step.layer.(*format.Normalize)
	return ok && n.Norm == format.L1 && c.before.positive()
}

// labels returns the names of an output's classes, and whether the graph is that of a
// classical model, whose scores are decisions. They are checked against the output's columns.
func (e *evaluation) labels(v *value) (labels []string, classical bool) {
	labels = v.labels
	switch {
	case labels == nil && v.class():
		labels = v.of.labels
	case labels == nil:
		labels, _ = e.classBeside(v)
	}
	classical = labels != nil && slices.ContainsFunc(e.model.graph.nodes, func(n *node) bool { return n.domain == "ai.onnx.ml" })
	if labels == nil {
		labels = e.metadataNames("class names", labelKeys)
	}
	n := v.chain.width
	fits := len(labels) == n || n == 1 && len(labels) == 2
	if v.class() {
		fits = len(labels) == v.classes()
	}
	if labels != nil && (!fits || !distinct(labels)) {
		e.draft.Note("the file's labels %.200q do not fit the output of %d columns, and are left out", strings.Join(labels, ", "), n)
		return nil, false
	}
	return labels, classical
}

// classBeside looks among the graph's other outputs for the class that is decided among the columns
// of the output, or among those before its last function, which keeps their order. It returns the
// labels of the classes, if they have any.
func (e *evaluation) classBeside(v *value) (labels []string, found bool) {
	for _, p := range e.model.graph.outputs {
		class := e.results[p.name].value
		if class == nil || !class.class() {
			continue
		}
		scores := class.of.chain
		if scores == v.chain || (v.chain.is("softmax") || v.chain.is("sigmoid")) && scores == v.chain.before {
			return class.labels, true
		}
	}
	return nil, false
}

// distinct reports whether no name is empty or stands twice.
func distinct(names []string) bool {
	sorted := slices.Sorted(slices.Values(names))
	return len(slices.Compact(sorted)) == len(names) && !slices.Contains(names, "")
}
