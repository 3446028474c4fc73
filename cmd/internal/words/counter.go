package words

import (
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"
)

// A Counter counts the words of one text after another.
type Counter struct {
	columns map[string]int32
	counts  []int32 // by column; all zeros between texts
	word    []byte  // room for the word being read
}

// New returns a Counter for a vocabulary: a word for each column, none twice.
func New(vocabulary []string) *Counter {
	c := &Counter{columns: make(map[string]int32, len(vocabulary)), counts: make([]int32, len(vocabulary))}
	for i, word := range vocabulary {
		c.columns[word] = int32(i)
	}
	return c
}

// Append counts the words of a text that are in the vocabulary. It appends their columns, ascending,
// and the counts. A text that is not UTF-8 is an error, and appends nothing.
func (c *Counter) Append(columns []int32, counts []float32, text []byte) ([]int32, []float32, error) {
	if at := firstInvalid(text); at >= 0 {
		return columns, counts, fmt.Errorf("byte %d of the text is not UTF-8: convert it first, as iconv -f LATIN1 -t UTF-8 does", at+1)
	}
	first := len(columns)
	c.each(text, func(word []byte) {
		column, known := c.columns[string(word)]
		if !known {
			return
		}
		if c.counts[column] == 0 {
			columns = append(columns, column)
		}
		c.counts[column]++
	})
	slices.Sort(columns[first:])
	for _, column := range columns[first:] {
		counts = append(counts, float32(c.counts[column]))
		c.counts[column] = 0
	}
	return columns, counts, nil
}

// Strangers returns the words of a vocabulary that no text has, in its order: they are no words by
// this package's definition, so the model learned its vocabulary by another.
func (c *Counter) Strangers(vocabulary []string) []string {
	var strangers []string
	for _, entry := range vocabulary {
		found, same := 0, false
		c.each([]byte(entry), func(word []byte) {
			found++
			same = string(word) == entry
		})
		if found != 1 || !same {
			strangers = append(strangers, entry)
		}
	}
	return strangers
}

// each calls use with every word of a text, which holds until use returns.
func (c *Counter) each(text []byte, use func(word []byte)) {
	word, letters := c.word[:0], 0
	end := func() {
		if letters > 1 {
			use(word)
		}
		word, letters = word[:0], 0
	}
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		text = text[size:]
		r = unicode.ToLower(r)
		if !inWord(r) {
			end()
			continue
		}
		word = utf8.AppendRune(word, r)
		letters++
	}
	end()
	c.word = word
}

func inWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r) }

// firstInvalid returns the offset of the first byte that is not UTF-8, or -1.
func firstInvalid(text []byte) int {
	if utf8.Valid(text) {
		return -1
	}
	at := 0
	for {
		r, size := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && size <= 1 {
			return at
		}
		at += size
	}
}
