package stream

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Channel is one quantity that a source measures.
type Channel struct {
	Name string // such as "accel_x"
	Unit string // such as "m/s²"; for people
}

// A Source yields readings of several channels at once.
type Source interface {
	// Channels are the channels in the order of Read's values. It does not change.
	Channels() []Channel

	// Read takes one reading: values has a place for each channel. The time is when
	// the quantities were measured, as near as can be known, with its monotonic part
	// where there is one. A value may be NaN where a channel has none to give.
	//
	// A source that ends returns io.EOF. Any other error means that there is no
	// reading this time. A source bounds the time that Read takes by itself; the
	// context only tells that the stream ends.
	Read(ctx context.Context, values []float64) (time.Time, error)
}

// MaxChannels is the greatest number of channels of a source.
const MaxChannels = 256

// checkChannels tells whether a stream can work with the channels. Names are what
// columns and recordings refer to, so they hold nothing that has a meaning there.
func checkChannels(channels []Channel) error {
	if len(channels) == 0 {
		return errors.New("stream: the source has no channels")
	}
	if len(channels) > MaxChannels {
		return fmt.Errorf("stream: the source has %d channels: at most %d are taken", len(channels), MaxChannels)
	}
	seen := map[string]bool{}
	for i, c := range channels {
		switch {
		case c.Name == "":
			return fmt.Errorf("stream: channel %d has no name", i)
		case c.Name == everyChannel || strings.ContainsAny(c.Name, "() \t\r\n"):
			return fmt.Errorf("stream: channel %q: a name is not %q and holds no parenthesis and no space", c.Name, everyChannel)
		case seen[c.Name]:
			return fmt.Errorf("stream: two channels are called %q", c.Name)
		}
		seen[c.Name] = true
	}
	return nil
}

// channelNamed is the place of the channel of a name, -1 if there is none.
func channelNamed(channels []Channel, name string) int {
	return slices.IndexFunc(channels, func(c Channel) bool { return c.Name == name })
}

// names are the channels' names.
func names(channels []Channel) []string {
	list := make([]string, len(channels))
	for i, c := range channels {
		list[i] = c.Name
	}
	return list
}

// channelNames lists the names for an error.
func channelNames(channels []Channel) string { return strings.Join(names(channels), ", ") }

// MaxRate is the greatest rate of a stream, in readings a second.
const MaxRate = 1e6
