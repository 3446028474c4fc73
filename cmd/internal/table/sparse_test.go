package table

import (
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/internal/words"
)

// readSparse reads to the end in batches of the given number of rows, and returns the rows made
// dense. It returns the rows before an error as well.
func readSparse(t testing.TB, r SparseReader, opts ReadOptions, batch int) (result, error) {
	t.Helper()
	var got result
	var rows Sparse
	var labels []Label
	if opts.Label != "" {
		labels = make([]Label, batch)
	}
	for {
		n, err := r.ReadSparse(&rows, batch, labels)
		if n != rows.Rows() || n > batch || len(rows.Columns) != len(rows.Values) || int(rows.Offsets[n]) != len(rows.Columns) {
			t.Fatalf("%d rows: %v", n, rows)
		}
		for row := range n {
			dense, before := make([]float32, opts.Width), int32(-1)
			columns, values := rows.Row(row)
			for i, column := range columns {
				if column <= before {
					t.Fatalf("columns %v do not ascend", columns)
				}
				dense[column], before = values[i], column
			}
			got.values = append(got.values, dense...)
		}
		for _, label := range labels[:min(n, len(labels))] {
			got.labels = append(got.labels, label.Text)
		}
		got.ignored, got.byPosition, got.nans = r.Ignored(), r.ByPosition(), r.NaNs()
		if err == nil && n == 0 {
			t.Fatal("no rows and no error")
		}
		if err == nil {
			continue
		}
		if m, again := r.ReadSparse(&rows, batch, labels); m != 0 || again != err {
			t.Fatalf("after the error %v: %d rows, %v", err, m, again)
		}
		if err != io.EOF {
			return got, err
		}
		if n > 0 {
			t.Fatalf("%d rows beside io.EOF", n)
		}
		return got, nil
	}
}

func readElements(t testing.TB, in io.Reader, f Format, opts ReadOptions, batch int) (result, error) {
	t.Helper()
	r, err := NewSparseReader(in, "in", f, opts)
	if err != nil {
		return result{}, err
	}
	return readSparse(t, r, opts, batch)
}

func testGoodSparse(t *testing.T, f Format, tests []goodTest) { testGoodBy(t, readElements, f, tests) }

func testBadSparse(t *testing.T, f Format, tests []badTest) { testBadBy(t, readElements, f, tests) }

func TestReadSVMLight(t *testing.T) {
	zero := ReadOptions{Width: 3, FirstIndex: FirstIndex0}
	one := ReadOptions{Width: 3, FirstIndex: FirstIndex1}
	labelled := ReadOptions{Width: 3, Label: "label"}
	testGoodSparse(t, SVMLight, []goodTest{
		{"nothing", one, "", result{}},
		{"blank lines and comments", one, "\n  \r\n# a comment\n\t# another: 1:1", result{}},
		{"counted from 1", one, "1:5 3:7\n", result{values: []float32{5, 0, 7}}},
		{"counted from 0", zero, "0:5 2:7\n", result{values: []float32{5, 0, 7}}},
		{"from 1 where nothing is stated", ReadOptions{Width: 3}, "# zero-based\n1:5", result{values: []float32{5, 0, 0}}},
		{"from 0 as stated", ReadOptions{Width: 3}, "#  Column indices are zero-based \r\n0:5", result{values: []float32{5, 0, 0}}},
		{"from 1 as stated", ReadOptions{Width: 3}, "#\n# Column indices are one-based\n1:5", result{values: []float32{5, 0, 0}}},
		{"stated after a row is no statement", ReadOptions{Width: 3}, "1:5\n# Column indices are zero-based\n1:6", result{values: []float32{5, 0, 0, 6, 0, 0}}},
		{"stated and said", zero, "# Column indices are zero-based\n0:5", result{values: []float32{5, 0, 0}}},
		{"labels that are not wanted", one, "+1 1:5\nspam 2:6\n-1\n3:7", result{values: []float32{5, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 7}}},
		{"labels", labelled, "+1 1:5\r\n1,2 3:6#x\nspam\n", result{values: []float32{5, 0, 0, 0, 0, 6, 0, 0, 0}, labels: []string{"+1", "1,2", "spam"}}},
		{"queries", labelled, "1 qid:3 1:5\n2 qid:4\n", result{values: []float32{5, 0, 0, 0, 0, 0}, labels: []string{"1", "2"}, ignored: []string{"qid"}}},
		{"a query without a label", one, "qid:3 1:5\n", result{values: []float32{5, 0, 0}, ignored: []string{"qid"}}},
		{"blanks, BOM, no last line end", one, "\ufeff \t1 \t 1:5  2:6\t", result{values: []float32{5, 6, 0}}},
		{"specials", ReadOptions{Width: 5}, "1:nan 2:inf 3:-Inf 4:-0 5:1e-45", result{values: []float32{nan, inf, -inf, neg, math.SmallestNonzeroFloat32}, nans: 1}},
		{"zeros that are written", one, "1:0 2:0.0 3:1", result{values: []float32{0, 0, 1}}},
		{"rounded once", ReadOptions{Width: 1}, "1:1.00000017881393432617187499", result{values: []float32{0x1.000002p0}}},
		{"pixels", ReadOptions{Width: 3, Pixels: true}, "1:255 3:1", result{values: []float32{255, 0, 1}}},
	})
}

