package stream

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestLoopSensorDisappears(t *testing.T) {
	gone := errors.New("no acknowledge")
	for _, test := range []struct {
		name   string
		open   func(l *looped) error // what opening does
		failed func(read int) bool
		want   map[Counter]uint64
		events []string
	}{
		{"once", nil, func(read int) bool { return read == 70 },
			map[Counter]uint64{Readings: 99, ReadErrors: 1, Gaps: 1, Windows: 1, Predictions: 1},
			[]string{"690ms the sensor gave no reading: no acknowledge", "700ms the sensor gives readings again"}},
		{"and is opened", func(l *looped) error { return nil }, func(read int) bool { return read >= 70 && read < 73 },
			map[Counter]uint64{Readings: 97, ReadErrors: 3, Gaps: 1, Windows: 1, Predictions: 1, Lost: 1, AbsentTicks: 9},
			[]string{"690ms the sensor gave no reading: no acknowledge", "710ms the sensor is given up and opened again: no acknowledge",
				"810ms the sensor gives readings again"}},
		{"for longer", func(l *looped) error {
			if l.source.opened < 3 {
				return errors.New("no such device")
			}
			return nil
		}, func(read int) bool { return read >= 70 && read < 73 },
			map[Counter]uint64{Readings: 97, ReadErrors: 3, Gaps: 1, Windows: 1, Predictions: 1, Lost: 1, AbsentTicks: 69},
			[]string{"690ms the sensor gave no reading: no acknowledge", "710ms the sensor is given up and opened again: no acknowledge",
				"810ms the sensor cannot be opened: no such device", "1.01s the sensor cannot be opened: no such device",
				"1.18s the readings are stale", "1.41s the sensor gives readings again", "1.41s the readings are fresh again"}},
		{"opens but does not answer", func(l *looped) error { return nil }, func(read int) bool { return read >= 70 && read < 75 },
			map[Counter]uint64{Readings: 95, ReadErrors: 5, Gaps: 1, Windows: 1, Predictions: 1, Lost: 3, AbsentTicks: 67},
			[]string{"690ms the sensor gave no reading: no acknowledge", "710ms the sensor is given up and opened again: no acknowledge",
				"810ms the sensor is given up and opened again: no acknowledge", "1.01s the sensor is given up and opened again: no acknowledge",
				"1.18s the readings are stale", "1.41s the sensor gives readings again", "1.41s the readings are fresh again"}},
		{"twice, after which the pause is short again", func(l *looped) error { return nil }, func(read int) bool { return read >= 70 && read < 73 || read >= 80 && read < 83 },
			map[Counter]uint64{Readings: 94, ReadErrors: 6, Gaps: 2, Windows: 1, Predictions: 1, Lost: 2, AbsentTicks: 18},
			[]string{"690ms the sensor gave no reading: no acknowledge", "710ms the sensor is given up and opened again: no acknowledge",
				"810ms the sensor gives readings again",
				"880ms the sensor gave no reading: no acknowledge", "900ms the sensor is given up and opened again: no acknowledge",
				"1s the sensor gives readings again"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := newLooped(t, 100, Options{StaleAfter: 500 * ms, Backoff: 100 * ms}, func(l *looped, c *Config, o *Options) {
				l.source.before = func(read int) error {
					if test.failed(read) {
						return gone
					}
					return nil
				}
				o.Open = func(context.Context) (Source, error) {
					l.source.opened++
					if !l.loop.Health().Away {
						t.Error("it is opened while it is not away")
					}
					if err := test.open(l); err != nil {
						return nil, err
					}
					return l.source, nil
				}
			})
			l.run(t, test.want)
			l.checkEvents(t, test.events...)
			if l.loop.Health().Away {
				t.Error("it is away at the end")
			}
			if want := int(test.want[Lost]) + 1; l.source.closed != want {
				t.Errorf("closed %d times, want %d", l.source.closed, want)
			}
		})
	}
}

// TestLoopOpensAnother: what is opened must have the same channels.
func TestLoopOpensAnother(t *testing.T) {
	other := &otherSource{}
	l := newLooped(t, 100, Options{Retries: 1}, func(l *looped, c *Config, o *Options) {
		l.source.before = func(read int) error {
			if read == 70 {
				return io.ErrUnexpectedEOF
			}
			return nil
		}
		o.Open = func(context.Context) (Source, error) {
			if l.source.opened++; l.source.opened == 1 {
				return other, nil
			}
			return l.source, nil
		}
	})
	l.run(t, map[Counter]uint64{Readings: 99, ReadErrors: 1, Gaps: 1, Windows: 1, Predictions: 1, Lost: 1, AbsentTicks: 29})
	if !other.closed || len(l.events) != 4 || !strings.Contains(l.events[2], "the source has channels pressure: the pipeline was made for accel_x, temperature") {
		t.Errorf("closed %v, events %q", other.closed, l.events)
	}
}

type otherSource struct {
	Source
	closed bool
}

func (*otherSource) Channels() []Channel { return []Channel{{"pressure", "Pa"}} }
func (s *otherSource) Close() error      { s.closed = true; return nil }
