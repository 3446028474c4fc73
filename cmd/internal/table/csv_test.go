package table

import (
	"slices"
	"strings"
	"testing"
)

func TestReadCSV(t *testing.T) {
	ab := []string{"a", "b"}
	numbered := []string{"0", "1", "2"} // what pandas calls columns without names
	testGood(t, CSV, []goodTest{
		{"nothing", ReadOptions{Width: 2}, "", result{}},
		{"only a header", ReadOptions{Width: 2}, "a,b\n", result{}},
		{"no header", ReadOptions{Width: 2}, "1,2\n3,4\n", result{values: []float32{1, 2, 3, 4}}},
		{"no last line end", ReadOptions{Width: 2}, "1,2\n3,4", result{values: []float32{1, 2, 3, 4}}},
		{"CRLF, BOM, blank lines", ReadOptions{Width: 2}, "\ufeffa,b\r\n1,2\r\n\r\n3,4\r\n", result{values: []float32{1, 2, 3, 4}}},
		{"BOM and no header", ReadOptions{Width: 1}, "\ufeff1\n", result{values: []float32{1}}},
		{"spaces and quotes", ReadOptions{Width: 2}, " 1 ,\t2\n \"3\", 4 \n", result{values: []float32{1, 2, 3, 4}}},
		{"header by position", ReadOptions{Width: 2}, "x,y\n1,2\n", result{values: []float32{1, 2}}},
		{"foreign header by position", ReadOptions{Width: 2, Features: ab}, "x,y\n1,2\n", result{values: []float32{1, 2}, byPosition: true}},
		{"foreign header beside a label", ReadOptions{Width: 2, Features: ab, Label: "l"}, "x,l,y\n1,no,2\n", result{values: []float32{1, 2}, labels: []string{"no"}, byPosition: true}},
		{"names that are numbers", ReadOptions{Width: 3, Features: numbered}, "2,0,1\n7,8,9\n", result{values: []float32{8, 9, 7}}},
		{"and a number too many", ReadOptions{Width: 3, Features: numbered}, " 2 ,3,\"0\",1\n7,7,8,9\n", result{values: []float32{8, 9, 7}, ignored: []string{"3"}}},
		{"and a label", ReadOptions{Width: 3, Features: numbered, Label: "3"}, "3,2,1,0\n6,7,8,9\n", result{values: []float32{9, 8, 7}, labels: []string{"6"}}},
		{"numbers that are not all of the names", ReadOptions{Width: 3, Features: numbered}, "0,1,1\n0,1,3\n", result{values: []float32{0, 1, 1, 0, 1, 3}}},
		{"numbers and a model without names", ReadOptions{Width: 3}, "2,0,1\n", result{values: []float32{2, 0, 1}}},
		{"header by name", ReadOptions{Width: 2, Features: ab}, "b,id,a,,b2\n1,7,2,8,9\n", result{values: []float32{2, 1}, ignored: []string{"id", "", "b2"}}},
		{"names with spaces around", ReadOptions{Width: 2, Features: ab}, " b ,\"a\"\n1,2\n", result{values: []float32{2, 1}}},
		{"ignored columns hold anything", ReadOptions{Width: 2, Features: ab}, "id,a,b\nx;y,1,2\n,3,4\n", result{values: []float32{1, 2, 3, 4}, ignored: []string{"id"}}},
		{"label by name", ReadOptions{Width: 2, Features: ab, Label: "y"}, "y,b,a\nno,1,2\n \"a, b\",3,4\n", result{values: []float32{2, 1, 4, 3}, labels: []string{"no", "a, b"}}},
		{"label beside positions", ReadOptions{Width: 2, Label: "y"}, "u,y,v\n1,0,2\n3,,4\n", result{values: []float32{1, 2, 3, 4}, labels: []string{"0", ""}}},
		{"numbered columns and a label", ReadOptions{Width: 2, Label: "y"}, "0,1,y\n5,6,7\n", result{values: []float32{5, 6}, labels: []string{"7"}}},
		{"label that is a feature", ReadOptions{Width: 2, Features: ab, Label: "b"}, "a,b\n1,2\n", result{values: []float32{1, 2}, labels: []string{"2"}}},
		{"specials", ReadOptions{Width: 6}, "nan,NaN,inf,-Inf,+Infinity,-0\n", result{values: []float32{nan, nan, inf, -inf, inf, neg}, nans: 2}},
		{"rounded once", ReadOptions{Width: 2}, "0.1,1.00000017881393432617187499\n", result{values: []float32{0.1, 0x1.000002p0}}},
		{"smaller than the smallest", ReadOptions{Width: 2}, "1e-45,1e-60\n", result{values: []float32{0x1p-149, 0}}},
	})
}

