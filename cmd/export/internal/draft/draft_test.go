package draft

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func begin(t *testing.T, shape ...int) *Draft {
	t.Helper()
	d, err := New(shape...)
	must(t, err)
	return d
}

// answer runs a finished draft on one row.
func answer(t *testing.T, d *Draft, x ...float32) []float32 {
	t.Helper()
	d.Model.Output.Kind = format.Value
	must(t, d.Finish())
	s, err := runtime.New(d.Model, runtime.Options{Backend: runtime.Reference})
	must(t, err)
	y := make([]float32, s.Outputs())
	must(t, s.Run(y, x))
	return y
}

func TestDraft(t *testing.T) {
	d := begin(t, 2)
	must(t, d.Preprocessing.Affine("scaler", format.Subtract, []float64{1, 2}))
	must(t, d.Layers.Dense("", Matrix{3, 2, []float64{1, 2, 3, 4, 5, 6}}.Transposed(), []float64{0, 0, 0.1}))
	must(t, d.Layers.Activation(format.ReLU))
	must(t, d.Layers.PReLU("", []float64{0.5}))
	must(t, d.Layers.Columns([][]int{{2}, {0, 1}}, func(group int, l *List) error {
		if group == 0 {
			return l.OneHot("", []float64{6.1, 11.1}, format.UnknownZeros)
		}
		return l.Affine("", format.Multiply, []float64{2})
	}))
	if got, want := answer(t, d, 2, 3), []float32{0, 1, 6, 14}; !slices.Equal(got, want) {
		t.Errorf("answer %v, want %v", got, want)
	}
	if d.Rounding.Values != 3 || d.Rounding.Tensor == "" { // 0.1, 6.1, 11.1
		t.Errorf("rounding %+v", d.Rounding)
	}
	var names []string
	for _, tensor := range d.Model.Tensors {
		names = append(names, tensor.Name)
	}
	want := "layers.0.bias layers.0.weight layers.2.slope layers.3.groups.0.0.categories layers.3.groups.1.0.multiply scaler.subtract"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("tensors %s, want %s", got, want)
	}
}

func TestNamesTaken(t *testing.T) {
	d := begin(t, 1)
	for range 3 {
		must(t, d.Layers.Dense("same", Matrix{1, 1, []float64{2}}, nil))
	}
	if got := answer(t, d, 1); got[0] != 8 {
		t.Errorf("answer %v, want 8", got)
	}
	for _, name := range []string{"same.weight", "same.weight_", "same.weight__"} {
		if d.Model.Tensor(name) == nil {
			t.Errorf("no tensor is called %q", name)
		}
	}
}

// TestManyNamesTaken has as many layers of one name as a file may have.
func TestManyNamesTaken(t *testing.T) {
	d := begin(t, 1)
	start := time.Now()
	for range source.MaxTensors {
		must(t, d.Layers.Dense("same", Matrix{1, 1, []float64{1}}, nil))
	}
	if elapsed := time.Since(start); elapsed > 5*time.Second { // a tenth, but for an emulator or the race detector
		t.Errorf("it took %v", elapsed)
	}
}

// TestBatchNorm compares with the formula in float64.
func TestBatchNorm(t *testing.T) {
	mean, variance := []float64{1, -2}, []float64{4, 0.25}
	gamma, beta := []float64{3, 0.5}, []float64{0.25, -1}
	const epsilon = 1e-3
	x := []float32{2, 5}
	for name, test := range map[string]struct{ gamma, beta []float64 }{
		"both": {gamma, beta}, "no scale": {nil, beta}, "no centre": {gamma, nil}, "neither": {},
	} {
		t.Run(name, func(t *testing.T) {
			d := begin(t, 2)
			must(t, d.Layers.BatchNorm("bn", mean, variance, test.gamma, test.beta, epsilon))
			for i, got := range answer(t, d, x...) {
				want := (float64(x[i]) - mean[i]) / math.Sqrt(variance[i]+epsilon)
				if test.gamma != nil {
					want *= test.gamma[i]
				}
				if test.beta != nil {
					want += test.beta[i]
				}
				if math.Abs(float64(got)-want) > 1e-6*math.Abs(want) {
					t.Errorf("column %d: %g, want %g", i, got, want)
				}
			}
		})
	}
}

func TestRefused(t *testing.T) {
	tests := map[string]struct {
		add  func(l *List) error
		want string
	}{
		"dense, inputs":      {func(l *List) error { return l.Dense("", Matrix{3, 1, make([]float64, 3)}, nil) }, "3 inputs where rows have 2"},
		"dense, values":      {func(l *List) error { return l.Dense("", Matrix{2, 2, make([]float64, 3)}, nil) }, "2×2 with 3 values"},
		"dense, no outputs":  {func(l *List) error { return l.Dense("", Matrix{2, 0, nil}, nil) }, "2×0"},
		"dense, bias":        {func(l *List) error { return l.Dense("", Matrix{2, 1, make([]float64, 2)}, make([]float64, 2)) }, "bias of 2 values for 1"},
		"dense, too large":   {func(l *List) error { return l.Dense("", Matrix{2, 1, []float64{1, 1e39}}, nil) }, "beyond float32"},
		"affine":             {func(l *List) error { return l.Affine("", format.Add, make([]float64, 3)) }, "3 values to add where rows have 2"},
		"prelu":              {func(l *List) error { return l.PReLU("", nil) }, "0 slopes"},
		"one-hot, none":      {func(l *List) error { return l.OneHot("", nil, format.UnknownZeros) }, "no categories"},
		"one-hot, two wide":  {func(l *List) error { return l.OneHot("", []float64{1}, format.UnknownZeros) }, "column"},
		"columns, outside":   {func(l *List) error { return l.Columns([][]int{{2}}, nil) }, "column 2 where rows have 2"},
		"batchnorm":          {func(l *List) error { return l.BatchNorm("", make([]float64, 3), nil, nil, nil, 0) }, "of 3 values where rows have 2"},
		"batchnorm, no mean": {func(l *List) error { return l.BatchNorm("", nil, nil, nil, nil, 0) }, "depend on the batch"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if err := test.add(begin(t, 2).Layers); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
	for _, shape := range [][]int{nil, {0}, {-1}, {1 << 13, 1 << 13}, make([]int, 9)} {
		if _, err := New(shape...); err == nil {
			t.Errorf("a row of shape %v is accepted", shape)
		}
	}
}
