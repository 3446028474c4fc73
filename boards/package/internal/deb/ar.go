package deb

import (
	"fmt"
	"io"
	"time"
)

// arWriter writes an ar archive, and keeps the first error.
type arWriter struct {
	w    io.Writer
	time time.Time
	err  error
}

func (a *arWriter) begin() { a.write([]byte("!<arch>\n")) }

// member writes a file with a name of at most 16 letters. Its header is 60 bytes of text; files begin at even places.
func (a *arWriter) member(name string, content []byte) {
	header := fmt.Sprintf("%-16s%-12d%-6d%-6d%-8o%-10d`\n", name, a.time.Unix(), 0, 0, 0o100644, len(content))
	if len(header) != 60 {
		panic(fmt.Sprintf("deb: the header of %s has %d bytes, not 60", name, len(header)))
	}
	a.write([]byte(header))
	a.write(content)
	if len(content)%2 == 1 {
		a.write([]byte{'\n'})
	}
}

func (a *arWriter) write(p []byte) {
	if a.err == nil {
		_, a.err = a.w.Write(p)
	}
}
