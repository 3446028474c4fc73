package sklearn

import (
	"fmt"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
	"github.com/edge-infer/edge-infer/cmd/internal/words"
)

// vocabulary returns the words that are counted, in the order of their columns, once it is known
// that the board finds the same ones in a text.
func (w *writer) vocabulary(e estimator) ([]string, error) {
	vocabulary, err := e.vocabulary()
	if err != nil {
		return nil, err
	}
	given := e.flag("fixed_vocabulary_") // by the person, and not learned
	if strangers := words.New(nil).Strangers(vocabulary); len(strangers) > 0 {
		what := fmt.Sprintf("no text has %d of the %d words of its vocabulary, such as %.40q", len(strangers), len(vocabulary), strangers[0])
		if !given {
			return nil, e.errorf("%s: it was learned in another way than the options say: fit it anew, with these", what)
		}
		w.Note("%s: %s: a word is two or more letters, digits and underscores, in lower case; scikit-learn does not find them either", e, what)
	}
	if given {
		if err := w.checkStopWords(e, vocabulary); err != nil {
			return nil, err
		}
	}
	for _, word := range vocabulary {
		if strings.HasSuffix(word, "ς") {
			w.Note("%s: its vocabulary has words that end in ς, such as %.40q: Python finds them in capitals too, the board does not", e, word)
			break
		}
	}
	return vocabulary, nil
}

// vocabulary returns the words that are counted, in the order of their columns.
func (e estimator) vocabulary() ([]string, error) {
	d, ok := e.get("vocabulary_").(*pickle.Dict)
	if !ok {
		return nil, e.missing("vocabulary_", "a dict of words and their columns")
	}
	const each = 4 // times 8 bytes
	if err := e.spend(each * d.Len()); err != nil {
		return nil, e.errorf("%w", err)
	}
	vocabulary := make([]string, d.Len())
	for key, value := range d.All() {
		word, _ := key.(string)
		column, ok := pickle.Scalar(value).(int64)
		if word == "" || !ok || column < 0 || column >= int64(len(vocabulary)) || vocabulary[column] != "" {
			return nil, e.errorf("vocabulary_ has %s at %s: each word needs a column of its own, from 0 to %d", pickle.Describe(key), pickle.Describe(pickle.Scalar(value)), len(vocabulary)-1)
		}
		vocabulary[column] = word
	}
	return vocabulary, nil
}

// checkStopWords refuses stop words in a vocabulary, which scikit-learn leaves out when it counts. A
// vocabulary that was learned has none.
func (w *writer) checkStopWords(e estimator, vocabulary []string) error {
	stop := e.get("stop_words")
	switch s := stop.(type) {
	case nil:
		return nil
	case string:
		w.Note("%s: it is assumed that the vocabulary, which was given, has none of the stop words %.40q", e, s)
		return nil
	case *pickle.Set:
		stop = &pickle.List{Items: s.Items}
	}
	list := e.texts(e.plain(stop))
	if list == nil {
		return e.missing("stop_words", "a list of texts")
	}
	columns := make(map[string]bool, len(vocabulary))
	for _, word := range vocabulary {
		columns[word] = true
	}
	for _, word := range list {
		if columns[word] {
			return e.errorf("the vocabulary has the stop word %.40q, which scikit-learn does not count: leave it out of one of the two", word)
		}
	}
	return nil
}