func TestReadSVMLightRefuses(t *testing.T) {
	zero := ReadOptions{Width: 3, FirstIndex: FirstIndex0}
	one := ReadOptions{Width: 3, FirstIndex: FirstIndex1}
	labelled := ReadOptions{Width: 3, Label: "label"}
	testBadSparse(t, SVMLight, []badTest{
		{"below the first of 1", one, "1:1\n\n0:1 1:2\n", 1, "in: row 2 (line 3): index 0: the model's columns are 1 to 3; for a file that counts from 0 say --first-index 0"},
		{"above the last of 0", zero, "1 2:1\n1 3:1\n", 1, "in: row 2 (line 2): index 3: the model's columns are 0 to 2; for a file that counts from 1 say --first-index 1"},
		{"far above", zero, "4:1", 0, "index 4: the model's columns are 0 to 2"},
		{"above the last of 1", one, "4:1", 0, "index 4: the model's columns are 1 to 3"},
		{"below 0", zero, "-1:1", 0, "index -1: the model's columns are 0 to 2"},
		{"beyond 64 bits", one, "18446744073709551617:1", 0, `"18446744073709551617" is not an index: whole numbers from 1 are`},
		{"an index with a point", zero, "1.0:1", 0, `"1.0" is not an index: whole numbers from 0 are`},
		{"no index", one, "1 :1", 0, `"" is not an index`},
		{"a name", one, "1 age:1", 0, `"age" is not an index`},
		{"a query later", one, "1 1:1 qid:1", 0, `"qid" is not an index`},
		{"two queries", one, "1 qid:1 qid:1", 0, `"qid" is not an index`},
		{"descending", one, "3:1 2:1", 0, "index 2 follows 3: they must ascend"},
		{"twice", one, "2:1 2:1", 0, "index 2 comes twice"},
		{"two labels", one, "1 2 1:1", 0, `"2" is not index:value`},
		{"a value by itself", one, "1:1 2", 0, `"2" is not index:value`},
		{"blanks around the colon", one, "1 1 : 2", 0, `"1" is not index:value`},
		{"no value", one, "1 1:", 0, `index 1: "" is not a number`},
		{"text", one, "1 1:x", 0, `index 1: "x" is not a number`},
		{"two colons", one, "1 1:2:3", 0, `index 1: "2:3" is not a number`},
		{"too large", one, "1 1:1e39", 0, `index 1: "1e39" does not fit in a float32`},
		{"no pixel", ReadOptions{Width: 3, Pixels: true}, "1 1:256", 0, "index 1: 256 is not a whole number from 0 to 255"},
		{"no label", labelled, "1 1:1\n1:1\n", 1, "in: row 2 (line 2): no label: a row begins with it"},
		{"a query for a label", labelled, "qid:1 1:1\n", 0, "no label: a row begins with it"},
		{"stated otherwise", one, "\n# Column indices are zero-based\n", 0, `in: line 2: "Column indices are zero-based", and --first-index 1 says otherwise`},
		{"csv", one, "1,2,3\n4,5,6\n7 8,9", 2, `in: row 3 (line 3): "8,9" is not index:value`},
	})
}

