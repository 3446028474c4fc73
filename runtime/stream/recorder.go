package stream

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"
)

// A recording is text: a first line that begins with recordMagic and goes on with
// a recordHeader as JSON, then a line a reading: its time in ns since the start,
// and a value for each channel, in the shortest form that reads back as the same
// binary64 (or NaN, +Inf, -Inf), with a space between each. Lines that begin with #
// are notes, so numpy.loadtxt reads the file as it is.
//
//	# edge-infer readings 1 {"channels":[{"name":"x","unit":"g"}],"rate":100,"start":"2026-01-02T03:04:05.678Z"}
//	0 0.98
//	10000133 1.015
//	# 3 readings lost
//	50000210 0.97
//
// A program that is killed may leave half a line at the end, without a newline. It
// is no reading.
type recordHeader struct {
	Channels []recordChannel `json:"channels"`
	Rate     float64         `json:"rate"`  // nominal, readings a second; 0 if unknown
	Start    time.Time       `json:"start"` // of the first reading, by the wall clock
}

type recordChannel struct {
	Name string `json:"name"`
	Unit string `json:"unit"`
}

const (
	recordMagic   = "# edge-infer readings 1 "
	recordLost    = " readings lost"
	recordLine    = 1 << 16 // bytes of a line, at most
	recordNumber  = 25      // bytes of a number and a space, at most
	recorderBytes = 1 << 16 // of each of two buffers
)

// ErrRecordingFull says that a recording has reached its limit.
var ErrRecordingFull = errors.New("stream: the recording is full")

// RecorderOptions bound a recording.
type RecorderOptions struct {
	Limit int64         // bytes at most; 0 for no limit
	Every time.Duration // between writes, by the readings' times: what a crash may lose; 0 means a second
}

// A Recorder writes every reading with its time. A goroutine does the writing, so
// that a slow disk does not hold up the stream: readings that come while it is
// behind by two buffers are lost, and noted in the file.
//
// Times are kept relative to the first one by the monotonic clock, so that setting
// the wall clock leaves no trace in them.
type Recorder struct {
	header  recordHeader
	options RecorderOptions
	front   []byte      // what is filled
	free    chan []byte // the other buffer, when the goroutine is done with it
	full    chan []byte // to the goroutine
	done    chan error  // its end
	failed  chan error  // its first error
	begun   bool
	start   time.Time
	handed  time.Time // when the front was handed over last
	size    int64
	lost    int
}

// NewRecorder makes a recorder. If w has a method Sync, as a file has, it is called
// after each write, in the recorder's goroutine, which ends with Close. Closing w is
// the caller's, after that.
func NewRecorder(w io.Writer, channels []Channel, rate float64, o RecorderOptions) (*Recorder, error) {
	if err := checkChannels(channels); err != nil {
		return nil, err
	}
	if o.Limit < 0 || o.Every < 0 {
		return nil, fmt.Errorf("stream: a recording of %d bytes, written every %v: neither is negative", o.Limit, o.Every)
	}
	if o.Every == 0 {
		o.Every = time.Second
	}
	r := &Recorder{
		header: recordHeader{Rate: rate}, options: o,
		front: make([]byte, 0, recorderBytes), free: make(chan []byte, 1), full: make(chan []byte, 1),
		done: make(chan error, 1), failed: make(chan error, 1),
	}
	for _, c := range channels {
		r.header.Channels = append(r.header.Channels, recordChannel(c))
	}
	line, err := r.header.line()
	if err != nil {
		return nil, fmt.Errorf("stream: recording: %w", err)
	}
	if len(line) > recordLine/2 {
		return nil, fmt.Errorf("stream: the channels' names and units take %d bytes: a recording's first line has at most %d", len(line), recordLine/2)
	}
	r.free <- make([]byte, 0, recorderBytes)
	go r.write(w)
	return r, nil
}

// line is the first line of a recording.
func (h *recordHeader) line() ([]byte, error) {
	fields, err := json.Marshal(h)
	return append(append([]byte(recordMagic), fields...), '\n'), err
}

// write is the goroutine.
func (r *Recorder) write(w io.Writer) {
	var failure error
	for lines := range r.full {
		if failure == nil {
			_, failure = w.Write(lines)
			if s, ok := w.(interface{ Sync() error }); ok && failure == nil {
				failure = s.Sync()
			}
			if failure != nil {
				r.failed <- failure
			}
		}
		r.free <- lines[:0]
	}
	r.done <- failure
}

// Record keeps a reading, and reports whether it could. It does not wait and does
// not allocate after the first. An error is ErrRecordingFull or the writer's; more
// calls are of no use then.
func (r *Recorder) Record(t time.Time, values []float64) (kept bool, err error) {
	select {
	case err := <-r.failed:
		return false, fmt.Errorf("stream: recording: %w", err)
	default:
	}
	if len(values) != len(r.header.Channels) {
		return false, fmt.Errorf("stream: recording %d values: there are %d channels", len(values), len(r.header.Channels))
	}
	if !r.begun {
		if err := r.begin(t); err != nil {
			return false, err
		}
	}
	// A line, and a note before it.
	if most := (len(values) + 3) * recordNumber; cap(r.front)-len(r.front) < most && !r.hand(t) {
		r.lost++
		return false, nil
	}
	before := len(r.front)
	r.note()
	r.front = strconv.AppendInt(r.front, int64(t.Sub(r.start)), 10)
	for _, v := range values {
		r.front = append(r.front, ' ')
		r.front = strconv.AppendFloat(r.front, v, 'g', -1, 64)
	}
	r.front = append(r.front, '\n')
	if r.size += int64(len(r.front) - before); r.options.Limit > 0 && r.size > r.options.Limit {
		r.front = r.front[:before]
		return false, ErrRecordingFull
	}
	if t.Sub(r.handed) >= r.options.Every {
		r.hand(t)
	}
	return true, nil
}

// begin writes the first line.
func (r *Recorder) begin(t time.Time) error {
	r.header.Start = t.Round(0).UTC()
	line, err := r.header.line()
	if err != nil {
		return fmt.Errorf("stream: recording: %w", err)
	}
	r.front = append(r.front, line...)
	r.begun, r.start, r.handed, r.size = true, t, t, int64(len(line))
	return nil
}

// note writes that readings were lost, where some were.
func (r *Recorder) note() {
	if r.lost == 0 {
		return
	}
	r.front = append(r.front, "# "...)
	r.front = strconv.AppendInt(r.front, int64(r.lost), 10)
	r.front = append(append(r.front, recordLost...), '\n')
	r.lost = 0
}

// hand gives the front to the goroutine, unless it is still busy with the other.
func (r *Recorder) hand(t time.Time) bool {
	select {
	case spare := <-r.free:
		r.full <- r.front
		r.front, r.handed = spare, t
		return true
	default:
		return false
	}
}

// Close writes what is left, and returns the first error of all writing.
func (r *Recorder) Close() error {
	spare := <-r.free
	r.note()
	r.full <- r.front
	r.front = spare
	close(r.full)
	if err := <-r.done; err != nil {
		return fmt.Errorf("stream: recording: %w", err)
	}
	return nil
}
