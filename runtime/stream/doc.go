// Package stream turns the readings of sensors into predictions, at a rate and
// with a deadline: source → window → features → session → decision.
//
// A [Pipeline] is that path without time of its own. Readings are pushed into it
// with the time at which they were taken, and now and then, when a window is due,
// a [Result] comes out. It knows no clock, so the same readings always give the
// same results, live or replayed from a file, and the features have the same bits
// on every board: FEATURES.md says which, and testdata/features.py says the same
// in NumPy for the script that trains the model.
//
// A [Loop] drives a pipeline from a [Source]: ticks at absolute times that do not
// drift, ticks that were missed skipped and counted rather than queued, a sensor
// that disappears tried again with a growing pause. Whatever is dropped, held,
// filled, missed or late is counted in [Stats]; nothing is lost in silence.
//
// What a model takes is checked when the pipeline is made: each input that the
// model file names, such as "accel_x.rms" or "accel_x.band(10,50)", must be a
// feature of a channel that is there.
//
// After the first window nothing allocates, and no work grows with the age of the
// stream. A [Recorder] writes every reading to a file, and a [Replay] is a source
// that reads it back.
package stream
