package driver

import "testing"

const (
	modeGlobal = iota
	modeThreadLocal
	modeRelaxed
)

// captured is a program that has begun to capture a stream.
type captured struct {
	*program
	stream, twice, source, destination uint64
	in, out                            uint64
	inMemory, outMemory                []byte
}

func capturing(t *testing.T, flags, mode uint64) *captured {
	t.Helper()
	c := &captured{program: begin(t, "orin-nano")}
	_, c.twice = c.program.twice()
	c.stream = c.get("cuStreamCreate", flags)
	c.source, c.destination = c.get("cuMemAlloc_v2", 8), c.get("cuMemAlloc_v2", 8)
	c.in, c.inMemory = c.pinnedFloats(0, 1, 2)
	c.out, c.outMemory = c.pinnedFloats(0, 0, 0)
	c.must("cuStreamBeginCapture_v2", c.stream, mode)
	return c
}

func (c *captured) work() {
	c.t.Helper()
	c.must("cuMemcpyHtoDAsync_v2", c.source, c.in, 8, c.stream)
	c.must("cuLaunchKernel", c.launch(c.twice, c.stream, c.source, c.destination, 2)...)
	c.must("cuMemcpyDtoHAsync_v2", c.out, c.destination, 8, c.stream)
}

func TestGraph(t *testing.T) {
	for _, instantiate := range []string{"cuGraphInstantiate", "cuGraphInstantiate_v2", "cuGraphInstantiateWithFlags"} {
		t.Run(instantiate, func(t *testing.T) {
			c := capturing(t, nonBlocking, modeThreadLocal)
			c.work()
			at, _ := c.client.Memory.Take(8)
			c.must("cuStreamEndCapture", c.stream, at)
			graph := c.word(at)
			c.must("cuCtxSynchronize")
			c.wantFloats("after the capture", c.outMemory, 0, 0)
			var exec uint64
			if instantiate == "cuGraphInstantiateWithFlags" {
				c.want(InvalidValue, instantiate, at, graph, 1<<20)
				exec = c.get(instantiate, graph, 0)
			} else {
				exec = c.get(instantiate, graph, 0, 0, 0)
			}
			c.want(InvalidValue, "cuGraphLaunch", graph, c.stream)
			c.must("cuGraphDestroy", graph)
			c.want(InvalidValue, "cuGraphDestroy", exec)
			for i := range 2 {
				x := float32(i + 3)
				put(c.inMemory, x, 2*x)
				c.must("cuGraphLaunch", exec, c.stream)
				c.must("cuStreamSynchronize", c.stream)
				c.wantFloats("a launch of the graph", c.outMemory, 2*x, 4*x)
			}
			c.must("cuGraphLaunch", exec, c.stream)
			c.must("cuGraphExecDestroy", exec) // what was launched goes on
			c.want(InvalidValue, "cuGraphLaunch", exec, c.stream)
			c.must("cuStreamSynchronize", c.stream)
			r := c.server.Reports()[0]
			if r.GraphLaunches != 3 || r.Launches != 3 || r.HostToDevice != (Copies{3, 24}) || r.DeviceToHost != (Copies{3, 24}) {
				t.Errorf("%d graphs, %d launches, %v to the device, %v to the host: expected 3 of each",
					r.GraphLaunches, r.Launches, r.HostToDevice, r.DeviceToHost)
			}
		})
	}
}

