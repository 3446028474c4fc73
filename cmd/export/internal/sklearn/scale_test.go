package sklearn

import (
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/format"
)

// TestFarFromZero notes columns whose values float32 cannot hold as finely as they are scaled.
func TestFarFromZero(t *testing.T) {
	standard := func(mean, scale float64) code {
		return object("StandardScaler", "n_features_in_", num(1), "with_mean", yes, "with_std", yes, "mean_", vector(mean), "scale_", vector(scale))
	}
	tests := map[string]struct {
		scaler code
		noted  bool
	}{
		"near":              {standard(20.1, 3), false},
		"pascals":           {standard(101325.0123, 8), true},
		"exact":             {standard(101325, 8), false},
		"years":             {standard(2019.43, 4), false},
		"seconds":           {standard(1.7e9+30, 1e4), true},
		"only centred":      {object("StandardScaler", "n_features_in_", num(1), "with_mean", yes, "mean_", vector(1e4+3e-4)), true},
		"a range":           {object("MinMaxScaler", "n_features_in_", num(1), "scale_", vector(0.1), "min_", vector(-3)), false},
		"a range from afar": {object("MinMaxScaler", "n_features_in_", num(1), "scale_", vector(0.1), "min_", vector(-1e4)), true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d, err := readCode(chain(test.scaler, linearModel(1)))
			if err != nil {
				t.Fatal(err)
			}
			if noted := len(d.Notes) == 1 && strings.Contains(d.Notes[0], "column 0 lies far from 0"); noted != test.noted || len(d.Notes) > 1 {
				t.Errorf("notes %q", d.Notes)
			}
		})
	}
}

// TestBinarizer rounds a threshold so that every float32 stays on its side of it.
func TestBinarizer(t *testing.T) {
	tests := map[float64]float32{0: 0, 1.5: 1.5, 0.1: 0x1.999998p-4, 0.3: 0x1.333332p-2, -0.1: -0x1.99999ap-4}
	for threshold, want := range tests {
		d, err := readCode(chain(object("Binarizer", "n_features_in_", num(1), "threshold", real(threshold)), linearModel(1)))
		if err != nil {
			t.Fatal(err)
		}
		cut := d.Model.Input.Preprocessing[0].(*format.Threshold).Cut
		if cut.Value != want || float64(cut.Value) > threshold || cut.Comparison != format.Greater {
			t.Errorf("%g becomes %v, want > %g", threshold, cut, want)
		}
	}
}

// TestScalersRefused reads scalers whose attributes do not fit.
func TestScalersRefused(t *testing.T) {
	minmax := []any{"n_features_in_", num(1), "scale_", vector(1), "min_", vector(0), "clip", yes}
	tests := map[string]struct {
		scaler code
		want   string
	}{
		"another width":     {object("MaxAbsScaler", "n_features_in_", num(2), "scale_", vector(1, 2, 3)), "3 values to divide where rows have 2"},
		"no scale":          {object("StandardScaler", "n_features_in_", num(2), "with_std", yes, "scale_", none), "scale_ is None"},
		"no limits":         {object("MinMaxScaler", minmax...), "no feature_range"},
		"limits of text":    {object("MinMaxScaler", append(minmax, "feature_range", tuple(str("a"), str("b")))...), "a pair of numbers"},
		"limits turned":     {object("MinMaxScaler", append(minmax, "feature_range", tuple(num(1), num(0)))...), "low 1 is not at most high 0"},
		"an unknown norm":   {object("Normalizer", "n_features_in_", num(1), "norm", str("l3")), "l1, l2 or max is needed"},
		"a threshold of no": {object("Binarizer", "n_features_in_", num(1)), "no threshold"},
		"beyond float32":    {object("MaxAbsScaler", "n_features_in_", num(1), "scale_", vector(1e300)), "beyond float32"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := readCode(chain(test.scaler, linearModel(1)))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}
