package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

// progress shows how much of a file has been read, on one line that it draws over and over. The
// well-known packages for this bring an HTTP client or a terminal toolkit along, which would nearly
// double the size of the board's binary.
type progress struct {
	source io.Reader
	screen io.Writer
	total  int64 // bytes
	done   int64
	start  time.Time
	next   time.Time // when the line is drawn again
}

// newProgress returns nil where a bar is of no use: where nobody sees it, because stderr is no
// terminal, and where there is too little to wait for.
func newProgress(file *os.File, stderr io.Writer) *progress {
	const long = 8 << 20 // bytes; less is done before a bar is understood
	info, err := file.Stat()
	if !isTerminal(stderr) || err != nil || !info.Mode().IsRegular() || info.Size() < long {
		return nil
	}
	return &progress{source: file, screen: stderr, total: info.Size(), start: time.Now()}
}

func (p *progress) Read(b []byte) (int, error) {
	n, err := p.source.Read(b)
	p.done += int64(n)
	if now := time.Now(); now.After(p.next) {
		// A terminal that went away must not end the work: its error is of no interest.
		io.WriteString(p.screen, "\r\x1b[K"+p.line(now.Sub(p.start)))
		p.next = now.Add(100 * time.Millisecond)
	}
	return n, err
}

// line is what is shown after a time: 40 % [########------------] 12 of 30 MiB, 3 s left.
func (p *progress) line(elapsed time.Duration) string {
	const width = 20
	share := min(float64(p.done)/float64(p.total), 1) // a file may grow while it is read
	full := int(share * width)
	text := fmt.Sprintf("%3.0f %% [%s%s] %d of %d MiB", 100*share,
		strings.Repeat("#", full), strings.Repeat("-", width-full), p.done>>20, p.total>>20)
	if share > 0 && elapsed > time.Second { // a guess from less would jump about
		left := time.Duration(float64(elapsed) * (1 - share) / share)
		text += fmt.Sprintf(", %v left", left.Round(time.Second))
	}
	return text
}

// clear takes the line away.
func (p *progress) clear() { io.WriteString(p.screen, "\r\x1b[K") }

// isTerminal reports whether a person is at the other end of a stream.
func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
