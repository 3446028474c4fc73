package casetest

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/internal/arch"
	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

// Check holds what a reader made of a case against what case.txt says, and its answers against the
// framework's: within the tolerance, and the same class where a class is decided.
func (c *Case) Check(t *testing.T, m *format.Model, err error) {
	t.Helper()
	if c.Refused != "" {
		if err == nil || !strings.Contains(err.Error(), c.Refused) {
			t.Errorf("error %v, want one with %q", err, c.Refused)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if got := Layers(m); c.Layers != "" && got != c.Layers {
		t.Errorf("layers %s, want %s", got, c.Layers)
	}
	if c.Kind != "" && string(m.Output.Kind) != c.Kind {
		t.Errorf("output of kind %s, want %s", m.Output.Kind, c.Kind)
	}
	if c.Labels != nil && !slices.Equal(m.Output.Labels, c.Labels) {
		t.Errorf("labels %q, want %q", m.Output.Labels, c.Labels)
	}
	if c.Features != nil && !slices.Equal(m.Input.Features, c.Features) {
		t.Errorf("features %q, want %q", m.Input.Features, c.Features)
	}
	c.compare(t, m)
}

// compare runs the inputs of a case and compares the outputs.
func (c *Case) compare(t *testing.T, m *format.Model) {
	t.Helper()
	s, err := runtime.New(m, runtime.Options{Backend: runtime.Reference})
	if err != nil {
		t.Fatal(err)
	}
	exact := c.array(t, "x.npy", s.Inputs())
	x := make([]float32, len(exact))
	for i, v := range exact {
		x[i] = float32(v)
	}
	rows := len(x) / s.Inputs()
	y := make([]float32, rows*s.Outputs())
	if err := s.Run(y, x); err != nil {
		t.Fatal(err)
	}
	want := c.array(t, "y.npy", s.Outputs())
	if len(want) != len(y) {
		t.Fatalf("the framework has %d outputs, the model %d", len(want), len(y))
	}
	largest := 0.0
	for _, v := range want {
		if !math.IsInf(v, 0) && !math.IsNaN(v) {
			largest = max(largest, math.Abs(v))
		}
	}
	for i, w := range want {
		g := float64(y[i])
		if same := g == w || math.IsNaN(g) && math.IsNaN(w); !same && !(math.Abs(g-w) <= c.Tolerance*largest) {
			t.Errorf("row %d, output %d: %g, the framework says %g", i/s.Outputs(), i%s.Outputs(), g, w)
		}
	}
	if !runtime.Decides(&m.Output, s.Outputs()) {
		return
	}
	for r := range rows {
		ours, theirs := y[r*s.Outputs():][:s.Outputs()], make([]float32, s.Outputs())
		for i := range theirs {
			theirs[i] = float32(want[r*s.Outputs()+i])
		}
		if a, b := runtime.ClassOf(&m.Output, ours), runtime.ClassOf(&m.Output, theirs); a != b {
			t.Errorf("row %d: class %d, the framework's outputs say %d", r, a, b)
		}
	}
}

// Layers writes the layers of a model in the words of --arch, without the names of tensors.
func Layers(m *format.Model) string {
	var words []string
	for _, l := range m.Steps() {
		if len(format.TensorNames(l)) > 0 {
			words = append(words, l.Op())
		} else {
			words = append(words, arch.LayerString(l))
		}
	}
	return strings.Join(words, ",")
}