func TestReadSparseJSONL(t *testing.T) {
	abc := ReadOptions{Width: 3, Features: []string{"a", "b", "c"}}
	labelled := abc
	labelled.Label = "y"
	testGoodSparse(t, JSONL, []goodTest{
		{"nothing", abc, "", result{}},
		{"empty objects", abc, "{}\n\n { } \n", result{values: make([]float32, 6)}},
		{"some features, in any order", abc, `{"c":3,"a":1}` + "\n" + `{"b":2}`, result{values: []float32{1, 0, 3, 0, 2, 0}}},
		{"all of them", abc, `{"c":3,"b":2,"a":1}`, result{values: []float32{1, 2, 3}}},
		{"specials", abc, `{"b":null,"a":"-Infinity","c":-0}`, result{values: []float32{-inf, nan, neg}, nans: 1}},
		{"other keys", abc, `{"d":1,"a":1,"values":7}`, result{values: []float32{1, 0, 0}, ignored: []string{"d"}}},
		{"labels", labelled, `{"a":1,"y":"x"}` + "\n" + `{"y":2}`, result{values: []float32{1, 0, 0, 0, 0, 0}, labels: []string{"x", "2"}}},
		{"a feature called values", ReadOptions{Width: 2, Features: []string{"values", "b"}}, `{"values":7}`, result{values: []float32{7, 0}}},
		{"pixels", ReadOptions{Width: 1, Features: []string{"a"}, Pixels: true}, `{"a":7}`, result{values: []float32{7}}},
	})
	testBadSparse(t, JSONL, []badTest{
		{"no names", ReadOptions{Width: 3}, "{}", 0, "in: the model does not name its features, which sparse objects need: use svmlight"},
		{"names twice", ReadOptions{Width: 2, Features: []string{"a", "a"}}, "{}", 0, "both called"},
		{"an array", abc, "{}\n[1,2,3]", 1, `in: row 2 (line 2): "[1,2,3]" is not a sparse row: write an object of the features that are not 0`},
		{"an array within", abc, `{"values":[1,2,3]}`, 0, "the values are an array"},
		{"an array for a feature", ReadOptions{Width: 1, Features: []string{"values"}}, `{"values":[1]}`, 0, `"values": [1] is not a number`},
		{"not JSON", abc, `{"a":1,}`, 0, "not JSON"},
		{"twice", abc, `{"a":1,"a":1}`, 0, `key "a" comes twice`},
		{"text", abc, `{"a":"1"}`, 0, `"a": "1" is not a number`},
		{"no label", labelled, `{"a":1}`, 0, `the object lacks the label "y": it has "a"`},
		{"no pixel", ReadOptions{Width: 1, Features: []string{"a"}, Pixels: true}, `{"a":-1}`, 0, `"a": -1 is not a whole number`},
	})
}

// counted are the options for documents of three words.
func counted() ReadOptions {
	vocabulary := []string{"free", "money", "café"}
	return ReadOptions{Width: 3, Features: vocabulary, Words: words.New(vocabulary)}
}

