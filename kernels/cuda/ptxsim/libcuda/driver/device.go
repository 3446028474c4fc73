package driver

import "crypto/sha256"

func (c *call) initialise() Result {
	if c.u32(0) != 0 {
		return InvalidValue
	}
	if c.failures.noDevice() {
		return NoDevice
	}
	c.initialised = true
	return Success
}

func (c *call) driverVersion() Result { return c.store32(0, uint32(c.board.Driver)) }

func (c *call) deviceCount() Result { return c.store32(0, 1) }

// checkDevice wants the only device that there is.
func (c *call) checkDevice(argument int) Result {
	if c.i32(argument) != 0 {
		return InvalidDevice
	}
	return Success
}

func (c *call) device() Result {
	if r := c.checkDevice(1); r != Success {
		return r
	}
	return c.store32(0, 0)
}

func (c *call) deviceName() Result {
	if r := c.checkDevice(2); r != Success {
		return r
	}
	room := int(c.i32(1))
	if room < 1 {
		return InvalidValue
	}
	name := c.board.Device[:min(len(c.board.Device), room-1)]
	if !c.caller.write(c.arguments[0], append([]byte(name), 0)) {
		return Unknown
	}
	return Success
}

func (c *call) deviceMemory() Result {
	if r := c.checkDevice(1); r != Success {
		return r
	}
	return c.store(0, uint64(c.board.Memory))
}

func (c *call) deviceAttribute() Result {
	if r := c.checkDevice(2); r != Success {
		return r
	}
	v, known := c.board.attribute(int(c.i32(1)))
	if !known {
		return InvalidValue
	}
	return c.store32(0, uint32(v))
}

func (c *call) deviceUUID() Result {
	if r := c.checkDevice(1); r != Success {
		return r
	}
	sum := sha256.Sum256([]byte(c.board.Name))
	if !c.caller.write(c.arguments[0], sum[:16]) {
		return Unknown
	}
	return Success
}
