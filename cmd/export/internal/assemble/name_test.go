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

func TestUsesAndSuggest(t *testing.T) {
	tensors := shaped(t, "W1 4x3, b1 3, fc2.weight 2x3, alpha, mean 4, std 4, classes 2, feature_names 4, epoch")
	want := []string{"weight of layer 1", "bias of layer 1", "weight of layer fc 2", "slope",
		"mean of the inputs", "standard deviation of the inputs", "labels", "features", ""}
	if got := Uses(tensors); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := Suggest(tensors), "dense,relu,dense,softmax"; got != want {
		t.Errorf("suggested is %q, want %q", got, want)
	}
}
