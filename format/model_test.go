package format

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestRoundTrip(t *testing.T) {
	data, err := Marshal(example())
	if err != nil {
		t.Fatal(err)
	}
	m, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again, data) {
		t.Error("the decoded model gives other bytes")
	}
}

// TestEveryBit flips each bit of a file in turn: every flip must be found.
func TestEveryBit(t *testing.T) {
	data, err := Marshal(example())
	if err != nil {
		t.Fatal(err)
	}
	for i := range data {
		for bit := range 8 {
			data[i] ^= 1 << bit
			if _, err := Decode(data); err == nil {
				t.Errorf("byte %d, bit %d: the flip is not found", i, bit)
			}
			data[i] ^= 1 << bit
		}
	}
}

// TestEveryLength cuts a file at each length: every cut must be found.
func TestEveryLength(t *testing.T) {
	data, err := Marshal(example())
	if err != nil {
		t.Fatal(err)
	}
	for n := range data {
		if _, err := Decode(data[:n:n]); err == nil {
			t.Errorf("cut after %d bytes is not found", n)
		}
	}
}

// TestMarshalFails checks that a model that Go can hold and the format cannot is
// not written.
func TestMarshalFails(t *testing.T) {
	tests := map[string]struct {
		edit func(m *Model)
		want error
		text string
	}{
		"no numerics":      {func(m *Model) { m.Numerics = 0 }, ErrInvalid, "numerics version 0"},
		"newer numerics":   {func(m *Model) { m.Numerics++ }, ErrNewer, "numerics version 2"},
		"bytes and shape":  {func(m *Model) { m.Tensors[0].Data = make([]byte, 12) }, ErrInvalid, "12 bytes for shape [1 2] of f32"},
		"tensor shape":     {func(m *Model) { m.Tensors[0].Shape = []int{-1, 2} }, ErrInvalid, "tensor \"golden.bits\": invalid model: shape [-1 2]"},
		"too many tensors": {func(m *Model) { m.Tensors = make([]Tensor, MaxTensors+1) }, ErrTooLarge, "65537 tensors"},
		"a long name":      {func(m *Model) { m.Name = strings.Repeat("x", MaxTextSize+1) }, ErrTooLarge, "string of 65537 bytes"},
		"a name of bytes":  {func(m *Model) { m.Source.Name = "\xff" }, ErrInvalid, "is not UTF-8"},
		"too costly to read": {func(m *Model) { // though it breaks no rule
			*m = *minimal()
			m.Layers = []Layer{&Select{make([]int, 300_000)}}
		}, ErrTooLarge, "more than 4 times its file"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m := example()
			test.edit(m)
			file, err := Marshal(m)
			if file != nil || !errors.Is(err, test.want) {
				t.Fatalf("%d bytes, error %v: want %v", len(file), err, test.want)
			}
			checkOneLine(t, err)
			if !strings.Contains(err.Error(), test.text) {
				t.Errorf("error %q does not contain %q", err, test.text)
			}
		})
	}
}
