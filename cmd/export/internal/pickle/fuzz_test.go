package pickle

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// FuzzLoad requires of whatever is read that it can be written down, that NumPy's values in it are
// read or refused, and that a second reading gives the same.
func FuzzLoad(f *testing.F) {
	seeds, err := filepath.Glob(filepath.Join("testdata", "*.pickle"))
	if err != nil || len(seeds) < 20 {
		f.Fatalf("%d seeds, %v", len(seeds), err)
	}
	for _, name := range seeds {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("ccopy_reg\n_reconstructor\n(cm\nC\nc__builtin__\nobject\nNtR}b."))
	f.Add([]byte("cm\nC\n)}U\x01kK\x01s\x92(K\x01K\x02e."))
	f.Add([]byte("}K\x01K\x02\x86q\x00Nsh\x00Q0."))
	f.Fuzz(func(t *testing.T, data []byte) {
		all := func(module, name string) bool { return module != "os" }
		read := func() (any, *Reader, error) {
			r := NewReader(bytes.NewReader(data), int64(len(data)), Options{Allow: all})
			v, err := r.Load()
			return v, r, err
		}
		v, r, err := read()
		if r.Offset()+r.Left() != int64(len(data)) {
			t.Fatalf("%d bytes read and %d left of %d", r.Offset(), r.Left(), len(data))
		}
		if err != nil {
			return
		}
		steps := 0
		visit(v, 6, &steps)
		again, _, err := read()
		if err != nil || Describe(again) != Describe(v) {
			t.Fatalf("%s first, then %s, %v", Describe(v), Describe(again), err)
		}
	})
}

// visit reads what is NumPy's in a value, and the values within, to a limit of steps.
func visit(v any, depth int, steps *int) {
	if *steps++; depth == 0 || *steps > 1000 {
		return
	}
	Describe(v)
	Number(v)
	switch v := v.(type) {
	case *Record:
		if a, err := Array(v); err == nil && a.Len()*a.DType.Size() != len(a.Bytes()) {
			panic("an array of the wrong length")
		}
		if shape, values, err := Objects(v); err == nil {
			n := 1
			for _, d := range shape {
				n *= d
			}
			if n != len(values) {
				panic("objects of the wrong number")
			}
		}
		for _, inner := range append(v.Args, v.State) {
			visit(inner, depth-1, steps)
		}
	case *Dict:
		for key, value := range v.All() {
			if f, isFloat := key.(float64); !isFloat || !math.IsNaN(f) {
				if _, ok := v.Get(key); !ok {
					panic("a key without its value")
				}
			}
			visit(value, depth-1, steps)
		}
	case *List:
		for _, inner := range v.Items {
			visit(inner, depth-1, steps)
		}
	case Tuple:
		for _, inner := range v {
			visit(inner, depth-1, steps)
		}
	}
}
