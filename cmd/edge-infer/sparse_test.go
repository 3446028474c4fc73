package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

// wideModel counts so many words, and begins with a dense layer or, if there is one, another.
func wideModel(words, outputs int, first ...format.Layer) *format.Model {
	m := &format.Model{
		Numerics: format.Numerics,
		Input:    format.Input{Shape: []int{words}, DType: format.F32, Layout: format.Words},
		Layers:   append(first, &format.Dense{Weight: "w", Bias: "b"}, &format.Activation{Function: format.ReLU}, &format.Softmax{}),
		Output:   format.Output{Kind: format.Probabilities},
	}
	for i := range words {
		m.Input.Features = append(m.Input.Features, fmt.Sprintf("w%d", i))
	}
	random := rand.New(rand.NewPCG(3, 4))
	values := make([]float32, words*outputs)
	for i := range values {
		values[i] = float32(random.NormFloat64())
	}
	m.AddTensor(format.NewTensor("w", []int{words, outputs}, values))
	m.AddTensor(format.NewTensor("b", []int{outputs}, values[:outputs]))
	return m
}

// wideRows draws rows of counts, and writes them in every form that edge-infer reads.
func wideRows(t *testing.T, dir string, words, rows int) {
	t.Helper()
	random := rand.New(rand.NewPCG(5, 6))
	var csv, svmlight, jsonl, text strings.Builder
	for range rows {
		counts := make([]int, words)
		for range 40 {
			counts[random.IntN(words)]++
		}
		svmlight.WriteString("0")
		var cells, members, document []string
		for i, n := range counts {
			cells = append(cells, fmt.Sprint(n))
			if n == 0 {
				continue
			}
			fmt.Fprintf(&svmlight, " %d:%d", i+1, n)
			members = append(members, fmt.Sprintf(`"w%d":%d`, i, n))
			for range n {
				document = append(document, fmt.Sprintf("W%d", i))
			}
		}
		shuffle := func(list []string) {
			random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		}
		shuffle(members)
		shuffle(document)
		fmt.Fprintln(&csv, strings.Join(cells, ","))
		fmt.Fprintln(&svmlight)
		fmt.Fprintf(&jsonl, "{%s}\n", strings.Join(members, ","))
		fmt.Fprintln(&text, strings.Join(document, "; unknown "))
	}
	for name, content := range map[string]string{"x.csv": csv.String(), "x.svmlight": svmlight.String(), "x.jsonl": jsonl.String(), "x.txt": text.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// Rows that give only their elements, and texts, have the bits of the whole rows: where the sparse
// path takes them, and where they are made dense, on every backend.
func TestSparseRowsHaveTheBitsOfWholeRows(t *testing.T) {
	const words, rows = 2000, 70 // more than a batch
	dir := t.TempDir()
	wideRows(t, dir, words, rows)
	for name, m := range map[string]*format.Model{
		"dense first":     wideModel(words, 17),
		"threshold first": wideModel(words, 3, &format.Threshold{Cut: format.Cut{Comparison: format.Greater}}),
	} {
		t.Run(name, func(t *testing.T) {
			model := filepath.Join(dir, "m.edge")
			file, err := format.Marshal(m)
			if err == nil {
				err = os.WriteFile(model, file, 0o644)
			}
			if err != nil {
				t.Fatal(err)
			}
			answers := func(args ...string) []byte {
				var stdout, stderr bytes.Buffer
				args = append([]string{"run", model, "--output-format", "raw"}, args...)
				if code := run(args, strings.NewReader(""), &stdout, &stderr); code != 0 || stderr.Len() > 0 {
					t.Fatalf("%q: exit code %d: %s", args, code, stderr.String())
				}
				return stdout.Bytes()
			}
			want := answers("--input", filepath.Join(dir, "x.csv"), "--backend", string(runtime.Reference))
			if len(want) != 4*rows*m.OutputSize() {
				t.Fatalf("%d bytes for %d rows", len(want), rows)
			}
			for _, backend := range runtime.Backends() {
				for _, args := range [][]string{{"x.csv"}, {"x.svmlight"}, {"x.jsonl", "--sparse"}, {"x.txt"}, {"x.txt", "--batch", "1"}} {
					got := answers(append([]string{"--backend", string(backend), "--input", filepath.Join(dir, args[0])}, args[1:]...)...)
					if !bytes.Equal(got, want) {
						t.Errorf("%s, %q: other bits than the whole rows on the reference", backend, args)
					}
				}
			}
		})
	}
}

func TestDrawSparse(t *testing.T) {
	for _, c := range []struct{ rows, width, elements int }{{1, 1, 1}, {3, 5, 5}, {50, 100, 30}, {2, 100_000, 40}} {
		x := drawSparse(c.rows, c.width, c.elements)
		if len(x.Offsets) != c.rows+1 || len(x.Columns) != c.rows*c.elements || len(x.Values) != len(x.Columns) {
			t.Fatalf("%v: %d offsets, %d columns, %d values", c, len(x.Offsets), len(x.Columns), len(x.Values))
		}
		for row := range c.rows {
			columns := x.Columns[row*c.elements:][:c.elements]
			if !slices.IsSorted(columns) || len(slices.Compact(slices.Clone(columns))) != c.elements || columns[0] < 0 || int(columns[c.elements-1]) >= c.width {
				t.Fatalf("%v: columns %v", c, columns)
			}
		}
	}
}
