package main

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"
)

func TestProgressLine(t *testing.T) {
	for _, test := range []struct {
		done, total int64
		elapsed     time.Duration
		want        string
	}{
		{0, 32 << 20, 0, "  0 % [--------------------] 0 of 32 MiB"},
		{8 << 20, 32 << 20, 2 * time.Second, " 25 % [#####---------------] 8 of 32 MiB, 6s left"},
		{32 << 20, 32 << 20, 500 * time.Millisecond, "100 % [####################] 32 of 32 MiB"},
		{40 << 20, 32 << 20, time.Minute, "100 % [####################] 40 of 32 MiB, 0s left"}, // the file grew
	} {
		p := progress{done: test.done, total: test.total}
		if got := p.line(test.elapsed); got != test.want {
			t.Errorf("%d of %d bytes: %q, want %q", test.done, test.total, got, test.want)
		}
	}
}

func TestProgressPassesTheBytesOn(t *testing.T) {
	const text = "the rows of a file"
	var screen bytes.Buffer
	p := &progress{source: strings.NewReader(text), screen: &screen, total: int64(len(text))}
	got, err := io.ReadAll(p)
	p.clear()
	if string(got) != text || err != nil {
		t.Errorf("read %q, %v", got, err)
	}
	if drawn := screen.String(); strings.Count(drawn, "%") != 1 || !strings.HasSuffix(drawn, "\r\x1b[K") {
		t.Errorf("drew %q: one line in so short a time, and then nothing, is right", drawn)
	}
}
