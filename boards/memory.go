package boards

import (
	"strconv"
	"strings"
)

// Memory is the main memory, which the GPU of a Jetson shares.
type Memory struct {
	Bytes     Reading `json:"bytes,omitzero"`            // that the system manages
	Kind      string  `json:"kind,omitempty"`            // such as LPDDR5
	Bandwidth Reading `json:"bytes_per_second,omitzero"` // by the data sheet, at the highest clock of the best power mode
}

// MemoryUse is how much memory is in use. All numbers are bytes.
type MemoryUse struct {
	Total     Reading `json:"total,omitzero"`
	Available Reading `json:"available,omitzero"` // to new programs, without swapping
	SwapTotal Reading `json:"swap_total,omitzero"`
	SwapUsed  Reading `json:"swap_used,omitzero"`
}

// parseMemInfo reads /proc/meminfo.
func parseMemInfo(text string) MemoryUse {
	var m MemoryUse
	var free Reading
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(line, ":")
		switch key {
		case "MemTotal":
			m.Total = kibibytes(value)
		case "MemAvailable":
			m.Available = kibibytes(value)
		case "SwapTotal":
			m.SwapTotal = kibibytes(value)
		case "SwapFree":
			free = kibibytes(value)
		}
	}
	if m.SwapTotal.Known && free.Known && free.Value <= m.SwapTotal.Value {
		m.SwapUsed = Known(m.SwapTotal.Value - free.Value)
	}
	return m
}

// kibibytes reads a value of meminfo, such as 8039 kB, and returns bytes.
func kibibytes(text string) Reading {
	number, found := strings.CutSuffix(strings.TrimSpace(text), " kB")
	if !found {
		return Reading{}
	}
	n, err := strconv.ParseUint(strings.TrimSpace(number), 10, 43)
	if err != nil {
		return Reading{}
	}
	return Known(float64(n << 10))
}
