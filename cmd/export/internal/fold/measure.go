package fold

import (
	"fmt"
	"math"

	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

// Difference is how far the answers of two models are apart.
type Difference struct {
	Absolute float64 // greatest |folded − original|; +Inf where only one of the two is NaN or infinite
	Relative float64 // greatest |folded − original| ÷ |original|, over values that are not 0, or +Inf likewise
	Row      int     // of the greatest absolute difference
	Output   int
	Classes  int // rows of which the two decide for different classes
}

// Measure runs two models on the same input rows, [rows][inputs], and compares their answers.
func Measure(original, folded *format.Model, rows []float32) (Difference, error) {
	want, outputs, err := run(original, rows)
	if err != nil {
		return Difference{}, fmt.Errorf("fold: the original model: %w", err)
	}
	got, n, err := run(folded, rows)
	if err != nil {
		return Difference{}, fmt.Errorf("fold: the folded model: %w", err)
	}
	if n != outputs || len(got) != len(want) {
		return Difference{}, fmt.Errorf("fold: %d outputs of the folded model for %d of the original", len(got), len(want))
	}
	var d Difference
	for i := range want {
		a := apart(got[i], want[i])
		if a > d.Absolute {
			d.Absolute, d.Row, d.Output = a, i/outputs, i%outputs
		}
		switch {
		case a == 0:
		case math.IsInf(a, 1):
			d.Relative = a
		case want[i] != 0:
			d.Relative = max(d.Relative, a/math.Abs(float64(want[i])))
		}
	}
	for at := 0; at < len(want); at += outputs {
		if runtime.ClassOf(&original.Output, want[at:at+outputs]) != runtime.ClassOf(&folded.Output, got[at:at+outputs]) {
			d.Classes++
		}
	}
	return d, nil
}

// run returns a model's answers and the number of outputs in each.
func run(m *format.Model, rows []float32) ([]float32, int, error) {
	s, err := runtime.New(m, runtime.Options{Backend: runtime.Reference})
	if err != nil {
		return nil, 0, err
	}
	y := make([]float32, len(rows)/s.Inputs()*s.Outputs())
	return y, s.Outputs(), s.Run(y, rows)
}

// apart is the distance of two values, 0 for two NaN.
func apart(got, want float32) float64 {
	switch {
	case got == want || got != got && want != want:
		return 0
	case finite(float64(got)) && finite(float64(want)):
		return math.Abs(float64(got) - float64(want))
	}
	return math.Inf(1)
}
