package cuda

import (
	"encoding/binary"
	"math"
	"testing"
)

// The traits of boards that differ in how a program is planned.
var (
	nano = Traits{Compute: 53, Multiprocessors: 1, SharedBytes: 48 << 10}
	orin = Traits{Compute: 87, Multiprocessors: 16, SharedBytes: 48 << 10}
)

// A device runs launches on an image and buffers.
type device interface {
	// run returns buffer 1 of a pass. src is what buffer 0 holds, padded.
	run(p *Program, launches []Launch, rows int, src []byte) ([]byte, error)
}

// strided returns rows of floats as buffer 0 holds them.
func strided(x []float32, width, stride int) []byte {
	var b []byte
	for ; len(x) > 0; x = x[width:] {
		for _, v := range x[:width] {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
		}
		b = append(b, make([]byte, 4*(stride-width))...)
	}
	return b
}

// dense returns the rows of buffer 1 without their padding, which it checks.
func compact(t *testing.T, b []byte, width, stride int) []float32 {
	t.Helper()
	var values []float32
	for i := 0; i < len(b); i += 4 {
		bits := binary.LittleEndian.Uint32(b[i:])
		if column := i / 4 % stride; column < width {
			values = append(values, math.Float32frombits(bits))
		} else if bits != 0 {
			t.Fatalf("the padding holds %#x behind row %d", bits, i/4/stride)
		}
	}
	return values
}

// program builds a network. Heavy is the weight from which a dense layer has a launch of its own, 0 for the default.
func program(t *testing.T, build func(network), inputs int, traits Traits, heavy int) *Program {
	t.Helper()
	b := NewBuilder(inputs, traits)
	if heavy > 0 {
		b.heavy = heavy
	}
	build(b)
	p, err := b.Program()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// check runs rows through a program on a device, and compares the results with the reference.
func check(t *testing.T, d device, p *Program, build func(network), x []float32) {
	t.Helper()
	rows := len(x) / p.Inputs
	out, err := d.run(p, p.Launches(rows), rows, strided(x, p.Inputs, p.InputStride))
	if err != nil {
		t.Fatal(err)
	}
	ref := newReference(x, p.Inputs)
	build(ref)
	same(t, compact(t, out, p.Outputs, p.OutputStride), ref.x, p.Outputs)
}

// same compares bits; any NaN stands for any other.
func same(t *testing.T, got, want []float32, width int) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d values, want %d", len(got), len(want))
	}
	for i, w := range want {
		if g := got[i]; math.Float32bits(g) != math.Float32bits(w) && (g == g || w == w) {
			t.Fatalf("row %d, column %d: %g (%#x), want %g (%#x)", i/width, i%width, g, math.Float32bits(g), w, math.Float32bits(w))
		}
	}
}
