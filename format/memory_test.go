package format

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
)

// allocatedBy is the number of bytes that decoding allocates, garbage included.
// Whatever else the process allocates meanwhile would be counted too; so the
// least of a few measurements counts, and a second one is made only if needed.
func allocatedBy(data []byte, enough uint64) uint64 {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	least := uint64(math.MaxUint64)
	for range 3 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		m, err := Decode(data)
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(m)
		runtime.KeepAlive(err)
		least = min(least, after.TotalAlloc-before.TotalAlloc)
		if least <= enough {
			break
		}
	}
	return least
}

// checkMemory holds decoding against the bound that Decode promises.
func checkMemory(tb testing.TB, name string, data []byte) {
	tb.Helper()
	bound := 4*uint64(len(data)) + 1<<20
	if n := allocatedBy(data, bound); n > bound {
		tb.Errorf("%s: decoding %d bytes allocates %d, at most %d are promised", name, len(data), n, bound)
	}
}

// TestMemory measures every case and valid file, and files made to hurt: much
// memory from few bytes, in each kind of list that the format has.
func TestMemory(t *testing.T) {
	for _, c := range malformedFiles(t) {
		checkMemory(t, c.name, c.file())
	}
	for name, data := range readFiles(t, filepath.Join(testdata, "valid", "*.edge"), 7) {
		checkMemory(t, name, data)
	}
	checkMemory(t, "65536 empty rows", rawTable(MaxTensors).file())
	for _, c := range hostileFiles() {
		t.Run(c.name, func(t *testing.T) {
			m := minimal()
			c.edit(m)
			data := forge(m).file()
			_, err := Decode(data)
			if outcome(err) != outcome(c.expect) {
				t.Errorf("error is %v, want %v", err, c.expect)
			}
			checkMemory(t, c.name, data)
		})
	}
}

type hostile struct {
	name   string
	expect error // nil where the model is valid
	edit   func(m *Model)
}

func hostileFiles() []hostile {
	labels := func(n int, label func(i int) string) func(m *Model) {
		return func(m *Model) {
			m.Output.Kind = Class
			for i := range n {
				m.Output.Labels = append(m.Output.Labels, label(i))
			}
		}
	}
	layers := func(l Layer) func(m *Model) {
		return func(m *Model) {
			for range MaxLayers {
				m.Layers = append(m.Layers, l)
			}
		}
	}
	text := func(size int) func(i int) string {
		return func(i int) string { return fmt.Sprintf("%06d", i) + strings.Repeat("x", size-6) }
	}
	return []hostile{
		{"50k empty labels", ErrInvalid, labels(50_000, func(int) string { return "" })},
		{"100k empty labels", ErrTooLarge, labels(100_000, func(int) string { return "" })},
		{"100k equal labels of one byte", ErrTooLarge, labels(100_000, func(int) string { return "a" })},
		{"100k labels of six bytes", nil, labels(100_000, text(6))},
		{"100k labels of nine bytes", nil, labels(100_000, text(9))},
		{"20k labels of 17 bytes", nil, labels(20_000, text(17))},
		{"10k labels of 257 bytes", nil, labels(10_000, text(257))},
		{"2k labels of 2049 bytes", nil, labels(2_000, text(2049))},
		{"200 labels of 32769 bytes", nil, labels(200, text(32769))},
		{"4096 layers without parameters", nil, layers(&Softmax{})},
		{"4096 activations", nil, layers(&Activation{Function: Exp})},
		{"4096 affine layers", nil, func(m *Model) {
			layers(&Affine{Add, "t"})(m)
			m.AddTensor(NewTensor("t", []int{1}, []float32{1}))
		}},
		{"a select of 100k columns", nil, layerOf(&Select{make([]int, 100_000)})},
		{"a select of 300k columns", ErrTooLarge, layerOf(&Select{make([]int, 300_000)})},
		{"a shape of 200k dimensions", ErrInvalid, func(m *Model) { m.Input.Shape = make([]int, 200_000) }},
		{"65536 groups", nil, layerOf(&Columns{groups(MaxTensors)})},
		{"20k quantized tensors that are not there", ErrInvalid, func(m *Model) { m.Quantization = make([]Quantized, 20_000) }},
		{"60k tensors of one value", nil, func(m *Model) {
			c := &Columns{groups(60_000)}
			for i := range c.Groups {
				name := fmt.Sprintf("%05d", i)
				m.Tensors = append(m.Tensors, NewTensor(name, []int{1}, []float32{1}))
				c.Groups[i].Layers = []Layer{&Affine{Add, name}}
			}
			m.Layers = []Layer{c}
		}},
	}
}

func layerOf(l Layer) func(m *Model) { return func(m *Model) { m.Layers = []Layer{l} } }

func groups(n int) []Group {
	list := make([]Group, n)
	for i := range list {
		list[i].Columns = []int{0}
	}
	return list
}

// TestMemoryAtTheLimit measures the largest of a family of models that are still
// accepted: strings for which the allocator takes a quarter more than they hold,
// beside a list that takes eight bytes for each one of the file.
func TestMemoryAtTheLimit(t *testing.T) {
	file := func(columns int) []byte {
		m := minimal()
		m.Output.Kind = Class
		for i := range 12 {
			m.Output.Labels = append(m.Output.Labels, fmt.Sprintf("%032769d", i))
		}
		m.Layers = []Layer{&Select{make([]int, columns)}, &ArgMax{}}
		return forge(m).file()
	}
	// Each column brings four bytes to spend and takes eight. The pad makes the
	// size of a file vary by 63 bytes, and so the limit by 63 columns.
	columns := 100_000
	d := newDecoder(file(columns))
	if _, err := d.document(); err != nil {
		t.Fatal(err)
	}
	columns += int(d.budget / 4)
	if _, err := Decode(file(columns + 64)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("beyond the limit: error %v, want %v", err, ErrTooLarge)
	}
	last := file(columns - 64)
	if _, err := Decode(last); err != nil {
		t.Errorf("within the limit: %v", err)
	}
	checkMemory(t, "the largest model", last)
}
