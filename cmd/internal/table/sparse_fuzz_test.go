package table

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// fuzzSparse reads data in batches of several sizes, and requires what every SparseReader promises:
// readSparse checks the columns, and the batches must not matter.
func fuzzSparse(t *testing.T, f Format, data []byte, opts ReadOptions) (result, error) {
	t.Helper()
	var first result
	var firstErr error
	for i, batch := range []int{3, 1} {
		got, err := readElements(t, bytes.NewReader(data), f, opts, batch)
		if i == 0 {
			first, firstErr = got, err
			continue
		}
		if fmt.Sprint(err) != fmt.Sprint(firstErr) || !sameFloats(got.values, first.values) || !slices.Equal(got.labels, first.labels) {
			t.Fatalf("in batches of 3: %v, %v; row by row: %v, %v", first, firstErr, got, err)
		}
	}
	nans := int64(0)
	for _, v := range first.values {
		if opts.Pixels && v != float32(uint8(v)) {
			t.Fatalf("%v is no pixel", v)
		}
		if v != v {
			nans++
		}
	}
	if nans != first.nans || len(first.ignored) > maxIgnored {
		t.Fatalf("%d NaN values, %d counted; %d names ignored", nans, first.nans, len(first.ignored))
	}
	return first, firstErr
}

// FuzzSVMLight writes what was read as svmlight again, from the other first index, and requires it
// to read back the same.
func FuzzSVMLight(f *testing.F) {
	for _, seed := range []string{
		"", "1 1:2 2:3\n", "# Column indices are zero-based\n0 \n-1.5 0:2 1:1e-30\n", "1 qid:3 1:1 # c\n\n1,2\n", "\ufeff2:nan\r\n1:-inf",
		"spam 1:0x1p-2 2:-0", "1 1:1 1:1", "1 2:1 1:1", "1 0:1", "1 3:1", "1 :1", "1 1:", "1 1:2:3", "1 18446744073709551617:1", "+1 01:255 # Column indices are one-based",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, opts := range []ReadOptions{
			{Width: 2},
			{Width: 2, FirstIndex: FirstIndex0, Label: "label"},
			{Width: 2, FirstIndex: FirstIndex1, Pixels: true},
		} {
			got, err := fuzzSparse(t, SVMLight, data, opts)
			if err != nil {
				continue
			}
			var again strings.Builder
			again.WriteString("# Column indices are zero-based\n")
			for row := 0; row < len(got.values); row += 2 {
				label := "0"
				if got.labels != nil {
					label = got.labels[row/2]
				}
				fmt.Fprintf(&again, "%s 0:%v 1:%v\n", label, got.values[row], got.values[row+1])
			}
			same, err := fuzzSparse(t, SVMLight, []byte(again.String()), ReadOptions{Width: 2, Label: opts.Label, Pixels: opts.Pixels})
			if err != nil || !sameFloats(same.values, got.values) || !slices.Equal(same.labels, got.labels) {
				t.Fatalf("%v became %v, %v", got, same, err)
			}
		}
	})
}

// FuzzSparseJSONL requires that rows with every feature are what the reader of whole rows reads.
func FuzzSparseJSONL(f *testing.F) {
	for _, seed := range []string{
		"", `{}`, "\ufeff{\"b\":1}\n\n{\"a\":null}", `{"a":1,"b":2,"label":"x"}`, `{"a":1,"a":2}`, `{"values":[1,2]}`, `{"c":{"a":1},"b":"Infinity"}`, `[1,2]`, `{"label":7}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		opts := ReadOptions{Width: 2, Features: []string{"a", "b"}}
		fuzzSparse(t, JSONL, data, ReadOptions{Width: 2, Features: opts.Features, Label: "label", Pixels: true})
		got, sparseErr := fuzzSparse(t, JSONL, data, opts)
		r, err := NewReader(bytes.NewReader(data), "in", JSONL, opts)
		if err != nil {
			t.Fatal(err)
		}
		whole, err := readAll(t, r, opts, 2)
		if n := len(whole.values); sparseErr == nil && (n > len(got.values) || !sameFloats(got.values[:n], whole.values) || err == nil && n != len(got.values)) {
			t.Fatalf("sparse %v, whole %v, %v", got, whole, err)
		}
	})
}

// FuzzTexts reads every form of text.
func FuzzTexts(f *testing.F) {
	for _, seed := range []string{
		"", "Free money\n\nfree\r\ncaf\xe9", "\ufeffbody,kind\nfree,x\n\"free, \"\"money\"\"\n\",y\n", `{"body":"free \u00e9 \ud800","kind":"x"}`, "{\"body\":\"\xff\"}", "body\n\"free", `{"body":1}`,
	} {
		f.Add([]byte(seed))
	}
	column := counted()
	column.TextColumn = "body"
	labelled := column
	labelled.Label = "kind"
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzzSparse(t, Text, data, counted())
		for _, format := range []Format{CSV, JSONL} {
			fuzzSparse(t, format, data, column)
			fuzzSparse(t, format, data, labelled)
		}
	})
}
