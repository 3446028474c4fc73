package driver

import "fmt"

type stream struct {
	handle   uint64 // 0 for the default stream
	context  *context
	blocking bool // waits for the default stream, and it for this one
	capture  *capture
}

func (s *stream) String() string {
	switch {
	case s.handle == 0:
		return "the default stream"
	case s.blocking:
		return fmt.Sprintf("stream %#x", s.handle)
	}
	return fmt.Sprintf("non-blocking stream %#x", s.handle)
}

// stream finds the stream that an argument names, which must belong to the
// current context.
func (c *call) stream(argument int) (*stream, Result) {
	switch h := c.arguments[argument]; h {
	case 0, 1: // CU_STREAM_LEGACY
		return c.context.standard, Success
	case 2: // CU_STREAM_PER_THREAD
		return nil, NotSupported
	default:
		s, found := c.streams[h]
		if !found || s.context != c.context {
			return nil, InvalidHandle
		}
		return s, Success
	}
}

func (c *call) streamCreate() Result {
	const nonBlocking = 1
	flags := c.u32(1)
	if flags&^nonBlocking != 0 {
		return InvalidValue
	}
	if len(c.streams) >= maxObjects {
		return OutOfMemory
	}
	s := &stream{handle: c.handle(), context: c.context, blocking: flags&nonBlocking == 0}
	c.streams[s.handle] = s
	return c.store(0, s.handle)
}

// streamDestroy leaves what the stream has still to do in the queue: it is
// done whenever the context is waited for.
func (c *call) streamDestroy() Result {
	s, r := c.stream(0)
	if r != Success {
		return r
	}
	if s == c.context.standard {
		return InvalidHandle
	}
	s.capture = nil
	delete(c.streams, s.handle)
	return Success
}

// waitable finds a stream that may be waited for, or queried.
func (c *call) waitable() (*stream, Result) {
	s, r := c.stream(0)
	if r != Success {
		return nil, r
	}
	if s.capture != nil {
		s.capture.invalid = true
		return nil, StreamCaptureUnsupported
	}
	if s == c.context.standard && invalidate(c.capturing(true)) {
		return nil, StreamCaptureImplicit
	}
	return s, Success
}

func (c *call) streamSynchronize() Result {
	s, r := c.waitable()
	if r != Success {
		return r
	}
	q := &c.context.queue
	return c.execute(q.takeFor(s, len(q.pending)))
}

// streamQuery lets one operation run, so that a program that asks again and
// again gets on, and one that asks once learns that work takes time.
func (c *call) streamQuery() Result {
	s, r := c.waitable()
	if r != Success {
		return r
	}
	if c.context.queue.of(s) == 0 {
		return Success
	}
	return c.step(s)
}

// step runs the first operation of a stream with all that it has to wait for.
func (c *call) step(s *stream) Result {
	q := &c.context.queue
	for i, w := range q.pending {
		if w.stream != s {
			continue
		}
		if r := c.execute(q.takeFor(s, i+1)); r != Success {
			return r
		}
		break
	}
	return NotReady
}