// What must not be done while a stream is being captured, in which mode, and
// by which thread: 1 has begun the capture.
func TestCaptureIsSpoilt(t *testing.T) {
	cases := []struct {
		name    string
		flags   uint64
		mode    uint64
		thread  uint64
		call    func(c *captured) (string, []uint64)
		want    Result
		spoiled bool
	}{
		{"nothing", 0, modeGlobal, 1, func(c *captured) (string, []uint64) { return "cuCtxGetDevice", []uint64{c.in} }, Success, false},
		{"wait for the stream", 0, modeRelaxed, 1, func(c *captured) (string, []uint64) { return "cuStreamSynchronize", []uint64{c.stream} }, StreamCaptureUnsupported, true},
		{"query the stream", 0, modeRelaxed, 1, func(c *captured) (string, []uint64) { return "cuStreamQuery", []uint64{c.stream} }, StreamCaptureUnsupported, true},
		{"wait for the context", nonBlocking, modeRelaxed, 1, func(c *captured) (string, []uint64) { return "cuCtxSynchronize", nil }, StreamCaptureUnsupported, true},
		{"use the default stream", 0, modeRelaxed, 1, func(c *captured) (string, []uint64) {
			return "cuMemsetD8_v2", []uint64{c.source, 0, 4}
		}, StreamCaptureImplicit, true},
		{"use the default stream beside a non-blocking one", nonBlocking, modeRelaxed, 1, func(c *captured) (string, []uint64) {
			return "cuMemsetD8_v2", []uint64{c.source, 0, 4}
		}, Success, false},
		{"copy synchronously", 0, modeRelaxed, 1, func(c *captured) (string, []uint64) {
			return "cuMemcpyHtoD_v2", []uint64{c.source, c.in, 4}
		}, StreamCaptureImplicit, true},
		{"allocate, global", nonBlocking, modeGlobal, 2, func(c *captured) (string, []uint64) {
			return "cuMemAlloc_v2", []uint64{c.in, 4}
		}, StreamCaptureUnsupported, true},
		{"allocate, thread-local", nonBlocking, modeThreadLocal, 1, func(c *captured) (string, []uint64) {
			return "cuMemAlloc_v2", []uint64{c.in, 4}
		}, StreamCaptureUnsupported, true},
		{"allocate in another thread, thread-local", nonBlocking, modeThreadLocal, 2, func(c *captured) (string, []uint64) {
			return "cuMemAlloc_v2", []uint64{c.in, 4}
		}, Success, false},
		{"allocate, relaxed", nonBlocking, modeRelaxed, 1, func(c *captured) (string, []uint64) {
			return "cuMemAlloc_v2", []uint64{c.in, 4}
		}, Success, false},
		{"copy from pageable memory", nonBlocking, modeRelaxed, 1, func(c *captured) (string, []uint64) {
			at, _ := c.floats(1)
			return "cuMemcpyHtoDAsync_v2", []uint64{c.source, at, 4, c.stream}
		}, StreamCaptureUnsupported, true},
		{"copy to pageable memory", nonBlocking, modeRelaxed, 1, func(c *captured) (string, []uint64) {
			at, _ := c.floats(1)
			return "cuMemcpyDtoHAsync_v2", []uint64{at, c.source, 4, c.stream}
		}, StreamCaptureUnsupported, true},
	}
	for _, k := range cases {
		t.Run(k.name, func(t *testing.T) {
			c := capturing(t, k.flags, k.mode)
			c.thread = 2
			current, _ := c.client.Memory.Take(8)
			c.must("cuDevicePrimaryCtxRetain", current, 0)
			c.must("cuCtxSetCurrent", c.word(current))
			c.thread = k.thread
			name, arguments := k.call(c)
			c.want(k.want, name, arguments...)
			c.thread = 1
			at, _ := c.client.Memory.Take(8)
			if !k.spoiled {
				c.work()
				c.must("cuStreamEndCapture", c.stream, at)
				return
			}
			c.want(StreamCaptureInvalidated, "cuMemsetD8Async", c.source, 0, 4, c.stream)
			c.want(StreamCaptureInvalidated, "cuStreamEndCapture", c.stream, at)
			if graph := c.word(at); graph != 0 {
				t.Errorf("a spoilt capture gives graph %#x", graph)
			}
			c.work() // the stream works as before
			c.must("cuStreamSynchronize", c.stream)
			c.wantFloats("afterwards", c.outMemory, 2, 4)
		})
	}
}

func TestCaptureStates(t *testing.T) {
	c := capturing(t, 0, modeThreadLocal)
	at, _ := c.client.Memory.Take(8)
	c.want(IllegalState, "cuStreamBeginCapture_v2", c.stream, modeRelaxed)
	c.want(StreamCaptureUnsupported, "cuStreamBeginCapture_v2", defaultStream, modeRelaxed)
	c.want(InvalidValue, "cuStreamBeginCapture_v2", c.stream, 3)
	event := c.get("cuEventCreate", 0)
	c.must("cuEventRecord", event, c.stream)
	c.want(CapturedEvent, "cuEventQuery", event)
	c.want(CapturedEvent, "cuEventSynchronize", event)
	c.want(CapturedEvent, "cuEventElapsedTime", at, event, event)
	context := c.get("cuDevicePrimaryCtxRetain", 0)
	c.thread = 2
	c.must("cuCtxSetCurrent", context)
	c.want(StreamCaptureWrongThread, "cuStreamEndCapture", c.stream, at)
	c.thread = 1
	c.must("cuStreamEndCapture", c.stream, at)
	c.want(IllegalState, "cuStreamEndCapture", c.stream, at)
	c.must("cuEventRecord", event, c.stream)
	c.must("cuEventSynchronize", event)
}
