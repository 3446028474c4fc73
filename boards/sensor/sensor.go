package sensor

import (
	"context"
	"fmt"
	"time"
)

// Channel is one quantity of a sensor. The name is such as a model's inputs are called by: accel_x, temperature.
type Channel struct{ Name, Unit string }

// Sensor yields readings. It is for one goroutine at a time.
type Sensor interface {
	// Channels returns what is measured, in the order of the values of a reading. It does not change.
	Channels() []Channel
	// Read takes one reading of every channel: values has a place for each. The time is when the quantity was
	// measured, as near as can be known, and has a monotonic reading. After an error the values mean nothing.
	// A context that ends stops a wait or the next transaction on the bus, not one that is under way.
	Read(ctx context.Context, values []float64) (time.Time, error)
	// Close lets go of the bus. The sensor itself may go on measuring.
	Close() error
}

// checkPlaces panics if a caller has not brought a place for each channel.
func checkPlaces(values []float64, channels []Channel) {
	if len(values) != len(channels) {
		panic(fmt.Sprintf("sensor: %d places for the values of %d channels", len(values), len(channels)))
	}
}

// between is the time in the middle of a measurement that began at start and has just ended.
func between(start time.Time) time.Time { return start.Add(time.Since(start) / 2) }
