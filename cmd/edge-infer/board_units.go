package main

import (
	"fmt"

	"github.com/edge-infer/edge-infer/boards"
)

// unit writes a reading with so many decimals and a unit.
func unit(r boards.Reading, decimals int, name string) string {
	if !r.Known {
		return "-"
	}
	return fmt.Sprintf("%.*f %s", decimals, r.Value, name)
}

// known is a text about a reading, or nothing where there is no reading.
func known(r boards.Reading, text string) string {
	if !r.Known {
		return ""
	}
	return text
}

func celsius(r boards.Reading) string { return unit(r, 1, "°C") }

// percent writes a share from 0 to 1.
func percent(r boards.Reading) string {
	if r.Known {
		r.Value *= 100
	}
	return unit(r, 0, "%")
}

// hertz writes a clock.
func hertz(r boards.Reading) string {
	if r.Value >= 1e9 {
		return unit(boards.Known(r.Value/1e9), 2, "GHz")
	}
	return unit(boards.Reading{Value: r.Value / 1e6, Known: r.Known}, 0, "MHz")
}

// size writes bytes.
func size(r boards.Reading) string {
	switch {
	case !r.Known:
		return ""
	case r.Value >= 1<<30:
		return unit(boards.Known(r.Value/(1<<30)), 1, "GiB")
	}
	return unit(boards.Known(r.Value/(1<<20)), 0, "MiB")
}

func bandwidth(r boards.Reading) string {
	return known(r, unit(boards.Known(r.Value/1e9), 1, "GB/s by its data sheet"))
}
