package stream

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"
)

// A Replay is a source that yields the readings of a recording again, with their
// times.
type Replay struct {
	r        *bufio.Reader
	channels []Channel
	rate     float64
	start    time.Time
	number   int // of the line that was read last
	torn     bool
	lost     int

	clock   Clock // nil: as fast as possible
	begin   time.Time
	waiting bool // whether begin is known
}

// NewReplay reads the first line of a recording. If clock is not nil, Read waits
// until as much time has passed since the first reading as did when they were
// taken; else it yields them as fast as it is asked.
func NewReplay(r io.Reader, clock Clock) (*Replay, error) {
	p := &Replay{r: bufio.NewReaderSize(r, recordLine), clock: clock}
	line, err := p.line()
	if err != nil && err != io.EOF {
		return nil, err
	}
	fields, ok := bytes.CutPrefix(line, []byte(recordMagic))
	if !ok {
		return nil, fmt.Errorf("stream: not a recording: its first line does not begin with %q", recordMagic)
	}
	var h recordHeader
	d := json.NewDecoder(bytes.NewReader(fields))
	d.DisallowUnknownFields()
	if err := d.Decode(&h); err != nil {
		return nil, fmt.Errorf("stream: recording, line 1: %w", err)
	}
	if d.More() {
		return nil, errors.New("stream: recording, line 1: more than one JSON object")
	}
	for _, c := range h.Channels {
		p.channels = append(p.channels, Channel(c))
	}
	if err := checkChannels(p.channels); err != nil {
		return nil, fmt.Errorf("recording, line 1: %w", err)
	}
	if !(h.Rate >= 0 && h.Rate <= MaxRate) {
		return nil, fmt.Errorf("stream: recording, line 1: a rate of %g", h.Rate)
	}
	p.rate, p.start = h.Rate, h.Start
	return p, nil
}

// Channels are the recorded channels.
func (p *Replay) Channels() []Channel { return p.channels }

// Rate is the nominal rate of the recording, 0 if unknown.
func (p *Replay) Rate() float64 { return p.rate }

// Torn reports whether the recording ended within a line, which was left out: the
// program that wrote it was killed.
func (p *Replay) Torn() bool { return p.torn }

// Lost is how many readings the recorder noted as lost, up to the last one read.
func (p *Replay) Lost() int { return p.lost }

// Read yields the next reading, or io.EOF after the last. An error names the line.
func (p *Replay) Read(ctx context.Context, values []float64) (time.Time, error) {
	if len(values) != len(p.channels) {
		return time.Time{}, fmt.Errorf("stream: room for %d values: the recording has %d channels", len(values), len(p.channels))
	}
	for {
		line, err := p.line()
		if err != nil {
			return time.Time{}, err
		}
		if bytes.HasPrefix(line, []byte("#")) {
			p.noted(line)
			continue
		}
		offset, err := parseReading(line, values)
		if err != nil {
			return time.Time{}, fmt.Errorf("stream: recording, line %d: %w", p.number, err)
		}
		return p.start.Add(offset), p.wait(ctx, offset)
	}
}

// line reads a line without its newline. At the end it returns io.EOF, and forgets
// a line that has no newline.
func (p *Replay) line() ([]byte, error) {
	line, err := p.r.ReadSlice('\n')
	p.number++
	switch {
	case err == nil:
		return line[:len(line)-1], nil
	case err == io.EOF:
		p.torn = len(line) > 0
		return nil, io.EOF
	case errors.Is(err, bufio.ErrBufferFull):
		return nil, fmt.Errorf("stream: recording, line %d: at most %d bytes are read", p.number, recordLine)
	}
	return nil, fmt.Errorf("stream: recording, line %d: %w", p.number, err)
}

// noted reads a note. Those that are not the recorder's are for people.
func (p *Replay) noted(line []byte) {
	if text, ok := bytes.CutSuffix(line, []byte(recordLost)); ok {
		if n, err := strconv.Atoi(string(bytes.TrimPrefix(text, []byte("# ")))); err == nil && n > 0 {
			p.lost += n
		}
	}
}

// parseReading reads a time and a value for each channel.
func parseReading(line []byte, values []float64) (time.Duration, error) {
	field, rest, more := bytes.Cut(line, []byte(" "))
	offset, err := strconv.ParseInt(string(field), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("time: %w", err)
	}
	for i := range values {
		if !more {
			return 0, fmt.Errorf("%d values for %d channels", i, len(values))
		}
		field, rest, more = bytes.Cut(rest, []byte(" "))
		if values[i], err = strconv.ParseFloat(string(field), 64); err != nil {
			return 0, fmt.Errorf("channel %d: %w", i, err)
		}
	}
	if more {
		return 0, fmt.Errorf("more than %d values", len(values))
	}
	return time.Duration(offset), nil
}

// wait waits for the time of a reading.
func (p *Replay) wait(ctx context.Context, offset time.Duration) error {
	if p.clock == nil {
		return nil
	}
	if !p.waiting {
		p.waiting, p.begin = true, p.clock.Now().Add(-offset)
	}
	return p.clock.WaitUntil(ctx, p.begin.Add(offset))
}