func TestReadCSVRefuses(t *testing.T) {
	ab := []string{"a", "b"}
	wide := []string{"a", "b", "c", "d", "e", "f", "g"}
	testBad(t, CSV, []badTest{
		{"short row", ReadOptions{Width: 2}, "1,2\n3\n", 1, "in: row 2 (line 2): 1 values, the model takes 2"},
		{"long row", ReadOptions{Width: 2}, "1,2\n1,2\n\n3,4,5\n", 2, "in: row 3 (line 4): 3 values, the model takes 2"},
		{"short row under a header", ReadOptions{Width: 2}, "a,b\n3\n", 0, "in: row 1 (line 2): 1 columns, the header has 2"},
		{"semicolons", ReadOptions{Width: 2}, "a;b\n1;2\n", 0, `1 columns of values, the model takes 2: it has "a;b" (values must be separated by commas)`},
		{"tabs", ReadOptions{Width: 2, Features: ab}, "a\tb\n1\t2\n", 0, `header lacks the features "a", "b": it has "a\tb" (values must be separated by commas)`},
		{"semicolons and a label", ReadOptions{Width: 2, Label: "y"}, "a;b;y\n1;2;3\n", 0, `header has no label column "y": it has "a;b;y" (values must be separated by commas)`},
		{"semicolons under a header", ReadOptions{Width: 2}, "a,b\n1;2\n", 0, "in: row 1 (line 2): 1 columns, the header has 2 (values must be separated by commas)"},
		{"numbered header without the label", ReadOptions{Width: 2, Features: []string{"0", "1"}, Label: "y"}, "0,1\n1,2\n", 0, `header has no label column "y": it has "0", "1"`},
		{"later semicolons", ReadOptions{Width: 2}, "1,2\n1;2\n", 1, "1 values, the model takes 2 (values must be separated by commas)"},
		{"semicolons and decimal commas", ReadOptions{Width: 3}, "a,b,c\n1,5;2,5\n", 0, `column 2 ("b"): "5;2" is not a number: values are separated by commas, and written with a decimal point`},
		{"empty field", ReadOptions{Width: 2}, "a,b\n1,2\n3, \n", 1, `in: row 2 (line 3): column 2 ("b"): empty: write nan for a missing value`},
		{"empty field in the first row", ReadOptions{Width: 2}, ",2\n", 0, "in: row 1 (line 1): column 1: empty: write nan"},
		{"a word", ReadOptions{Width: 2}, "1,2\n3,four\n", 1, `column 2: "four" is not a number`},
		{"a word in the first row", ReadOptions{Width: 2}, "1,?\n3,4\n", 0, `in: first line is neither header nor row: "?" is not a number, "1" is no name`},
		{"a word with spaces inside", ReadOptions{Width: 1}, "1\n2 3\n", 1, `"2 3" is not a number`},
		{"long word", ReadOptions{Width: 1}, "1\n" + strings.Repeat("x", 1000) + "\n", 1, `"` + strings.Repeat("x", 40) + `"… is not a number`},
		{"too large", ReadOptions{Width: 2}, "1,3.5e38\n", 0, `column 2: "3.5e38" does not fit in a float32`},
		{"stray quote", ReadOptions{Width: 2}, "1,2\n3,4\"\n", 1, `in: row 2 (line 2): byte 4: bare " in non-quoted-field`},
		{"stray quote in the first line", ReadOptions{Width: 2}, "3,4\"\n", 0, `in: first line: parse error`},
		{"open quote", ReadOptions{Width: 2}, "1,2\n3,\"4\n", 1, `in: row 2 (line 2): byte 6: extraneous or missing " in quoted-field`},
		{"features missing", ReadOptions{Width: 7, Features: wide}, "a,x,y\n", 0, `in: header lacks the features "b", "c", "d", "e", "f" and 1 more: it has "a", "x", "y"`},
		{"one feature missing, as many columns", ReadOptions{Width: 2, Features: ab}, "a,x\n1,2\n", 0, `header lacks the features "b"`},
		{"none of the features, too many columns", ReadOptions{Width: 2, Features: ab}, "x,y,z\n1,2,3\n", 0, `header lacks the features "a", "b": it has "x", "y", "z"`},
		{"too many columns", ReadOptions{Width: 2}, "x,y,z\n1,2,3\n", 0, "header has 3 columns of values, the model takes 2"},
		{"too few columns beside the label", ReadOptions{Width: 3, Label: "z"}, "x,y,z\n1,2,3\n", 0, "header has 2 columns of values, the model takes 3"},
		{"no label", ReadOptions{Width: 2, Label: "y"}, "a,b\n1,2\n", 0, `header has no label column "y": it has "a", "b"`},
		{"label without header", ReadOptions{Width: 2, Label: "y"}, "1,2,3\n", 0, `in: no header line: the label "y" is found by the name of its column`},
		{"feature twice", ReadOptions{Width: 2, Features: ab}, "a,b,a\n1,2,3\n", 0, `header names the column "a" twice`},
		{"label twice", ReadOptions{Width: 2, Label: "y"}, "y,b,y\n1,2,3\n", 0, `header names the column "y" twice`},
	})
}

// TestManyIgnoredColumns bounds what is remembered for a note.
func TestManyIgnoredColumns(t *testing.T) {
	header := "a" + strings.Repeat(",x", 1000) + "\n"
	r, err := NewReader(strings.NewReader(header), "in", CSV, ReadOptions{Width: 1, Features: []string{"a"}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := r.Ignored(), slices.Repeat([]string{"x"}, maxIgnored); !slices.Equal(got, want) {
		t.Errorf("%q, want %d times x", got, maxIgnored)
	}
}
