package detect

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// array is an .npy file of three numbers.
func array(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := npy.Write(&b, []int{3}, []float32{1, 2, 3}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// archive is an .npz file of arrays of these names.
func archive(t *testing.T, names ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range names {
		entry, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := entry.Write(array(t)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func tensorsFile(header, data string) []byte {
	return append([]byte{byte(len(header)), 0, 0, 0, 0, 0, 0, 0}, header+data...)
}

const model = ` {"input": {"shape": [2]}, "layers": [], "output": {"kind": "value"}}`

// TestOpen: files are known by their content. None has an extension that says what it is.
func TestOpen(t *testing.T) {
	tests := map[string]struct {
		data    []byte
		kind    Kind
		tensors string // their names
	}{
		"npz":         {archive(t, "W1.npy", "b1.npy"), NPZ, "W1 b1"},
		"npy":         {array(t), NPY, "array"},
		"safetensors": {tensorsFile(`{"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, "\x00\x00\x80\x3f"), SafeTensors, "w"},
		"json":        {[]byte(model), JSON, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file.txt")
			if err := os.WriteFile(path, test.data, 0o600); err != nil {
				t.Fatal(err)
			}
			file, err := Open(path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if file.Kind != test.kind || (file.Model != nil) != (test.kind == JSON) {
				t.Errorf("kind %s, model %v", file.Kind, file.Model)
			}
			if got := names(file); got != test.tensors {
				t.Errorf("tensors %s, want %s", got, test.tensors)
			}
			if test.kind == SafeTensors && file.Metadata["format"] != "pt" {
				t.Errorf("metadata %v", file.Metadata)
			}
		})
	}
}

func names(f *File) string {
	var list []string
	for _, t := range f.Tensors {
		list = append(list, t.Name)
	}
	return strings.Join(list, " ")
}

func TestOpenFolder(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"W1.npy", "b1.npy"} {
		if err := os.WriteFile(filepath.Join(dir, name), array(t), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := names(file); got != "W1 b1" || file.Kind != Folder {
		t.Errorf("%s with %s", file.Kind, got)
	}
	if err := os.Mkdir(filepath.Join(dir, "c.npy"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, Options{}); err == nil || !strings.Contains(err.Error(), "c.npy: not a regular file") {
		t.Errorf("a folder called .npy: %v", err)
	}
}

func TestErrors(t *testing.T) {
	tests := map[string]struct {
		data []byte
		want string
	}{
		"empty":           {nil, "the file is empty: what PyTorch, Keras"},
		"text":            {[]byte("W1,b1\n"), "unknown content: what PyTorch, Keras"},
		"one byte":        {[]byte("P"), "unknown content"},
		"a cut pickle":    {[]byte("\x80\x04\x95"), "joblib: pickle: "},
		"a cut HDF5":      {[]byte("\x89HDF\r\n\x1a\n"), "keras: hdf5: "},
		"a cut TFLite":    {[]byte("\x1c\x00\x00\x00TFL3"), "tflite: "},
		"a cut ONNX":      {[]byte("\x08\x08\x12\x07pytorch"), "onnx: "},
		"cut compression": {[]byte("\x1f\x8b\x08\x00"), "joblib: gzip: "},
		"a model":         {[]byte("\xde\x00\x10\xa6format\xa4edge"), "a model file already: edge-infer runs it"},
		"a zip":           {archive(t, "data.pkl"), `npz: entry "data.pkl"`},
		"a torch zip":     {archive(t, "model/data.pkl"), "torch: "},
		"a keras zip":     {archive(t, "config.json", "metadata.json"), "keras: "},
		"an empty npz":    {archive(t), "there are no arrays in it"},
		"a cut npz":       {archive(t, "W.npy")[:100], "npz: "},
		"a cut npy":       {array(t)[:100], "npy: "},
		"bad safetensors": {tensorsFile(`{"w":{}}`, ""), "safetensors: "},
		"bad JSON":        {[]byte("{\n1"), "json: line 2"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file")
			if err := os.WriteFile(path, test.data, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := Open(path, Options{})
			if err == nil {
				t.Fatal("it is read")
			}
			if !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path+": ") {
				t.Errorf("%q has no %q or does not name the file", err, test.want)
			}
		})
	}
}

func TestOpenWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(dir, Options{}); err == nil || !strings.Contains(err.Error(), dir+": a folder without .npy files") {
		t.Errorf("an empty folder: %v", err)
	}
	if _, err := Open(filepath.Join(dir, "absent"), Options{}); err == nil || strings.Count(err.Error(), "absent") != 1 {
		t.Errorf("nothing there: %v", err)
	}
}
