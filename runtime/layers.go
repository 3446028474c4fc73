package runtime

import (
	"fmt"

	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/kernels"
)

// A network takes the steps of a model one by one, each for the rows that the one
// before gives. A plan for the processor is made so, and a program for the GPU.
// Tensors arrive unpacked, and slices of them are the network's to keep; those of
// columns are the model's.
//
// A columns step is a call of Columns, then for each group Group, the group's
// steps and EndGroup, then EndColumns.
type network interface {
	Dense(w, bias []float32, outputs int)                   // w is [inputs][outputs]; bias holds no −0
	DenseInt8(w []int8, scale, bias []float32, outputs int) // the same
	Map(f kernels.Func, alpha, beta float32)
	Affine(op kernels.Arithmetic, operand []float32) // a value for each column, or one for all
	PReLU(slope []float32)                           // the same
	Softmax()
	Normalize(n kernels.Norm)
	ArgMax()
	Select(columns []int)
	OneHot(categories []float32, unknown float32)
	Polynomial(terms [][]int)

	Columns()
	Group(columns []int)
	EndGroup()
	EndColumns()
}

// appendLayer appends the steps of a layer, for rows of so many values, and
// returns how many values its results have.
func appendLayer(to network, m *format.Model, l format.Layer, in int) (int, error) {
	out, err := m.Outputs(l, in)
	if err != nil {
		return 0, fmt.Errorf("runtime: %w", err)
	}
	values := func(tensor string) []float32 { return m.Tensor(tensor).Float32s() }
	switch l := l.(type) {
	case *format.Columns:
		return out, appendColumns(to, m, l)
	case *format.Dense:
		appendDense(to, m, l, out)
	case *format.Activation:
		to.Map(named(kernels.FuncReLU, l.Op()), l.Alpha, l.Beta)
	case *format.Clip:
		to.Map(kernels.FuncClip, l.Low, l.High)
	case *format.Threshold:
		f := kernels.FuncGreater
		if l.Cut.Comparison == format.GreaterOrEqual {
			f = kernels.FuncGreaterEqual
		}
		to.Map(f, l.Cut.Value, 0)
	case *format.PReLU:
		to.PReLU(values(l.Slope))
	case *format.Affine:
		to.Affine(named(kernels.Add, l.Op()), values(l.Operand))
	case *format.Softmax:
		to.Softmax()
	case *format.Normalize:
		to.Normalize(named(kernels.L1, string(l.Norm)))
	case *format.ArgMax:
		to.ArgMax()
	case *format.Select:
		to.Select(l.Columns)
	case *format.OneHot:
		unknown := float32(0)
		if l.Unknown == format.UnknownNaN {
			unknown = nan
		}
		to.OneHot(values(l.Categories), unknown)
	case *format.Polynomial:
		to.Polynomial(l.Terms(in))
	default:
		panic(fmt.Sprintf("runtime: a layer of type %T", l))
	}
	return out, nil
}

func appendDense(to network, m *format.Model, l *format.Dense, out int) {
	bias := make([]float32, out)
	if l.Bias != "" {
		kernels.NormalizeBias(bias, m.Tensor(l.Bias).Float32s())
	}
	w := m.Tensor(l.Weight)
	if w.DType == format.I8 {
		to.DenseInt8(w.Int8s(), m.Scales(l.Weight), bias, out)
	} else {
		to.Dense(wide(w), bias, out)
	}
}

// wide returns the elements of a tensor of f32 or f16.
func wide(t *format.Tensor) []float32 {
	if t.DType == format.F32 {
		return t.Float32s()
	}
	values := make([]float32, t.Len())
	kernels.FromFloat16(values, t.Float16Bits())
	return values
}

func appendColumns(to network, m *format.Model, l *format.Columns) error {
	to.Columns()
	for _, g := range l.Groups {
		to.Group(g.Columns)
		width := len(g.Columns)
		for _, inner := range g.Layers {
			var err error
			if width, err = appendLayer(to, m, inner, width); err != nil {
				return err
			}
		}
		to.EndGroup()
	}
	to.EndColumns()
	return nil
}

// named returns the kernels' constant of that name, looking from the first one
// on. Functions, operators and norms have the same names in a model file and in
// package kernels.
func named[T interface {
	~uint8
	String() string
}](first T, name string) T {
	for v := first; v != 0; v++ {
		if v.String() == name {
			return v
		}
	}
	panic(fmt.Sprintf("runtime: package kernels has no %q", name))
}
