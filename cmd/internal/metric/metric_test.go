package metric

import (
	"math"
	"reflect"
	"testing"
)

// near reports whether two numbers are equal to 14 digits, or are both NaN or the same infinity.
func near(a, b float64) bool {
	return a == b || a != a && b != b || math.Abs(a-b) <= 1e-14*math.Max(math.Abs(a), math.Abs(b))
}

func check(t *testing.T, name string, got, want float64) {
	t.Helper()
	if !near(got, want) {
		t.Errorf("%s = %v, want %v", name, got, want)
	}
}

func TestClassification(t *testing.T) {
	c := NewClassification(3)
	c.Add(0, 0, 0.5, 0.25)
	c.Add(0, 1, 1.5, 2)
	c.Add(0, 0, 1, 0)
	c.Add(1, 1, 0.25, 0.5)
	c.Add(1, -1, 0.75, 1)
	want := [][]int64{{2, 1, 0}, {0, 1, 0}, {0, 0, 0}}
	if got := c.Confusion(); !reflect.DeepEqual(got, want) {
		t.Errorf("confusion %v, want %v", got, want)
	}
	if c.Rows() != 5 || c.Correct() != 3 || c.Undecided() != 1 || c.ClassRows(1) != 2 {
		t.Errorf("%d rows, %d correct, %d undecided, %d of class 1: want 5, 3, 1, 2", c.Rows(), c.Correct(), c.Undecided(), c.ClassRows(1))
	}
	check(t, "accuracy", c.Accuracy(), 0.6)
	check(t, "cross-entropy", c.CrossEntropy(), 0.8)
	check(t, "squared error", c.MeanSquared(), 0.75)
	check(t, "loss of class 0", c.ClassLoss(0), 1)
	check(t, "loss of class 1", c.ClassLoss(1), 0.5)
	check(t, "loss of class 2, of which there is no row", c.ClassLoss(2), math.NaN())
}

func TestClassification_noRows(t *testing.T) {
	c := NewClassification(2)
	check(t, "accuracy", c.Accuracy(), math.NaN())
	check(t, "cross-entropy", c.CrossEntropy(), math.NaN())
	check(t, "squared error", c.MeanSquared(), math.NaN())
}

func TestClassification_refusesAClassThatIsNone(t *testing.T) {
	for name, add := range map[string][2]int{"truth": {2, 0}, "no truth": {-1, 0}, "predicted": {0, 2}} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("accepted")
				}
			}()
			NewClassification(2).Add(add[0], add[1], 0, 0)
		})
	}
}

func TestLossOfProbabilities(t *testing.T) {
	nan := float32(math.NaN())
	limit := 52 * math.Ln2 // −ln Epsilon
	tests := map[string]struct {
		p     []float32
		truth int
		want  float64
	}{
		"half":                {[]float32{0.5, 0.25, 0.25}, 0, math.Ln2},
		"quarter":             {[]float32{0.5, 0.25, 0.25}, 2, 2 * math.Ln2},
		"not renormalised":    {[]float32{0.5, 0.25}, 0, math.Ln2},
		"certain and right":   {[]float32{1, 0}, 0, 0x1p-52},
		"certain and wrong":   {[]float32{1, 0}, 1, limit},
		"smaller than it can": {[]float32{1, 1e-30}, 1, limit},
		"above one":           {[]float32{1.0000001, 0}, 0, 0x1p-52},
		"NaN":                 {[]float32{nan, 0.5}, 0, math.NaN()},
		"NaN elsewhere":       {[]float32{nan, 0.5}, 1, math.Ln2},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			check(t, "loss", LossOfProbabilities(test.p, test.truth), test.want)
		})
	}
}

func TestLossOfProbability(t *testing.T) {
	tests := map[string]struct {
		p     float32
		truth int
		want  float64
	}{
		"second":            {0.25, 1, 2 * math.Ln2},
		"first":             {0.25, 0, -math.Log(0.75)},
		"certain and wrong": {1, 0, 52 * math.Ln2},
		"certain and right": {0, 0, 0x1p-52},
		"NaN":               {float32(math.NaN()), 0, math.NaN()},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			check(t, "loss", LossOfProbability(test.p, test.truth), test.want)
		})
	}
}

func TestLossOfLogits(t *testing.T) {
	third := float32(math.Log(3)) // rounded, hence the tolerance below
	tests := map[string]struct {
		z     []float32
		truth int
		want  float64
	}{
		"equal":      {[]float32{7, 7, 7, 7}, 2, 2 * math.Ln2},
		"3 to 1":     {[]float32{third, 0}, 1, math.Log1p(math.Exp(float64(third)))},
		"shifted":    {[]float32{third - 64, -64}, 1, math.Log1p(math.Exp(float64(third-64) + 64))},
		"huge":       {[]float32{3e38, -3e38}, 0, 0},
		"huge wrong": {[]float32{3e38, 0}, 1, float64(float32(3e38))},
		"one NaN":    {[]float32{0, float32(math.NaN())}, 0, math.NaN()},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			check(t, "loss", LossOfLogits(test.z, test.truth), test.want)
		})
	}
}

