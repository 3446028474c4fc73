package driver

import "encoding/binary"

// Copies and fills check their device memory when they are enqueued, and again
// when they run.

func (c *call) onDevice(address, bytes uint64) bool {
	_, found := c.allocations.find(address, bytes)
	return found
}

// copyToDevice is the copy that returns when the source may be used again. From
// pageable memory that is before the data has arrived; a stream that does not
// wait for the default stream has to be made to (API synchronization behaviour,
// in the driver API reference).
func (c *call) copyToDevice() Result {
	device, host, bytes := c.arguments[0], c.arguments[1], c.arguments[2]
	if bytes == 0 {
		return Success
	}
	if !c.onDevice(device, bytes) || host == 0 {
		return InvalidValue
	}
	if r := c.waitForDefault(); r != Success {
		return r
	}
	o := &toDevice{device: device, host: host, bytes: bytes, pinned: c.findPinned(host, bytes)}
	if o.pinned != nil {
		return c.execute([]operation{o})
	}
	o.data = make([]byte, bytes)
	if !c.caller.read(host, o.data) {
		return Unknown
	}
	return c.enqueue(c.context.standard, o)
}

func (c *call) copyToHost() Result {
	host, device, bytes := c.arguments[0], c.arguments[1], c.arguments[2]
	if bytes == 0 {
		return Success
	}
	if !c.onDevice(device, bytes) || host == 0 {
		return InvalidValue
	}
	if r := c.waitForDefault(); r != Success {
		return r
	}
	return c.execute([]operation{&toHost{host: host, device: device, bytes: bytes, pinned: c.findPinned(host, bytes)}})
}

// waitForDefault does what a synchronous copy does first: it waits for the
// default stream and all that this waits for.
func (c *call) waitForDefault() Result {
	if invalidate(c.capturing(true)) {
		return StreamCaptureImplicit
	}
	q := &c.context.queue
	return c.execute(q.takeFor(c.context.standard, len(q.pending)))
}

// copyOnDevice is not synchronous, in spite of its name.
func (c *call) copyOnDevice() Result {
	to, from, bytes := c.arguments[0], c.arguments[1], c.arguments[2]
	if bytes == 0 {
		return Success
	}
	if !c.onDevice(to, bytes) || !c.onDevice(from, bytes) {
		return InvalidValue
	}
	return c.enqueue(c.context.standard, &onDevice{to: to, from: from, bytes: bytes})
}

// copyToDeviceAsync reads pinned memory when the copy runs, pageable memory at
// once. Copies of pageable memory cannot be captured: they may have to wait.
func (c *call) copyToDeviceAsync() Result {
	device, host, bytes := c.arguments[0], c.arguments[1], c.arguments[2]
	s, r := c.stream(3)
	if r != Success {
		return r
	}
	if bytes == 0 {
		return Success
	}
	if !c.onDevice(device, bytes) || host == 0 {
		return InvalidValue
	}
	o := &toDevice{device: device, host: host, bytes: bytes, pinned: c.findPinned(host, bytes)}
	if o.pinned == nil {
		if s.capture != nil {
			s.capture.invalid = true
			return StreamCaptureUnsupported
		}
		o.data = make([]byte, bytes)
		if !c.caller.read(host, o.data) {
			return Unknown
		}
	}
	return c.enqueue(s, o)
}

func (c *call) copyToHostAsync() Result {
	host, device, bytes := c.arguments[0], c.arguments[1], c.arguments[2]
	s, r := c.stream(3)
	if r != Success {
		return r
	}
	if bytes == 0 {
		return Success
	}
	if !c.onDevice(device, bytes) || host == 0 {
		return InvalidValue
	}
	o := &toHost{host: host, device: device, bytes: bytes, pinned: c.findPinned(host, bytes)}
	if o.pinned == nil && s.capture != nil {
		s.capture.invalid = true
		return StreamCaptureUnsupported
	}
	return c.enqueue(s, o)
}

func (c *call) fill8() Result { return c.fill([]byte{byte(c.arguments[1])}) }

func (c *call) fill32() Result {
	if c.arguments[0]%4 != 0 {
		return InvalidValue
	}
	return c.fill(binary.LittleEndian.AppendUint32(nil, c.u32(1)))
}

// fill enqueues on the default stream unless the call names another: for
// device memory even the variants without Async return early.
func (c *call) fill(pattern []byte) Result {
	s := c.context.standard
	if len(c.arguments) > 3 {
		var r Result
		if s, r = c.stream(3); r != Success {
			return r
		}
	}
	device, count := c.arguments[0], c.arguments[2]
	if count == 0 {
		return Success
	}
	if count > uint64(c.board.Memory) || !c.onDevice(device, count*uint64(len(pattern))) {
		return InvalidValue
	}
	return c.enqueue(s, &fill{device: device, pattern: pattern, count: count})
}
