package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"

	"golang.org/x/term"

	"github.com/edge-infer/edge-infer/boards"
)

// watch shows the state of a board again and again.
type watch struct {
	telemetry *boards.Telemetry
	out       io.Writer
	interval  time.Duration
	count     int // 0 for until ctx ends
	json      bool

	drawn int // lines that are on the terminal
}

// watchLine is what board --watch --json prints a line.
type watchLine struct {
	Time time.Time `json:"time"`
	*boards.State
}

// run ends without an error when a signal comes: that is how a person ends it.
func (w *watch) run(ctx context.Context) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	ticker := time.NewTicker(w.interval)
	defer ticker.Stop()
	for n := 1; ; n++ {
		if err := w.show(w.telemetry.Read()); err != nil {
			return err
		}
		if n == w.count {
			return nil
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// show draws a state over the last one on a terminal, and below it elsewhere.
func (w *watch) show(s *boards.State) error {
	if w.json {
		e := json.NewEncoder(w.out)
		e.SetEscapeHTML(false)
		return e.Encode(watchLine{time.Now(), s})
	}
	var text bytes.Buffer
	fmt.Fprintf(&text, "%s, every %v; Ctrl-C ends\n", time.Now().Format(time.TimeOnly), w.interval)
	printState(&text, s)
	screen := text.Bytes()
	if file, ok := w.out.(*os.File); ok && isTerminal(w.out) {
		width, height, err := term.GetSize(int(file.Fd()))
		if err != nil || width < 1 || height < 2 {
			width, height = 80, 24
		}
		screen = w.redraw(text.String(), width, height)
	} else {
		screen = append(screen, '\n')
	}
	_, err := w.out.Write(screen)
	return err
}

// redraw moves the cursor to where the last state begins and draws the lines that fit: a longer line
// would break, and one more would scroll, and both would leave remains.
func (w *watch) redraw(text string, width, height int) []byte {
	var screen bytes.Buffer
	if w.drawn > 0 {
		fmt.Fprintf(&screen, "\x1b[%dA", min(w.drawn, height-1))
	}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	lines = lines[:min(len(lines), height-1)]
	for _, line := range lines {
		if utf8.RuneCountInString(line) > width {
			line = string([]rune(line)[:width])
		}
		screen.WriteString(line + "\x1b[K\n")
	}
	screen.WriteString("\x1b[J")
	w.drawn = len(lines)
	return screen.Bytes()
}
