package sink

import (
	"context"
	"fmt"
	"io"
)

// Lines writes each message as a line.
type Lines struct {
	w    io.Writer
	line []byte
	torn bool // the last write stopped in the middle of a line
}

// NewLines returns a sink for standard output, a pipe or a buffer. Close leaves w open.
func NewLines(w io.Writer) *Lines {
	return &Lines{w: w}
}

// Send writes the line and its newline in one call. A line that an error has torn is ended before the next one, so that a
// reader loses one line and not two.
func (l *Lines) Send(_ context.Context, m *Message) error {
	l.line = l.line[:0]
	if l.torn {
		l.line = append(l.line, '\n')
	}
	l.line = append(append(l.line, m.Line...), '\n')
	n, err := l.w.Write(l.line)
	if n > 0 {
		l.torn = n < len(l.line) && l.line[n-1] != '\n'
	}
	if err == nil && n < len(l.line) {
		err = io.ErrShortWrite
	}
	if err != nil {
		return fmt.Errorf("sink: line: %w", err)
	}
	return nil
}

// Close does nothing: nothing is held back.
func (l *Lines) Close() error { return nil }
