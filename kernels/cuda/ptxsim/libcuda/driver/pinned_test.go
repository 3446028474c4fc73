package driver

import (
	"slices"
	"testing"
)

const mapped = 2 // CU_MEMHOSTALLOC_DEVICEMAP

func TestMappedMemory(t *testing.T) {
	p := begin(t, "agx-orin")
	_, twice := p.twice()
	stream := p.get("cuStreamCreate", nonBlocking)
	host, memory := p.pinnedFloats(mapped, 1, 2, 3, 0, 0, 0, 9)
	device := p.get("cuMemHostGetDevicePointer_v2", host, 0)
	if device == host {
		t.Error("the device address is the host's: a mistake would go unseen")
	}
	if inner := p.get("cuMemHostGetDevicePointer_v2", host+12, 0); inner != device+12 {
		t.Errorf("the device address 12 bytes on is %#x: expected %#x", inner, device+12)
	}
	p.must("cuLaunchKernel", p.launch(twice, stream, device, device+12, 3)...)
	put(memory, 5, 6, 7)
	p.wantFloats("before", memory, 5, 6, 7, 0, 0, 0, 9)
	p.must("cuStreamSynchronize", stream)
	p.wantFloats("after", memory, 5, 6, 7, 10, 12, 14, 9)

	// A copy within the same wait sees what the kernel wrote to mapped memory.
	to := p.get("cuMemAlloc_v2", 12)
	out, outMemory := p.pinnedFloats(0, 0, 0, 0)
	p.must("cuLaunchKernel", p.launch(twice, stream, device+12, device+12, 3)...)
	p.must("cuMemcpyHtoDAsync_v2", to, host+12, 12, stream)
	p.must("cuMemcpyDtoHAsync_v2", out, to, 12, stream)
	p.must("cuStreamSynchronize", stream)
	p.wantFloats("the copy", outMemory, 20, 24, 28)

	// And a kernel what a copy wrote there.
	p.must("cuMemcpyDtoHAsync_v2", host, to, 12, stream)
	p.must("cuLaunchKernel", p.launch(twice, stream, device, device+12, 3)...)
	p.must("cuStreamSynchronize", stream)
	p.wantFloats("the kernel", memory, 20, 24, 28, 40, 48, 56, 9)

	p.want(InvalidValue, "cuMemFree_v2", device)
	p.must("cuMemFreeHost", host)
	p.want(InvalidValue, "cuMemFreeHost", host)
	at, _ := p.client.Memory.Take(8)
	p.want(InvalidValue, "cuMemHostGetDevicePointer_v2", at, host, 0)
	if r := p.server.Reports()[0]; r.Mapped != (Copies{1, 28}) {
		t.Errorf("mapped memory: %+v: expected one buffer of 28 bytes", r.Mapped)
	}
}

func TestHostAddressIsNoDeviceAddress(t *testing.T) {
	p := begin(t, "agx-orin")
	_, twice := p.twice()
	host, _ := p.pinnedFloats(mapped, 1)
	p.get("cuMemHostGetDevicePointer_v2", host, 0)
	p.must("cuLaunchKernel", p.launch(twice, defaultStream, host, host, 1)...)
	p.want(IllegalAddress, "cuCtxSynchronize")
}

func TestPinnedMemoryIsChecked(t *testing.T) {
	p := begin(t, "agx-orin")
	at, _ := p.client.Memory.Take(64)
	out, _ := p.client.Memory.Take(8)
	p.want(InvalidValue, "cuMemHostAlloc", at, 0, 0)
	p.want(InvalidValue, "cuMemHostAlloc", at, 64, 8)
	p.want(OutOfMemory, "cuMemHostAlloc", at, 1<<30, 0)
	p.must("cuMemAllocHost_v2", at, 64)
	p.want(InvalidValue, "cuMemHostGetDevicePointer_v2", out, at, 0) // not mapped
	p.want(HostMemoryRegistered, "cuMemHostRegister_v2", at+32, 64, 0)
	p.want(HostMemoryNotRegistered, "cuMemHostUnregister", at)
	p.must("cuMemFreeHost", at)
	p.must("cuMemHostRegister_v2", at, 64, mapped)
	p.get("cuMemHostGetDevicePointer_v2", at, 0)
	p.want(InvalidValue, "cuMemHostGetDevicePointer_v2", out, at, 1)
	p.want(InvalidValue, "cuMemFreeHost", at)
	p.must("cuMemHostUnregister", at)
}

func TestBoardsWithoutIOCoherenceRegisterNothing(t *testing.T) {
	for _, name := range BoardNames() {
		p := begin(t, name)
		at, _ := p.client.Memory.Take(64)
		want := Success
		if name == "nano" || name == "tx2" {
			want = NotSupported
		}
		p.want(want, "cuMemHostRegister_v2", at, 64, 0)
	}
}

func TestDifferences(t *testing.T) {
	a := []byte{0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3}
	b := []byte{0, 9, 0, 0, 1, 1, 1, 8, 2, 2, 2, 2, 3, 9}
	if have := differences(a, b); !slices.Equal(have, [][2]int{{0, 8}, {12, 14}}) {
		t.Errorf("differences at %v", have)
	}
	if have := differences(a, a); have != nil {
		t.Errorf("differences at %v of the same", have)
	}
}
