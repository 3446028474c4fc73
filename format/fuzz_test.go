package format

import (
	"bytes"
	"path/filepath"
	"reflect"
	"testing"
)

// FuzzDecode decodes arbitrary bytes. Whatever is accepted must be written again
// as the same bytes; whatever is not must fail with an error of the package; and
// neither may take more memory than promised.
func FuzzDecode(f *testing.F) {
	for _, file := range readFiles(f, filepath.Join(testdata, "valid", "*.edge"), 7) {
		f.Add(file)
	}
	for name, file := range readFiles(f, filepath.Join(testdata, "invalid", "*.case"), 150) {
		_, body, ok := bytes.Cut(file, []byte("\n\n"))
		if !ok {
			f.Fatalf("%s has no header", name)
		}
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		checkMemory(t, "input", data)
		m, err := Decode(data)
		if err != nil {
			if outcome(err) == "" {
				t.Fatalf("an error of no kind: %v", err)
			}
			return
		}
		again, err := Marshal(m)
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		if !bytes.Equal(again, data) {
			t.Fatal("what was read is written as other bytes")
		}
	})
}

// FuzzHeader is FuzzDecode behind the checksum: it makes a correct file around
// any header, so that mutations reach the validation.
func FuzzHeader(f *testing.F) {
	for _, m := range validModels() {
		part := forge(m)
		f.Add(part.header, part.payload)
	}
	f.Fuzz(func(t *testing.T, header, payload []byte) {
		data := forgery{header, payload}.file()
		checkMemory(t, "input", data)
		m, err := Decode(data)
		if err != nil {
			if outcome(err) == "" {
				t.Fatalf("an error of no kind: %v", err)
			}
			return
		}
		if again, err := Marshal(m); err != nil || !bytes.Equal(again, data) {
			t.Fatalf("what was read is not written as the same bytes (%v)", err)
		}
	})
}

// FuzzModel builds a valid model out of arbitrary bytes. It must be written,
// read as an equal model, and written again as the same bytes.
func FuzzModel(f *testing.F) {
	f.Add([]byte{})
	for seed := range 32 {
		choices := make([]byte, 64+8*seed)
		state := uint32(seed)
		for i := range choices {
			state = 1664525*state + 1013904223
			choices[i] = byte(state >> 24)
		}
		f.Add(choices)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		b := builder{choices: data}
		m := b.build(t)
		file, err := Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		decoded, err := Decode(file)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(decoded, m) {
			t.Errorf("decoded %+v, want %+v", decoded, m)
		}
		if again, err := Marshal(decoded); err != nil || !bytes.Equal(again, file) {
			t.Errorf("written again, it is another file (%v)", err)
		}
	})
}
