package driver

import (
	"fmt"
	"strings"

	"github.com/edge-infer/edge-infer/kernels/cuda/ptxsim"
)

type module struct {
	context  *context
	code     *ptxsim.Module
	unloaded bool
}

const (
	maxPTX  = 64 << 20
	maxName = 4 << 10
)

// unload makes a module's functions invalid. Work that is enqueued with one
// of them will fail.
func (p *process) unload(handle uint64, m *module) {
	m.unloaded = true
	p.memory.Unload(m.code)
	delete(p.modules, handle)
	for h, f := range p.functions {
		if f.module == m {
			delete(p.functions, h)
		}
	}
}

// moduleLoad serves cuModuleLoadData and cuModuleLoadDataEx; the length of the
// text follows its address.
func (c *call) moduleLoad() Result {
	if c.arguments[2] > maxPTX {
		return InvalidImage
	}
	var log jitLog
	if len(c.arguments) > 3 {
		var r Result
		if log, r = c.jitLog(c.u32(3), c.arguments[4], c.arguments[5]); r != Success {
			return r
		}
	}
	text := make([]byte, c.arguments[2])
	if !c.caller.read(c.arguments[1], text) {
		return Unknown
	}
	code, r, problem := c.board.compile(string(text))
	if !c.finish(log, problem) {
		return Unknown
	}
	if r != Success {
		return r
	}
	if len(c.modules) >= maxObjects {
		return OutOfMemory
	}
	h := c.handle()
	c.modules[h] = &module{context: c.context, code: code}
	return c.store(0, h)
}

// moduleRefused fills the log of a load that fails on request.
func (c *call) moduleRefused() {
	if log, r := c.jitLog(c.u32(3), c.arguments[4], c.arguments[5]); r == Success {
		c.finish(log, "refused on request")
	}
}

// compile does what the driver does with PTX, and words the refusal.
func (b *Board) compile(text string) (*ptxsim.Module, Result, string) {
	if strings.HasPrefix(text, "\x7fELF") || strings.HasPrefix(text, "\x50\xed\x55\xba") {
		return nil, InvalidImage, "the image is machine code: PTX is expected"
	}
	if version, found := ptxVersion(text); found && version > b.ptx() {
		return nil, UnsupportedPTXVersion, fmt.Sprintf("ptxsim: .version %d.%d: CUDA %d.%d compiles up to %d.%d",
			version/10, version%10, b.Driver/1000, b.Driver%1000/10, b.ptx()/10, b.ptx()%10)
	}
	code, err := ptxsim.Parse(text)
	if err != nil {
		return nil, InvalidPTX, err.Error()
	}
	if code.Target() > b.Compute {
		return nil, NoBinaryForGPU, fmt.Sprintf("ptxsim: .target sm_%d: the device is sm_%d", code.Target(), b.Compute)
	}
	return code, Success, ""
}

// ptxVersion finds the .version directive: 63 for 6.3.
func ptxVersion(text string) (int, bool) {
	for line := range strings.Lines(text) {
		var major, minor int
		if n, _ := fmt.Sscanf(line, ".version %d.%d", &major, &minor); n == 2 && 0 <= major && major < 100 && 0 <= minor && minor < 10 {
			return 10*major + minor, true
		}
	}
	return 0, false
}

func (c *call) moduleUnload() Result {
	m, found := c.modules[c.arguments[0]]
	if !found {
		return InvalidHandle
	}
	c.unload(c.arguments[0], m)
	return Success
}

// moduleFunction gets the length of the name as its last argument.
func (c *call) moduleFunction() Result {
	m, found := c.modules[c.arguments[1]]
	switch {
	case !found || m.context != c.context:
		return InvalidHandle
	case c.arguments[3] > maxName:
		return NotFound
	case len(c.functions) >= maxObjects:
		return OutOfMemory
	}
	name := make([]byte, c.arguments[3])
	if !c.caller.read(c.arguments[2], name) {
		return Unknown
	}
	entry, found := m.code.Entry(string(name))
	if !found {
		return NotFound
	}
	h := c.handle()
	c.functions[h] = &function{module: m, name: string(name), entry: entry}
	return c.store(0, h)
}
