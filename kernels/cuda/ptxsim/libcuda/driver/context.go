package driver

// context owns streams, modules and memory. The primary one is shared by all
// who retain it; cuCtxCreate makes others.
type context struct {
	handle    uint64
	retained  int // of the primary context
	destroyed bool
	standard  *stream // the default stream
	queue     queue
}

// contexts is the stack of a thread.
type contexts []*context

func (s contexts) top() *context {
	if len(s) == 0 {
		return nil
	}
	return s[len(s)-1]
}

func (p *process) newContext() *context {
	x := &context{handle: p.handle()}
	x.standard = &stream{context: x, blocking: true}
	p.contexts[x.handle] = x
	return x
}

// destroy frees what belongs to a context. A thread where it is still current
// learns of it at its next call.
func (p *process) destroy(x *context) {
	x.destroyed = true
	x.queue.clear()
	delete(p.contexts, x.handle)
	for h, m := range p.modules {
		if m.context == x {
			p.unload(h, m)
		}
	}
	for h, s := range p.streams {
		if s.context == x {
			delete(p.streams, h)
		}
	}
	for h, e := range p.events {
		if e.context == x {
			delete(p.events, h)
		}
	}
	p.freeOf(x)
}

func (p *process) setStack(thread uint64, s contexts) Result {
	switch {
	case len(s) == 0:
		delete(p.stacks, thread)
	case len(s) > maxStack, len(p.stacks) >= maxObjects:
		return OutOfMemory
	default:
		p.stacks[thread] = s
	}
	return Success
}

func (c *call) primaryRetain() Result {
	if r := c.checkDevice(1); r != Success {
		return r
	}
	if c.primary == nil {
		c.primary = c.newContext()
	}
	c.primary.retained++
	return c.store(0, c.primary.handle)
}

func (c *call) primaryRelease() Result {
	if r := c.checkDevice(0); r != Success {
		return r
	}
	if c.primary == nil {
		return InvalidContext
	}
	if c.primary.retained--; c.primary.retained == 0 {
		c.destroy(c.primary)
		c.primary = nil
	}
	return Success
}

const contextFlags = 0xff // every CUctx_flags, scheduling among them, which changes nothing here

func (c *call) primarySetFlags() Result {
	if r := c.checkDevice(0); r != Success {
		return r
	}
	flags := c.u32(1)
	switch {
	case flags&^contextFlags != 0:
		return InvalidValue
	case c.primary != nil && flags != c.primaryFlags:
		return PrimaryContextActive
	}
	c.primaryFlags = flags
	return Success
}

func (c *call) contextCreate() Result {
	if r := c.checkDevice(2); r != Success {
		return r
	}
	if c.u32(1)&^contextFlags != 0 {
		return InvalidValue
	}
	if len(c.contexts) >= maxStack {
		return OutOfMemory
	}
	x := c.newContext()
	if r := c.setStack(c.thread, append(c.stacks[c.thread], x)); r != Success {
		c.destroy(x)
		return r
	}
	return c.store(0, x.handle)
}

func (c *call) contextDestroy() Result {
	x, found := c.contexts[c.arguments[0]]
	if !found || x == c.primary {
		return InvalidContext
	}
	if s := c.stacks[c.thread]; s.top() == x {
		c.setStack(c.thread, s[:len(s)-1])
	}
	c.destroy(x)
	return Success
}

func (c *call) contextSet() Result {
	s := c.stacks[c.thread]
	if c.arguments[0] == 0 {
		if len(s) > 0 {
			s = s[:len(s)-1]
		}
		return c.setStack(c.thread, s)
	}
	x, found := c.contexts[c.arguments[0]]
	if !found {
		return InvalidContext
	}
	if len(s) == 0 {
		return c.setStack(c.thread, contexts{x})
	}
	s[len(s)-1] = x
	return Success
}

func (c *call) contextGet() Result {
	if x := c.stacks[c.thread].top(); x != nil {
		return c.store(0, x.handle)
	}
	return c.store(0, 0)
}

func (c *call) contextPush() Result {
	x, found := c.contexts[c.arguments[0]]
	if !found {
		return InvalidContext
	}
	return c.setStack(c.thread, append(c.stacks[c.thread], x))
}

func (c *call) contextPop() Result {
	s := c.stacks[c.thread]
	x := s.top()
	if x == nil {
		return InvalidContext
	}
	if c.arguments[0] != 0 {
		if r := c.store(0, x.handle); r != Success {
			return r
		}
	}
	return c.setStack(c.thread, s[:len(s)-1])
}

func (c *call) contextDevice() Result { return c.store32(0, 0) }

func (c *call) contextSynchronize() Result {
	if invalidate(c.capturing(false)) {
		return StreamCaptureUnsupported
	}
	return c.execute(c.context.queue.takeAll())
}
