package onnx

import (
	"math"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/export/internal/casetest"
)

// TestPatterns: functions that are written in several operators, in the orders in which they occur.
func TestPatterns(t *testing.T) {
	scalars := []message{
		floats("half", nil, 0.5), floats("two", nil, 2), floats("one", nil, 1), floats("three", nil, 3), floats("negative", nil, -1),
		floats("root2", nil, math.Sqrt2), floats("inverse", nil, math.Sqrt2/2), floats("cubic", nil, 0.044715),
		floats("k", nil, 0.7978846), floats("slope", nil, 0.25), floats("bound", nil, 20), integers("axis", 1),
	}
	// f writes a node as "op a b".
	type f = []string
	tests := map[string]struct {
		nodes []f
		want  string
	}{
		"gelu, half last":         {[]f{{"a", "Div", "x", "root2"}, {"b", "Erf", "a"}, {"c", "Add", "b", "one"}, {"d", "Mul", "x", "c"}, {"y", "Mul", "d", "half"}}, "gelu"},
		"gelu, half on x":         {[]f{{"h", "Mul", "x", "half"}, {"a", "Div", "x", "root2"}, {"b", "Erf", "a"}, {"c", "Add", "one", "b"}, {"y", "Mul", "h", "c"}}, "gelu"},
		"gelu, half on the sum":   {[]f{{"a", "Mul", "x", "inverse"}, {"b", "Erf", "a"}, {"c", "Add", "b", "one"}, {"d", "Mul", "c", "half"}, {"y", "Mul", "d", "x"}}, "gelu"},
		"gelu, half as division":  {[]f{{"a", "Div", "x", "root2"}, {"b", "Erf", "a"}, {"c", "Add", "b", "one"}, {"h", "Div", "x", "two"}, {"y", "Mul", "h", "c"}}, "gelu"},
		"gelu, no half":           {[]f{{"a", "Div", "x", "root2"}, {"b", "Erf", "a"}, {"c", "Add", "b", "one"}, {"y", "Mul", "x", "c"}}, "gelu,multiply"},
		"gelu, another factor":    {[]f{{"a", "Div", "x", "root2"}, {"b", "Erf", "a"}, {"c", "Add", "b", "one"}, {"d", "Mul", "x", "c"}, {"y", "Mul", "d", "two"}}, "gelu,multiply,multiply"},
		"gelu_tanh by Pow":        {[]f{{"p", "Pow", "x", "three"}, {"a", "Mul", "p", "cubic"}, {"b", "Add", "x", "a"}, {"c", "Mul", "b", "k"}, {"d", "Tanh", "c"}, {"e", "Add", "d", "one"}, {"h", "Mul", "x", "half"}, {"y", "Mul", "h", "e"}}, "gelu_tanh"},
		"gelu_tanh by a square":   {[]f{{"s", "Mul", "x", "x"}, {"a", "Mul", "s", "cubic"}, {"b", "Add", "a", "one"}, {"m", "Mul", "x", "k"}, {"c", "Mul", "m", "b"}, {"d", "Tanh", "c"}, {"e", "Add", "d", "one"}, {"m2", "Mul", "e", "half"}, {"y", "Mul", "x", "m2"}}, "gelu_tanh"},
		"silu, either way":        {[]f{{"s", "Sigmoid", "x"}, {"y", "Mul", "s", "x"}}, "silu"},
		"two after each other":    {[]f{{"s", "Sigmoid", "x"}, {"t", "Mul", "s", "x"}, {"u", "Sigmoid", "t"}, {"y", "Mul", "t", "u"}}, "silu,silu"},
		"sigmoid by Reciprocal":   {[]f{{"a", "Neg", "x"}, {"b", "Exp", "a"}, {"c", "Add", "b", "one"}, {"y", "Reciprocal", "c"}}, "sigmoid"},
		"leaky_relu by Max":       {[]f{{"a", "Mul", "x", "slope"}, {"y", "Max", "x", "a"}}, "leaky_relu(0.25)"},
		"leaky_relu by Where":     {[]f{{"z", "Sub", "one", "one"}, {"g", "Greater", "x", "z"}, {"a", "Mul", "x", "slope"}, {"y", "Where", "g", "x", "a"}}, "leaky_relu(0.25)"},
		"softplus by Where":       {[]f{{"s", "Softplus", "x"}, {"g", "Greater", "x", "bound"}, {"y", "Where", "g", "x", "s"}}, "softplus"},
		"prelu by Sub":            {[]f{{"r", "Relu", "x"}, {"n", "Neg", "x"}, {"s", "Relu", "n"}, {"m", "Mul", "s", "slope"}, {"y", "Sub", "r", "m"}}, "prelu"},
		"softmax by sums":         {[]f{{"e", "Exp", "x"}, {"s", "ReduceSum", "e", "axis"}, {"y", "Div", "e", "s"}}, "softmax"},
		"l1 of positive values":   {[]f{{"e", "Sigmoid", "x"}, {"s", "ReduceSum", "e", "axis"}, {"y", "Div", "e", "s"}}, "sigmoid,normalize(l1)"},
		"refused: a product":      {[]f{{"t", "Tanh", "x"}, {"y", "Mul", "x", "t"}}, ""},
		"refused: a sum":          {[]f{{"t", "Tanh", "x"}, {"y", "Add", "x", "t"}}, ""},
		"refused: any sums":       {[]f{{"s", "ReduceSum", "x", "axis"}, {"y", "Div", "x", "s"}}, ""},
		"refused: a square":       {[]f{{"y", "Mul", "x", "x"}}, ""},
		"refused: a sum alone":    {[]f{{"y", "ReduceSum", "x", "axis"}}, ""},
		"refused: early softplus": {[]f{{"s", "Softplus", "x"}, {"g", "Greater", "x", "three"}, {"y", "Where", "g", "x", "s"}}, ""},
		"refused: mish":           {[]f{{"s", "Softplus", "x"}, {"u", "Tanh", "s"}, {"y", "Mul", "x", "u"}}, ""},
		"refused: 1.702":          {[]f{{"a", "Mul", "x", "two"}, {"s", "Sigmoid", "a"}, {"y", "Mul", "x", "s"}}, ""},
		"refused: a Reciprocal":   {[]f{{"a", "Add", "x", "one"}, {"y", "Reciprocal", "a"}}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var nodes []message
			for _, n := range test.nodes {
				nodes = append(nodes, operator(n[1], n[2:], n[0]))
			}
			d, err := readBytes(build(nodes, scalars), Options{})
			switch {
			case test.want == "" && err == nil:
				t.Errorf("it is read as %s", casetest.Layers(d.Model))
			case test.want != "" && err != nil:
				t.Error(err)
			case test.want != "":
				if got := casetest.Layers(d.Model); got != test.want {
					t.Errorf("layers %s, want %s", got, test.want)
				}
			}
		})
	}
}

