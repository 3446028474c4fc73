package man

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

// roff is a page being written, in the macros of man(7).
type roff struct{ buffer bytes.Buffer }

func (r *roff) bytes() []byte { return r.buffer.Bytes() }

// head begins a page. Readers take the date for one only if its hyphens are plain.
func (r *roff) head(title, section string, date time.Time, source, manual string) {
	fmt.Fprintf(&r.buffer, ".TH \"%s\" \"%s\" \"%s\" \"%s\" \"%s\"\n",
		escape(title), section, date.UTC().Format(time.DateOnly), escape(source), escape(manual))
}

// macro writes a request with its arguments.
func (r *roff) macro(name string, arguments ...string) {
	r.buffer.WriteString("." + name)
	for _, a := range arguments {
		r.buffer.WriteString(` "` + escape(a) + `"`)
	}
	r.buffer.WriteByte('\n')
}

// text writes paragraphs, with indented lines as they are.
func (r *roff) text(text string) {
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	first := true
	for len(lines) > 0 {
		// A block ends where the indentation begins or ends. An empty line ends a paragraph, but not a table.
		n, table := 0, indented(lines[0])
		for n < len(lines) && (indented(lines[n]) == table && lines[n] != "" || table && lines[n] == "" && n+1 < len(lines) && indented(lines[n+1])) {
			n++
		}
		if n > 0 {
			if !first {
				r.macro("PP")
			}
			first = false
			if table {
				r.preformatted(lines[:n])
			} else {
				r.paragraph(strings.Join(lines[:n], "\n"))
			}
		}
		if lines = lines[n:]; len(lines) > 0 && lines[0] == "" {
			lines = lines[1:]
		}
	}
}

func indented(line string) bool { return strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t") }

// paragraph writes lines that man fills.
func (r *roff) paragraph(text string) {
	for line := range strings.SplitSeq(text, "\n") {
		r.line(strings.TrimSpace(line))
	}
}

// preformatted writes lines that man leaves as they are.
func (r *roff) preformatted(lines []string) {
	r.macro("nf")
	for _, line := range lines {
		r.line(strings.TrimRight(line, " \t"))
	}
	r.macro("fi")
}

// item begins a paragraph that hangs under a term.
func (r *roff) item(term string) {
	r.macro("TP")
	r.macro("B", term)
}

// line writes a line of text. A period or a quote at its beginning would make it a request.
func (r *roff) line(line string) {
	if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
		r.buffer.WriteString(`\&`)
	}
	r.buffer.WriteString(escape(line) + "\n")
}

// escape gives letters that roff would read or print otherwise. A hyphen that is typed has to stay one: roff would print
// a typographic one, which a shell does not take when it is copied.
func escape(text string) string { return escapes.Replace(text) }

var escapes = strings.NewReplacer(
	`\`, `\e`, `-`, `\-`, `'`, `\(aq`, "`", `\(ga`, `"`, `\(dq`, `^`, `\(ha`, `~`, `\(ti`,
)
