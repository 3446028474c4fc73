package driver

import (
	"encoding/binary"
	"math"
	"testing"
)

func TestEvents(t *testing.T) {
	p := begin(t, "orin-nano")
	_, twice := p.twice()
	stream := p.get("cuStreamCreate", nonBlocking)
	device := p.get("cuMemAlloc_v2", 400)
	from, to := p.get("cuEventCreate", 0), p.get("cuEventCreate", 1)
	untimed := p.get("cuEventCreate", 2)
	at, memory := p.client.Memory.Take(4)

	p.must("cuEventQuery", from) // never recorded: nothing to wait for
	p.must("cuEventSynchronize", from)
	p.want(InvalidHandle, "cuEventElapsedTime", at, from, to)

	p.must("cuMemsetD32Async", device, 0, 100, stream)
	p.must("cuEventRecord", from, stream)
	p.must("cuLaunchKernel", p.launch(twice, stream, device, device, 100)...)
	p.must("cuEventRecord", untimed, stream)
	p.must("cuEventRecord", to, stream)
	p.must("cuMemsetD32Async", device, 0, 100, stream)
	p.want(NotReady, "cuEventElapsedTime", at, from, to)
	p.must("cuEventSynchronize", to)
	p.must("cuEventQuery", from)
	p.want(NotReady, "cuStreamQuery", stream) // the last fill was not waited for
	p.must("cuEventElapsedTime", at, from, to)
	launch := math.Float32frombits(binary.LittleEndian.Uint32(memory))
	if launch < 0.005 || launch > 1 {
		t.Errorf("a launch takes %g ms: expected 0.005 to 1", launch)
	}
	p.must("cuEventElapsedTime", at, to, from)
	if back := math.Float32frombits(binary.LittleEndian.Uint32(memory)); back != -launch {
		t.Errorf("from the end to the beginning: %g ms: expected %g", back, -launch)
	}
	p.want(InvalidHandle, "cuEventElapsedTime", at, from, untimed)

	// Recorded again, an event is not done until that has run.
	p.must("cuEventRecord", from, stream)
	p.want(NotReady, "cuEventElapsedTime", at, from, to)
	p.must("cuStreamSynchronize", stream)
	p.must("cuEventElapsedTime", at, from, to)

	p.must("cuEventRecord", from, stream)
	p.must("cuEventDestroy_v2", from)
	p.must("cuStreamDestroy_v2", stream)
	p.must("cuCtxSynchronize")
	p.want(InvalidHandle, "cuEventQuery", from)
	p.want(InvalidValue, "cuEventCreate", at, 4) // interprocess, with timing
}
