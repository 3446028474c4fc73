package format

import (
	"cmp"
	"slices"
)

// checkUse finds tensors that nothing names: weight that a board would carry
// for nothing, or a mistake of whatever wrote the file.
func (m *Model) checkUse() error {
	used := make([]bool, len(m.Tensors))
	mark := func(name string) {
		i, found := slices.BinarySearchFunc(m.Tensors, name, func(t Tensor, name string) int {
			return cmp.Compare(t.Name, name)
		})
		if found {
			used[i] = true
		}
	}
	var markLayers func(layers []Layer)
	markLayers = func(layers []Layer) {
		for _, l := range layers {
			switch l := l.(type) {
			case *Dense:
				mark(l.Weight)
				mark(l.Bias)
			case *Affine:
				mark(l.Operand)
			case *PReLU:
				mark(l.Slope)
			case *OneHot:
				mark(l.Categories)
			case *Columns:
				for _, g := range l.Groups {
					markLayers(g.Layers)
				}
			}
		}
	}
	markLayers(m.Input.Preprocessing)
	markLayers(m.Layers)
	if g := m.Golden; g != nil {
		mark(g.Inputs)
		mark(g.Expected)
		mark(g.Canonical)
	}
	for _, q := range m.Quantization {
		mark(q.Scales) // the tensor itself is of use only to a layer
	}
	if i := slices.Index(used, false); i >= 0 {
		return invalidf("tensor %.64q is used by nothing", m.Tensors[i].Name)
	}
	return nil
}

// use returns the tensor that a field of a record names.
func (m *Model) use(what, field, name string) (*Tensor, error) {
	if t := m.Tensor(name); t != nil {
		return t, nil
	}
	return nil, invalidf("%s: %s names the tensor %.64q, which is not there", what, field, name)
}

// vector checks that a field names a tensor of dtype F32 and shape [n].
func (m *Model) vector(what, field, name string, n int) error {
	t, err := m.use(what, field, name)
	if err != nil {
		return err
	}
	if t.DType != F32 || len(t.Shape) != 1 || t.Shape[0] != n {
		return invalidf("%s: %s %.64q is %s of shape %v: f32 of shape [%d] is needed", what, field, name, t.DType, t.Shape, n)
	}
	return nil
}

// vectorOrScalar is vector, and also accepts a single value for all columns.
func (m *Model) vectorOrScalar(what, field, name string, n int) error {
	if t := m.Tensor(name); t != nil && t.DType == F32 && slices.Equal(t.Shape, []int{1}) {
		return nil
	}
	return m.vector(what, field, name, n)
}
