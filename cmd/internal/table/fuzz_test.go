package table

import (
	"bytes"
	"io"
	"testing"
)

// fuzz reads data as two rows of values at a time and requires what every Reader promises. Whatever
// was read without an error is then written in the same format, and must read back the same.
func fuzz(t *testing.T, f Format, data []byte, opts ReadOptions) {
	r, err := NewReader(bytes.NewReader(data), "in", f, opts)
	if err != nil {
		return
	}
	got, err := readAll(t, r, opts, 2)
	if len(got.values)%opts.Width != 0 || len(got.ignored) > maxIgnored {
		t.Fatalf("%d values in rows of %d, %d names ignored", len(got.values), opts.Width, len(got.ignored))
	}
	nans := int64(0)
	for _, v := range got.values {
		if opts.Pixels && v != float32(uint8(v)) {
			t.Fatalf("%v is no pixel", v)
		}
		if v != v {
			nans++
		}
	}
	if nans != got.nans {
		t.Fatalf("%d NaN values, %d counted", nans, got.nans)
	}
	if err != nil {
		return
	}
	rows := len(got.values) / opts.Width
	var file bytes.Buffer
	w, err := NewWriter(&file, f, []string{"a", "b"}, opts.Label != "")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(got.values, rows, got.labels); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := NewReader(&file, "in", f, opts)
	if err != nil {
		t.Fatal(err)
	}
	same, err := readAll(t, again, opts, 3)
	if err != nil {
		t.Fatal(err)
	}
	if !sameFloats(same.values, got.values) {
		t.Fatalf("%v became %v", got.values, same.values)
	}
	for i := range got.labels {
		if f == JSONL && same.labels[i] != got.labels[i] {
			t.Fatalf("label %q became %q", got.labels[i], same.labels[i])
		}
	}
}

func FuzzCSV(f *testing.F) {
	for _, seed := range []string{
		"", "\ufeffa,b\r\n1,2\r\n", "b,id,a\n1,x,2\n", "1,nan\n-inf,1e-45\n", "a,b,label\n1,2,cat\n3,4,\"d,o\"\"g\"\n",
		"a;b\n1;2\n", "1,\n", "1,2\n\"3,4\n", "label,a,b\n,1,2\n", "1,?\n", "0,1,label\n2,3,4\n", "1,0\n2,3\n", "1e39,0x1p-2\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzz(t, CSV, data, ReadOptions{Width: 2})
		fuzz(t, CSV, data, ReadOptions{Width: 2, Features: []string{"a", "b"}})
		fuzz(t, CSV, data, ReadOptions{Width: 2, Features: []string{"0", "1"}, Label: "label"})
		fuzz(t, CSV, data, ReadOptions{Width: 2, Label: "label"})
	})
}

func FuzzJSONL(f *testing.F) {
	for _, seed := range []string{
		"", "\ufeff[1,2]\n\n[3,4]", `[null,"NaN"]`, `["Infinity","-Infinity"]`, `{"a":1,"b":2,"label":"x"}`, `{"values":[1,2],"label":"\u00e9"}`,
		`{"x":{"a":[1,"]"]},"a":1,"b":2}`, `{"a":1,"a":2}`, `[1,2`, `{"a\"":1,"b":[]}`, "[1e39,2]", `[[1,2]]`, `{"label":null}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzz(t, JSONL, data, ReadOptions{Width: 2})
		fuzz(t, JSONL, data, ReadOptions{Width: 2, Features: []string{"a", "b"}})
		fuzz(t, JSONL, data, ReadOptions{Width: 2, Features: []string{"a", "b"}, Label: "label"})
	})
}

func FuzzNPY(f *testing.F) {
	for _, seed := range []string{"rows.npy", "fortran.npy", "images_u1.npy", "big_endian_i2.npy", "row.npy", "names.npy"} {
		f.Add([]byte(testFile(f, seed)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzz(t, NPY, data, ReadOptions{Width: 2})
		fuzz(t, NPY, data, ReadOptions{Width: 2, Features: []string{"a", "b"}})
		fuzz(t, NPY, data, ReadOptions{Width: 2, Pixels: true})
	})
}

// FuzzRaw requires in addition that every input of whole rows is read, all of it.
func FuzzRaw(f *testing.F) {
	f.Add([]byte(nil))
	f.Add([]byte(rawFloats(npyRows...)))
	f.Add([]byte("123456789"))
	f.Fuzz(func(t *testing.T, data []byte) {
		opts := ReadOptions{Width: 2}
		fuzz(t, Raw, data, opts)
		fuzz(t, Raw, data, ReadOptions{Width: 2, Pixels: true})
		r, err := NewReader(bytes.NewReader(data), "in", Raw, opts)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := r.Read(make([]float32, 2*(len(data)/8+1)), nil)
		if rows != len(data)/8 || (err == nil || err == io.EOF) != (len(data)%8 == 0) {
			t.Fatalf("%d rows of %d bytes, %v", rows, len(data), err)
		}
	})
}
