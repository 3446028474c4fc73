package stream

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Kind is what a feature measures. FEATURES.md defines each to the last bit.
type Kind uint8

// The kinds of features.
const (
	Raw           Kind = iota // one sample of the window
	Mean                      // the average
	Std                       // the standard deviation, of the window as a whole population
	RMS                       // the root of the mean square
	Min                       // the least
	Max                       // the greatest
	PeakToPeak                // the greatest less the least
	ZeroCrossings             // how often the sign changes
	MeanCrossings             // how often the sign of the difference from the mean changes
	Slope                     // of the line of least squares, in units a second
	Band                      // the power between two frequencies, in units²
	PeakFrequency             // where the k-th highest peak of the spectrum is, in Hz
	PeakHeight                // its height, as the amplitude of a sine, in units
)

var kindNames = [...]string{
	Raw: "raw", Mean: "mean", Std: "std", RMS: "rms", Min: "min", Max: "max",
	PeakToPeak: "peak_to_peak", ZeroCrossings: "zero_crossings", MeanCrossings: "mean_crossings",
	Slope: "slope", Band: "band", PeakFrequency: "peak_frequency", PeakHeight: "peak_height",
}

// Kinds are the names of all features.
func Kinds() []string { return slices.Clone(kindNames[:]) }

func (k Kind) String() string { return kindNames[k] }

// spectral reports whether a feature is taken from the spectrum.
func (k Kind) spectral() bool { return k >= Band }

// MaxPeaks is how many peaks of a spectrum are looked for at most.
const MaxPeaks = 16

// Newest is the index of a Raw feature that is the last sample, however many
// there are.
const Newest = -1

// A Feature is a number that is computed from the samples of one channel in one
// window.
type Feature struct {
	Kind      Kind
	Index     int     // of Raw: 0 is the oldest sample, or Newest; of peaks: 1 is the highest
	Low, High float64 // of Band, Hz
}

// String is the feature as ParseFeature reads it, in its shortest form.
func (f Feature) String() string {
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	switch f.Kind {
	case Band:
		return "band(" + number(f.Low) + "," + number(f.High) + ")"
	case PeakFrequency, PeakHeight:
		return fmt.Sprintf("%s(%d)", f.Kind, f.Index)
	case Raw:
		if f.Index != Newest {
			return fmt.Sprintf("raw(%d)", f.Index)
		}
	}
	return f.Kind.String()
}

// ParseFeature reads a feature: its kind, and in parentheses what belongs to it,
// as in "rms", "raw(0)", "band(10,50)" and "peak_height(1)".
func ParseFeature(text string) (Feature, error) {
	name, arguments, hasArguments := strings.Cut(text, "(")
	if hasArguments {
		var closed bool
		if arguments, closed = strings.CutSuffix(arguments, ")"); !closed {
			return Feature{}, fmt.Errorf("stream: feature %q: it does not end with a parenthesis", text)
		}
	}
	kind := slices.Index(kindNames[:], name)
	if kind < 0 {
		return Feature{}, fmt.Errorf("stream: feature %q: choose from %s", text, strings.Join(kindNames[:], ", "))
	}
	f := Feature{Kind: Kind(kind)}
	switch f.Kind {
	case Band:
		low, high, two := strings.Cut(arguments, ",")
		var errLow, errHigh error
		f.Low, errLow = strconv.ParseFloat(strings.TrimSpace(low), 64)
		f.High, errHigh = strconv.ParseFloat(strings.TrimSpace(high), 64)
		if !two || errLow != nil || errHigh != nil || !(f.Low >= 0 && f.Low < f.High) || math.IsInf(f.High, 0) {
			return Feature{}, fmt.Errorf("stream: feature %q: two frequencies in Hz are expected, the lower first, as in band(10,50)", text)
		}
		f.Low = math.Abs(f.Low) // −0 is 0
	case PeakFrequency, PeakHeight:
		var err error
		if f.Index, err = strconv.Atoi(arguments); err != nil || f.Index < 1 || f.Index > MaxPeaks {
			return Feature{}, fmt.Errorf("stream: feature %q: the rank of the peak is expected, from 1 to %d, as in %s(1)", text, MaxPeaks, name)
		}
	case Raw:
		if f.Index = Newest; !hasArguments {
			break
		}
		var err error
		if f.Index, err = strconv.Atoi(arguments); err != nil || f.Index < 0 || f.Index >= MaxSamples {
			return Feature{}, fmt.Errorf("stream: feature %q: the place of the sample is expected, 0 for the oldest", text)
		}
	default:
		if hasArguments {
			return Feature{}, fmt.Errorf("stream: feature %q: %s takes nothing in parentheses", text, name)
		}
	}
	return f, nil
}
