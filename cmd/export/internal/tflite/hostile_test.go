package tflite

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	goruntime "runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// models returns the files of all cases.
func models(t testing.TB) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("../../../../testdata/models/tflite/*/model.tflite")
	if err != nil || len(names) < 44 {
		t.Fatalf("%d models, %v: at least 44 are expected", len(names), err)
	}
	files := map[string][]byte{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(filepath.Dir(name))] = data
	}
	return files
}

// TestCutOff reads a model that ends early, everywhere.
func TestCutOff(t *testing.T) {
	whole := models(t)["float"]
	for n := range len(whole) - 1 {
		// The converter's last bytes are padding and names: what counts is that none panics.
		if _, err := readBytes(whole[:n]); err == nil && n < len(whole)/2 {
			t.Fatalf("%d of %d bytes are read", n, len(whole))
		}
	}
	if _, err := Read(bytes.NewReader(whole[:100]), int64(len(whole))); !errors.Is(err, io.EOF) {
		t.Errorf("a file that shrinks: error %v", err)
	}
}

// TestFlipped changes every byte of a model. Many of them make another model, none makes a panic.
func TestFlipped(t *testing.T) {
	whole := models(t)["step"]
	refused := 0
	for at := range whole {
		data := slices.Clone(whole)
		for _, flip := range []byte{0x01, 0xff} {
			data[at] = whole[at] ^ flip
			if _, err := readBytes(data); err != nil {
				refused++
			}
		}
	}
	if refused < len(whole)/3 {
		t.Errorf("%d of %d changes are noticed", refused, 2*len(whole))
	}
}

// TestBombs has files that would take time or memory without end. All are under 6 MiB.
func TestBombs(t *testing.T) {
	manyLayers := func(width int32, operators int) *sketch {
		s := newSketch(1, width)
		w := s.constant([]int32{width, width}, make([]float32, width*width)...)
		for range operators {
			s.operator(opFullyConnected, nil, []int32{1, width}, w)
		}
		return s
	}
	longChain := newSketch(1, 1)
	scale := longChain.constant([]int32{1, 1}, 1)
	for range 500 {
		next := longChain.tensor(nil, float32Type, 1, 1)
		longChain.join(opDequantize, nil, []int32{scale}, next)
		scale = next
	}
	for range 500 {
		longChain.operator(opFullyConnected, nil, []int32{1, 1}, scale)
	}
	spread := newSketch(1, 1<<23, 2)
	for range 500 {
		spread.operator(opAdd, nil, []int32{1, 1 << 23, 2}, spread.constant([]int32{1, 2}, 1, 2))
	}
	manyTensors := newSketch(1, 2).operator(opReLU, nil, row2)
	manyTensors.tensors = slices.Repeat(manyTensors.tensors, 1<<15+1)
	manyOperators := newSketch(1, 2).operator(opReLU, nil, row2)
	manyOperators.operators = slices.Repeat(manyOperators.operators, 1<<14+1)
	labels := new(bytes.Buffer)
	labels.Write(newSketch(1, 2).operator(opReLU, nil, row2).bytes())
	archive := zip.NewWriter(labels)
	if w, err := archive.Create("labels.txt"); err != nil {
		t.Fatal(err)
	} else if _, err := io.Copy(w, io.LimitReader(zeros{}, 1<<24)); err != nil {
		t.Fatal(err)
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	huge := newSketch(1, 2).operator(opReLU, nil, row2).bytes()
	binary.LittleEndian.PutUint32(huge, 0xfffffff0)
	tests := map[string]struct {
		data []byte
		want string // in the error; nothing if the model is read
	}{
		"weights for all layers": {manyLayers(100, 1000).bytes(), "would fill memory"},
		"a chain of constants":   {longChain.bytes(), "would fill memory"},
		"spread constants":       {spread.bytes(), "would fill memory"},
		"too many layers":        {manyLayers(1, 4097).bytes(), "more than 4096"},
		"too many operators":     {manyOperators.bytes(), "16385 operators: at most 16384"},
		"too many tensors":       {manyTensors.bytes(), "65538 tensors"},
		"labels that grow":       {labels.Bytes(), ""},
		"a root far outside":     {huge, "an offset leads outside"},
		"a vector without end":   {build(fields{0: uint32(3), 2: uint32(0xffffff00)}), "damaged"},
		"a vector of odd tables": {build(fields{0: uint32(3), 2: "abc"}), "damaged"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if len(test.data) > 6<<20 {
				t.Fatalf("%d bytes are no small file", len(test.data))
			}
			var before, after goruntime.MemStats
			goruntime.ReadMemStats(&before)
			start := time.Now()
			_, err := readBytes(test.data)
			took := time.Since(start)
			goruntime.ReadMemStats(&after)
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("error %v, want %q", err, test.want)
			}
			if taken := after.TotalAlloc - before.TotalAlloc; taken > 256<<20 {
				t.Errorf("%d MiB are taken", taken>>20)
			}
			if took > time.Minute { // a second at most, but for an emulator, the race detector, a busy machine
				t.Errorf("it takes %v", took)
			}
		})
	}
}

// zeros is an endless file.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// FuzzRead: whatever is read is a valid model, with a line for each of its operators.
func FuzzRead(f *testing.F) {
	for _, data := range models(f) {
		f.Add(data)
	}
	f.Add(newSketch(1, 2).operator(opReLU, nil, row2).bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := readBytes(data)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "tflite: ") || strings.Contains(err.Error(), "%!") {
				t.Errorf("a message with a mistake: %v", err)
			}
			return
		}
		if err := d.Model.Validate(); err != nil {
			t.Error(err)
		}
		if steps := len(d.Model.Steps()); steps > 4*len(d.Fates) {
			t.Errorf("%d layers of %d operators", steps, len(d.Fates))
		}
	})
}
