package sklearn

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/export/internal/casetest"
	"github.com/edge-infer/edge-infer/cmd/internal/npy"
	"github.com/edge-infer/edge-infer/cmd/internal/words"
	"github.com/edge-infer/edge-infer/format"
)

// TestTexts counts the texts of the cases by the vocabulary that was read, and compares with the rows
// that scikit-learn counted.
func TestTexts(t *testing.T) {
	counted := 0
	for _, c := range casetest.Load(t, "sklearn", 184) {
		texts, err := os.ReadFile(filepath.Join(c.Dir, "texts.txt"))
		if os.IsNotExist(err) {
			continue
		}
		counted++
		t.Run(c.Name, func(t *testing.T) {
			if err != nil {
				t.Fatal(err)
			}
			d, err := readCase(t, c)
			if err != nil {
				t.Fatal(err)
			}
			in := d.Model.Input
			if in.Layout != format.Words {
				t.Fatalf("layout %s", in.Layout)
			}
			f, err := os.Open(filepath.Join(c.Dir, "x.npy"))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			x, err := npy.Read(f, 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			var got []float64
			counter := words.New(in.Features)
			for text := range bytes.Lines(texts) {
				columns, counts, err := counter.Append(nil, nil, text)
				if err != nil {
					t.Fatal(err)
				}
				row := make([]float64, len(in.Features))
				for i, column := range columns {
					row[column] = float64(counts[i])
				}
				got = append(got, row...)
			}
			if !slices.Equal(got, x.Float64s()) {
				t.Errorf("counts %v, scikit-learn's are %v", got, x.Float64s())
			}
		})
	}
	if counted < 10 {
		t.Errorf("%d cases have texts, at least 10 are expected", counted)
	}
}

// fitted is a CountVectorizer or a TfidfVectorizer over a vocabulary, with attributes that come in the
// place of its own.
func fitted(class string, vocabulary code, more ...any) code {
	attributes := []any{
		"analyzer", str("word"), "lowercase", yes, "token_pattern", str(`(?u)\b\w\w+\b`), "ngram_range", tuple(num(1), num(1)),
		"preprocessor", none, "tokenizer", none, "strip_accents", none, "stop_words", none, "binary", no, "encoding", str("utf-8"),
		"dtype", code("cnumpy\nint64\n"), "fixed_vocabulary_", no, "vocabulary_", vocabulary,
	}
	return object(class, append(attributes, more...)...)
}

// columnsOf is a vocabulary, each word's column its place.
func columnsOf(words ...string) code {
	var pairs []code
	for i, w := range words {
		pairs = append(pairs, str(w), num(i))
	}
	return dict(pairs...)
}

// TestVectorizers reads vectorizers whose options and vocabularies are allowed or not.
func TestVectorizers(t *testing.T) {
	two := columnsOf("aa", "bb")
	with := func(more ...any) code { return fitted("CountVectorizer", two, more...) }
	given := func(words code, more ...any) code {
		return fitted("CountVectorizer", words, append([]any{"fixed_vocabulary_", yes}, more...)...)
	}
	const function code = "cnumpy\nlog\n"
	tests := map[string]struct {
		step       code
		want, note string
	}{
		"as it comes":             {with(), "dense", ""},
		"pattern of Python 3":     {with("token_pattern", str(`\b\w\w+\b`)), "dense", ""},
		"limits in a list":        {with("ngram_range", list(num(1), num(1))), "dense", ""},
		"a type of Python":        {with("dtype", code("cbuiltins\nint\n")), "dense", ""},
		"a type's name":           {with("dtype", str("float32")), "dense", ""},
		"a dtype":                 {with("dtype", call("cnumpy\ndtype\n", str("f4"), no, yes)+tuple(num(3), str("<"), none, none, none, num(-1), num(-1), num(0))+"b"), "dense", ""},
		"stop words, learned":     {with("stop_words", list(str("aa"))), "dense", ""},
		"presence":                {with("binary", yes), "threshold(>0),dense", ""},
		"another encoding":        {with("encoding", str("latin-1")), "dense", `reads texts in encoding "latin-1"`},
		"final sigma":             {fitted("CountVectorizer", columnsOf("aa", `\u03cc\u03c2`)), "dense", "end in ς"},
		"in another order":        {fitted("CountVectorizer", dict(str("bb"), num(1), str("aa"), num(0))), "dense", ""},
		"a union of one":          {object("FeatureUnion", "transformer_list", list(tuple(str("a"), with()))), "dense", ""},
		"in a pipeline":           {chain(with()), "dense", ""},
		"given":                   {given(two), "dense", ""},
		"given, words in no text": {given(columnsOf("aa", "B")), "dense", `no text has 1 of the 2 words of its vocabulary, such as "B"`},
		"given, stop words":       {given(two, "stop_words", list(str("the"))), "dense", ""},
		"given, a set of them":    {given(two, "stop_words", code("c__builtin__\nfrozenset\n")+tuple(list(str("the")))+"R"), "dense", ""},
		"given, an array of them": {given(two, "stop_words", texts("the", "and")), "dense", ""},
		"given, English":          {given(two, "stop_words", str("english")), "dense", "it is assumed"},

		"given, with stop words":    {given(two, "stop_words", list(str("the"), str("bb"))), `the vocabulary has the stop word "bb"`, ""},
		"stop words of numbers":     {given(two, "stop_words", list(num(1))), "stop_words is a list of 1: a list of texts", ""},
		"words of another analysis": {fitted("CountVectorizer", columnsOf("aa", "it's")), `no text has 1 of the 2 words of its vocabulary, such as "it's"`, ""},
		"single letters":            {fitted("CountVectorizer", columnsOf("a", "bb")), `such as "a": it was learned in another way`, ""},
		"characters":                {with("analyzer", str("char")), `analyzer="char"`, ""},
		"a function to analyse":     {with("analyzer", function), "analyzer is the name numpy.log: a function of one's own", ""},
		"a function to prepare":     {with("preprocessor", function), "preprocessor is the name numpy.log", ""},
		"a function to cut":         {with("tokenizer", function), "fit it with tokenizer=None", ""},
		"without accents":           {with("strip_accents", str("ascii")), "strip_accents", ""},
		"capitals":                  {with("lowercase", no), "lowercase=True", ""},
		"another pattern":           {with("token_pattern", str(`[a-z]+`)), "token_pattern `[a-z]+`", ""},
		"pairs":                     {with("ngram_range", tuple(num(1), num(2))), "ngram_range=(1, 1)", ""},
		"pairs alone":               {with("ngram_range", tuple(num(2), num(2))), "ngram_range=(1, 1)", ""},
		"a small type":              {with("dtype", code("cnumpy\nuint8\n")), `dtype "uint8"`, ""},
		"no vocabulary":             {fitted("CountVectorizer", none), "has to be fitted", ""},
		"an empty vocabulary":       {fitted("CountVectorizer", dict()), "has to be fitted", ""},
		"an empty word":             {fitted("CountVectorizer", columnsOf("aa", "")), `the text "" at the number 1`, ""},
		"a number as a word":        {fitted("CountVectorizer", dict(str("aa"), num(0), num(7), num(1))), "the number 7 at the number 1", ""},
		"a column twice":            {fitted("CountVectorizer", dict(str("aa"), num(0), str("bb"), num(0))), "each word needs a column of its own, from 0 to 1", ""},
		"a column below":            {fitted("CountVectorizer", dict(str("aa"), num(0), str("bb"), num(-1))), "the number -1", ""},
		"a column beyond":           {fitted("CountVectorizer", dict(str("aa"), num(0), str("bb"), num(2))), "the number 2", ""},
		"a column of text":          {fitted("CountVectorizer", dict(str("aa"), num(0), str("bb"), str("c"))), `the text "c"`, ""},
		"another width":             {with("n_features_in_", num(3)), "a vocabulary of 2 words where rows have 3 values", ""},
		"twice":                     {chain(with(), with()), "put it first in a Pipeline", ""},
		"behind another step":       {chain(object("Normalizer", "norm", str("l2"), "n_features_in_", num(2)), with()), "put it first in a Pipeline", ""},
		"beside another": {object("FeatureUnion", "transformer_list", list(tuple(str("a"), with()), tuple(str("b"), with()))),
			"a: CountVectorizer: a model takes one text", ""},
		"in a ColumnTransformer": {object("ColumnTransformer", "n_features_in_", num(2), "transformers_", list(tuple(str("a"), chain(with()), num(0)))),
			"step0: CountVectorizer: a column of texts", ""},
		"hashed":             {object("HashingVectorizer", "n_features", num(2)), "use CountVectorizer or TfidfVectorizer", ""},
		"hashed in a column": {object("ColumnTransformer", "n_features_in_", num(2), "transformers_", list(tuple(str("a"), object("HashingVectorizer"), num(0)))), "a: HashingVectorizer: a column", ""},
		"dicts":              {object("DictVectorizer"), "use OneHotEncoder", ""},
		"no weights":         {fitted("TfidfVectorizer", two), "_tfidf", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d, err := readCode(chain(test.step, linearModel(2)))
			if err != nil {
				if !strings.Contains(err.Error(), test.want) {
					t.Errorf("error %v, want one with %q", err, test.want)
				}
				return
			}
			if got := casetest.Layers(d.Model); got != test.want {
				t.Errorf("layers %s, want %s", got, test.want)
			}
			if in := d.Model.Input; in.Layout != format.Words || in.Features[0] != "aa" {
				t.Errorf("layout %s of %q", in.Layout, in.Features)
			}
			if noted := len(d.Notes) == 1 && strings.Contains(d.Notes[0], test.note); noted != (test.note != "") || len(d.Notes) > 1 {
				t.Errorf("notes %q, want %q", d.Notes, test.note)
			}
		})
	}
}

