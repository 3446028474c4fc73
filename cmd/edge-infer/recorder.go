package main

import (
	"sort"
	"sync"
	"time"

	"github.com/edge-infer/edge-infer/boards"
)

// condition is what a board was like at a moment.
type condition struct {
	CPU     boards.Reading `json:"cpu_hertz,omitzero"` // clock of the fastest processors
	GPU     boards.Reading `json:"gpu_hertz,omitzero"`
	Celsius boards.Reading `json:"celsius,omitzero"` // of the hottest zone
	Watts   boards.Reading `json:"watts,omitzero"`   // of all rails together
	Mode    string         `json:"power_mode,omitempty"`
}

// moment is a condition and when it was, with what tells throttling.
type moment struct {
	at time.Time
	condition
	throttled []string         // by what the board says to be slowed down
	events    []boards.Counter // that it counts
	tells     bool             // whether it says such things at all
}

func newMoment(at time.Time, s *boards.State) moment {
	m := moment{at: at, throttled: s.Throttled, events: s.Events}
	m.Watts = s.Power
	if c := s.FastestCPU(); c != nil {
		m.CPU = c.Hertz
	}
	if s.GPU != nil {
		m.GPU = s.GPU.Hertz
	}
	if t := s.Hottest(); t != nil {
		m.Celsius = t.Celsius
	}
	if s.Mode != nil {
		m.Mode = s.Mode.Name
	}
	m.tells = m.CPU.Known || len(s.Limiters) > 0 || len(s.Events) > 0
	return m
}

const (
	recordEvery = 100 * time.Millisecond
	mostMoments = 4096 // 7 minutes of them
)

// recorder reads the state of the board ten times a second on a goroutine of its own, so that what is
// measured meanwhile does not wait for a sensor. A run of any length takes the same memory: when there are
// too many moments every second is dropped, and from then on half as many are kept.
type recorder struct {
	telemetry *boards.Telemetry
	stop      chan struct{}
	stopped   sync.WaitGroup

	moments []moment
	read    int
	stride  int // every stride-th that is read is kept
}

// record begins to read. The first moment is before it returns, the last when it is ended.
func record(t *boards.Telemetry) *recorder {
	r := &recorder{telemetry: t, stop: make(chan struct{}), stride: 1}
	r.add(newMoment(time.Now(), t.Read()))
	r.stopped.Go(func() {
		ticker := time.NewTicker(recordEvery)
		defer ticker.Stop()
		for {
			select {
			case at := <-ticker.C:
				r.add(newMoment(at, t.Read()))
			case <-r.stop:
				r.moments = append(r.moments, newMoment(time.Now(), t.Read()))
				return
			}
		}
	})
	return r
}

// end stops reading and returns the moments, in the order of time. It is called once.
func (r *recorder) end() []moment {
	close(r.stop)
	r.stopped.Wait()
	return r.moments
}

func (r *recorder) add(m moment) {
	if r.read%r.stride == 0 && len(r.moments) == mostMoments {
		kept := r.moments[:0]
		for i := 0; i < len(r.moments); i += 2 {
			kept = append(kept, r.moments[i])
		}
		r.moments, r.stride = kept, 2*r.stride
	}
	if r.read%r.stride == 0 {
		r.moments = append(r.moments, m)
	}
	r.read++
}

// nearest returns the moment next to a time, or nil if there is none.
func nearest(moments []moment, to time.Time) *moment {
	after := sort.Search(len(moments), func(i int) bool { return !moments[i].at.Before(to) })
	switch {
	case len(moments) == 0:
		return nil
	case after == len(moments), after > 0 && to.Sub(moments[after-1].at) < moments[after].at.Sub(to):
		return &moments[after-1]
	}
	return &moments[after]
}
