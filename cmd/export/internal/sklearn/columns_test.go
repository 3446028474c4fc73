package sklearn

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/export/internal/casetest"
	"github.com/edge-infer/edge-infer/format"
)

// TestIndices resolves selections of columns in all forms.
func TestIndices(t *testing.T) {
	const slice code = "cbuiltins\nslice\n"
	names := map[string]int{"a": 0, "b": 1, "c": 2, "d": 3}
	tests := map[string]struct {
		selection code
		want      string
	}{
		"numbers":           {list(num(2), num(0)), "[2 0]"},
		"a tuple":           {tuple(num(1)), "[1]"},
		"from the end":      {list(num(-1)), "[3]"},
		"an array":          {raw("i8", []int{2}, false, blob([]byte("\x03\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00"))), "[3 1]"},
		"names":             {list(str("d"), str("b")), "[3 1]"},
		"an array of names": {texts("c"), "[2]"},
		"a mask":            {list(yes, no, no, yes), "[0 3]"},
		"an array of masks": {raw("b1", []int{4}, false, blob([]byte("\x00\x01\x01\x00"))), "[1 2]"},
		"a slice":           {call(slice, num(1), num(3), none), "[1 2]"},
		"a slice by steps":  {call(slice, none, none, num(2)), "[0 2]"},
		"a slice from end":  {call(slice, num(-2), none, none), "[2 3]"},
		"a slice of names":  {call(slice, str("b"), str("d"), none), "[1 2 3]"},
		"a slice beyond":    {call(slice, num(2), num(9), none), "[2 3]"},
		"an empty slice":    {call(slice, num(3), num(1), none), "[]"},
		"the remainder":     {object("_RemainderColsList", "data", list(num(1), num(2))), "[1 2]"},
		"nothing":           {list(), "[]"},
		"backwards":         {call(slice, none, none, num(-1)), "a selection by the number -1"},
		"beyond":            {list(num(4)), "column the number 4, where there are 4"},
		"below":             {list(num(-5)), "where there are 4"},
		"an unknown name":   {list(str("e")), `column the text "e"`},
		"a short mask":      {list(yes, no), "a mask of 2 values for 4 columns"},
		"a float":           {list(real(1.5)), "column the number 1.5"},
		"a number alone":    {num(2), "a selection by the number 2"},
		"a function":        {"cnumpy\nlog\n", "a selection by the name numpy.log"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e := one(t, object("ColumnTransformer", "selection", test.selection))
			got, err := e.indices(e.get("selection"), len(names), names)
			if err != nil {
				if !strings.Contains(err.Error(), test.want) {
					t.Errorf("error %v, want one with %q", err, test.want)
				}
				return
			}
			if fmt.Sprint(got) != test.want {
				t.Errorf("columns %v, want %s", got, test.want)
			}
		})
	}
	e := one(t, object("ColumnTransformer", "selection", list(str("a"))))
	if _, err := e.indices(e.get("selection"), 4, nil); err == nil || !strings.Contains(err.Error(), "does not tell the names") {
		t.Errorf("names that the file does not tell: error %v", err)
	}
}

// TestFlattened writes groups of columns as simply as they can be.
func TestFlattened(t *testing.T) {
	scaler := object("StandardScaler", "with_std", yes, "scale_", vector(2, 2))
	transformer := func(parts ...code) code {
		return object("ColumnTransformer", "n_features_in_", num(3), "transformers_", list(parts...))
	}
	tests := map[string]struct {
		transformer code
		columns     int // after it
		want        string
	}{
		"all pass":         {transformer(tuple(str("a"), str("passthrough"), list(num(0), num(1), num(2)))), 3, "dense"},
		"in another order": {transformer(tuple(str("a"), str("passthrough"), list(num(1))), tuple(str("b"), str("passthrough"), list(num(0)))), 2, "select(1,0),dense"},
		"one group":        {transformer(tuple(str("a"), scaler, list(num(0), num(2)))), 2, "select(0,2),divide,dense"},
		"the rest dropped": {transformer(tuple(str("a"), scaler, list(num(0), num(1))), tuple(str("b"), str("drop"), list(num(2)))), 2, "select(0,1),divide,dense"},
		"an empty part":    {transformer(tuple(str("a"), scaler, list(num(0), num(1))), tuple(str("b"), scaler, list())), 2, "select(0,1),divide,dense"},
		"within another": {transformer(tuple(str("a"), object("ColumnTransformer", "transformers_",
			list(tuple(str("c"), str("passthrough"), list(num(1))), tuple(str("d"), str("passthrough"), list(num(0))))), list(num(0), num(2)))), 2, "select(2,0),dense"},
		"a union":      {object("FeatureUnion", "n_features_in_", num(2), "transformer_list", list(tuple(str("a"), scaler), tuple(str("b"), str("drop")), tuple(str("c"), none))), 2, "divide,dense"},
		"a union of 2": {object("FeatureUnion", "n_features_in_", num(2), "transformer_list", list(tuple(str("a"), scaler), tuple(str("b"), str("passthrough")))), 4, "columns,dense"},
		"none":         {transformer(tuple(str("a"), str("drop"), list(num(2)))), 1, "no columns are left"},
		"no triple":    {transformer(tuple(str("a"), str("drop"))), 1, "no triple"},
		"no estimator": {transformer(tuple(str("a"), num(1), list(num(1)))), 1, "one of scikit-learn is needed"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d, err := readCode(chain(test.transformer, linearModel(test.columns)))
			if err != nil {
				if !strings.Contains(err.Error(), test.want) {
					t.Errorf("error %v, want one with %q", err, test.want)
				}
				return
			}
			if got := casetest.Layers(d.Model); got != test.want {
				t.Errorf("layers %s, want %s", got, test.want)
			}
		})
	}
}

