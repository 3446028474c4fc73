package main

import (
	"archive/zip"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// A tensor of a trained file to be written.
type tensor struct {
	name   string
	shape  []int
	values []float32
}

// xor is a network whose answers are known by hand: h = relu([a+b, 2a+2b−2]), y = h0 − h1.
func xor(w1, b1, w2, b2 string) []tensor {
	return []tensor{
		{w1, []int{2, 2}, []float32{1, 2, 1, 2}}, {b1, []int{2}, []float32{0, -2}},
		{w2, []int{2, 1}, []float32{1, -1}}, {b2, []int{1}, []float32{0}},
	}
}

// writeSources writes the small trained files that the scripts use.
func writeSources(t *testing.T, dir string) {
	t.Helper()
	nan := float32(math.NaN())
	x := tensor{"x", []int{4, 2}, []float32{0, 0, 0, 1, 1, 0, 1, 1}}
	for name, tensors := range map[string][]tensor{
		"xor.npz":       xor("W1", "b1", "W2", "b2"),
		"lost.npz":      xor("W1", "b1", "W2", "b2")[:3],
		"hopeless.npz":  xor("first", "second", "third", "fourth"),
		"square.npz":    {{"m", []int{2, 2}, []float32{1, 2, 3, 4}}},
		"wide.npz":      {{"W", []int{1 << 18, 1}, make([]float32, 1<<18)}},
		"nan.npz":       {{"W", []int{2, 1}, []float32{1, nan}}},
		"linear.npz":    {{"coef_", []int{1, 2}, []float32{2, 3}}, {"intercept_", []int{1}, []float32{-1}}},
		"leftover.npz":  append(xor("W1", "b1", "W2", "b2"), tensor{"epoch", []int{1}, []float32{7}}),
		"xor_xy.npz":    {x, {"y", []int{4, 1}, []float32{0, 1, 1, 0}}},
		"linear_xy.npz": {{"x", []int{2, 2}, []float32{0, 0, 1, 0}}, {"y", []int{2, 1}, []float32{-1, 1}}},
		"proba.npz":     {{"x", []int{1, 2}, []float32{0, 0}}, {"y", []int{1, 2}, []float32{0.75, 0.25}}},
		"nan_xy.npz":    {{"x", []int{1, 2}, []float32{1, 1}}, {"y", []int{1, 1}, []float32{1e20}}},
		"xor_wrong.npz": {x, {"y", []int{4, 1}, []float32{0, 1, 0.5, 0}}},
	} {
		writeNPZ(t, filepath.Join(dir, name), tensors)
	}
	// pickle.dumps({"W": np.array([[2.0]]), "b": np.array([-1.0])}, 2), by NumPy 2.
	write(t, filepath.Join(dir, "weights.pickle"), []byte("\x80\x02}q\x00(X\x01\x00\x00\x00Wq\x01cnumpy._core.multiarray\n_reconstruct\nq\x02cnumpy\n"+
		"ndarray\nq\x03K\x00\x85q\x04c_codecs\nencode\nq\x05X\x01\x00\x00\x00bq\x06X\x06\x00\x00\x00"+
		"latin1q\x07\x86q\x08Rq\x09\x87q\nRq\x0b(K\x01K\x01K\x01\x86q\x0ccnumpy\ndtype\nq\x0dX\x02\x00"+
		"\x00\x00f8q\x0e\x89\x88\x87q\x0fRq\x10(K\x03X\x01\x00\x00\x00<q\x11NNNJ\xff\xff\xff\xffJ\xff"+
		"\xff\xff\xffK\x00tq\x12b\x89h\x05X\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00@q\x13h\x07\x86"+
		"q\x14Rq\x15tq\x16bX\x01\x00\x00\x00bq\x17h\x02h\x03K\x00\x85q\x18h\x09\x87q\x19Rq\x1a(K\x01"+
		"K\x01\x85q\x1bh\x10\x89h\x05X\n\x00\x00\x00\x00\x00\x00\x00\x00\x00\xc3\xb0\xc2\xbfq\x1ch\x07"+
		"\x86q\x1dRq\x1etq\x1fbu."))
	writeFolder(t, filepath.Join(dir, "folder"), xor("coefs_0", "intercepts_0", "coefs_1", "intercepts_1"))
	writeFolder(t, filepath.Join(dir, "empty"), nil)
	torch := []tensor{
		{"0.weight", []int{2, 2}, []float32{1, 1, 2, 2}}, {"0.bias", []int{2}, []float32{0, -2}},
		{"2.weight", []int{1, 2}, []float32{1, -1}}, {"2.bias", []int{1}, []float32{0}},
	}
	writeSafetensors(t, filepath.Join(dir, "xor.safetensors"), torch)
	slopes := append([]tensor{{"1.weight", []int{1}, []float32{0.25}}}, torch...)
	writeSafetensors(t, filepath.Join(dir, "slopes.safetensors"), slopes)
	write(t, filepath.Join(dir, "nothing"), nil)
	write(t, filepath.Join(dir, "text"), []byte("W1\n"))
	npz, err := os.ReadFile(filepath.Join(dir, "xor.npz"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "cut.npz"), npz[:len(npz)/2])
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func writeNPZ(t *testing.T, name string, tensors []tensor) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	w := zip.NewWriter(f)
	for _, tensor := range tensors {
		entry, err := w.Create(tensor.name + ".npy")
		if err != nil {
			t.Fatal(err)
		}
		if err := npy.Write(entry, tensor.shape, tensor.values); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func writeFolder(t *testing.T, name string, tensors []tensor) {
	t.Helper()
	if err := os.Mkdir(name, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, tensor := range tensors {
		f, err := os.Create(filepath.Join(name, tensor.name+".npy"))
		if err != nil {
			t.Fatal(err)
		}
		if err := npy.Write(f, tensor.shape, tensor.values); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func writeSafetensors(t *testing.T, name string, tensors []tensor) {
	t.Helper()
	var header []string
	var data []byte
	for _, tensor := range tensors {
		begin := len(data)
		for _, v := range tensor.values {
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(v))
		}
		shape := strings.ReplaceAll(fmt.Sprint(tensor.shape), " ", ",")
		header = append(header, fmt.Sprintf(`%q:{"dtype":"F32","shape":%s,"data_offsets":[%d,%d]}`, tensor.name, shape, begin, len(data)))
	}
	text := "{" + strings.Join(header, ",") + "}"
	file := binary.LittleEndian.AppendUint64(nil, uint64(len(text)))
	write(t, name, append(append(file, text...), data...))
}
