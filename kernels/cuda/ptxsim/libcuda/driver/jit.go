package driver

// jitLog is where a caller of cuModuleLoadDataEx wants the compiler's words.
type jitLog struct {
	infoBuffer, errorBuffer logBuffer
}

type logBuffer struct {
	address uint64
	bytes   uint64
	size    uint64 // where the option's value is, which becomes what was written
}

// jitLog reads the options, of CUjit_option, whose values are an array of
// pointers that partly are numbers.
func (c *call) jitLog(count uint32, options, values uint64) (jitLog, Result) {
	const (
		wallTime    = 2
		infoBuffer  = 3
		infoBytes   = 4
		errorBuffer = 5
		errorBytes  = 6
		last        = 33
		most        = 64
	)
	var log jitLog
	if count == 0 {
		return log, Success
	}
	if count > most || options == 0 || values == 0 {
		return log, InvalidValue
	}
	numbers, ok := c.caller.words(options, int(count+1)/2)
	if !ok {
		return log, Unknown
	}
	given, ok := c.caller.words(values, int(count))
	if !ok {
		return log, Unknown
	}
	for i, value := range given {
		option := uint32(numbers[i/2] >> (32 * (i % 2)))
		at := values + 8*uint64(i)
		switch option {
		case infoBuffer:
			log.infoBuffer.address = value
		case infoBytes:
			log.infoBuffer.bytes, log.infoBuffer.size = uint64(uint32(value)), at
		case errorBuffer:
			log.errorBuffer.address = value
		case errorBytes:
			log.errorBuffer.bytes, log.errorBuffer.size = uint64(uint32(value)), at
		case wallTime:
			if !c.caller.writeFloat(at, 0) {
				return log, Unknown
			}
		default:
			if option > last {
				return log, InvalidValue
			}
		}
	}
	return log, Success
}

// finish writes the logs.
func (c *call) finish(log jitLog, problem string) bool {
	info := ""
	if problem == "" {
		info = "ptxsim: compiled"
	}
	return c.fillLog(log.infoBuffer, info) && c.fillLog(log.errorBuffer, problem)
}

func (c *call) fillLog(b logBuffer, text string) bool {
	written := uint64(0)
	if b.address != 0 && b.bytes > 0 {
		text = text[:min(len(text), int(b.bytes)-1)]
		if !c.caller.write(b.address, append([]byte(text), 0)) {
			return false
		}
		written = uint64(len(text))
	}
	return b.size == 0 || c.caller.write64(b.size, written)
}
