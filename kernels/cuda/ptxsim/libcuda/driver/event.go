package driver

import "time"

type event struct {
	context  *context
	timed    bool
	recorded bool          // some time
	waiting  int           // records that have not run
	captured bool          // the last record went into a graph
	at       time.Duration // when the last record ran
	stream   *stream       // of the last record
}

// record notes the time in a stream.
type record struct{ event *event }

func (o *record) String() string { return "record of an event" }

func (o *record) run(p *process) error {
	o.event.at = p.clock
	o.event.waiting--
	return nil
}

func (c *call) event(argument int) (*event, Result) {
	e, found := c.events[c.arguments[argument]]
	if !found {
		return nil, InvalidHandle
	}
	return e, Success
}

func (c *call) eventCreate() Result {
	const (
		flags        = 7 // BLOCKING_SYNC, DISABLE_TIMING, INTERPROCESS
		noTiming     = 2
		interprocess = 4
	)
	f := c.u32(1)
	if f&^flags != 0 || f&interprocess != 0 && f&noTiming == 0 {
		return InvalidValue
	}
	if len(c.events) >= maxObjects {
		return OutOfMemory
	}
	h := c.handle()
	c.events[h] = &event{context: c.context, timed: f&noTiming == 0}
	return c.store(0, h)
}

func (c *call) eventDestroy() Result {
	if _, r := c.event(0); r != Success {
		return r
	}
	delete(c.events, c.arguments[0])
	return Success
}

func (c *call) eventRecord() Result {
	e, r := c.event(0)
	if r != Success {
		return r
	}
	s, r := c.stream(1)
	if r != Success {
		return r
	}
	if e.context != s.context {
		return InvalidHandle
	}
	if s.capture != nil {
		if s.capture.invalid {
			return StreamCaptureInvalidated
		}
		e.captured = true // the graph has no trace of it
		return Success
	}
	if r := c.enqueue(s, &record{e}); r != Success {
		return r
	}
	e.captured, e.recorded, e.stream = false, true, s
	e.waiting++
	return Success
}

func (c *call) eventSynchronize() Result {
	e, r := c.event(0)
	switch {
	case r != Success:
		return r
	case e.captured:
		return CapturedEvent
	case e.waiting == 0:
		return Success
	}
	q := &e.context.queue
	return c.execute(q.takeFor(e.stream, q.after(e)))
}

func (c *call) eventQuery() Result {
	e, r := c.event(0)
	switch {
	case r != Success:
		return r
	case e.captured:
		return CapturedEvent
	case e.waiting == 0:
		return Success
	}
	return c.step(e.stream)
}

// eventElapsed stores milliseconds.
func (c *call) eventElapsed() Result {
	from, r := c.event(1)
	if r != Success {
		return r
	}
	to, r := c.event(2)
	switch {
	case r != Success:
		return r
	case from.captured || to.captured:
		return CapturedEvent
	case !from.timed || !to.timed || !from.recorded || !to.recorded:
		return InvalidHandle
	case from.waiting > 0 || to.waiting > 0:
		return NotReady
	}
	if !c.caller.writeFloat(c.arguments[0], float32((to.at-from.at).Seconds()*1000)) {
		return Unknown
	}
	return Success
}
