package format

import (
	"fmt"
	"testing"
)

// TestTerms compares with the order of scikit-learn's PolynomialFeatures,
// written down from its powers_.
func TestTerms(t *testing.T) {
	tests := []struct {
		layer Polynomial
		in    int
		want  string
	}{
		{Polynomial{1, false, false}, 3, "[[0] [1] [2]]"},
		{Polynomial{1, false, true}, 2, "[[] [0] [1]]"},
		{Polynomial{2, false, true}, 2, "[[] [0] [1] [0 0] [0 1] [1 1]]"},
		{Polynomial{2, false, false}, 3, "[[0] [1] [2] [0 0] [0 1] [0 2] [1 1] [1 2] [2 2]]"},
		{Polynomial{3, false, false}, 2, "[[0] [1] [0 0] [0 1] [1 1] [0 0 0] [0 0 1] [0 1 1] [1 1 1]]"},
		{Polynomial{4, false, false}, 1, "[[0] [0 0] [0 0 0] [0 0 0 0]]"},
		{Polynomial{2, true, true}, 3, "[[] [0] [1] [2] [0 1] [0 2] [1 2]]"},
		{Polynomial{3, true, false}, 4, "[[0] [1] [2] [3] [0 1] [0 2] [0 3] [1 2] [1 3] [2 3] [0 1 2] [0 1 3] [0 2 3] [1 2 3]]"},
		{Polynomial{5, true, false}, 2, "[[0] [1] [0 1]]"}, // no product of three different columns of two
	}
	for _, test := range tests {
		t.Run(fmt.Sprintf("%+v of %d", test.layer, test.in), func(t *testing.T) {
			if got := fmt.Sprint(test.layer.Terms(test.in)); got != test.want {
				t.Errorf("terms are\n%s, want\n%s", got, test.want)
			}
		})
	}
}

// TestTermsCount compares the two ways of counting: the formula that bounds a
// layer before it is believed, and the list.
func TestTermsCount(t *testing.T) {
	m := minimal()
	for in := 1; in <= 6; in++ {
		for degree := 1; degree <= 7; degree++ {
			for _, p := range []*Polynomial{
				{degree, false, false}, {degree, false, true}, {degree, true, false}, {degree, true, true},
			} {
				got, err := m.Outputs(p, in)
				if want := len(p.Terms(in)); err != nil || got != want {
					t.Errorf("%+v of %d columns: %d outputs, want %d (%v)", *p, in, got, want, err)
				}
			}
		}
	}
}

// TestTermsLimit goes to both sides of the limit.
func TestTermsLimit(t *testing.T) {
	tests := []struct {
		layer Polynomial
		in    int
		want  int // 0: refused
	}{
		{Polynomial{1, false, false}, MaxTerms, MaxTerms},
		{Polynomial{1, false, true}, MaxTerms, 0},
		{Polynomial{1, false, true}, MaxTerms - 1, MaxTerms},
		{Polynomial{2, false, false}, 360, 65340},
		{Polynomial{2, false, false}, 361, 0},
		{Polynomial{16, true, true}, 16, MaxTerms},
		{Polynomial{16, true, false}, 17, 0},
		{Polynomial{16, false, false}, MaxWidth, 0},
		{Polynomial{16, true, false}, MaxWidth, 0},
	}
	m := minimal()
	for _, test := range tests {
		t.Run(fmt.Sprintf("%+v of %d", test.layer, test.in), func(t *testing.T) {
			got, err := m.Outputs(&test.layer, test.in)
			if got != test.want || (err == nil) != (test.want > 0) {
				t.Errorf("%d outputs, error %v: want %d", got, err, test.want)
			}
		})
	}
}