// TestOneHot reads encoders over one column.
func TestOneHot(t *testing.T) {
	encoder := func(categories code, more ...any) code {
		return object("OneHotEncoder", append([]any{"handle_unknown", str("error"), "categories_", list(categories)}, more...)...)
	}
	tests := map[string]struct {
		encoder code
		columns int
		want    string
	}{
		"numbers":        {encoder(vector(1, 2)), 2, "one_hot,dense"},
		"objects":        {encoder(raw("O", []int{2}, false, list(num(1), real(2.5)))), 2, "one_hot,dense"},
		"booleans":       {encoder(raw("b1", []int{2}, false, blob([]byte("\x00\x01")))), 2, "one_hot,dense"},
		"dropped":        {encoder(vector(1, 2, 3), "drop_idx_", vector(1)), 2, "one_hot,select(0,2),dense"},
		"not dropped":    {encoder(vector(1, 2, 3), "drop_idx_", raw("O", []int{1}, false, list(none))), 3, "one_hot,dense"},
		"dropped beyond": {encoder(vector(1, 2, 3), "drop_idx_", vector(3)), 2, "category 3 of 3 is dropped"},
		"dropped below":  {encoder(vector(1, 2, 3), "drop_idx_", raw("O", []int{1}, false, list(real(-1)))), 2, "numbers from 0"},
		"only dropped":   {encoder(vector(1), "drop_idx_", vector(0)), 1, "no columns are left"},
		"unordered":      {encoder(vector(2, 1)), 2, "they ascend"},
		"too close":      {encoder(vector(1, 1.00000000001)), 2, "1 and 1.00000000001, which are one number in float32"},
		"missing values": {encoder(vector(1, nan)), 2, "as a category"},
		"none":           {encoder(raw("O", []int{2}, false, list(num(1), none))), 2, "None as a category"},
		"text":           {encoder(texts("a", "b")), 2, `text "a" as a category`},
		"no categories":  {encoder(vector()), 2, "no columns are left"},
		"legacy":         {encoder(vector(1, 2), "_legacy_mode", yes), 2, "before scikit-learn 0.20"},
		"infrequent":     {encoder(vector(1, 2), "min_frequency", num(3)), 2, "infrequent"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d, err := readCode(chain(test.encoder, linearModel(test.columns)))
			if err != nil {
				if !strings.Contains(err.Error(), test.want) {
					t.Errorf("error %v, want one with %q", err, test.want)
				}
				return
			}
			if got := casetest.Layers(d.Model); got != test.want {
				t.Errorf("layers %s, want %s", got, test.want)
			}
			if o, ok := d.Model.Input.Preprocessing[0].(*format.OneHot); !ok || o.Unknown != format.UnknownNaN {
				t.Errorf("layers %v", d.Model.Input.Preprocessing)
			}
		})
	}
}

// TestSupport compares with what NumPy's functions gave for the same scores.
func TestSupport(t *testing.T) {
	scores := vector(3, 1, nan, 3, 2, 3)
	tests := map[string]struct {
		selection code
		want      []int
	}{
		"k best":                {object("SelectKBest", "k", num(2), "scores_", scores), []int{3, 5}},
		"all":                   {object("SelectKBest", "k", str("all"), "scores_", scores), []int{0, 1, 2, 3, 4, 5}},
		"none":                  {object("SelectKBest", "k", num(0), "scores_", scores), nil},
		"more than there are":   {object("SelectKBest", "k", num(9), "scores_", scores), []int{0, 1, 2, 3, 4, 5}},
		"percentile, ties":      {object("SelectPercentile", "percentile", num(40), "scores_", scores), []int{0, 3}},
		"percentile, between":   {object("SelectPercentile", "percentile", num(50), "scores_", vector(1, 2, 3, 4)), []int{2, 3}},
		"percentile, all":       {object("SelectPercentile", "percentile", num(100), "scores_", vector(1, 2)), []int{0, 1}},
		"percentile, none":      {object("SelectPercentile", "percentile", num(0), "scores_", vector(1, 2)), nil},
		"p-values":              {object("SelectFpr", "alpha", real(0.05), "pvalues_", vector(0.01, 0.05, nan)), []int{0}},
		"p-values of a family":  {object("SelectFwe", "alpha", real(0.06), "pvalues_", vector(0.01, 0.02, 0.03)), []int{0}},
		"variances":             {object("VarianceThreshold", "threshold", real(0), "variances_", vector(0, 1, 2)), []int{1, 2}},
		"a mask":                {object("RFE", "support_", raw("b1", []int{3}, false, blob([]byte("\x01\x00\x01")))), []int{0, 2}},
		"one of one percentile": {object("SelectPercentile", "percentile", num(10), "scores_", vector(5)), nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			kept, err := one(t, test.selection).support()
			if err != nil {
				t.Fatal(err)
			}
			var got []int
			for i, keep := range kept {
				if keep {
					got = append(got, i)
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("columns %v, want %v", got, test.want)
			}
		})
	}
}
