package assemble

import (
	"slices"
	"strings"
	"testing"
)

func TestParseName(t *testing.T) {
	tests := map[string]struct {
		role        role
		orientation orientation
		layer       string
	}{
		"W1":                   {weight, inputsFirst, "1"},
		"b1":                   {bias, unknown, "1"},
		"W":                    {weight, inputsFirst, ""},
		"fc10.weight":          {weight, outputsFirst, "fc 10"},
		"weight":               {weight, outputsFirst, ""},
		"weight_1":             {weight, unknown, "1"},
		"bias_1":               {bias, unknown, "1"},
		"net.0.bias":           {bias, unknown, "net 0"},
		"b.0.weight":           {weight, outputsFirst, "b 0"},
		"layer1/kernel":        {weight, inputsFirst, "layer 1"},
		"dense_1/kernel:0":     {weight, inputsFirst, "dense 1 0"},
		"coefs_0":              {weight, inputsFirst, "0"},
		"intercepts_0":         {bias, unknown, "0"},
		"coef_":                {weight, outputsFirst, ""},
		"intercept":            {bias, unknown, ""},
		"prelu.alpha":          {slope, unknown, "prelu"},
		"hidden":               {noRole, unknown, "hidden"},
		"":                     {noRole, unknown, ""},
		"...":                  {noRole, unknown, ""},
		"größe2.weight":        {weight, outputsFirst, "größe 2"},
		"num_batches_tracked":  {noRole, unknown, "num batches tracked"},
		"module.layers.3.bias": {bias, unknown, "module layers 3"},
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			got := parseName(name)
			if got.role != want.role || got.orientation != want.orientation || strings.Join(got.layer, " ") != want.layer {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
}

func TestCompareNatural(t *testing.T) {
	names := []string{"out", "fc10", "fc", "fc9", "fc010.2", "2", "10"}
	slices.SortFunc(names, func(a, b string) int { return compareNatural(split(a), split(b)) })
	if got, want := strings.Join(names, " "), "2 10 fc fc9 fc10 fc010.2 out"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestMatches(t *testing.T) {
	tests := []struct {
		pattern, name string
		want          bool
	}{
		{"a", "a", true}, {"a", "ab", false}, {"a*", "ab", true}, {"*b", "ab", true}, {"*", "", true},
		{"a*c*e", "abcde", true}, {"a*c*e", "abde", false}, {"a*a", "a", false}, {"a*/*", "ab/c/d", true}, {"**", "x", true},
	}
	for _, test := range tests {
		if got := matches(test.pattern, test.name); got != test.want {
			t.Errorf("%q and %q: %v", test.pattern, test.name, got)
		}
	}
}

func TestUses(t *testing.T) {
	tensors := shaped(t, "W1 4x3, b1 3, fc2.weight 2x3, alpha, mean 4, std 4, classes 2, feature_names 4, epoch")
	want := []string{"weight of layer 1", "bias of layer 1", "weight of layer fc 2", "slope",
		"mean of the inputs", "standard deviation of the inputs", "labels", "features", ""}
	if got := Uses(tensors); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSuggest(t *testing.T) {
	tests := map[string]struct {
		tensors string
		arch    string
		rest    string // tensors without a use
	}{
		"two layers":         {"W1 4x3, b1 3, fc2.weight 2x3, mean 4, std 4, classes 2, feature_names 4", "dense,relu,dense,softmax", "no tensors"},
		"no names":           {"a 4x3", "", "a (4×3 float64)"},
		"binary":             {"coef_ 1x4, intercept_ 1", "dense,sigmoid", "no tensors"},
		"binary, turned":     {"coef 4x1, intercept 1", "dense,sigmoid", "no tensors"},
		"binary, hidden":     {"fc1.weight 3x4, fc1.bias 3, fc2.weight 1x3, fc2.bias 1", "dense,relu,dense,sigmoid", "no tensors"},
		"in another order":   {"a.weight 1x3, hidden.weight 3x4", "dense,relu,dense,sigmoid", "no tensors"},
		"three classes":      {"coef_ 3x4, intercept_ 3", "dense,softmax", "no tensors"},
		"a vector":           {"coef_ 4, intercept_", "dense,sigmoid", "no tensors"},
		"a vector at last":   {"W1 4x3, b1 3, W2 3, b2 1", "dense,relu,dense,sigmoid", "no tensors"},
		"shapes do not fit":  {"W1 4x3, W2 5x1", "dense,relu,dense,softmax", "no tensors"},
		"slopes":             {"0.weight 3x4, 0.bias 3, 1.weight 3, 2.weight 2x3, 2.bias 2", "dense,relu,dense,softmax", "1.weight (3 float64)"},
		"one slope":          {"0.weight 3x4, 0.bias 3, 1.weight 1, 2.weight 2x3, 2.bias 2", "dense,relu,dense,softmax", "1.weight (1 float64)"},
		"a normalisation":    {"0.weight 3x4, 0.bias 3, 1.weight 3, 1.bias 3, 1.running_mean 3, 2.weight 2x3, 2.bias 2", "dense,relu,dense,softmax", "1.running_mean (3 float64), 1.weight (3 float64), 1.bias (3 float64)"},
		"steps":              {"0.weight 3x4, 0.bias 3, 1.multiply 3, 1.add 3, 3.weight 2x3, 3.bias 2", "dense,multiply(1.multiply),add(1.add),relu,dense,softmax", "no tensors"},
		"steps at last":      {"fc.weight 2x4, fc.bias 2, norm.multiply 2, norm.add 2, more.add 2x2", "dense,multiply(norm.multiply),add(norm.add),softmax", "more.add (2×2 float64)"},
		"more than families": {"a.w 3x3, c.w 3x3, d.w 3x3, e.w 3x3, f.w 3x3", "dense,relu,dense,relu,dense,relu,dense,relu,dense,softmax", "no tensors"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := Suggest(shaped(t, test.tensors))
			if s.Arch != test.arch || List(s.Rest) != test.rest {
				t.Errorf("%q without %s, want %q without %s", s.Arch, List(s.Rest), test.arch, test.rest)
			}
		})
	}
}

// TestMissing: the name of a tensor that is not there, by one beside which the like is.
func TestMissing(t *testing.T) {
	tests := []struct{ weight, like, want string }{
		{"W2", "b1", "b2"},
		{"coefs_1", "intercepts_0", "intercepts_1"},
		{"fc2.weight", "fc1.bias", "fc2.bias"},
		{"dense_1/kernel:0", "dense/bias:0", "dense_1/bias:0"},
		{"w.new.w.0", "w.b.0", "w.new.b.0"},
		{"weight", "b", "b"},
	}
	for _, test := range tests {
		if got := parseName(test.weight).missing(parseName(test.like)); got != test.want {
			t.Errorf("beside %s, as %s: %s, want %s", test.weight, test.like, got, test.want)
		}
	}
}
