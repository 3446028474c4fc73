package format

import (
	"cmp"
	"slices"
)

// TensorNames returns the names of the tensors that a layer uses, in the order of
// its fields, those of a columns layer's groups included.
func TensorNames(l Layer) []string {
	var names []string
	w := nameWalk{visit: func(name string) { names = append(names, name) }}
	w.record(l)
	return names
}

// A nameWalk visits the names of the tensors that records use, and the records
// in them.
type nameWalk struct {
	visit func(name string)
	stack []field // of the records being walked, outermost first
}

func (w *nameWalk) record(r record) {
	base := len(w.stack)
	w.stack = r.fields(w.stack)
	for _, f := range w.stack[base:] {
		switch p := f.ptr.(type) {
		case *tensorName:
			if *p != "" {
				w.visit(string(*p))
			}
		case *[]Layer:
			for _, l := range *p {
				w.record(l)
			}
		case recordList:
			for i := range p.len() {
				w.record(p.at(i))
			}
		case optionalRecord:
			if r := p.get(); r != nil {
				w.record(r)
			}
		case record:
			w.record(p)
		}
	}
	w.stack = w.stack[:base]
}

// checkUse finds tensors that nothing names: weight that a board would carry
// for nothing, or a mistake of whatever wrote the file.
func (m *Model) checkUse() error {
	used := make([]bool, len(m.Tensors))
	w := nameWalk{visit: func(name string) {
		i, found := slices.BinarySearchFunc(m.Tensors, name, func(t Tensor, name string) int {
			return cmp.Compare(t.Name, name)
		})
		if found {
			used[i] = true
		}
	}}
	w.record(m)
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
