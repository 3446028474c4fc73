// Package outage turns a series of successes and failures into the two moments that a log needs: when it began to
// fail, and when it worked again. A broker that is away for a night is then two lines, not ten thousand.
package outage

// An Outage watches one thing. Its calls are made by one goroutine at a time.
type Outage struct {
	Tell func(error) // the failure that began an outage, or nil for its end; a nil Tell tells nobody
	on   bool
}

// Note takes the outcome of one attempt.
func (o *Outage) Note(err error) {
	if failing := err != nil; failing != o.on {
		o.on = failing
		if o.Tell != nil {
			o.Tell(err)
		}
	}
}
