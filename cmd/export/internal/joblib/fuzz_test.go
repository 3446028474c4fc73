package joblib

import (
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// FuzzLoad requires that what is read is no more than there is, and that errors tell where they are
// from.
func FuzzLoad(f *testing.F) {
	for _, name := range []string{"plain", "zlib", "gzip", "bz2", "lz4", "xz", "lzma"} {
		f.Add(readFile(f, "joblib_"+name+"/model.joblib"))
	}
	f.Add([]byte(wrapped("numpy.ndarray", "i2", "I2\nI2\n", "F", "S'numpy_array_alignment_bytes'\nI16\n") + "\x01\xff\x01\x00\x02\x00\x03\x00\x04\x00."))
	f.Add([]byte(wrapped("numpy.ndarray", "O", "I1\n", "C", "") + "\x80\x02K\x01.."))
	f.Add([]byte(wrapped("numpy.ndarray", "V5", "I2\n", "C", "") + "0123456789."))
	f.Add([]byte("\x80\x02K\x01.\x80\x02K\x02."))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := load(data)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "joblib: ") {
				t.Fatalf("error %v", err)
			}
			return
		}
		if len(file.Values) == 0 || file.Bytes > unpacked(int64(len(data))) {
			t.Fatalf("%d values, %d bytes", len(file.Values), file.Bytes)
		}
		for _, v := range file.Values {
			if !pickle.IsArray(v) {
				continue
			}
			a, err := pickle.Array(v)
			if err != nil {
				continue
			}
			if _, err := npy.New(a.DType, a.Shape, a.Bytes()); err != nil {
				t.Fatal(err)
			}
			if int64(len(a.Bytes())) > file.Bytes {
				t.Fatalf("an array of %d bytes from %d", len(a.Bytes()), file.Bytes)
			}
		}
	})
}