// TestRowsThatWouldMeet: broadcasts in which a row of the batch would meet others are refused, as is a
// width that no layer tells.
func TestRowsThatWouldMeet(t *testing.T) {
	axis := integers("axis", 1)
	last := integers("last", 2)
	tests := map[string]struct {
		data []byte
		want string
	}{
		"a sum without its dimension": {build([]message{
			operator("Sigmoid", []string{"x"}, "e"), operator("ReduceSum", []string{"e", "axis"}, "s", integer("keepdims", 0)), operator("Div", []string{"e", "s"}, "y"),
		}, []message{axis}), "2: Div: rows of shapes [2] and []"},
		"another rank": {build([]message{
			operator("Sigmoid", []string{"x"}, "s"), operator("Unsqueeze", []string{"s", "last"}, "u"), operator("Mul", []string{"x", "u"}, "y"),
		}, []message{last}), "2: Mul: rows of shapes [2] and [2 1]"},
		"a choice among others": {build([]message{
			operator("Greater", []string{"x", "bound"}, "g"), operator("Softplus", []string{"x"}, "s"), operator("Unsqueeze", []string{"s", "last"}, "u"), operator("Where", []string{"g", "x", "u"}, "y"),
		}, []message{last, floats("bound", nil, 20)}), "3: Where: rows of shapes [2] and [2 1]"},
		"columns of another rank": {build([]message{
			operator("Tanh", []string{"x"}, "s"), operator("Unsqueeze", []string{"s", "axis"}, "u"), operator("Concat", []string{"x", "u"}, "y", integer("axis", 1)),
		}, []message{axis}), "2: Concat: rows of shape [1 2]"},
		"a constant for each row": {build([]message{operator("Add", []string{"x", "c"}, "y")}, []message{floats("c", []uint64{2, 1}, 1, 2)}), "does not fit"},
		"a width behind a choice": {wide(0, []message{operator("Gather", []string{"x", "axis"}, "g", integer("axis", 1)), operator("MatMul", []string{"g", "w"}, "y")},
			[]message{axis, floats("w", []uint64{1, 1}, 1)}), "leaves the number of columns open"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := readBytes(test.data, Options{}); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}
