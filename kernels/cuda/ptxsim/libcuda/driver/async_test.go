package driver

import (
	"strings"
	"testing"
)

const (
	defaultStream = 0
	nonBlocking   = 1
)

// pinnedFloats is memory as cuMemHostAlloc gives it.
func (p *program) pinnedFloats(flags uint64, v ...float32) (uint64, []byte) {
	p.t.Helper()
	at, memory := p.floats(v...)
	p.must("cuMemHostAlloc", at, uint64(len(memory)), flags)
	return at, memory
}

func TestWorkRunsWhenSomethingWaits(t *testing.T) {
	waits := []struct {
		name string
		wait func(p *program, stream, event, device uint64)
	}{
		{"cuStreamSynchronize", func(p *program, stream, _, _ uint64) { p.must("cuStreamSynchronize", stream) }},
		{"cuCtxSynchronize", func(p *program, _, _, _ uint64) { p.must("cuCtxSynchronize") }},
		{"cuEventSynchronize", func(p *program, _, event, _ uint64) { p.must("cuEventSynchronize", event) }},
		{"cuStreamSynchronize of the default stream", func(p *program, _, _, _ uint64) { p.must("cuStreamSynchronize", defaultStream) }},
		{"cuMemcpyDtoH", func(p *program, _, _, device uint64) {
			at, _ := p.client.Memory.Take(4)
			p.must("cuMemcpyDtoH_v2", at, device, 4)
		}},
		{"cuStreamQuery until it is ready", func(p *program, stream, _, _ uint64) {
			for range 4 { // two copies, a launch and the record of an event
				p.want(NotReady, "cuStreamQuery", stream)
			}
			p.must("cuStreamQuery", stream)
		}},
		{"cuEventQuery until it is ready", func(p *program, _, event, _ uint64) {
			for range 4 {
				p.want(NotReady, "cuEventQuery", event)
			}
			p.must("cuEventQuery", event)
		}},
	}
	for _, w := range waits {
		t.Run(w.name, func(t *testing.T) {
			p := begin(t, "orin-nano")
			_, twice := p.twice()
			stream, event := p.get("cuStreamCreate", 0), p.get("cuEventCreate", 0)
			source, destination := p.get("cuMemAlloc_v2", 12), p.get("cuMemAlloc_v2", 12)
			in, inMemory := p.pinnedFloats(0, 1, 2, 3)
			out, outMemory := p.pinnedFloats(0, 0, 0, 0)
			p.must("cuMemcpyHtoDAsync_v2", source, in, 12, stream)
			p.must("cuLaunchKernel", p.launch(twice, stream, source, destination, 3)...)
			p.must("cuMemcpyDtoHAsync_v2", out, destination, 12, stream)
			p.must("cuEventRecord", event, stream)
			put(inMemory, 5, 6, 7) // pinned memory is read when the copy runs
			p.wantFloats("before", outMemory, 0, 0, 0)
			w.wait(p, stream, event, source)
			p.wantFloats("after", outMemory, 10, 12, 14)
		})
	}
}

func TestPageableMemoryIsReadAtOnce(t *testing.T) {
	p := begin(t, "orin-nano")
	stream, device := p.get("cuStreamCreate", nonBlocking), p.get("cuMemAlloc_v2", 8)
	in, inMemory := p.floats(1, 2)
	out, outMemory := p.floats(0, 0)
	p.must("cuMemcpyHtoDAsync_v2", device, in, 8, stream)
	put(inMemory, 5, 6)
	p.must("cuMemcpyDtoHAsync_v2", out, device, 8, stream)
	p.wantFloats("before", outMemory, 0, 0)
	p.must("cuStreamSynchronize", stream)
	p.wantFloats("after", outMemory, 1, 2)
}

// A stream that was created non-blocking neither waits for the default stream
// nor makes it wait.
func TestNonBlockingStreamsStandAlone(t *testing.T) {
	for _, kind := range []struct {
		name    string
		flags   uint64
		arrived float32
	}{{"blocking", 0, 3}, {"non-blocking", nonBlocking, 0}} {
		t.Run(kind.name, func(t *testing.T) {
			p := begin(t, "orin-nano")
			stream, device := p.get("cuStreamCreate", kind.flags), p.get("cuMemAlloc_v2", 4)
			zero, _ := p.pinnedFloats(0, 0)
			p.must("cuMemcpyHtoD_v2", device, zero, 4) // from pinned memory: it has arrived
			three, _ := p.floats(3)
			p.must("cuMemcpyHtoD_v2", device, three, 4) // from pageable memory: it is on its way
			out, memory := p.pinnedFloats(0, 9)
			p.must("cuMemcpyDtoHAsync_v2", out, device, 4, stream)
			p.must("cuStreamSynchronize", stream)
			p.wantFloats("the stream", memory, kind.arrived)
			p.must("cuCtxSynchronize")
			p.must("cuMemcpyDtoHAsync_v2", out, device, 4, stream)
			p.must("cuStreamSynchronize", stream)
			p.wantFloats("the stream, after cuCtxSynchronize", memory, 3)
		})
	}
}