// TestNamesBesideWords keeps a vocabulary where a dict has names of as many columns.
func TestNamesBesideWords(t *testing.T) {
	model := chain(fitted("CountVectorizer", columnsOf("aa", "bb")), linearModel(2))
	d, err := readCode(dict(str("model"), model, str("features"), list(str("c"), str("d"))))
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(d.Model.Input.Features); got != "[aa bb]" || len(d.Notes) > 0 {
		t.Errorf("features %s, notes %q", got, d.Notes)
	}
}

// TestWeights reads what a TfidfTransformer learned, in its forms.
func TestWeights(t *testing.T) {
	transformer := func(more ...any) code {
		return object("TfidfTransformer", append([]any{"norm", str("l2"), "use_idf", yes, "sublinear_tf", no}, more...)...)
	}
	diagonal := func(data, columns, rows code) code {
		return transformer("_idf_diag", code("cscipy.sparse.csr\ncsr_matrix\n)\x81")+dict(str("data"), data, str("indices"), columns, str("indptr"), rows)+"b")
	}
	tests := map[string]struct {
		transformer code
		want        string
	}{
		"an array":          {transformer("idf_", vector(1, 2)), "multiply,normalize(l2),dense"},
		"an array, l1":      {transformer("idf_", vector(1, 2), "norm", str("l1")), "multiply,normalize(l1),dense"},
		"an array, no norm": {transformer("idf_", vector(1, 2), "norm", none), "multiply,dense"},
		"no weights":        {transformer("use_idf", no), "normalize(l2),dense"},
		"nothing":           {transformer("use_idf", no, "norm", none), "dense"},
		"a diagonal":        {diagonal(vector(1, 2), vector(0, 1), vector(0, 1, 2)), "multiply,normalize(l2),dense"},
		"not fitted":        {transformer(), "has to be fitted"},
		"another norm":      {transformer("idf_", vector(1, 2), "norm", str("max")), `norm is the text "max": l1, l2 or None`},
		"logarithms":        {transformer("idf_", vector(1, 2), "sublinear_tf", yes), "fit it with sublinear_tf=False"},
		"another width":     {transformer("idf_", vector(1, 2, 3)), "3 values to multiply where rows have 2"},
		"beside a diagonal": {diagonal(vector(1, 2), vector(1, 0), vector(0, 1, 2)), "a diagonal without zeros"},
		"a row without":     {diagonal(vector(1, 2), vector(0, 1), vector(0, 0, 2)), "a diagonal without zeros"},
		"a short diagonal":  {diagonal(vector(1, 2), vector(0), vector(0, 1, 2)), "a diagonal without zeros"},
		"a row too many":    {diagonal(vector(1, 2), vector(0, 1), vector(0, 1, 2, 2)), "a diagonal without zeros"},
		"no columns":        {diagonal(vector(1, 2), none, vector(0, 1, 2)), "indices is None"},
	}
	for name, test := range tests {
		for form, step := range map[string]code{
			"behind":  chain(fitted("CountVectorizer", columnsOf("aa", "bb")), test.transformer),
			"within":  fitted("TfidfVectorizer", columnsOf("aa", "bb"), "_tfidf", test.transformer),
			"without": test.transformer,
		} {
			t.Run(name+", "+form, func(t *testing.T) {
				d, err := readCode(chain(step, linearModel(2)))
				if err != nil {
					if !strings.Contains(err.Error(), test.want) {
						t.Errorf("error %v, want one with %q", err, test.want)
					}
					return
				}
				if got := casetest.Layers(d.Model); got != test.want {
					t.Errorf("layers %s, want %s", got, test.want)
				}
				if isWords := d.Model.Input.Layout == format.Words; isWords != (form != "without") {
					t.Errorf("layout %s", d.Model.Input.Layout)
				}
			})
		}
	}
}
