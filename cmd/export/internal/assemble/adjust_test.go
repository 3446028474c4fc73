package assemble

import (
	"slices"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/internal/arch"
	"github.com/edge-infer/edge-infer/format"
)

// whole is a model of two inputs and two outputs, after preprocessing of its own.
func whole(kind format.Kind, labels ...string) *format.Model {
	m := &format.Model{Numerics: format.Numerics}
	m.Input = format.Input{Shape: []int{2}, DType: format.F32, Layout: format.Vector}
	m.AddTensor(format.NewTensor("w", []int{2, 2}, []float32{1, 2, 3, 4}))
	m.AddTensor(format.NewTensor("mean", []int{1}, []float32{1}))
	m.Input.Preprocessing = []format.Layer{&format.Affine{Operator: format.Multiply, Operand: "mean"}}
	m.Layers = []format.Layer{&format.Dense{Weight: "w"}}
	m.Output = format.Output{Kind: kind, Labels: labels}
	return m
}

func constant(t *testing.T, name string, values ...float64) Constant {
	v := tensor(t, name, []int{len(values)}, values...)
	return Constant{Values: &v}
}

func TestAdjust(t *testing.T) {
	tests := map[string]struct {
		model *format.Model
		spec  Spec
		steps string
		kind  format.Kind
	}{
		"nothing":         {whole(format.Logits, "a", "b"), Spec{}, "multiply(mean),dense(w)", format.Logits},
		"standardisation": {whole(format.Value), Spec{Mean: constant(t, "mean", 1, 2), Std: constant(t, "std", 3)}, "subtract(mean_),divide(std),multiply(mean),dense(w)", format.Value},
		"labels":          {whole(format.Value), Spec{Labels: []string{"c", "d"}}, "multiply(mean),dense(w)", format.Value},
		"labels, assumed": {whole(format.Value), Spec{Labels: []string{"c", "d"}}, "multiply(mean),dense(w)", format.Logits},
		"labels, known":   {whole(format.Decision, "a", "b"), Spec{Labels: []string{"c", "d"}}, "multiply(mean),dense(w)", format.Decision},
		"kind":            {whole(format.Value, "a", "b"), Spec{Output: format.Decision}, "multiply(mean),dense(w)", format.Decision},
		"input":           {whole(format.Value), Spec{Shape: []int{2, 1, 1}, DType: format.U8, Layout: format.HWCGray}, "multiply(mean),dense(w)", format.Value},
		"features":        {whole(format.Value), Spec{Features: []string{"u", "v"}}, "multiply(mean),dense(w)", format.Value},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r, err := Adjust(test.model, test.spec, strings.HasSuffix(name, "assumed"))
			if err != nil {
				t.Fatal(err)
			}
			m := r.Model
			if got := arch.String(m.Steps()); got != test.steps {
				t.Errorf("steps %s, want %s", got, test.steps)
			}
			if m.Output.Kind != test.kind {
				t.Errorf("kind %s, want %s", m.Output.Kind, test.kind)
			}
			if s := test.spec; s.Labels != nil && !slices.Equal(m.Output.Labels, s.Labels) || s.Features != nil && !slices.Equal(m.Input.Features, s.Features) ||
				s.DType != "" && (m.Input.DType != s.DType || m.Input.Layout != s.Layout || !slices.Equal(m.Input.Shape, s.Shape)) {
				t.Errorf("input %+v, output %+v", m.Input, m.Output)
			}
		})
	}
}

// A single column that decides keeps its threshold, unless another is said.
func TestAdjustThreshold(t *testing.T) {
	single := func() *format.Model {
		m := whole(format.Probabilities, "no", "yes")
		m.Tensors, m.Input.Preprocessing = nil, nil
		m.AddTensor(format.NewTensor("w", []int{2, 1}, []float32{1, 2}))
		m.Output.Threshold = &format.Cut{Comparison: format.GreaterOrEqual, Value: 0.25}
		return m
	}
	for name, test := range map[string]struct {
		spec Spec
		want string
	}{
		"kept":    {Spec{Labels: []string{"ham", "spam"}}, ">=0.25"},
		"said":    {Spec{Threshold: &format.Cut{Comparison: format.Greater, Value: 0.75}}, ">0.75"},
		"by kind": {Spec{Output: format.Logits}, ">0"},
	} {
		r, err := Adjust(single(), test.spec, false)
		if err != nil {
			t.Fatal(err)
		}
		if got := arch.CutString(*r.Model.Output.Threshold); got != test.want {
			t.Errorf("%s: threshold %s, want %s", name, got, test.want)
		}
	}
}

func TestAdjustRefuses(t *testing.T) {
	tests := map[string]struct {
		spec Spec
		want string
	}{
		"shape":      {Spec{Shape: []int{3}}, "3 values, and the model takes 2"},
		"a tensor":   {Spec{Mean: Constant{Tensor: "w"}}, `tensor "w": the model's own tensors have their places`},
		"zero":       {Spec{Std: constant(t, "std", 1, 0)}, "is 0 for column 1"},
		"a matrix":   {Spec{Mean: Constant{Values: new(tensor(t, "mean", []int{2, 2}, 1, 2, 3, 4))}}, "a vector is needed"},
		"width":      {Spec{Mean: constant(t, "mean", 1, 2, 3)}, "of shape [3]"},
		"labels":     {Spec{Labels: []string{"a"}}, "1 label for 2 output columns"},
		"threshold":  {Spec{Threshold: &format.Cut{Comparison: format.Greater}}, "--threshold decides a single column"},
		"too many":   {Spec{Features: []string{"a", "b", "c"}}, "3 feature names for 2 values"},
		"no picture": {Spec{Layout: format.HWCRGB}, "layout"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := Adjust(whole(format.Value), test.spec, false); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}