// The order of two streams that are blocking goes through the default stream.
func TestBlockingStreamsAreOrderedByTheDefaultStream(t *testing.T) {
	p := begin(t, "orin-nano")
	_, twice := p.twice()
	one, two := p.get("cuStreamCreate", 0), p.get("cuStreamCreate", 0)
	device := p.get("cuMemAlloc_v2", 4)
	in, _ := p.pinnedFloats(0, 1)
	out, memory := p.pinnedFloats(0, 0)
	p.must("cuMemcpyHtoDAsync_v2", device, in, 4, one)
	p.must("cuLaunchKernel", p.launch(twice, defaultStream, device, device, 1)...)
	p.must("cuLaunchKernel", p.launch(twice, two, device, device, 1)...)
	p.must("cuMemcpyDtoHAsync_v2", out, device, 4, two)
	p.must("cuLaunchKernel", p.launch(twice, one, device, device, 1)...)
	p.must("cuStreamSynchronize", two)
	p.wantFloats("the second stream", memory, 4)
	p.must("cuStreamSynchronize", two)
	p.must("cuMemcpyDtoH_v2", out, device, 4)
	p.wantFloats("all streams", memory, 8)
}

func TestFillsAndCopiesOnTheDevice(t *testing.T) {
	p := begin(t, "desktop")
	stream := p.get("cuStreamCreate", 0)
	a, b := p.get("cuMemAlloc_v2", 8), p.get("cuMemAlloc_v2", 8)
	p.must("cuMemsetD32_v2", a, 0x3f800000, 2)
	p.must("cuMemcpyDtoD_v2", b, a, 8)
	p.must("cuMemsetD32Async", b, 0x40000000, 1, stream)
	p.must("cuMemsetD8Async", a, 0, 4, stream)
	p.must("cuMemsetD8_v2", a+4, 0, 4)
	at, memory := p.client.Memory.Take(8)
	p.must("cuMemcpyDtoH_v2", at, b, 8)
	p.wantFloats("the copy", memory, 2, 1)
	p.must("cuMemcpyDtoH_v2", at, a, 8)
	p.wantFloats("the original", memory, 0, 0)
	for _, none := range []string{"cuMemsetD8_v2", "cuMemsetD32_v2", "cuMemcpyDtoD_v2", "cuMemcpyDtoH_v2", "cuMemcpyHtoD_v2"} {
		p.must(none, a, b, 0)
	}
}

func TestWorkThatOutlivesItsMemory(t *testing.T) {
	cases := []struct {
		name  string
		free  func(p *program, module, device, host uint64)
		want  Result
		fault string
	}{
		{"device memory", func(p *program, _, device, _ uint64) { p.must("cuMemFree_v2", device) }, IllegalAddress, "device memory was freed"},
		{"host memory", func(p *program, _, _, host uint64) { p.must("cuMemFreeHost", host) }, IllegalAddress, "host memory was freed"},
		{"module", func(p *program, module, _, _ uint64) { p.must("cuModuleUnload", module) }, LaunchFailed, "module was unloaded"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := begin(t, "orin-nano")
			module, twice := p.twice()
			stream, other := p.get("cuStreamCreate", nonBlocking), p.get("cuStreamCreate", nonBlocking)
			device := p.get("cuMemAlloc_v2", 4)
			host, _ := p.pinnedFloats(0, 1)
			p.must("cuMemsetD8Async", p.get("cuMemAlloc_v2", 4), 0, 4, other)
			p.must("cuMemcpyHtoDAsync_v2", device, host, 4, stream)
			p.must("cuLaunchKernel", p.launch(twice, stream, device, device, 1)...)
			c.free(p, module, device, host)
			p.want(c.want, "cuStreamSynchronize", stream)
			p.want(c.want, "cuMemFree_v2", device)
			p.want(c.want, "cuDeviceGetCount", 0)
			for _, words := range []string{c.fault, "not waited for: fill of 4 bytes", "on non-blocking stream"} {
				if !strings.Contains(p.errors.String(), words) {
					t.Errorf("the server says %q: expected %q", p.errors, words)
				}
			}
			if p.server.Faults() != 1 {
				t.Errorf("%d faults: expected 1", p.server.Faults())
			}
		})
	}
}
