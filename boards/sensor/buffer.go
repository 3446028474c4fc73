package sensor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// bufferedDevice is an IIO device whose samples come from the kernel's buffer.
type bufferedDevice struct {
	name     string
	dir      string
	file     *os.File
	clock    string // that the kernel takes times from
	stamp    *element
	elements []element
	meanings []meaning // one an element
	channels []Channel
	sample   []byte
	filled   int // bytes of the sample that have come

	watched <-chan struct{} // of the context whose end ends a wait
	stop    func()
}

func openBuffer(h *Host, name, entry string, o Options) (*bufferedDevice, error) {
	dir := filepath.Join(h.path(iioDevices), entry)
	s := &bufferedDevice{name: name, dir: dir, clock: "realtime"}
	if err := s.prepare(o); err != nil {
		return nil, err
	}
	if err := s.learn(o.Channels); err != nil {
		return nil, err
	}
	if err := writeText(filepath.Join(dir, "buffer", "enable"), "1"); err != nil {
		return nil, err
	}
	// Without waiting (O_NONBLOCK), so that a context can end a wait for a sample.
	file, err := os.OpenFile(h.path(filepath.Join("dev", entry)), os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err == nil {
		if err = file.SetReadDeadline(time.Time{}); err != nil {
			file.Close()
			err = fmt.Errorf("nothing that can be waited for: %w", err)
		}
	}
	if err != nil {
		s.disable()
		return nil, err
	}
	s.file = file
	return s, nil
}

// prepare sets a buffer up that is not in use.
func (s *bufferedDevice) prepare(o Options) error {
	enabled, err := readText(filepath.Join(s.dir, "buffer", "enable"))
	if err != nil {
		return fmt.Errorf("it has no buffer: %w", err)
	}
	if enabled != "0" {
		return fmt.Errorf("%w: the buffer is in use by another program", syscall.EBUSY)
	}
	if err := enableElements(filepath.Join(s.dir, "scan_elements"), o.Channels); err != nil {
		return err
	}
	if o.Length != 0 {
		if err := writeText(filepath.Join(s.dir, "buffer", "length"), strconv.Itoa(o.Length)); err != nil {
			return err
		}
	}
	trigger := filepath.Join(s.dir, "trigger", "current_trigger")
	if o.Trigger != "" {
		return writeText(trigger, o.Trigger)
	}
	a, err := openAttribute(trigger)
	if errors.Is(err, os.ErrNotExist) {
		return nil // a device that samples by itself
	}
	if err != nil {
		return err
	}
	defer a.close()
	if text, err := a.text(); err != nil || text == "" {
		return errors.New("its buffer needs a trigger, and none is set; /sys/bus/iio/devices/trigger*/name are there")
	}
	return nil
}

// learn reads back what a sample holds and means.
func (s *bufferedDevice) learn(only []string) error {
	elements, err := readElements(filepath.Join(s.dir, "scan_elements"))
	if err != nil {
		return err
	}
	size, err := layOut(elements)
	if err != nil {
		return err
	}
	s.sample = make([]byte, size)
	for i := range elements {
		e := elements[i]
		if e.name == timestamp {
			if e.typ.Bytes() != 8 || e.typ.Repeat != 1 {
				return fmt.Errorf("a time of type %s, where 64 bits are expected", e.typ)
			}
			s.stamp = &elements[i]
			continue
		}
		if len(only) > 0 && !slices.Contains(only, e.name) {
			continue // the driver gives more than was asked for
		}
		m, err := meaningOf(s.dir, e.name)
		if err != nil {
			return err
		}
		s.elements = append(s.elements, e)
		s.meanings = append(s.meanings, m)
		for i := range e.typ.Repeat {
			c := m.Channel
			if e.typ.Repeat > 1 {
				c.Name += "_" + strconv.Itoa(i)
			}
			s.channels = append(s.channels, c)
		}
	}
	if len(s.channels) == 0 || len(s.channels) > mostChannels {
		return fmt.Errorf("%d channels in the buffer, where 1 to %d are read", len(s.channels), mostChannels)
	}
	if clock, err := readText(filepath.Join(s.dir, "current_timestamp_clock")); err == nil {
		s.clock = clock
	}
	return nil
}

func (s *bufferedDevice) Channels() []Channel { return s.channels }

// Read waits for the next sample. A wait that the context ends loses nothing: the bytes that have come are kept.
func (s *bufferedDevice) Read(ctx context.Context, values []float64) (time.Time, error) {
	checkPlaces(values, s.channels)
	if err := s.fill(ctx); err != nil {
		return time.Time{}, newError(s.name, "read", err)
	}
	s.filled = 0
	i := 0
	for k := range s.elements {
		e := &s.elements[k]
		for r := range e.typ.Repeat {
			values[i] = s.meanings[k].value(e.typ.Decode(s.sample[e.at+r*e.typ.Bytes():]))
			i++
		}
	}
	now := time.Now()
	if s.stamp == nil {
		return now, nil
	}
	return s.time(now), nil
}

// fill reads until a sample is whole.
func (s *bufferedDevice) fill(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.watch(ctx)
	for s.filled < len(s.sample) {
		n, err := s.file.Read(s.sample[s.filled:])
		s.filled += n
		switch {
		case err == io.EOF:
			return fmt.Errorf("%w: the buffer has ended", ErrGone)
		case err != nil && ctx.Err() != nil:
			return fmt.Errorf("waiting for a sample: %w", ctx.Err())
		case err != nil:
			return err
		}
	}
	return nil
}

// watch makes the end of a context end waits for samples, by a deadline in the past. It is arranged once for a context that
// many readings share.
func (s *bufferedDevice) watch(ctx context.Context) {
	if ctx.Done() == s.watched {
		return
	}
	s.unwatch()
	s.watched = ctx.Done()
	if s.watched == nil {
		return
	}
	ended := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		s.file.SetReadDeadline(time.Unix(1, 0))
		close(ended)
	})
	s.stop = func() {
		if !stop() {
			<-ended // or the deadline might be set after it was cleared
			s.file.SetReadDeadline(time.Time{})
		}
	}
}

// unwatch forgets the context that is watched.
func (s *bufferedDevice) unwatch() {
	if s.stop != nil {
		s.stop()
	}
	s.watched, s.stop = nil, nil
}

// longestAge of a sample; a time stamp that says otherwise is of another clock than it claims.
const longestAge = time.Hour

// time converts a sample's time from the kernel's clock, so that it has a monotonic reading.
func (s *bufferedDevice) time(now time.Time) time.Time {
	clock, ok := clockNow(s.clock, now)
	age := time.Duration(clock - s.stamp.typ.Int(s.sample[s.stamp.at:]))
	if !ok || age < 0 || age > longestAge {
		return now
	}
	return now.Add(-age)
}

// disable stops the kernel's sampling.
func (s *bufferedDevice) disable() error {
	return writeText(filepath.Join(s.dir, "buffer", "enable"), "0")
}

func (s *bufferedDevice) Close() error {
	s.unwatch()
	err := s.file.Close()
	// A device that is gone has nothing to be stopped.
	if e := s.disable(); err == nil && !errors.Is(e, os.ErrNotExist) && kindOf(e) != ErrGone {
		err = e
	}
	return err
}
