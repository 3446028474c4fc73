package table

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// textWriter writes rows as lines; csv and jsonl differ only in how a line is made.
type textWriter struct {
	rows
	w          io.Writer
	line       []byte // lines not yet written
	appendLine func(line []byte, values []float32, label string) []byte
}

func (t *textWriter) Write(values []float32, n int, labels []string) error {
	if !t.label {
		labels = nil
	}
	t.check(values, n, labels)
	t.line = t.line[:0]
	for i := range n {
		label := ""
		if t.label {
			label = labels[i]
		}
		t.line = t.appendLine(t.line, values[i*t.width:(i+1)*t.width], label)
		if len(t.line) >= writeChunk || i == n-1 {
			if _, err := t.w.Write(t.line); err != nil {
				return fmt.Errorf("table: writing rows: %w", err)
			}
			t.line = t.line[:0]
		}
	}
	return nil
}

// Close has nothing left to do: every Write writes all.
func (t *textWriter) Close() error { return nil }

func newCSVWriter(w io.Writer, r rows, columns []string) (*textWriter, error) {
	var header []byte
	for i, name := range columns {
		if i > 0 {
			header = append(header, ',')
		}
		header = appendField(header, name)
	}
	if r.label {
		header = append(header, ",label"...)
	}
	header = append(header, '\n')
	if _, err := w.Write(header); err != nil {
		return nil, fmt.Errorf("table: writing the csv header: %w", err)
	}
	return &textWriter{rows: r, w: w, appendLine: func(line []byte, values []float32, label string) []byte {
		for i, v := range values {
			if i > 0 {
				line = append(line, ',')
			}
			line = appendCSV(line, v)
		}
		if r.label {
			line = append(line, ',')
			line = appendField(line, label)
		}
		return append(line, '\n')
	}}, nil
}

// appendCSV appends the shortest text that reads back to the same float32.
func appendCSV(line []byte, v float32) []byte {
	switch {
	case v != v:
		return append(line, "nan"...)
	case math.IsInf(float64(v), 1):
		return append(line, "inf"...)
	case math.IsInf(float64(v), -1):
		return append(line, "-inf"...)
	}
	return strconv.AppendFloat(line, float64(v), 'g', -1, 32)
}

// appendField appends a name or a label, quoted where a csv reader would take it apart or trim it.
func appendField(line []byte, s string) []byte {
	if s != "" && s == strings.TrimSpace(s) && !strings.ContainsAny(s, "\",\r\n") {
		return append(line, s...)
	}
	line = append(line, '"')
	line = append(line, strings.ReplaceAll(s, `"`, `""`)...)
	return append(line, '"')
}

func newJSONLWriter(w io.Writer, r rows) *textWriter {
	var quoted bytes.Buffer
	quoter := json.NewEncoder(&quoted)
	quoter.SetEscapeHTML(false) // a class may well be called <=50K
	return &textWriter{rows: r, w: w, appendLine: func(line []byte, values []float32, label string) []byte {
		line = append(line, `{"values":[`...)
		for i, v := range values {
			if i > 0 {
				line = append(line, ',')
			}
			line = appendJSON(line, v)
		}
		line = append(line, ']')
		if r.label {
			quoted.Reset()
			if err := quoter.Encode(label); err != nil {
				panic("table: a string that is not JSON: " + err.Error())
			}
			line = append(line, `,"label":`...)
			line = append(line, bytes.TrimSuffix(quoted.Bytes(), []byte("\n"))...)
		}
		return append(line, "}\n"...)
	}}
}

// appendJSON appends a number, or a string for what JSON has no number for.
func appendJSON(line []byte, v float32) []byte {
	switch {
	case v != v:
		return append(line, `"NaN"`...)
	case math.IsInf(float64(v), 1):
		return append(line, `"Infinity"`...)
	case math.IsInf(float64(v), -1):
		return append(line, `"-Infinity"`...)
	}
	return strconv.AppendFloat(line, float64(v), 'g', -1, 32)
}
