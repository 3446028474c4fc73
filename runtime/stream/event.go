package stream

import "fmt"

// An Event is something that whoever watches a stream wants to know when it
// happens.
type Event struct {
	Kind EventKind
	Err  error // why; nil where there is nothing to say
}

// EventKind is what happened.
type EventKind uint8

// The kinds of events.
const (
	SensorFailed   EventKind = iota // a read gave no reading; told once, until one succeeds
	SensorLost                      // it failed too often and is opened again
	OpenFailed                      // it could not be opened
	SensorBack                      // it gives readings again
	Stale                           // there was no good reading for as long as StaleAfter
	Fresh                           // there is one again
	RecorderFailed                  // readings are no longer recorded
)

var eventTexts = [...]string{
	SensorFailed: "the sensor gave no reading", SensorLost: "the sensor is given up and opened again",
	OpenFailed: "the sensor cannot be opened", SensorBack: "the sensor gives readings again",
	Stale: "the readings are stale", Fresh: "the readings are fresh again",
	RecorderFailed: "readings are no longer recorded",
}

func (k EventKind) String() string { return eventTexts[k] }

func (e Event) String() string {
	if e.Err == nil {
		return e.Kind.String()
	}
	return fmt.Sprintf("%s: %v", e.Kind, e.Err)
}