func TestReadText(t *testing.T) {
	testGoodSparse(t, Text, []goodTest{
		{"nothing", counted(), "", result{}},
		{"a document a line", counted(), "Free money, FREE!\r\n\nCafé café CAFÉ", result{values: []float32{2, 1, 0, 0, 0, 0, 0, 0, 3}}},
		{"BOM", counted(), "\ufefffree\n", result{values: []float32{1, 0, 0}}},
	})
	labelled := counted()
	labelled.Label = "y"
	testBadSparse(t, Text, []badTest{
		{"not UTF-8", counted(), "free\ncaf\xe9\n", 1, "in: row 2 (line 2): byte 4 of the text is not UTF-8"},
		{"labels", labelled, "", 0, "in: text holds no labels: use csv, or jsonl objects, with a column for the text"},
	})
}

func TestReadTextOfColumns(t *testing.T) {
	column := counted()
	column.TextColumn = "body"
	labelled := column
	labelled.Label = "kind"
	testGoodSparse(t, CSV, []goodTest{
		{"nothing", column, "", result{}},
		{"a header", column, "body\n", result{}},
		{"a column", column, "body\nfree money\n\"free,\n\"\"free\"\"\"\n\"\"\n", result{values: []float32{1, 1, 0, 2, 0, 0, 0, 0, 0}}},
		{"among others", column, "id, body ,x\n1,free,2\n", result{values: []float32{1, 0, 0}, ignored: []string{"id", "x"}}},
		{"labels", labelled, "kind,body\nspam,free\nham,\n", result{values: []float32{1, 0, 0, 0, 0, 0}, labels: []string{"spam", "ham"}}},
	})
	testBadSparse(t, CSV, []badTest{
		{"no header", column, "free money\n", 0, `in: header has no text column "body": it has "free money"`},
		{"no such column", column, "text,id\n", 0, `header has no text column "body": it has "text", "id"`},
		{"semicolons", column, "body;id\n", 0, "(values must be separated by commas)"},
		{"no label", labelled, "body,id\n", 0, `in: header has no label column "kind"`},
		{"twice", column, "body,body\n", 0, `in: header names the column "body" twice`},
		{"too few columns", labelled, "kind,body\nspam\n", 0, "in: row 1 (line 2): 1 columns, the header has 2"},
		{"not UTF-8", labelled, "kind,body\nspam,free\nspam,caf\xe9\n", 1, `in: row 2 (line 3): column 2 ("body"): byte 4 of the text is not UTF-8`},
		{"a quote left open", column, "body\nfree\n\"free\n", 1, `in: row 2 (line 3): byte 7: extraneous or missing " in quoted-field`},
	})
	testGoodSparse(t, JSONL, []goodTest{
		{"nothing", column, "", result{}},
		{"objects", column, `{"body":"free money"}` + "\n" + ` {"body":""} `, result{values: []float32{1, 1, 0, 0, 0, 0}}},
		{"escapes", column, `{"body":"caf\u00e9\nFREE\"free"}`, result{values: []float32{2, 0, 1}}},
		{"labels", labelled, `{"kind":"spam","body":"free","id":7}`, result{values: []float32{1, 0, 0}, labels: []string{"spam"}, ignored: []string{"id"}}},
	})
	testBadSparse(t, JSONL, []badTest{
		{"no text", column, `{"body":"free"}` + "\n" + `{"text":"free"}`, 1, `in: row 2 (line 2): the object lacks the text "body": it has "text"`},
		{"no object", column, `"free money"`, 0, `is not an object with a text: write {"body": "..."}`},
		{"no string", column, `{"body":["free"]}`, 0, `"body": ["free"] is not a string`},
		{"no label", labelled, `{"body":"free"}`, 0, `the object lacks the label "kind"`},
		{"twice", column, `{"body":"free","body":"free"}`, 0, `key "body" comes twice`},
		{"not JSON", column, "free money", 0, "not JSON"},
		{"not UTF-8", column, "{\"body\":\"caf\xe9\"}", 0, `"body": the text is not UTF-8`},
	})
}

