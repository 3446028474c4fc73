package words

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// wordsOf returns the words of a text in the order in which they stand there.
func wordsOf(text string) []string {
	words := []string{}
	New(nil).each([]byte(text), func(word []byte) { words = append(words, string(word)) })
	return words
}

// TestWordsAgreeWithScikitLearn holds the words against those that CountVectorizer found.
func TestWordsAgreeWithScikitLearn(t *testing.T) {
	file, err := os.ReadFile("testdata/texts.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Text  string
		Words []string
	}
	if err := json.Unmarshal(file, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 100 {
		t.Fatalf("%d texts, at least 100 are expected", len(cases))
	}
	for _, c := range cases {
		if got := wordsOf(c.Text); !slices.Equal(got, c.Words) {
			t.Errorf("%q: words %q, want %q", c.Text, got, c.Words)
		}
	}
}

// The two letters that Python lowers by their context are lowered by themselves here, as SPEC.md says.
func TestWordsLowerEachLetterAlone(t *testing.T) {
	for text, want := range map[string][]string{
		"ΛΟΓΟΣ":    {"λογοσ"},
		"İSTANBUL": {"istanbul"},
	} {
		if got := wordsOf(text); !slices.Equal(got, want) {
			t.Errorf("%q: words %q, want %q", text, got, want)
		}
	}
}

func TestAppend(t *testing.T) {
	vocabulary := []string{"money", "free", "café", "Money", "x", "ice cream"}
	tests := map[string]struct {
		text    string
		columns []int32
		counts  []float32
	}{
		"nothing":               {"", nil, nil},
		"no word of it":         {"dear friend", nil, nil},
		"ascending":             {"free money", []int32{0, 1}, []float32{1, 1}},
		"counted in any case":   {"FREE: Money, money... Free!free", []int32{0, 1}, []float32{2, 3}},
		"accents":               {"CAFÉ", []int32{2}, []float32{1}},
		"an accent by itself":   {"cafe\u0301", nil, nil},
		"what no text has":      {"x Money ice cream", []int32{0}, []float32{1}},
		"part of a longer word": {"freedom carefree free_", nil, nil},
	}
	c := New(vocabulary)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			columns, counts, err := c.Append([]int32{7}, []float32{7}, []byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(columns[1:], test.columns) || !slices.Equal(counts[1:], test.counts) || columns[0] != 7 || counts[0] != 7 {
				t.Errorf("columns %v, counts %v: want %v, %v", columns[1:], counts[1:], test.columns, test.counts)
			}
		})
	}
}

func TestAppendRefusesWhatIsNotUTF8(t *testing.T) {
	c := New([]string{"free"})
	for text, want := range map[string]string{
		"caf\xe9 free":             "byte 4 of the text is not UTF-8: convert it first, as iconv -f LATIN1 -t UTF-8 does",
		"free \xed\xa0\x80":        "byte 6 ", // half of a pair of UTF-16
		"free € \xe2\x82":          "byte 10 ",
		"\xff\xfef\x00r\x00e\x00e": "byte 1 ",
	} {
		columns, counts, err := c.Append(nil, nil, []byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
		if len(columns) != 0 || len(counts) != 0 {
			t.Errorf("%q: appended %v, %v beside an error", text, columns, counts)
		}
	}
	if _, counts, err := c.Append(nil, nil, []byte("free � free")); err != nil || !slices.Equal(counts, []float32{2}) {
		t.Errorf("a replacement character: counts %v, %v", counts, err)
	}
}

func TestStrangers(t *testing.T) {
	vocabulary := []string{"free", "New", "ice cream", "x", "naïve", "_", "__", "e-mail", "!", "42"}
	want := []string{"New", "ice cream", "x", "_", "e-mail", "!"}
	if got := New(vocabulary).Strangers(vocabulary); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// FuzzAppend counts again in another way: by splitting the text where no letter of a word is.
func FuzzAppend(f *testing.F) {
	for _, seed := range []string{"", "aa", "aa bb AA", "aa\xff", "ǅǅ _b aa_ İİ ΣΣ ½½", "a\u0301a bb" + strings.Repeat("x", 100)} {
		f.Add(seed)
	}
	vocabulary := []string{"bb", "aa", "__", "½½", "σσ", "ii", "ǆǆ"}
	c := New(vocabulary)
	f.Fuzz(func(t *testing.T, text string) {
		columns, counts, err := c.Append(nil, nil, []byte(text))
		if (err == nil) != utf8.ValidString(text) {
			t.Fatalf("error %v", err)
		}
		if err != nil {
			return
		}
		want := make([]float32, len(vocabulary))
		for _, word := range strings.FieldsFunc(strings.Map(unicode.ToLower, text), func(r rune) bool { return !inWord(r) }) {
			if i := slices.Index(vocabulary, word); i >= 0 {
				want[i]++
			}
		}
		got, last := make([]float32, len(vocabulary)), int32(-1)
		for i, column := range columns {
			if column <= last || counts[i] == 0 {
				t.Fatalf("columns %v, counts %v", columns, counts)
			}
			got[column], last = counts[i], column
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}
