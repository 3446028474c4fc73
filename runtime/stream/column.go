package stream

import (
	"fmt"
	"strings"
)

// A Column is one input of a model: a feature of a channel.
type Column struct {
	Name    string // by which a model may ask for it; its expression unless the configuration gave another
	Channel int
	Feature Feature
}

// What stands for every channel, and for every sample of a window.
const (
	everyChannel = "*"
	everySample  = "raw(*)"
)

// MaxColumns is the greatest number of columns.
const MaxColumns = 1 << 20

// ParseColumns reads an expression CHANNEL.FEATURE, such as "accel_x.rms" or
// "accel_x.band(10,50)"; a CHANNEL alone is its newest sample. It gives one column,
// or several where it holds a star:
//
//   - "*.rms" is the feature of every channel, in the channels' order;
//   - "accel_x.raw(*)" is every sample of the window, the oldest first;
//   - "*.raw(*)" is both, sample by sample with all channels of each: the order in
//     which an array [samples][channels] lies in memory.
//
// samples is how many samples a window has, 0 if that varies.
func ParseColumns(expression string, channels []Channel, samples int) ([]Column, error) {
	channel, feature := splitColumn(expression, channels)
	first, last := 0, len(channels)
	if channel != everyChannel {
		if first = channelNamed(channels, channel); first < 0 {
			return nil, fmt.Errorf("stream: column %q: no channel is called %q: there are %s", expression, channel, channelNames(channels))
		}
		last = first + 1
	}
	var columns []Column
	add := func(f Feature) {
		for c := first; c < last; c++ {
			columns = append(columns, Column{channels[c].Name + "." + f.String(), c, f})
		}
	}
	if feature == everySample {
		if samples == 0 {
			return nil, fmt.Errorf("stream: column %q: how many samples a window by time has varies: only a window by count has each", expression)
		}
		if samples*(last-first) > MaxColumns {
			return nil, fmt.Errorf("stream: column %q: %d samples of %d channels: at most %d columns are taken", expression, samples, last-first, MaxColumns)
		}
		for i := range samples {
			add(Feature{Kind: Raw, Index: i})
		}
		return columns, nil
	}
	f, err := ParseFeature(feature)
	if err != nil {
		return nil, fmt.Errorf("column %q: %w", expression, err)
	}
	add(f)
	return columns, nil
}

// splitColumn parts an expression at the last dot before the parentheses. Channels
// may have dots in their names, so one that is written alone is looked for first.
func splitColumn(expression string, channels []Channel) (channel, feature string) {
	if channelNamed(channels, expression) >= 0 {
		return expression, kindNames[Raw]
	}
	name, _, _ := strings.Cut(expression, "(")
	if dot := strings.LastIndexByte(name, '.'); dot >= 0 {
		return expression[:dot], expression[dot+1:]
	}
	return expression, kindNames[Raw]
}
