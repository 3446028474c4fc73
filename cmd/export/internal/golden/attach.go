package golden

import (
	"fmt"

	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

// Vectors are golden inputs, and what the source framework made of them.
type Vectors struct {
	Inputs   []float32 // [Rows][inputs]
	Expected []float32 // [Rows][outputs], or nil
	Rows     int
}

// Limit drops all vectors but the first n.
func (v *Vectors) Limit(n int) {
	if n >= v.Rows {
		return
	}
	v.Inputs = v.Inputs[:len(v.Inputs)/v.Rows*n]
	v.Expected = v.Expected[:len(v.Expected)/v.Rows*n]
	v.Rows = n
}

// Tolerance is how far a canonical value c may be from the framework's value e:
// |c − e| ≤ Absolute + Relative·|e|.
type Tolerance struct{ Absolute, Relative float64 }

// Attach computes the canonical outputs, adds the vectors to the model, which has none, and returns
// how they compare with the framework's. The error says that the model cannot run; a comparison
// that fails is told by the report.
func Attach(m *format.Model, v *Vectors, t Tolerance) (*runtime.Report, error) {
	session, err := runtime.New(m, runtime.Options{Backend: runtime.Reference})
	if err != nil {
		return nil, fmt.Errorf("golden: %w", err)
	}
	canonical := make([]float32, v.Rows*session.Outputs())
	if err := session.Run(canonical, v.Inputs); err != nil {
		return nil, fmt.Errorf("golden: %w", err)
	}
	add := func(name string, values []float32) string {
		for m.Tensor(name) != nil {
			name += "_"
		}
		m.AddTensor(format.NewTensor(name, []int{v.Rows, len(values) / v.Rows}, values))
		return name
	}
	g := &format.Golden{Absolute: t.Absolute, Relative: t.Relative}
	g.Inputs = add("golden.inputs", v.Inputs)
	g.Canonical = add("golden.canonical", canonical)
	if v.Expected != nil {
		g.Expected = add("golden.expected", v.Expected)
	}
	m.Golden = g
	return runtime.Verify(m, session)
}
