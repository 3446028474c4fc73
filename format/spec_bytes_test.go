package format

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
)

// TestSpecBytes holds the bytes shown in SPEC.md against the file of the example.
func TestSpecBytes(t *testing.T) {
	const (
		before = "<!-- the bytes of example.edge, written by go test -update -->\n```text\n"
		after  = "```\n"
	)
	text, err := os.ReadFile("SPEC.md")
	if err != nil {
		t.Fatal(err)
	}
	head, rest, found := strings.Cut(string(text), before)
	shown, tail, closed := strings.Cut(rest, after)
	if !found || !closed {
		t.Fatal("SPEC.md has no place for the bytes")
	}
	file, err := Marshal(example())
	if err != nil {
		t.Fatal(err)
	}
	want := listing(file, example())
	if *update {
		if err := os.WriteFile("SPEC.md", []byte(head+before+want+after+tail), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if shown != want {
		t.Errorf("SPEC.md shows other bytes than go test -update writes:\n%s", want)
	}
}

// listing annotates the bytes of a file.
func listing(file []byte, m *Model) string {
	w := byteWalk{file: file}
	w.value("", 0, 0)
	table, size := m.tensorTable()
	payload := len(file) - size
	for _, t := range table {
		start := payload + t.offset
		w.line(start, start+t.size, 1, fmt.Sprintf("tensor %s, %s %v", t.name, t.dtype, t.shape))
	}
	return w.text.String()
}

// A byteWalk lists a MessagePack value, a line for each scalar and each head of
// a map or array.
type byteWalk struct {
	file []byte
	at   int // bytes read
	text bytes.Buffer
	keys []string // of the outermost map
}

// line lists some bytes, at most sixteen of them.
func (w *byteWalk) line(from, to, depth int, note string) {
	hex, more := w.file[from:to], ""
	if len(hex) > 16 {
		hex, more = hex[:15], " .."
	}
	fmt.Fprintf(&w.text, "%4d  %-48s %s%s\n", from, fmt.Sprintf("% x%s", hex, more), strings.Repeat("  ", depth), note)
}

// value lists the value at w.at, which belongs to the key that begins at from.
func (w *byteWalk) value(label string, from, depth int) {
	if label != "" {
		label += ": "
	}
	kind, n, text := w.token()
	w.line(from, w.at, depth, label+text)
	switch kind {
	case "map":
		for range n {
			start := w.at
			_, _, key := w.token()
			key = strings.Trim(key, `"`)
			if depth == 0 {
				w.keys = append(w.keys, key)
			}
			w.value(key, start, depth+1)
		}
	case "array":
		for i := range n {
			if strings.HasPrefix(label, "tensors") && i > 0 {
				rest := &byteWalk{file: w.file, at: w.at} // the rows look alike
				for range n - i {
					rest.value("", rest.at, depth)
				}
				w.line(w.at, rest.at, depth+1, fmt.Sprintf("%d rows more", n-i))
				w.at = rest.at
				break
			}
			w.value("", w.at, depth+1)
		}
	}
}

// token reads a scalar or the head of a map or array, and says what it is.
func (w *byteWalk) token() (kind string, n int, text string) {
	code := w.file[w.at]
	w.at++
	number := func(size int) int { // big-endian
		value := 0
		for _, b := range w.file[w.at : w.at+size] {
			value = value<<8 | int(b)
		}
		w.at += size
		return value
	}
	str := func(n int) (string, int, string) {
		s := string(w.file[w.at : w.at+n])
		w.at += n
		return "str", n, fmt.Sprintf("%q", s)
	}
	switch {
	case code < 0x80:
		return "int", int(code), fmt.Sprint(code)
	case code < 0x90:
		return "map", int(code & 15), fmt.Sprintf("map of %d", code&15)
	case code < 0xa0:
		return "array", int(code & 15), fmt.Sprintf("array of %d", code&15)
	case code < 0xc0:
		return str(int(code & 31))
	}
	switch code {
	case 0xc0:
		return "nil", 0, "nil"
	case 0xc2, 0xc3:
		return "bool", 0, fmt.Sprint(code == 0xc3)
	case 0xc4, 0xc5, 0xc6:
		n = number(1 << (code - 0xc4))
		if w.at+n < len(w.file) { // pad, but not data
			w.at += n
		}
		return "bin", n, fmt.Sprintf("bin of %d bytes", n)
	case 0xca:
		value := math.Float32frombits(binary.BigEndian.Uint32(w.file[w.at:]))
		w.at += 4
		return "float 32", 0, fmt.Sprintf("float 32 %g", value)
	case 0xcb:
		value := math.Float64frombits(binary.BigEndian.Uint64(w.file[w.at:]))
		w.at += 8
		return "float 64", 0, fmt.Sprintf("float 64 %g", value)
	case 0xcc, 0xcd:
		n = number(1 << (code - 0xcc))
		return "int", n, fmt.Sprint(n)
	case 0xce:
		return "uint 32", 0, fmt.Sprintf("uint 32 0x%08x", uint32(number(4)))
	case 0xdc:
		n = number(2)
		return "array", n, fmt.Sprintf("array of %d", n)
	case 0xde:
		n = number(2)
		return "map", n, fmt.Sprintf("map of %d", n)
	}
	panic(fmt.Sprintf("byte %d: a code %#x, which the example does not need", w.at-1, code))
}
