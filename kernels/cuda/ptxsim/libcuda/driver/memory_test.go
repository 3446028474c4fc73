package driver

import (
	"strings"
	"testing"
)

func TestDeviceMemory(t *testing.T) {
	p := begin(t, "nano") // with 1 MiB
	at, _ := p.client.Memory.Take(8)
	p.want(InvalidValue, "cuMemAlloc_v2", at, 0)
	p.want(OutOfMemory, "cuMemAlloc_v2", at, 1<<20+1)
	p.want(OutOfMemory, "cuMemAlloc_v2", at, 1<<63)
	first := p.get("cuMemAlloc_v2", 1<<19)
	second := p.get("cuMemAlloc_v2", 1<<18)
	if first%256 != 0 || second%256 != 0 {
		t.Errorf("addresses %#x and %#x: expected multiples of 256", first, second)
	}
	p.want(OutOfMemory, "cuMemAlloc_v2", at, 1<<19)
	p.must("cuMemFree_v2", first)
	p.want(InvalidValue, "cuMemFree_v2", first)
	p.want(InvalidValue, "cuMemFree_v2", second+256)
	p.must("cuMemFree_v2", 0)
	free, _ := p.client.Memory.Take(8)
	p.must("cuMemGetInfo_v2", free, 0)
	if p.word(free) != 3<<18 {
		t.Errorf("%d bytes are free: expected %d", p.word(free), 3<<18)
	}
}

func TestCopiesAreChecked(t *testing.T) {
	p := begin(t, "nano")
	host, _ := p.client.Memory.Take(64)
	device := p.get("cuMemAlloc_v2", 64)
	for _, c := range []struct {
		name      string
		arguments []uint64
	}{
		{"cuMemcpyHtoD_v2", []uint64{device + 1, host, 64}},
		{"cuMemcpyHtoD_v2", []uint64{device - 1, host, 4}},
		{"cuMemcpyHtoD_v2", []uint64{device, 0, 4}},
		{"cuMemcpyDtoH_v2", []uint64{host, device + 64, 1}},
		{"cuMemcpyDtoH_v2", []uint64{0, device, 1}},
		{"cuMemcpyDtoD_v2", []uint64{device, host, 4}},
		{"cuMemcpyDtoD_v2", []uint64{host, device, 4}},
		{"cuMemcpyHtoDAsync_v2", []uint64{device, host, 1 << 63, 0}},
		{"cuMemcpyDtoHAsync_v2", []uint64{host, device + 60, 5, 0}},
		{"cuMemsetD8_v2", []uint64{device, 0, 65}},
		{"cuMemsetD32_v2", []uint64{device + 2, 0, 1}},
		{"cuMemsetD32Async", []uint64{device, 0, 1 << 62, 0}},
	} {
		p.want(InvalidValue, c.name, c.arguments...)
	}
}

func TestLongCopies(t *testing.T) {
	p := begin(t, "nano")
	const bytes = 300_001
	from, memory := p.client.Memory.Take(bytes)
	for i := range memory {
		memory[i] = byte(i * i >> 8)
	}
	to, copied := p.client.Memory.Take(bytes)
	device := p.get("cuMemAlloc_v2", bytes)
	p.must("cuMemcpyHtoD_v2", device, from, bytes)
	p.must("cuMemcpyDtoH_v2", to, device, bytes)
	if string(memory) != string(copied) {
		t.Error("the copy came back changed")
	}
}

// What nobody has written must not be copied out.
func TestUnwrittenMemory(t *testing.T) {
	p := begin(t, "nano")
	host, _ := p.client.Memory.Take(8)
	device := p.get("cuMemAlloc_v2", 8)
	p.must("cuMemsetD8_v2", device, 0, 4)
	p.want(LaunchFailed, "cuMemcpyDtoH_v2", host, device, 8)
	p.want(LaunchFailed, "cuCtxSynchronize")
	if r := p.server.Reports()[0]; len(r.Faults) != 1 || !strings.Contains(r.Faults[0], "nobody has written") {
		t.Errorf("faults: %q: expected one of unwritten bytes", r.Faults)
	}
}
