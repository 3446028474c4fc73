package format

import (
	"bytes"
	"math"
	"slices"
	"testing"
)

func TestAddTensorKeepsOrder(t *testing.T) {
	tests := map[string][]string{
		"ascending":  {"a", "b", "c", "d"},
		"descending": {"d", "c", "b", "a"},
		"mixed":      {"c", "a", "d", "b"},
		"by bytes":   {"é", "z", "Z", "a.b", "a", "a2", "a10", "10"},
	}
	for name, order := range tests {
		t.Run(name, func(t *testing.T) {
			var m Model
			for i, n := range order {
				m.AddTensor(NewTensor(n, []int{1}, []float32{float32(i)}))
			}
			var got []string
			for _, tensor := range m.Tensors {
				got = append(got, tensor.Name)
			}
			if want := slices.Sorted(slices.Values(order)); !slices.Equal(got, want) {
				t.Errorf("table is %q, want %q", got, want)
			}
			for i, n := range order {
				if found := m.Tensor(n); found == nil || found.Float32s()[0] != float32(i) {
					t.Errorf("tensor %q is not found, or is another one", n)
				}
			}
			for _, n := range []string{"", "b2", "zz", "\xff"} {
				if m.Tensor(n) != nil {
					t.Errorf("tensor %q is found", n)
				}
			}
		})
	}
}

// TestTensorPanics checks the contracts with the callers of our own packages.
func TestTensorPanics(t *testing.T) {
	f32 := NewTensor("w", []int{1}, []float32{1})
	i8 := Tensor{"w", I8, []int{1}, []byte{1}}
	tests := map[string]func(){
		"too few values":     func() { NewTensor("w", []int{2, 2}, []float32{1, 2, 3}) },
		"zero dimension":     func() { NewTensor("w", []int{0}, nil) },
		"no dimensions":      func() { NewTensor("w", nil, []float32{1}) },
		"second of a name":   func() { m := example(); m.AddTensor(NewTensor("mean", []int{1}, []float32{1})) },
		"f32 of i8":          func() { i8.Float32s() },
		"f16 bits of f32":    func() { f32.Float16Bits() },
		"int8 values of f32": func() { f32.Int8s() },
	}
	for name, call := range tests {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			call()
		})
	}
}

func TestTensorValues(t *testing.T) {
	values := []float32{0, 1, -2.5, float32(math.Inf(-1)), math.SmallestNonzeroFloat32}
	f32 := NewTensor("t", []int{5}, values)
	if want := []byte{0, 0, 0, 0, 0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc0, 0, 0, 0x80, 0xff, 1, 0, 0, 0}; !bytes.Equal(f32.Data, want) {
		t.Errorf("f32 is stored as % x, want % x", f32.Data, want)
	}
	if got := f32.Float32s(); !slices.Equal(got, values) || f32.Len() != 5 {
		t.Errorf("%d values %v, want %v", f32.Len(), got, values)
	}
	f16 := Tensor{"t", F16, []int{2}, []byte{0x00, 0x3c, 0x01, 0xc0}}
	if got, want := f16.Float16Bits(), []uint16{0x3c00, 0xc001}; !slices.Equal(got, want) || f16.Len() != 2 {
		t.Errorf("%d values %x, want %x", f16.Len(), got, want)
	}
	i8 := Tensor{"t", I8, []int{3}, []byte{0x81, 0xff, 0x7f}}
	if got, want := i8.Int8s(), []int8{-127, -1, 127}; !slices.Equal(got, want) || i8.Len() != 3 {
		t.Errorf("%d values %v, want %v", i8.Len(), got, want)
	}
}

// TestDecodedViews shows that decoded tensors are views into the file, aligned
// there, and that appending to one does not reach the next.
func TestDecodedViews(t *testing.T) {
	file, err := Marshal(example())
	if err != nil {
		t.Fatal(err)
	}
	m, err := Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, tensor := range m.Tensors {
		at := bytes.Index(file, tensor.Data) // every tensor of the example is another one, but for std
		if at%4 != 0 || cap(tensor.Data) != len(tensor.Data) {
			t.Errorf("tensor %q lies at %d with %d of %d bytes", tensor.Name, at, len(tensor.Data), cap(tensor.Data))
		}
	}
	last := m.Tensor("std")
	file[len(file)-4] ^= 1
	if before := example().Tensor("std"); bytes.Equal(last.Data, before.Data) {
		t.Error("the last tensor is a copy")
	}
}

func TestScales(t *testing.T) {
	m := quantized()
	if got, want := m.Scales("q"), []float32{0.5, 0.25, 1}; !slices.Equal(got, want) {
		t.Errorf("scales of q are %v, want %v", got, want)
	}
	for _, name := range []string{"h", "b", "", "nothing"} {
		if got := m.Scales(name); got != nil {
			t.Errorf("scales of %q are %v, want none", name, got)
		}
	}
}
