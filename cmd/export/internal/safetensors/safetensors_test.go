package safetensors

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func readBytes(data []byte) ([]source.Tensor, map[string]string, error) {
	return Read(bytes.NewReader(data), int64(len(data)))
}

// TestRead reads what the safetensors library wrote, which orders tensors by the size of a value.
func TestRead(t *testing.T) {
	tensors, metadata, err := readBytes(readFile(t, "numpy.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	if want := map[string]string{"format": "np", "by": "test"}; !maps.Equal(metadata, want) {
		t.Errorf("metadata %v, want %v", metadata, want)
	}
	want := []struct {
		name   string
		dtype  npy.DType
		shape  []int
		values []string
	}{
		{"U64", "<u8", []int{2}, []string{"0", "18446744073709551615"}},
		{"I64", "<i8", []int{2}, []string{"-9223372036854775808", "9223372036854775807"}},
		{"F64", "<f8", []int{2}, []string{"0.1", "-2.5"}},
		{"F32", "<f4", []int{2, 2}, []string{"1.5", "-0", "+Inf", "3"}},
		{"empty", "<f4", []int{0, 3}, nil},
		{"scalar", "<f4", nil, []string{"7"}},
		{"U32", "<u4", []int{2}, []string{"0", "4294967295"}},
		{"I32", "<i4", []int{2}, []string{"-2147483648", "2147483647"}},
		{"F16", "<f2", []int{3}, []string{"1.5", "65504", "5.9604645e-08"}},
		{"U16", "<u2", []int{2}, []string{"0", "65535"}},
		{"I16", "<i2", []int{2}, []string{"-32768", "32767"}},
		{"I8", "|i1", []int{2}, []string{"-128", "127"}},
		{"U8", "|u1", []int{2}, []string{"0", "255"}},
		{"BOOL", "|b1", []int{2}, []string{"True", "False"}},
	}
	if len(tensors) != len(want) {
		t.Fatalf("%d tensors, want %d", len(tensors), len(want))
	}
	for i, want := range want {
		a := tensors[i].Array
		if tensors[i].Name != want.name || a.DType != want.dtype || !slices.Equal(a.Shape, want.shape) || !slices.Equal(a.Strings(), want.values) {
			t.Errorf("tensor %d is %q %q %v %q, want %v", i, tensors[i].Name, a.DType, a.Shape, a.Strings(), want)
		}
	}
}

func TestReadBF16(t *testing.T) {
	tensors, metadata, err := readBytes(readFile(t, "bf16.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	if len(tensors) != 1 || metadata != nil {
		t.Fatalf("%d tensors, metadata %v", len(tensors), metadata)
	}
	a := tensors[0].Array
	want := []float32{1, -2.5, float32(math.Inf(1)), 0x1p-130}
	if a.DType != "<f4" || !slices.Equal(a.Shape, []int{2, 2}) || !slices.Equal(a.Float32s(), want) {
		t.Errorf("%q %v %v, want float32 [2 2] %v", a.DType, a.Shape, a.Float32s(), want)
	}
}

// file returns a file with the given header and n bytes of data.
func file(header string, n int) []byte {
	data := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(data, header...), make([]byte, n)...)
}

// TestOrderOfKeys lists tensors in another order than their data, which is allowed.
func TestOrderOfKeys(t *testing.T) {
	tensors, _, err := readBytes(file(`{"b":{"data_offsets":[4,8],"shape":[1],"dtype":"F32"},
		"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}   `, 8))
	if err != nil {
		t.Fatal(err)
	}
	if len(tensors) != 2 || tensors[0].Name != "a" || tensors[1].Name != "b" {
		t.Errorf("%v, want a and b", tensors)
	}
}

// many returns the header of n tensors without values.
func many(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"%d":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}`, i)
	}
	return "{" + b.String()[1:] + "}"
}

func TestReadRefuses(t *testing.T) {
	one := func(dtype, shape, offsets string) string {
		return `{"w":{"dtype":"` + dtype + `","shape":` + shape + `,"data_offsets":` + offsets + `}}`
	}
	two := func(a, b string) string {
		return `{"a":{"dtype":"F32","shape":[1],"data_offsets":` + a + `},"b":{"dtype":"F32","shape":[1],"data_offsets":` + b + `}}`
	}
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"nothing", nil, "header length: 0 of 8 bytes"},
		{"seven bytes", make([]byte, 7), "header length: 7 of 8 bytes"},
		{"header past the end", binary.LittleEndian.AppendUint64(nil, 100), "header of 100 bytes in a file of 8"},
		{"huge header", binary.LittleEndian.AppendUint64(nil, math.MaxUint64), "at most 100000000 are read"},
		{"no header", file("", 0), "does not begin with {"},
		{"spaces first", file(" {}", 0), "does not begin with {"},
		{"a list", file("[]", 0), "does not begin with {"},
		{"not UTF-8", file("{\"\xff\":0}", 0), "not UTF-8"},
		{"unclosed", file(`{"w":{"dtype":"F32"`, 0), "w: the text ends too early"},
		{"more JSON", file("{}{}", 0), "an object after the end"},
		{"trailing comma", file(one("F32", "[1,]", "[0,4]"), 4), "invalid character"},
		{"a number", file(`{"w":1}`, 0), "w: the number 1 where an object is needed"},
		{"one tensor twice", file(`{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4), `the key "w" stands twice`},
		{"one tensor twice by escape", file(`{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0077":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4), `the key "w" stands twice`},
		{"two shapes", file(`{"w":{"dtype":"F32","shape":[1],"shape":[2],"data_offsets":[0,4]}}`, 4), `w: the key "shape" stands twice`},
		{"metadata twice", file(`{"__metadata__":{},"__metadata__":{}}`, 0), `the key "__metadata__" stands twice`},
		{"metadata key twice", file(`{"__metadata__":{"a":"1","a":"2"}}`, 0), `__metadata__: the key "a" stands twice`},
		{"metadata of numbers", file(`{"__metadata__":{"a":1}}`, 0), "__metadata__.a: the number 1 where a text is needed"},
		{"no dtype", file(`{"w":{"shape":[1],"data_offsets":[0,4]}}`, 4), "dtype, shape and data_offsets are all needed"},
		{"strange key", file(`{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"layout":1}}`, 4), "w.layout: unknown key"},
		{"unread dtype", file(one("F8_E4M3", "[4]", "[0,4]"), 4), `tensor "w": dtype "F8_E4M3" is not read`},
		{"negative shape", file(one("F32", "[-1]", "[0,4]"), 4), "-1 is not a size or an offset"},
		{"fraction", file(one("F32", "[1.0]", "[0,4]"), 4), "w.shape[0]: the number 1.0 where a whole number is needed"},
		{"text shape", file(one("F32", `["1"]`, "[0,4]"), 4), `w.shape[0]: the text "1" where a whole number is needed`},
		{"huge size", file(one("F32", "[18446744073709551616]", "[0,4]"), 4), "where a whole number is needed"},
		{"overflow", file(one("F32", "[4294967296,4294967296]", "[0,4]"), 4), "overflows"},
		{"three offsets", file(one("F32", "[1]", "[0,4,8]"), 4), "3 numbers, begin and end are expected"},
		{"range too short", file(one("F32", "[2]", "[0,4]"), 4), `takes 8 bytes, 4 given`},
		{"odd BF16", file(one("BF16", "[1]", "[0,3]"), 3), "3 bytes of BF16"},
		{"range too long for BF16", file(one("BF16", "[1]", "[0,4]"), 4), "takes 4 bytes, 8 given"},
		{"backwards", file(two("[0,4]", "[4,3]"), 4), "its data range from 4 to 3"},
		{"past the end", file(one("F32", "[2]", "[0,8]"), 4), "its data range from 0 to 8 in a file with 4 bytes"},
		{"late start", file(one("F32", "[1]", "[4,8]"), 8), "its data begin at 4, those before end at 0"},
		{"gap", file(two("[0,4]", "[8,12]"), 12), `tensor "b": its data begin at 8, those before end at 4`},
		{"overlap", file(two("[0,4]", "[2,6]"), 6), `tensor "b": its data begin at 2, those before end at 4`},
		{"the same data", file(two("[0,4]", "[0,4]"), 4), "its data begin at 0, those before end at 4"},
		{"rest", file(two("[0,4]", "[4,8]"), 9), "the data from byte 8 to 9 belong to no tensor"},
		{"only data", file("{}", 3), "the data from byte 0 to 3 belong to no tensor"},
		{"too many tensors", file(many(source.MaxTensors+1), 0), "more than 4096 tensors"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, _, err := readBytes(test.data)
			if err == nil || !strings.HasPrefix(err.Error(), "safetensors: ") || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

// TestFileShrinks has a file end before the size that its caller was told.
func TestFileShrinks(t *testing.T) {
	data := readFile(t, "numpy.safetensors")
	for _, n := range []int{4, 100, len(data) - 1} {
		if _, _, err := Read(bytes.NewReader(data[:n]), int64(len(data))); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%d of %d bytes: error %v, want %v", n, len(data), err, io.ErrUnexpectedEOF)
		}
	}
}

func TestTooLarge(t *testing.T) {
	header := file("{}", 0)
	_, _, err := Read(bytes.NewReader(header), int64(len(header))+source.MaxBytes+1)
	if want := "1073741825 bytes of data: at most 1073741824 are read"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want one with %q", err, want)
	}
}

// FuzzRead requires of whatever is read that names are unique and that the tensors hold all the
// data: as many bytes, or twice as many where BF16 became float32.
func FuzzRead(f *testing.F) {
	f.Add(readFile(f, "numpy.safetensors"))
	f.Add(readFile(f, "bf16.safetensors"))
	f.Add(file("{}", 0))
	f.Add(file(`{"w":{"dtype":"I8","shape":[2,0],"data_offsets":[0,0]}}`, 0))
	f.Fuzz(func(t *testing.T, data []byte) {
		tensors, _, err := readBytes(data)
		if err != nil {
			return
		}
		seen := map[string]bool{}
		total := 0
		for _, tensor := range tensors {
			if seen[tensor.Name] {
				t.Fatalf("%q comes twice", tensor.Name)
			}
			seen[tensor.Name] = true
			total += len(tensor.Array.Bytes())
			if got, want := len(tensor.Array.Bytes()), tensor.Array.Len()*tensor.Array.DType.Size(); got != want {
				t.Fatalf("%q: %d bytes, want %d", tensor.Name, got, want)
			}
		}
		payload := len(data) - 8 - int(binary.LittleEndian.Uint64(data))
		if total < payload || total > 2*payload {
			t.Fatalf("tensors hold %d bytes, the file %d", total, payload)
		}
	})
}
