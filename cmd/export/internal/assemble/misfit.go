package assemble

import (
	"fmt"

	"github.com/edge-infer/edge-infer/cmd/export/internal/plural"
	"github.com/edge-infer/edge-infer/cmd/export/internal/rules"
	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
	"github.com/edge-infer/edge-infer/cmd/internal/arch"
	"github.com/edge-infer/edge-infer/format"
)

// misfit is the error of the i-th step, which cannot take rows of a width. Tensors are shown with
// the shapes that they have in the file; the model may hold them transposed.
func (b *builder) misfit(a attempt, i, width int, cause error) error {
	step := a.model.Steps()[i]
	var what string
	switch l := step.(type) {
	case *format.Dense:
		what = b.misfitDense(a, l, width)
	case *format.Affine:
		what = b.misfitVector(l.Operand, width)
	case *format.PReLU:
		what = b.misfitVector(l.Slope, width)
	default:
		return fmt.Errorf("assemble: layer %d: %w", i+1-len(b.preprocessing), rules.Plain(cause))
	}
	return fmt.Errorf("assemble: %s: %s; the file holds %s", b.place(i, step), what, List(b.pool.tensors))
}

func (b *builder) misfitDense(a attempt, l *format.Dense, width int) string {
	from, shape := b.source(l.Weight), a.model.Tensor(l.Weight).Shape
	weight := describe(from)
	if len(from.Array.Shape) == 2 {
		weight += " as " + b.orient(l.Weight, a.turned).String()
	}
	if shape[0] != width {
		return fmt.Sprintf("%s takes rows of %s, and gets rows of %d", weight, plural.Count(shape[0], "value"), width)
	}
	return fmt.Sprintf("%s gives rows of %s, and its bias is %s", weight, plural.Count(shape[1], "value"), describe(b.source(l.Bias)))
}

func (b *builder) misfitVector(name string, width int) string {
	return fmt.Sprintf("%s for rows of %s: a value for each is needed, or one for all", describe(b.source(name)), plural.Count(width, "value"))
}

// place names the i-th step as its user knows it: the layers of --arch are counted.
func (b *builder) place(i int, l format.Layer) string {
	if i < len(b.preprocessing) {
		return arch.LayerString(l)
	}
	return fmt.Sprintf("layer %d, %s", i+1-len(b.preprocessing), arch.LayerString(l))
}

// describe writes a tensor with its shape and dtype: W1 (64×32 float64).
func describe(t source.Tensor) string {
	return fmt.Sprintf("%s (%s %s)", t.Name, ShapeString(t.Array.Shape), DTypeName(t.Array.DType))
}
