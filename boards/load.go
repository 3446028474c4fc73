package boards

import (
	"strconv"
	"strings"
)

// ticks is the time that all processors have spent since the start, in units of the kernel.
type ticks struct{ busy, idle uint64 }

// parseTicks reads the first line of /proc/stat,
//
//	cpu  4705 150 1120 16250 520 0 175 0 0 0
//
// whose numbers are the time in user, nice, system, idle, iowait, irq, softirq and steal, and that of
// guests, which is part of the first two.
func parseTicks(text string) (t ticks, ok bool) {
	line, _, whole := strings.Cut(text, "\n")
	fields := strings.Fields(line)
	if !whole || len(fields) < 5 || fields[0] != "cpu" {
		return ticks{}, false
	}
	for i, field := range fields[1:min(len(fields), 9)] {
		n, err := strconv.ParseUint(field, 10, 53)
		if err != nil {
			return ticks{}, false
		}
		if i == 3 || i == 4 {
			t.idle += n
		} else {
			t.busy += n
		}
	}
	return t, true
}

// since returns how busy the processors were from an earlier moment on, from 0 to 1.
func (t ticks) since(before ticks) Reading {
	if t.busy < before.busy || t.idle < before.idle || t == before {
		return Reading{}
	}
	busy, idle := t.busy-before.busy, t.idle-before.idle
	return Known(float64(busy) / float64(busy+idle))
}

// load reads how busy the processors were since the last call.
func (t *Telemetry) load() Reading {
	now, ok := parseTicks(string(t.r.head("proc/stat")))
	before := t.before
	t.before = nil
	if !ok {
		return Reading{}
	}
	t.before = &now
	if before == nil {
		return Reading{}
	}
	return now.since(*before)
}