func TestReadDocuments(t *testing.T) {
	files := map[string]string{
		"a": "Free money,\n\nfree", "b": "", "c": "\ufeffcafé", "latin": "caf\xe9", "long": strings.Repeat("free ", 30),
	}
	open := func(name string) (io.ReadCloser, error) {
		if _, ok := files[name]; !ok {
			return nil, io.ErrUnexpectedEOF
		}
		return io.NopCloser(strings.NewReader(files[name])), nil
	}
	tests := map[string]struct {
		names  []string
		values []float32
		err    string
	}{
		"none":         {nil, nil, ""},
		"some":         {[]string{"a", "b", "c"}, []float32{2, 1, 0, 0, 0, 0, 0, 0, 1}, ""},
		"not UTF-8":    {[]string{"a", "latin", "c"}, []float32{2, 1, 0}, "latin: byte 4 of the text is not UTF-8"},
		"not there":    {[]string{"nowhere"}, nil, "unexpected EOF"},
		"too long":     {[]string{"long"}, nil, "long: a document of more than 100 bytes: as many are read"},
		"twice, as is": {[]string{"c", "c"}, []float32{0, 0, 1, 0, 0, 1}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for _, batch := range []int{1, 2, 100} {
				r, err := NewDocumentReader(test.names, open, counted())
				if err != nil {
					t.Fatal(err)
				}
				r.(*documentReader).limit = 100
				got, err := readSparse(t, r, counted(), batch)
				if (err != nil) != (test.err != "") || err != nil && !strings.Contains(err.Error(), test.err) {
					t.Errorf("error %v, want %q", err, test.err)
				}
				if !slices.Equal(got.values, test.values) {
					t.Errorf("%v, want %v", got.values, test.values)
				}
			}
		})
	}
	if _, err := NewDocumentReader(nil, open, ReadOptions{}); err == nil {
		t.Error("a width of 0: no error")
	}
}

func TestNewSparseReaderRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		format Format
		opts   ReadOptions
		want   string
	}{
		"no width":       {SVMLight, ReadOptions{}, "at least 1"},
		"too few names":  {SVMLight, ReadOptions{Width: 2, Features: []string{"a"}}, "1 feature names for rows of 2"},
		"rows of values": {NPY, ReadOptions{Width: 2}, "npy is not a format of elements"},
		"csv of values":  {CSV, ReadOptions{Width: 2}, "csv is not a format of elements"},
	} {
		if _, err := NewSparseReader(strings.NewReader(""), "in", test.format, test.opts); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", name, err, test.want)
		}
	}
}

// TestSparseRowsAreBounded requires an error for a line without an end, and the batch to end where
// rows have very many elements.
func TestSparseRowsAreBounded(t *testing.T) {
	endless := &repeat{text: "free 1:1 "}
	for _, f := range []Format{SVMLight, Text} {
		r, err := newSparseReader(endless, "in", f, counted(), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := readSparse(t, r, counted(), 1); err == nil || !strings.Contains(err.Error(), "in: row 1 (line 1): row is too long") {
			t.Errorf("%v: error %v", f, err)
		}
	}
	b := newBatch(ReadOptions{Width: maxElements / 2})
	wide := func(dst *Sparse) (Label, error) {
		for i := range maxElements / 2 {
			dst.Columns, dst.Values = append(dst.Columns, int32(i)), append(dst.Values, 1)
		}
		return Label{}, nil
	}
	if rows, err := b.fillSparse(new(Sparse), 10, nil, wide); rows != 2 || err != nil {
		t.Errorf("%d rows of %d elements in a batch (%v), want 2", rows, maxElements/2, err)
	}
}

// repeat gives the same text without end.
type repeat struct {
	text string
	at   int
}

func (r *repeat) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = r.text[r.at%len(r.text)]
		r.at++
	}
	return len(p), nil
}
