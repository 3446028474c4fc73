package runtime

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/format"
)

// golden is a two-class model with golden vectors; each case of the test spoils
// one thing.
func golden(spoil func(canonical, expected []float32)) *format.Model {
	m := &format.Model{
		Numerics: format.Numerics,
		Input:    format.Input{Shape: []int{2}, DType: format.F32, Layout: format.Vector},
		Layers:   []format.Layer{&format.Dense{Weight: "w"}},
		Output:   format.Output{Kind: format.Logits, Labels: []string{"left", "right"}},
		Golden:   &format.Golden{Inputs: "x", Expected: "y", Canonical: "bits", Absolute: 0.01, Relative: 0.001},
	}
	m.AddTensor(format.NewTensor("w", []int{2, 2}, []float32{1, 0, 0, 1}))
	x := []float32{1, 2, 4, 3, 0, nan}
	canonical := []float32{1, 2, 4, 3, nan, nan}
	expected := []float32{1, 2, 4, 3, nan, nan}
	spoil(canonical, expected)
	m.AddTensor(format.NewTensor("x", []int{3, 2}, x))
	m.AddTensor(format.NewTensor("bits", []int{3, 2}, canonical))
	m.AddTensor(format.NewTensor("y", []int{3, 2}, expected))
	return m
}

func TestVerify(t *testing.T) {
	above := math.Nextafter32(3, 4)
	for _, test := range []struct {
		name  string
		spoil func(canonical, expected []float32)
		error []string // what the message holds; none for a pass
	}{
		{"right", func(c, e []float32) {}, nil},
		{"within the tolerance", func(c, e []float32) { e[2] = 4.0139 }, nil},
		{"one bit", func(c, e []float32) { c[3] = above }, []string{"1 of 6", "vector 1, output 1", "1 ULP"}},
		{"worst of two", func(c, e []float32) { c[0], c[3] = 1.5, above }, []string{"2 of 6", "vector 0, output 0", "ULP"}},
		{"NaN wanted", func(c, e []float32) { c[1] = nan }, []string{"vector 0, output 1", "NaN is right"}},
		{"sign of NaN", func(c, e []float32) { c[4] = float32(math.Copysign(math.NaN(), -1)) }, nil},
		{"beyond the tolerance", func(c, e []float32) { e[2] = 4.02 }, []string{"1 of 6", "vector 1, output 0", "tolerance"}},
		{"number for NaN", func(c, e []float32) { e[5] = 1 }, []string{"vector 2, output 1"}},
		{"NaN for a number", func(c, e []float32) { e[0] = nan }, []string{"vector 0, output 0", "NaN is right"}},
		{"infinity for a number", func(c, e []float32) { e[0] = float32(math.Inf(-1)) }, []string{"vector 0, output 0"}},
		{"another class", func(c, e []float32) { e[2], e[3] = 3.5, 3.501 }, []string{"tolerance"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := golden(test.spoil)
			r := verify(t, m)
			err := r.Err()
			if r.OK() != (err == nil) || (err == nil) != (test.error == nil) {
				t.Fatalf("OK is %v, error %v", r.OK(), err)
			}
			for _, part := range test.error {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q says nothing of %q", err, part)
				}
			}
			if !r.Compared || r.Vectors != 3 || r.Outputs != 2 {
				t.Errorf("report %+v", r)
			}
		})
	}
}

func verify(t *testing.T, m *format.Model) *Report {
	t.Helper()
	s, err := New(m, Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Verify(m, s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestVerifyClasses(t *testing.T) {
	m := golden(func(c, e []float32) { e[2], e[3] = 3.5, 3.501 })
	m.Golden.Absolute = 1
	r := verify(t, m)
	if r.Disagree != 1 || r.FirstDisagree != 1 || r.Err() == nil || !strings.Contains(r.Err().Error(), "vector 1") {
		t.Errorf("report %+v, error %v", r, r.Err())
	}
}

func TestVerifyWithoutGolden(t *testing.T) {
	m := pixels(format.F32)
	s, err := New(m, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Verify(m, s); !errors.Is(err, ErrNoGolden) {
		t.Errorf("error %v", err)
	}
	if _, err := Verify(golden(func(c, e []float32) {}), s); err == nil {
		t.Error("a session of another model is accepted")
	}
}

func TestULPs(t *testing.T) {
	inf := float32(math.Inf(1))
	for _, test := range []struct {
		a, b float32
		want uint32
	}{
		{1, 1, 0},
		{1, math.Nextafter32(1, 2), 1},
		{-1, math.Nextafter32(-1, 0), 1},
		{0, float32(math.Copysign(0, -1)), 1},
		{math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat32, 3},
		{math.MaxFloat32, inf, 1},
		{inf, -inf, 2*0x7f800000 + 1},
		{nan, nan, 0},
		{nan, 1, math.MaxUint32},
	} {
		if got := ulps(test.a, test.b); got != test.want {
			t.Errorf("from %g to %g: %d, want %d", test.a, test.b, got, test.want)
		}
		if got := ulps(test.b, test.a); got != test.want {
			t.Errorf("from %g to %g: %d, want %d", test.b, test.a, got, test.want)
		}
	}
}