// A single logit is the same question as two of which the first is 0.
func TestLossOfLogit(t *testing.T) {
	for _, z := range []float32{0, 0.5, -0.5, 3, -3, 20, -20, 200, -200, 3e38, -3e38} {
		for truth := range 2 {
			got, want := LossOfLogit(z, truth), LossOfLogits([]float32{0, z}, truth)
			if math.Abs(got-want) > 1e-15*(1+want) {
				t.Errorf("logit %g, truth %d: loss %v, of two logits %v", z, truth, got, want)
			}
		}
	}
	check(t, "loss of 0", LossOfLogit(0, 0), math.Ln2)
	check(t, "loss of a NaN", LossOfLogit(float32(math.NaN()), 1), math.NaN())
}

func TestSquared(t *testing.T) {
	nan := float32(math.NaN())
	sigmoid := 1 / (1 + math.Exp(-2))
	tests := map[string]struct{ got, want float64 }{
		"of three, by hand":    {SquaredOfProbabilities([]float32{0.5, 0.25, 0.25}, 1), 0.25 + 0.5625 + 0.0625},
		"right and certain":    {SquaredOfProbabilities([]float32{0, 1}, 1), 0},
		"wrong and certain":    {SquaredOfProbabilities([]float32{0, 1}, 0), 2},
		"NaN":                  {SquaredOfProbabilities([]float32{nan, 1}, 1), math.NaN()},
		"of one, second":       {SquaredOfProbability(0.75, 1), 0.0625},
		"of one, first":        {SquaredOfProbability(0.75, 0), 0.5625},
		"of logits":            {SquaredOfLogits([]float32{2, 0}, 0), 2 * (1 - sigmoid) * (1 - sigmoid)},
		"of equal logits":      {SquaredOfLogits([]float32{9, 9, 9, 9}, 0), 0.75},
		"of huge logits":       {SquaredOfLogits([]float32{3e38, -3e38}, 1), 2},
		"of one logit, second": {SquaredOfLogit(2, 1), (1 - sigmoid) * (1 - sigmoid)},
		"of one logit, first":  {SquaredOfLogit(2, 0), sigmoid * sigmoid},
		"of a huge logit":      {SquaredOfLogit(-3e38, 1), 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { check(t, "squared error", test.got, test.want) })
	}
}

func TestRegression(t *testing.T) {
	tests := map[string]struct {
		truth, predicted                []float64
		squared, root, absolute, square float64
	}{
		// Errors 1, −1, 2, 0; the targets' mean is 3 and their spread 4 + 1 + 0 + 9.
		"by hand":       {[]float64{1, 2, 3, 6}, []float64{2, 1, 5, 6}, 1.5, math.Sqrt(1.5), 1, 1 - 6.0/14},
		"perfect":       {[]float64{1, 2}, []float64{1, 2}, 0, 0, 0, 1},
		"the mean":      {[]float64{1, 3}, []float64{2, 2}, 1, 1, 1, 0},
		"equal targets": {[]float64{2, 2}, []float64{2, 3}, 0.5, math.Sqrt(0.5), 0.5, math.NaN()},
		"far from zero": {[]float64{1e9, 1e9 + 1, 1e9 + 2}, []float64{1e9 + 1, 1e9 + 1, 1e9 + 2}, 1.0 / 3, math.Sqrt(1.0 / 3), 1.0 / 3, 0.5},
		"NaN":           {[]float64{1, 2}, []float64{math.NaN(), 2}, math.NaN(), math.NaN(), math.NaN(), math.NaN()},
		"no rows":       {nil, nil, math.NaN(), math.NaN(), math.NaN(), math.NaN()},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var r Regression
			for i := range test.truth {
				r.Add(test.truth[i], test.predicted[i])
			}
			if r.Rows() != int64(len(test.truth)) {
				t.Errorf("%d rows, want %d", r.Rows(), len(test.truth))
			}
			check(t, "mean squared error", r.MeanSquared(), test.squared)
			check(t, "root of it", r.RootMeanSquared(), test.root)
			check(t, "mean absolute error", r.MeanAbsolute(), test.absolute)
			check(t, "R²", r.R2(), test.square)
		})
	}
}

// Beside 1e9 every addition of 0.1 is rounded, always the same way: a plain sum of a million of them
// is off by 0.02.
func TestSumDoesNotDrift(t *testing.T) {
	const n = 1 << 20
	var s sum
	s.add(1e9)
	for range n {
		s.add(0.1)
	}
	s.add(-1e9)
	if got, want := s.value(), 0.1*n; math.Abs(got-want) > 1e-9 {
		t.Errorf("%v, want %v", got, want)
	}
	s.add(math.Inf(1))
	check(t, "an infinite sum", s.value(), math.Inf(1))
}
