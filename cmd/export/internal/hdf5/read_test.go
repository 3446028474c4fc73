package hdf5

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

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

func openBytes(t testing.TB, data []byte) *File {
	t.Helper()
	f, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// everything are the files that hold the same datasets, as h5py writes them for the oldest readers,
// for those of HDF5 1.10, and for the newest.
var everything = []string{"earliest.h5", "v110.h5", "latest.h5"}

// special are the values of datasets that do not count up from 0.
var special = map[string][]string{
	"/dtypes/negative":         {"0", "-1", "-2"},
	"/dtypes/bool":             {"False", "True", "True"},
	"/dtypes/bfloat16":         {"0", "1", "-2.5", "3.0040553e+38"},
	"/dtypes/S":                {"0", "one", "two2"},
	"/dtypes/text":             {"0", "one", "", "twö"},
	"/dtypes/one_text":         {"only"},
	"/dtypes/utf8":             {"0", "hé", ""},
	"/dtypes/spaced":           {"ab", "c d"},
	"/spaces/one":              {"7"},
	"/spaces/unwritten":        {"0", "0", "0", "0"},
	"/spaces/unwritten_filled": {"2.5", "2.5", "2.5", "2.5"},
	"/spaces/half_written":     {"1", "1", "1", "1", "-3", "-3", "-3", "-3"},
}

// refusals are what the errors of datasets and links must have.
var refusals = map[string]string{
	"/dtypes/refused_complex":    "complex", // a compound before HDF5 2.0
	"/dtypes/refused_compound":   "compound",
	"/dtypes/refused_list":       "lists of variable length",
	"/dtypes/refused_longdouble": "floats of 80 bits",
	"/dtypes/refused_opaque":     "opaque",
	"/dtypes/refused_reference":  "reference",
	"/filters/lzf":               "filter 32000 (lzf)",
	"/filters/scale_offset":      "filter 6 (scale-offset)",
	"/groups/dangling":           `has no "nothing": it holds a, `,
	"/groups/external":           `a link to the file "other.h5"`,
	"/groups/round":              "soft links",
}

// dtypes are those of the datasets whose names say another one than float32.
func dtypeOf(path string) npy.DType {
	name := filepath.Base(path)
	if order, rest, ok := strings.Cut(name, "_"); ok && strings.HasPrefix(path, "/dtypes/") {
		switch order {
		case "little":
			return npy.DType("<" + rest)
		case "big":
			return npy.DType(">" + rest)
		}
	}
	return map[string]npy.DType{
		"/dtypes/i1": "|i1", "/dtypes/u1": "|u1", "/dtypes/negative": "<i4", "/dtypes/bool": "|b1", "/dtypes/enum": "|u1",
		"/dtypes/S": "|S4", "/dtypes/text": "|S4", "/dtypes/one_text": "|S4", "/dtypes/utf8": "|S5", "/dtypes/spaced": "|S5",
		"/layouts/growing_long": "|u1", "/layouts/growing_both_long": "|u1", "/filters/odd_fletcher32": "|u1",
		"/spaces/half_written": "<i4",
	}[path]
}

// TestDatasets reads every dataset of every kind of file.
func TestDatasets(t *testing.T) {
	for _, name := range everything {
		t.Run(name, func(t *testing.T) {
			f := openBytes(t, readFile(t, name))
			list, err := f.Datasets()
			if err != nil {
				t.Fatal(err)
			}
			if len(list) < 120 {
				t.Fatalf("%d datasets", len(list))
			}
			refused := 0
			for _, d := range list {
				if want := refusals[d.Path]; want != "" {
					refused++
					if d.Err == nil || !strings.Contains(d.Err.Error(), want) && !strings.Contains(d.Err.Error(), "compound") {
						t.Errorf("%s: error %v, want one with %q", d.Path, d.Err, want)
					}
					continue
				}
				if d.Err != nil {
					t.Error(d.Err)
					continue
				}
				checkDataset(t, f, d)
			}
			if refused != len(refusals) {
				t.Errorf("%d of %d refusals are in the list", refused, len(refusals))
			}
		})
	}
}

func checkDataset(t *testing.T, f *File, d Dataset) {
	t.Helper()
	o, err := f.Object(d.Path)
	if err != nil {
		t.Error(err)
		return
	}
	a, err := o.Read()
	if err != nil {
		t.Error(err)
		return
	}
	want, ok := special[d.Path]
	if !ok {
		for i := range a.Len() {
			want = append(want, strconv.Itoa(i))
		}
	}
	if _, number, ok := strings.Cut(d.Path, "/groups/many/dataset_"); ok {
		want = []string{number}
	}
	if !slices.Equal(a.Strings(), want) {
		t.Errorf("%s: %v, want %v", d.Path, a.Strings(), want)
	}
	if !slices.Equal(a.Shape, d.Shape) {
		t.Errorf("%s: shape %v, in the list %v", d.Path, a.Shape, d.Shape)
	}
	if want := dtypeOf(d.Path); want != "" && a.DType != want {
		t.Errorf("%s: dtype %s, want %s", d.Path, a.DType, want)
	}
	if d.DType != a.DType && !(d.DType == "|S" && a.DType.IsText()) {
		t.Errorf("%s: dtype %s, in the list %s", d.Path, a.DType, d.DType)
	}
}

func TestAttributes(t *testing.T) {
	want := map[string][]string{
		"number": {"7"}, "numbers": {"0", "1", "2", "3"}, "text": {"väried"}, "fixed": {"fixed"},
		"texts": {"a", "bcd"}, "variable": {"a", "bcd"}, "truth": {"True"},
	}
	for _, name := range everything {
		t.Run(name, func(t *testing.T) {
			f := openBytes(t, readFile(t, name))
			o, err := f.Object("attributes")
			if err != nil {
				t.Fatal(err)
			}
			if len(o.Attributes()) != len(want)+1 {
				t.Errorf("attributes %q", o.Attributes())
			}
			for name, want := range want {
				a, err := o.Attribute(name)
				if err != nil {
					t.Error(err)
				} else if a == nil || !slices.Equal(a.Strings(), want) {
					t.Errorf("%s is %v, want %q", name, a, want)
				}
			}
			if a, err := o.Attribute("none"); a != nil || err != nil {
				t.Errorf("an attribute that is not there: %v, %v", a, err)
			}
			if _, err := o.Attribute("refused"); err == nil || !strings.Contains(err.Error(), `/attributes: attribute "refused": `) {
				t.Errorf("error %v", err)
			}
			many, err := f.Object("/many_attributes/")
			if err != nil {
				t.Fatal(err)
			}
			for i := range 40 {
				a, err := many.Attribute("attribute_" + strconv.Itoa(i))
				if err != nil || a == nil || a.Float64s()[0] != float64(i) {
					t.Errorf("attribute %d: %v, %v", i, a, err)
				}
			}
		})
	}
}

// TestLarge reads what only newer structures hold: an array of chunks in pages, an attribute of more
// than 64 KB, links in the order in which they were made.
func TestLarge(t *testing.T) {
	f := openBytes(t, readFile(t, "large.h5"))
	root, err := f.Object("/")
	if err != nil {
		t.Fatal(err)
	}
	large, err := root.Attribute("large")
	if err != nil || large.Strings()[0] != strings.Repeat("x", 70000) {
		t.Errorf("the large attribute is %v, %v", large, err)
	}
	paged, err := f.Object("paged")
	if err != nil {
		t.Fatal(err)
	}
	a, err := paged.Read()
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range a.Bytes() {
		if v != byte(i) {
			t.Fatalf("value %d is %d", i, v)
		}
	}
	sparse, err := f.Object("sparse")
	if err != nil {
		t.Fatal(err)
	}
	if a, err = sparse.Read(); err != nil {
		t.Fatal(err)
	}
	want := make([]byte, 160000)
	for _, at := range []int{0, 300, 70000, 140000, 159999} {
		want[at] = byte(at % 251)
	}
	if !bytes.Equal(a.Bytes(), want) {
		t.Error("the values of an array with gaps are wrong")
	}
	ordered, err := f.Object("ordered")
	if err != nil || len(ordered.Names()) != 20 {
		t.Errorf("%v, %v", ordered.Names(), err)
	}
}

// TestHeap reads attributes from a fractal heap whose tables hold tables.
func TestHeap(t *testing.T) {
	z, err := gzip.NewReader(bytes.NewReader(readFile(t, "heap.h5.gz")))
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	root, err := openBytes(t, data).Object("/")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 200 {
		a, err := root.Attribute("a" + strconv.Itoa(i))
		if err != nil {
			t.Fatal(err)
		}
		if b := a.Bytes(); len(b) != 3901 || b[3900] != byte(i) {
			t.Errorf("attribute %d has %d bytes, the last %d", i, len(b), b[len(b)-1])
		}
	}
}

func TestUserBlock(t *testing.T) {
	data := readFile(t, "userblock.h5")
	f := openBytes(t, data)
	o, err := f.Object("x")
	if err != nil {
		t.Fatal(err)
	}
	if a, err := o.Read(); err != nil || !slices.Equal(a.Float32s(), []float32{0, 1, 2, 3}) {
		t.Errorf("%v, %v", a, err)
	}
}

func TestCommitted(t *testing.T) {
	f := openBytes(t, readFile(t, "committed.h5"))
	o, err := f.Object("x")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Read(); err == nil || !strings.Contains(err.Error(), "hdf5: /x: a committed (named) datatype is not read") {
		t.Errorf("error %v", err)
	}
}

func TestPaths(t *testing.T) {
	f := openBytes(t, readFile(t, "earliest.h5"))
	for path, want := range map[string]string{
		"":                       "/",
		"/":                      "/",
		"//groups/./a/":          "/groups/a",
		"groups/a/b/c/leaf":      "/groups/a/b/c/leaf",
		"groups/soft":            "/groups/a/b/c/leaf",
		"groups/through/c/leaf":  "/groups/a/b/c/leaf",
		"groups/a/b/c/up/hard":   "/groups/a/b/c/up/hard",
		"groups/a/b/c/relative/": "/groups/a/b/c/leaf",
	} {
		if o, err := f.Object(path); err != nil || o.Path != want {
			t.Errorf("%s: %v, %v; want %s", path, o, err, want)
		}
	}
	for path, want := range map[string]string{
		"nothing":        `hdf5: / has no "nothing": it holds attributes, dtypes,`,
		"groups/many/x":  "and 40 more",
		"groups/empty/x": "it is empty",
		"dtypes/i1/x":    "it is a dataset",
		"groups" + strings.Repeat("/a/b/c/up", 20): "a path of more than 64 parts",
	} {
		if _, err := f.Object(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one with %q", path, err, want)
		}
	}
	if _, err := f.Object("nothing"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v does not wrap fs.ErrNotExist", err)
	}
	group, err := f.Object("groups")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := group.Read(); err == nil || !strings.Contains(err.Error(), "hdf5: /groups: a group, not a dataset") {
		t.Errorf("error %v", err)
	}
}

// TestFileShrinks has a file end before the size that its caller was told.
func TestFileShrinks(t *testing.T) {
	data := readFile(t, "userblock.h5")
	for n := 1024 + 8; n < len(data); n += 100 {
		f, err := Open(bytes.NewReader(data[:n]), int64(len(data)))
		if err == nil {
			err = readAll(f)
		}
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%d of %d bytes: error %v, want %v", n, len(data), err, io.ErrUnexpectedEOF)
		}
	}
}

// readAll reads everything in a file, and returns the first error.
func readAll(f *File) error {
	list, err := f.Datasets()
	if err != nil {
		return err
	}
	for _, d := range list {
		if d.Err != nil {
			return d.Err
		}
		o, err := f.Object(d.Path)
		if err != nil {
			return err
		}
		for _, name := range o.Attributes() {
			if _, err := o.Attribute(name); err != nil {
				return err
			}
		}
		if _, err := o.Read(); err != nil {
			return err
		}
	}
	return nil
}
