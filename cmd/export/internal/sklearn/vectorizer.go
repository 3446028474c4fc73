package sklearn

import (
	"slices"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
	"github.com/edge-infer/edge-infer/format"
)

// vectorizers are the classes that make rows of texts.
var vectorizers = []string{"CountVectorizer", "TfidfVectorizer", "HashingVectorizer"}

// vectorizer makes the words of a text, counted, the model's input, as a CountVectorizer does, with
// the weights of a TfidfVectorizer behind them.
func (w *writer) vectorizer(l *draft.List, e estimator) error {
	in := &w.Model.Input
	if l != w.Preprocessing || l.Len() > 0 || in.Layout == format.Words {
		return e.errorf("a model takes one text, whose words the first step counts: put it first in a Pipeline, without other columns beside it")
	}
	if err := e.checkAnalysis(); err != nil {
		return err
	}
	vocabulary, err := w.vocabulary(e)
	if err != nil {
		return err
	}
	if len(vocabulary) != l.Width() {
		return e.errorf("a vocabulary of %d words where rows have %d values", len(vocabulary), l.Width())
	}
	in.Layout, in.Features = format.Words, vocabulary
	became := "the model's input: how often each word is in a text"
	if e.flag("binary") {
		if err := l.Add(&format.Threshold{Cut: format.Cut{Comparison: format.Greater, Value: 0}}); err != nil {
			return e.errorf("%w", err)
		}
		became += "; threshold(>0)"
	}
	w.Became(e.String(), "%s", became)
	if encoding := e.text("encoding"); encoding != "utf-8" && encoding != "" {
		w.Note("%s reads texts in encoding %.40q; on the board they are UTF-8", e, encoding)
	}
	if e.class() != "TfidfVectorizer" {
		return nil
	}
	weights, err := e.child("_tfidf")
	if err != nil {
		return err
	}
	return w.tfidf(l, weights)
}

const (
	defaultPattern = `(?u)\b\w\w+\b`
	plainPattern   = `\b\w\w+\b` // the same in Python 3
)

// countTypes are the types in which counts stay what they are, as NumPy and Python call them.
var countTypes = []string{"int", "int32", "int64", "uint32", "uint64", "float", "float32", "float64", "<i4", "<i8", "<u4", "<u8", "<f4", "<f8"}

// checkAnalysis refuses what cuts texts in another way than format/SPEC.md, under "Words". That is
// how these classes do it unless they are told otherwise.
func (e estimator) checkAnalysis() error {
	analyzer, pattern := e.text("analyzer"), e.text("token_pattern")
	switch {
	case analyzer == "char" || analyzer == "char_wb":
		return e.errorf("analyzer=%q: sequences of characters are not counted, but words: fit it with analyzer='word'", analyzer)
	case analyzer != "word":
		return e.ownFunction("analyzer", "'word'")
	case e.has("preprocessor"):
		return e.ownFunction("preprocessor", "None")
	case e.has("tokenizer"):
		return e.ownFunction("tokenizer", "None")
	case e.has("strip_accents"):
		return e.errorf("strip_accents: letters keep their accents on the board: fit it with strip_accents=None")
	case !e.flag("lowercase"):
		return e.errorf("lowercase=False: words are found in lower case: fit it with lowercase=True")
	case pattern != defaultPattern && pattern != plainPattern:
		return e.errorf("token_pattern %#.80q: a word is two or more letters, digits and underscores, as the default pattern has it: fit it with that", pattern)
	case !e.isUnigram():
		return e.errorf("ngram_range: sequences of words are not counted, but single words: fit it with ngram_range=(1, 1)")
	case !slices.Contains(countTypes, e.countType()):
		return e.errorf("dtype %.40q: it may not hold every count: set dtype to np.int64 or np.float64 before it is saved", e.countType())
	}
	return nil
}

// ownFunction refuses a parameter that is a function.
func (e estimator) ownFunction(parameter, instead string) error {
	return e.errorf("%s is %s: a function of one's own is not carried over: fit it with %s=%s", parameter, pickle.Describe(e.get(parameter)), parameter, instead)
}

// isUnigram reports whether single words are counted, and nothing else.
func (e estimator) isUnigram() bool {
	limits, _ := elements(e.get("ngram_range"))
	return len(limits) == 2 && pickle.Scalar(limits[0]) == int64(1) && pickle.Scalar(limits[1]) == int64(1)
}

// countType returns the name of the type in which words are counted.
func (e estimator) countType() string {
	switch v := e.get("dtype").(type) {
	case *pickle.Global:
		return v.Name
	case string:
		return v
	case *pickle.Record:
		if d, err := pickle.DType(v); err == nil {
			return string(d)
		}
	}
	return ""
}
