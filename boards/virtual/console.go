//go:build linux

package main

import (
	"bytes"
	"io"
	"strings"
	"sync"
	"time"
)

// console keeps the end of what a board prints on its serial console, and passes everything on.
type console struct {
	mu   sync.Mutex
	kept []byte
	next io.Writer
	// panicked is called when the kernel says that it panics: it does not always end by that.
	panicked func()
}

const (
	keptBytes = 32 << 10
	panicLine = "Kernel panic - not syncing"
	// panicDelay is for what the kernel prints after that line.
	panicDelay = time.Second
)

func (c *console) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	seen := max(0, len(c.kept)-len(panicLine))
	c.kept = append(c.kept, b...)
	if c.panicked != nil && bytes.Contains(c.kept[seen:], []byte(panicLine)) {
		time.AfterFunc(panicDelay, c.panicked)
		c.panicked = nil
	}
	if extra := len(c.kept) - keptBytes; extra > keptBytes {
		c.kept = append(c.kept[:0], c.kept[extra:]...)
	}
	return c.next.Write(b)
}

// tail is the last lines, each on a line of its own and behind a mark, with nothing in them that would steer a terminal.
func (c *console) tail(lines int) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var b strings.Builder
	all := bytes.Split(bytes.TrimSpace(c.kept), []byte("\n"))
	for _, line := range all[max(0, len(all)-lines):] {
		b.WriteString("\n  | ")
		for _, r := range string(bytes.TrimSpace(line)) {
			if r >= ' ' && r != 0x7f {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}
