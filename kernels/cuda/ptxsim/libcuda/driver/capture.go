package driver

// capture is what a stream is given while it is being captured.
type capture struct {
	mode       captureMode
	thread     uint64
	operations []operation
	invalid    bool
}

type captureMode uint32

const (
	captureGlobal captureMode = iota
	captureThreadLocal
	captureRelaxed
)

// capturing returns the streams of the current context that are being
// captured, or those of them that the default stream waits for.
func (c *call) capturing(blockingOnly bool) []*stream {
	var found []*stream
	for _, s := range c.streams {
		if s.context == c.context && s.capture != nil && (s.blocking || !blockingOnly) {
			found = append(found, s)
		}
	}
	return found
}

// invalidate ends the captures for which a call was a mistake. It reports
// whether there were any.
func invalidate(captured []*stream) bool {
	for _, s := range captured {
		s.capture.invalid = true
	}
	return len(captured) > 0
}

// forbidWhileCapturing refuses calls that may wait for the device where a
// capture watches for them: one in global mode everywhere, one in
// thread-local mode in its thread.
func (c *call) forbidWhileCapturing() Result {
	var watching []*stream
	for _, s := range c.streams {
		if g := s.capture; g != nil && (g.mode == captureGlobal || g.mode == captureThreadLocal && g.thread == c.thread) {
			watching = append(watching, s)
		}
	}
	if invalidate(watching) {
		return StreamCaptureUnsupported
	}
	return Success
}

// capture adds work to the graph of a stream.
func (c *call) capture(s *stream, o operation) Result {
	switch {
	case s.capture.invalid:
		return StreamCaptureInvalidated
	case len(s.capture.operations) >= maxObjects:
		return OutOfMemory
	}
	s.capture.operations = append(s.capture.operations, o)
	return Success
}

func (c *call) captureBegin() Result {
	s, r := c.stream(0)
	mode := captureMode(c.u32(1))
	switch {
	case r != Success:
		return r
	case mode > captureRelaxed:
		return InvalidValue
	case s == c.context.standard:
		return StreamCaptureUnsupported
	case s.capture != nil:
		return IllegalState
	}
	s.capture = &capture{mode: mode, thread: c.thread}
	return Success
}

// captureEnd stores no graph where the capture has become invalid.
func (c *call) captureEnd() Result {
	s, r := c.stream(0)
	if r != Success {
		return r
	}
	g := s.capture
	switch {
	case g == nil:
		return IllegalState
	case g.mode != captureRelaxed && g.thread != c.thread:
		return StreamCaptureWrongThread
	case len(c.graphs) >= maxObjects:
		return OutOfMemory
	}
	s.capture = nil
	if g.invalid {
		if r := c.store(1, 0); r != Success {
			return r
		}
		return StreamCaptureInvalidated
	}
	h := c.handle()
	c.graphs[h] = &graph{operations: g.operations}
	return c.store(1, h)
}
