package boards

import "slices"

// State is how a board is at one moment. Lists have the same entries in the same order in every state
// of a [Telemetry], also where a reading has vanished.
type State struct {
	Temperatures []Temperature `json:"temperatures,omitempty"`
	CPUs         []Clock       `json:"cpus,omitempty"`    // one for each group of processors that share a clock
	CPULoad      Reading       `json:"cpu_load,omitzero"` // of all processors since the last state, 0 to 1
	GPU          *GPUState     `json:"gpu,omitempty"`
	MemoryClock  *Clock        `json:"memory_clock,omitempty"` // of the external memory; most boards tell it to root alone
	Memory       MemoryUse     `json:"memory,omitzero"`
	Rails        []Rail        `json:"rails,omitempty"`
	Power        Reading       `json:"watts,omitzero"`     // of all rails together
	PowerOf      string        `json:"watts_of,omitempty"` // the rail that holds it, or SumOfRails
	Mode         *PowerMode    `json:"power_mode,omitempty"`
	Limiters     []Limiter     `json:"limiters,omitempty"`  // what can slow the processors down
	Throttled    []string      `json:"throttled,omitempty"` // the names of those that do
	Events       []Counter     `json:"events,omitempty"`    // of throttling, since the board was started
	Fans         []Fan         `json:"fans,omitempty"`
}

// Temperature is a thermal zone.
type Temperature struct {
	Name     string  `json:"name"`
	Celsius  Reading `json:"celsius,omitzero"`
	Trip     Reading `json:"trip_celsius,omitzero"`     // from which on the board is slowed down
	Critical Reading `json:"critical_celsius,omitzero"` // at which it is switched off
}

// Clock is a clock and what bounds it. All numbers are hertz.
type Clock struct {
	Name     string  `json:"name"`
	CPUs     []int   `json:"cpus,omitempty"` // processors that it drives
	Hertz    Reading `json:"hertz,omitzero"`
	Min      Reading `json:"min_hertz,omitzero"` // limits that are set now
	Max      Reading `json:"max_hertz,omitzero"`
	Top      Reading `json:"top_hertz,omitzero"` // highest that the hardware has
	Governor string  `json:"governor,omitempty"`
}

// Locked reports whether the clock is held at one value, as jetson_clocks does.
func (c *Clock) Locked() bool { return c.Min.Known && c.Min == c.Max }

// GPUState is the clock of the GPU, and how busy it is.
type GPUState struct {
	Clock
	Load Reading `json:"load,omitzero"` // 0 to 1
}

// Rail is a supply that is measured.
type Rail struct {
	Name  string  `json:"name"`
	Watts Reading `json:"watts,omitzero"`
	Volts Reading `json:"volts,omitzero"`
	Amps  Reading `json:"amps,omitzero"`
}

// Limiter is something that slows processors down: a cooling device of the kernel, or a flag of a firmware.
type Limiter struct {
	Name  string  `json:"name"`
	Level Reading `json:"level,omitzero"` // 0 while it does nothing
	Most  Reading `json:"most,omitzero"`
}

// Counter counts events.
type Counter struct {
	Name  string  `json:"name"`
	Count Reading `json:"count,omitzero"`
}

// Fan is a fan.
type Fan struct {
	Name  string  `json:"name"`
	Drive Reading `json:"drive,omitzero"` // 0 to 1
	RPM   Reading `json:"rpm,omitzero"`   // turns a minute
}

// Hottest returns the hottest zone, or nil if none is known.
func (s *State) Hottest() *Temperature {
	var hottest *Temperature
	for i := range s.Temperatures {
		if t := &s.Temperatures[i]; t.Celsius.Known && (hottest == nil || t.Celsius.Value > hottest.Celsius.Value) {
			hottest = t
		}
	}
	return hottest
}

// FastestCPU returns the clock of the processors whose hardware is fastest, the quickest of them now,
// or nil if none is known.
func (s *State) FastestCPU() *Clock {
	var fastest *Clock
	for i := range s.CPUs {
		c := &s.CPUs[i]
		if !c.Hertz.Known {
			continue
		}
		if fastest == nil || c.Top.Value > fastest.Top.Value || c.Top == fastest.Top && c.Hertz.Value > fastest.Hertz.Value {
			fastest = c
		}
	}
	return fastest
}

// limit lists the limiters that are at work.
func (s *State) limit() {
	for _, l := range s.Limiters {
		if l.Level.Value > 0 && !slices.Contains(s.Throttled, l.Name) {
			s.Throttled = append(s.Throttled, l.Name)
		}
	}
}
