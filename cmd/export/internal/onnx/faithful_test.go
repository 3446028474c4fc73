package onnx

import (
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/export/internal/casetest"
)

// TestFaithful: graphs that would answer otherwise than the file if a detail were overlooked are
// refused, and their harmless neighbours are read.
func TestFaithful(t *testing.T) {
	cast := func(from, to string, kind element) message {
		return operator("Cast", []string{from}, to, integer("to", int64(kind)))
	}
	normalized := func(outputs ...string) message {
		n := operator("BatchNormalization", []string{"x", "w", "w", "w", "w"}, "y")
		for _, name := range outputs {
			n = n.text(2, name)
		}
		return n
	}
	scores := func(columns ...float32) message {
		labels := message{}.text(1, "classlabels_ints").varint(8, 0).varint(8, 1)
		n := operator("LinearClassifier", []string{"x"}, "label", labels, numbers("coefficients", columns...))
		return n.text(2, "scores").text(7, "ai.onnx.ml")
	}
	first := func(of string) message { return operator("Gather", []string{of, "zero"}, "y", integer("axis", 1)) }
	argMax := func(of string) message { return operator("ArgMax", []string{of}, "y", integer("axis", 1)) }
	tests := map[string]struct {
		opset           uint64
		nodes           []message
		layers, refused string
	}{
		"fractions cut off, then columns taken": {17, []message{cast("x", "i", int64Element),
			operator("Gather", []string{"i", "zero"}, "g", integer("axis", 1)), cast("g", "y", float32Element)}, "", "cut to whole numbers"},
		"fractions cut off, then columns moved": {17, []message{cast("x", "i", int64Element),
			operator("Gather", []string{"i", "turn"}, "g", integer("axis", 1)), cast("g", "f", float32Element),
			operator("Relu", []string{"f"}, "y")}, "", "numbers without their fractions"},
		"fractions cut off, then the greatest": {17, []message{cast("x", "i", int64Element), argMax("i")}, "", "numbers without their fractions"},
		"the greatest":                         {17, []message{argMax("x")}, "argmax", ""},

		"a batch's statistics":             {9, []message{normalized("mean", "variance")}, "", "training mode"},
		"statistics that are left out":     {9, []message{normalized("", "")}, "multiply,add", ""},
		"no statistics":                    {9, []message{normalized()}, "multiply,add", ""},
		"a dimension before the batch":     {17, []message{operator("Add", []string{"x", "cube"}, "y")}, "", "adds dimensions before the batch"},
		"a single one before the batch":    {17, []message{operator("Mul", []string{"x", "dot"}, "y")}, "", "adds dimensions before the batch"},
		"a matrix with one before":         {17, []message{operator("MatMul", []string{"x", "stack"}, "y")}, "", "where a matrix is needed"},
		"a row repeated":                   {17, []message{operator("MatMul", []string{"x", "column"}, "h"), operator("Expand", []string{"h", "wide"}, "y")}, "", "a row is repeated"},
		"the first column of one score":    {17, []message{scores(1, 2), first("scores")}, "", "take the second's"},
		"the greatest of one score":        {17, []message{scores(1, 2), argMax("scores")}, "", "take the second's"},
		"the first column of two opposite": {17, []message{scores(-1, -2, 1, 2), first("scores")}, "dense,multiply", ""},
	}
	constants := []message{
		floats("w", []uint64{2}, 1, 2), floats("cube", []uint64{1, 1, 2}, 1, 2), floats("dot", []uint64{1, 1, 1}, 3),
		floats("stack", []uint64{1, 2, 2}, 1, 2, 3, 4), floats("column", []uint64{2, 1}, 1, 2),
		integers("zero", 0), integers("turn", 1, 0), integers("wide", 1, 3),
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d, err := readBytes(versioned(test.opset, 2, test.nodes, constants), Options{})
			switch {
			case test.refused != "":
				if err == nil || !strings.Contains(err.Error(), test.refused) {
					t.Errorf("error %v, want %q", err, test.refused)
				}
			case err != nil:
				t.Fatal(err)
			default:
				if got := casetest.Layers(d.Model); got != test.layers {
					t.Errorf("layers %s, want %s", got, test.layers)
				}
			}
		})
	}
}

// TestPolynomialInGroup: a polynomial of some columns lies beside another as it is.
func TestPolynomialInGroup(t *testing.T) {
	product := func(name string) message {
		return operator("ReduceProd", []string{name}, name+"p", message{}.text(1, "axes").varint(8, 1), integer("keepdims", 1))
	}
	take := func(from, columns string) message {
		return operator("Gather", []string{from, columns}, columns+"x", integer("axis", 1))
	}
	nodes := []message{take("x", "head"), take("x", "tail"), operator("Tanh", []string{"headx"}, "t")}
	terms := []string{"a", "b", "aa", "ab", "bb"}
	var products []string
	for _, term := range terms {
		nodes = append(nodes, take("t", term), product(term+"x"))
		products = append(products, term+"xp")
	}
	nodes = append(nodes, operator("Concat", products, "poly", integer("axis", 1)),
		operator("Concat", []string{"poly", "tailx"}, "all", integer("axis", 1)), operator("MatMul", []string{"all", "w"}, "y"))
	constants := []message{integers("head", 0, 1), integers("tail", 2), integers("a", 0), integers("b", 1),
		integers("aa", 0, 0), integers("ab", 0, 1), integers("bb", 1, 1), floats("w", []uint64{6, 1}, 1, 2, 3, 4, 5, 6)}
	d := mustRead(t, versioned(13, 3, nodes, constants), Options{})
	if got := casetest.Layers(d.Model); got != "columns,dense" {
		t.Errorf("layers %s", got)
	}
}
