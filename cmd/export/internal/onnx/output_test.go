package onnx

import (
	"slices"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/export/internal/casetest"
)

// TestOutput chooses among what a graph computes, also what is none of its outputs.
func TestOutput(t *testing.T) {
	data := build([]message{
		operator("Tanh", []string{"x"}, "h"), operator("Softmax", []string{"h"}, "y"), operator("Unheard", []string{"x"}, "z"),
	}, []message{floats("c", nil, 1)})
	tests := map[string]struct{ output, layers, refused string }{
		"its own":        {"", "tanh,softmax", ""},
		"by name":        {"y", "tanh,softmax", ""},
		"one before":     {"h", "tanh", ""},
		"unknown":        {"w", "", `there is no output "w": the file's are y`},
		"not understood": {"z", "", "2: Unheard: this operator is not read"},
		"a constant":     {"c", "", `output "c" does not depend on the input`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d, err := readBytes(data, Options{Output: test.output})
			if test.refused != "" {
				if err == nil || !strings.Contains(err.Error(), test.refused) {
					t.Errorf("error %v, want %q", err, test.refused)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := casetest.Layers(d.Model); got != test.layers {
				t.Errorf("layers %s, want %s", got, test.layers)
			}
		})
	}
	d := mustRead(t, data, Options{Output: "h"})
	want := []string{"0: Tanh: tanh", `1: Softmax: nothing: the output "h" does not need it`, `2: Unheard: nothing: the output "h" does not need it`}
	var got []string
	for _, f := range d.Fates {
		got = append(got, f.Layer+": "+f.Became)
	}
	if !slices.Equal(got, want) {
		t.Errorf("fates %q, want %q", got, want)
	}
}

func TestSplitNames(t *testing.T) {
	tests := map[string][]string{
		`["a", "b"]`:               {"a", "b"},
		`['a', 'it"s']`:            {"a", `it"s`},
		`("a", "b")`:               {"a", "b"},
		`{0: 'cat', 1: "dog"}`:     {"cat", "dog"},
		`{"0": "cat", "1": "dog"}`: {"cat", "dog"},
		`a, b c ,d`:                {"a", "b c", "d"},
		`alone`:                    {"alone"},
		`["a, b", "c"]`:            {"a, b", "c"},
		``:                         nil,
		`[]`:                       nil,
		`{1: "a"}`:                 nil,
		`{"cat": 0, "dog": 1}`:     nil,
		`["a" "b"]`:                nil,
		`["a", ["b"]]`:             nil,
		`["a\n"]`:                  nil,
		`["", "b"]`:                nil,
		`["a`:                      nil,
	}
	for text, want := range tests {
		if got := splitNames(text); !slices.Equal(got, want) {
			t.Errorf("%s is read as %q, want %q", text, got, want)
		}
	}
}
