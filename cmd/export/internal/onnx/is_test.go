package onnx

import (
	"math/rand/v2"
	"testing"
)

// TestIs tells models from other files; those of the cases are recognised by TestCases.
func TestIs(t *testing.T) {
	tests := map[string]struct {
		head []byte
		want bool
	}{
		"nothing":               {nil, false},
		"a version alone":       {[]byte{8, 8}, false},
		"version, producer":     {append([]byte{8, 7, 0x12, 7}, "pytorch"...), true},
		"version, operator set": {[]byte{8, 8, 0x42, 2, 0x10, 17}, true},
		"version, graph":        {append([]byte{8, 8, 0x3a, 0xff, 1, 0x0a}, make([]byte, 58)...), true},
		"model version":         {append([]byte{8, 3, 0x28, 1, 0x12, 4}, "abcd"...), true},
		"version 0":             {append([]byte{8, 0, 0x12, 7}, "pytorch"...), false},
		"version 200":           {append([]byte{8, 200, 1, 0x12, 7}, "pytorch"...), false},
		"a TensorFlow model":    {[]byte{8, 1, 0x12, 20, 0x0a, 5, 's', 'e', 'r', 'v', 'e', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, false},
		"a TensorFlow graph":    {[]byte{0x0a, 20, 0x0a, 1, 'x', 0x12, 11}, false},
		"TFLite":                {[]byte("\x1c\x00\x00\x00TFL3\x14\x00\x20\x00"), false},
		"a zip":                 {[]byte("PK\x03\x04\x14\x00\x08\x00"), false},
		"a pickle":              {[]byte("\x80\x04\x95\x10\x00\x00\x00"), false},
		"HDF5":                  {[]byte("\x89HDF\r\n\x1a\n"), false},
		"text":                  {[]byte("a,b,c\n1,2,3\n"), false},
		"JSON":                  {[]byte(`{"layers": []}`), false},
		"an unknown field":      {[]byte{8, 8, 0x7a, 1, 0}, false},
		"a field of fixed size": {[]byte{8, 8, 0x15, 0, 0, 0, 0}, false},
	}
	for name, test := range tests {
		if got := Is(test.head); got != test.want {
			t.Errorf("%s: %t, want %t", name, got, test.want)
		}
	}
}

// TestIsByChance: bytes drawn at random are no models, even if they begin with a version.
func TestIsByChance(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	head := make([]byte, 64)
	claimed := 0
	const draws = 200000
	for range draws {
		for i := range head {
			head[i] = byte(random.Uint32())
		}
		head[0], head[1] = 8, head[1]&15
		if Is(head) {
			claimed++
		}
	}
	if claimed > draws/1000 {
		t.Errorf("%d of %d heads of random bytes are taken for models", claimed, draws)
	}
}
