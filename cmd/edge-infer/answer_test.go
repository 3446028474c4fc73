package main

import (
	"bufio"
	"bytes"
	"io"
	"path/filepath"
	goruntime "runtime"
	"testing"
)

// modelFile writes the models to a folder of the test and returns the name of one.
func modelFile(t *testing.T, name string) string {
	t.Helper()
	dir := t.TempDir()
	writeModels(t, dir)
	return filepath.Join(dir, name)
}

// A producer that waits for each answer before it sends the next row must get it.
func TestRunAnswersALiveProducer(t *testing.T) {
	tests := map[string]struct {
		batch  string
		format string
		header string // of the answers
		send   string
		want   []string
	}{
		"row by row":    {"1", "csv", "logit_cat,logit_dog,label\n", "1,2\n", []string{"1,2,dog\n"}},
		"by two":        {"2", "csv", "logit_cat,logit_dog,label\n", "1,2\n4,3\n", []string{"1,2,dog\n", "4,3,cat\n"}},
		"jsonl":         {"1", "jsonl", "", "[1,2]\n", []string{`{"values":[1,2],"label":"dog"}` + "\n"}},
		"svmlight":      {"1", "svmlight", "logit_cat,logit_dog,label\n", "1:1 2:2\n", []string{"1,2,dog\n"}},
		"raw, 1 and -1": {"1", "raw", "", "\x00\x00\x80\x3f\x00\x00\x80\xbf", []string{"\x00\x00\x80\x3f\x00\x00\x80\xbf"}},
	}
	model := modelFile(t, "logits.edge")
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			rows, producer := io.Pipe()
			consumer, answers := io.Pipe()
			var stderr bytes.Buffer
			code := make(chan int)
			go func() {
				defer answers.Close()
				code <- run([]string{"run", model, "--batch", test.batch, "--format", test.format}, rows, answers, &stderr)
			}()
			reader := bufio.NewReader(consumer)
			expect := func(want string) {
				got := make([]byte, len(want))
				if _, err := io.ReadFull(reader, got); err != nil || string(got) != want {
					t.Errorf("answer %q (%v), want %q", got, err, want)
				}
			}
			for round := range 3 {
				if _, err := io.WriteString(producer, test.send); err != nil {
					t.Fatal(err)
				}
				if round == 0 {
					expect(test.header)
				}
				for _, want := range test.want {
					expect(want)
				}
			}
			producer.Close()
			if got := <-code; got != 0 {
				t.Errorf("exit code %d: %s", got, stderr.String())
			}
		})
	}
}

// rowSource gives the same row of csv again and again, and notes how much memory is in use after the
// first thousand rows and at the end.
type rowSource struct {
	rows, given   int
	early, atLast uint64 // bytes
}

func (s *rowSource) Read(p []byte) (int, error) {
	const row = "0.25,0.5\n"
	if s.given == s.rows {
		s.atLast = memoryInUse()
		return 0, io.EOF
	}
	if s.given >= 1000 && s.early == 0 {
		s.early = memoryInUse()
	}
	n := 0
	for ; s.given < s.rows && n+len(row) <= min(len(p), 4096); s.given++ {
		n += copy(p[n:], row)
	}
	return n, nil
}

func memoryInUse() uint64 {
	var m goruntime.MemStats
	goruntime.GC()
	goruntime.ReadMemStats(&m)
	return m.HeapAlloc
}

// counter counts lines without keeping them.
type counter struct{ lines int }

func (c *counter) Write(p []byte) (int, error) {
	c.lines += bytes.Count(p, []byte("\n"))
	return len(p), nil
}

func TestRunTakesTheSameMemoryForMoreRows(t *testing.T) {
	source := &rowSource{rows: 100_000}
	var answers counter
	if code := run([]string{"run", modelFile(t, "logits.edge")}, source, &answers, io.Discard); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	if answers.lines != source.rows+1 {
		t.Errorf("%d lines for %d rows", answers.lines, source.rows)
	}
	// Keeping as little as a byte for each row would show.
	if source.atLast > source.early+64<<10 {
		t.Errorf("%d bytes in use early, %d after %d rows", source.early, source.atLast, source.rows)
	}
}
