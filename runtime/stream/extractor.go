package stream

import (
	"fmt"
	"slices"
)

// An Extractor computes columns from a window. It does not allocate once it is
// made, and its work depends on the number of samples alone.
type Extractor struct {
	rate     float64
	byTime   bool
	channels []channelPlan
	spectrum *spectrum // shared by the channels, one after another; nil where none is needed
}

// A channelPlan is the work for one channel.
type channelPlan struct {
	channel  int
	mean     bool // whether a feature needs it
	spectral bool
	features []featurePlan
}

// A featurePlan is the work for one column.
type featurePlan struct {
	Feature
	column int
	band   band
}

// NewExtractor makes an extractor of columns for windows of readings, rate a
// second, with a taper for spectra. The error names the column that such windows
// cannot give.
func NewExtractor(columns []Column, w Window, rate float64, taper Taper) (*Extractor, error) {
	if err := w.check(rate); err != nil {
		return nil, err
	}
	if len(columns) == 0 || len(columns) > MaxColumns {
		return nil, fmt.Errorf("stream: %d columns: from 1 to %d are taken", len(columns), MaxColumns)
	}
	e := &Extractor{rate: rate, byTime: w.Span > 0}
	if err := e.addSpectrum(columns, w, taper); err != nil {
		return nil, err
	}
	for i, c := range columns {
		p := featurePlan{Feature: c.Feature, column: i}
		var err error
		switch {
		case p.Kind == Raw && p.Index != Newest && (e.byTime || p.Index >= w.Count):
			err = fmt.Errorf("stream: column %q: the window has no sample that is always number %d", c.Name, p.Index)
		case p.Kind == Slope && !e.byTime && rate == 0:
			err = fmt.Errorf("stream: column %q: a slope needs to know the rate", c.Name)
		case p.Kind == Band:
			if p.band, err = e.spectrum.band(p.Feature); err != nil {
				err = fmt.Errorf("column %q: %w", c.Name, err)
			}
		}
		if err != nil {
			return nil, err
		}
		e.plan(c.Channel).add(p)
	}
	return e, nil
}

// addSpectrum makes the spectrum if a column asks for one.
func (e *Extractor) addSpectrum(columns []Column, w Window, taper Taper) error {
	first := slices.IndexFunc(columns, func(c Column) bool { return c.Feature.Kind.spectral() })
	if first < 0 {
		return nil
	}
	if e.byTime || e.rate == 0 {
		return fmt.Errorf("stream: column %q: a spectrum needs a window by count and a known rate", columns[first].Name)
	}
	peaks := 0
	for _, c := range columns {
		if c.Feature.Kind == PeakFrequency || c.Feature.Kind == PeakHeight {
			peaks = max(peaks, c.Feature.Index)
		}
	}
	var err error
	if e.spectrum, err = newSpectrum(w.Count, e.rate, taper, peaks); err != nil {
		return fmt.Errorf("column %q: %w", columns[first].Name, err)
	}
	return nil
}

// plan returns the plan of a channel, which it makes if there is none yet.
func (e *Extractor) plan(channel int) *channelPlan {
	i := slices.IndexFunc(e.channels, func(p channelPlan) bool { return p.channel == channel })
	if i < 0 {
		i = len(e.channels)
		e.channels = append(e.channels, channelPlan{channel: channel})
	}
	return &e.channels[i]
}

func (p *channelPlan) add(f featurePlan) {
	p.features = append(p.features, f)
	p.spectral = p.spectral || f.Kind.spectral()
	p.mean = p.mean || f.Kind.spectral() || f.Kind == Mean || f.Kind == Std || f.Kind == MeanCrossings || f.Kind == Slope
}

// Extract computes the columns of the window that a buffer holds: dst has a place
// for each. The buffer holds at least one reading.
func (e *Extractor) Extract(dst []float32, b *Buffer) {
	for i := range e.channels {
		p := &e.channels[i]
		x, m := e.prepare(p, b)
		for j := range p.features {
			f := &p.features[j]
			dst[f.column] = float32(e.value(f, x, m, b))
		}
	}
}

// prepare returns a channel's samples, and computes what its features share: their mean,
// if one needs it, and their spectrum.
func (e *Extractor) prepare(p *channelPlan, b *Buffer) (x []float32, m float64) {
	x = b.Channel(p.channel)
	if p.mean {
		m = mean(x)
	}
	if p.spectral {
		e.spectrum.compute(x, m)
	}
	return x, m
}

// value computes one feature of samples with mean m.
func (e *Extractor) value(f *featurePlan, x []float32, m float64, b *Buffer) float64 {
	switch f.Kind {
	case Raw:
		if f.Index == Newest {
			return float64(x[len(x)-1])
		}
		return float64(x[f.Index])
	case Mean:
		return m
	case Std:
		return rootMeanSquare(x, m)
	case RMS:
		return rootMeanSquare(x, 0)
	case Min:
		return least(x)
	case Max:
		return greatest(x)
	case PeakToPeak:
		return greatest(x) - least(x)
	case ZeroCrossings:
		return crossings(x, 0)
	case MeanCrossings:
		return crossings(x, m)
	case Slope:
		if e.byTime {
			return slopeByTime(x, m, b.timesHeld())
		}
		return slopeByCount(x, m, e.rate)
	case Band:
		return e.spectrum.bandPower(f.band)
	case PeakFrequency:
		return e.spectrum.peakFrequency(f.Index)
	case PeakHeight:
		return e.spectrum.peakHeight(f.Index)
	}
	panic(fmt.Sprintf("stream: no feature of kind %d", f.Kind))
}
