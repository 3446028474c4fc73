package stream

// Undecided is the state of a decision that has not been taken: of a quantity
// without a level, of NaN, and before a majority or a debounce has seen enough.
const Undecided = -1

// A hysteresis turns a value into state 1 or 0. Between on and off it stays as it
// was; where the two are the same it is a threshold.
type hysteresis struct {
	Level
	held bool
}

// next takes a value: at On or beyond it is 1, beyond Off it is 0. NaN is Undecided,
// and changes nothing for the next value.
func (h *hysteresis) next(v float32) int {
	if v != v {
		return Undecided
	}
	if h.Below {
		h.held = v <= h.On || h.held && v <= h.Off
	} else {
		h.held = v >= h.On || h.held && v >= h.Off
	}
	if h.held {
		return 1
	}
	return 0
}

// A majority is the state that more than half of the last states have.
type majority struct {
	last  []int // a ring
	place int
	state int
}

func newMajority(n int) *majority {
	m := &majority{last: make([]int, n), state: Undecided}
	for i := range m.last {
		m.last[i] = Undecided
	}
	return m
}

// next takes a state, and returns the one that more than half of the last states
// have. Where none has, that of before stays.
func (m *majority) next(state int) int {
	m.last[m.place] = state
	m.place = (m.place + 1) % len(m.last)

	// Only the state that outlives the others in this vote (Boyer and Moore) can
	// have more than half.
	candidate, lead := Undecided, 0
	for _, s := range m.last {
		switch {
		case lead == 0:
			candidate, lead = s, 1
		case s == candidate:
			lead++
		default:
			lead--
		}
	}
	count := 0
	for _, s := range m.last {
		if s == candidate {
			count++
		}
	}
	if 2*count > len(m.last) {
		m.state = candidate
	}
	return m.state
}

// A debounce lets a new state through when it has come a number of times running.
type debounce struct {
	times     int
	candidate int
	count     int
	state     int
}

func newDebounce(times int) *debounce {
	return &debounce{times: times, candidate: Undecided, state: Undecided}
}

// next takes a state, and returns the one that holds.
func (d *debounce) next(state int) int {
	if state != d.candidate {
		d.candidate, d.count = state, 0
	}
	if d.count++; d.count >= d.times {
		d.state, d.count = state, d.times
	}
	return d.state
}
