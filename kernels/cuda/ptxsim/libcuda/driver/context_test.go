package driver

import "testing"

func TestBeforeInitialisation(t *testing.T) {
	p := start(t, "nano")
	at, _ := p.client.Memory.Take(8)
	p.want(NotInitialized, "cuDeviceGetCount", at)
	p.want(NotInitialized, "cuMemAlloc_v2", at, 4)
	p.must("cuDriverGetVersion", at)
	if v := p.word(at); v != 10020 {
		t.Errorf("driver %d: expected 10020", v)
	}
	p.want(InvalidValue, "cuInit", 1)
	p.must("cuInit", 0)
	p.must("cuInit", 0)
	p.want(InvalidValue, "cuDeviceGetCount", 0)
	p.want(InvalidContext, "cuMemAlloc_v2", at, 4)
}

func TestContextsOfThreads(t *testing.T) {
	p := start(t, "nano")
	p.must("cuInit", 0)
	at, _ := p.client.Memory.Take(8)
	current := func(thread, want uint64) {
		t.Helper()
		p.thread = thread
		if have := p.get("cuCtxGetCurrent"); have != want {
			t.Fatalf("thread %d has context %#x: expected %#x", thread, have, want)
		}
	}
	current(1, 0)
	first := p.get("cuCtxCreate_v2", 0, 0)
	second := p.get("cuCtxCreate_v2", 8, 0)
	p.want(InvalidValue, "cuCtxCreate_v2", at, 1<<20, 0)
	p.want(InvalidDevice, "cuCtxCreate_v2", at, 0, 1)
	current(1, second)
	current(2, 0)
	p.must("cuCtxPushCurrent_v2", second)
	p.must("cuCtxGetDevice", at)
	p.thread = 1
	p.must("cuCtxPopCurrent_v2", at)
	if p.word(at) != second {
		t.Errorf("popped %#x: expected %#x", p.word(at), second)
	}
	current(1, first)
	p.must("cuCtxSetCurrent", second)
	current(1, second)
	p.must("cuCtxDestroy_v2", second)
	current(1, 0)
	p.thread = 2
	p.want(ContextIsDestroyed, "cuCtxGetDevice", at)
	p.must("cuCtxSetCurrent", first)
	p.must("cuCtxSetCurrent", 0)
	p.want(InvalidContext, "cuCtxPopCurrent_v2", 0)
	p.want(InvalidContext, "cuCtxSetCurrent", second)
	p.want(InvalidContext, "cuCtxPushCurrent_v2", 0)
	p.want(InvalidContext, "cuCtxDestroy_v2", second)
}

func TestPrimaryContext(t *testing.T) {
	p := start(t, "orin-nano")
	p.must("cuInit", 0)
	at, _ := p.client.Memory.Take(8)
	p.want(InvalidContext, "cuDevicePrimaryCtxRelease_v2", 0)
	p.must("cuDevicePrimaryCtxSetFlags_v2", 0, 1)
	p.want(InvalidValue, "cuDevicePrimaryCtxSetFlags", 0, 1<<20)
	context := p.get("cuDevicePrimaryCtxRetain", 0)
	if again := p.get("cuDevicePrimaryCtxRetain", 0); again != context {
		t.Errorf("retained again: %#x: expected %#x", again, context)
	}
	p.must("cuDevicePrimaryCtxSetFlags_v2", 0, 1)
	p.want(PrimaryContextActive, "cuDevicePrimaryCtxSetFlags_v2", 0, 4)
	p.want(InvalidContext, "cuCtxDestroy_v2", context)
	p.must("cuCtxSetCurrent", context)
	address := p.get("cuMemAlloc_v2", 1000)
	stream, event := p.get("cuStreamCreate", 0), p.get("cuEventCreate", 0)
	host, _ := p.pinnedFloats(mapped, 1)
	p.get("cuMemHostGetDevicePointer_v2", host, 0)
	_, twice := p.twice()
	p.must("cuDevicePrimaryCtxRelease", 0)
	p.must("cuStreamQuery", stream)
	p.must("cuDevicePrimaryCtxRelease_v2", 0)
	p.want(ContextIsDestroyed, "cuStreamQuery", stream)

	p.must("cuCtxSetCurrent", p.get("cuDevicePrimaryCtxRetain", 0))
	p.want(InvalidHandle, "cuStreamQuery", stream)
	p.want(InvalidHandle, "cuEventQuery", event)
	p.want(InvalidHandle, "cuFuncGetAttribute", at, 0, twice)
	p.want(InvalidValue, "cuMemFree_v2", address)
	p.want(InvalidValue, "cuMemFreeHost", host)
	total, _ := p.client.Memory.Take(8)
	p.must("cuMemGetInfo_v2", at, total)
	if p.word(at) != 1<<20 || p.word(total) != 1<<20 {
		t.Errorf("%d of %d bytes are free: expected all", p.word(at), p.word(total))
	}
}

// Handles of one context are none of another's.
func TestContextsKeepTheirOwn(t *testing.T) {
	p := begin(t, "orin-nano")
	_, twice := p.twice()
	stream, event := p.get("cuStreamCreate", 0), p.get("cuEventCreate", 0)
	address := p.get("cuMemAlloc_v2", 4)
	p.get("cuCtxCreate_v2", 0, 0)
	p.want(InvalidHandle, "cuStreamSynchronize", stream)
	p.want(InvalidHandle, "cuLaunchKernel", p.launch(twice, defaultStream, address, address, 1)...)
	p.want(InvalidHandle, "cuEventRecord", event, defaultStream)
	p.must("cuMemsetD8_v2", address, 0, 4) // addresses are the device's
}

func TestInvalidHandles(t *testing.T) {
	p := begin(t, "orin-nano")
	module, twice := p.twice()
	at, _ := p.client.Memory.Take(8)
	name, length := p.text("twice")
	calls := []struct {
		want      Result
		name      string
		arguments []uint64
	}{
		{InvalidHandle, "cuModuleGetFunction", []uint64{at, twice, name, length}},
		{NotFound, "cuModuleGetFunction", []uint64{at, module, name, length - 1}},
		{InvalidHandle, "cuModuleUnload", []uint64{0}},
		{InvalidHandle, "cuFuncGetAttribute", []uint64{at, 0, module}},
		{InvalidHandle, "cuFuncSetAttribute", []uint64{module, 8, 0}},
		{InvalidHandle, "cuStreamSynchronize", []uint64{module}},
		{InvalidHandle, "cuStreamDestroy_v2", []uint64{module}},
		{InvalidHandle, "cuStreamDestroy_v2", []uint64{defaultStream}},
		{NotSupported, "cuStreamQuery", []uint64{2}},
		{InvalidHandle, "cuStreamEndCapture", []uint64{module, at}},
		{InvalidHandle, "cuEventRecord", []uint64{module, 0}},
		{InvalidHandle, "cuEventDestroy_v2", []uint64{0}},
		{InvalidHandle, "cuMemsetD8Async", []uint64{0, 0, 1, module}},
		{InvalidHandle, "cuMemcpyHtoDAsync_v2", []uint64{0, 0, 1, module}},
		{InvalidHandle, "cuMemcpyDtoHAsync_v2", []uint64{0, 0, 1, module}},
		{InvalidValue, "cuGraphLaunch", []uint64{module, 0}},
		{InvalidValue, "cuGraphInstantiateWithFlags", []uint64{at, module, 0}},
		{InvalidValue, "cuGraphDestroy", []uint64{module}},
		{InvalidValue, "cuMemFree_v2", []uint64{8}},
		{InvalidValue, "cuStreamCreate", []uint64{at, 2}},
		{InvalidValue, "cuEventCreate", []uint64{at, 8}},
		{InvalidDevice, "cuDeviceGet", []uint64{at, 1}},
		{InvalidDevice, "cuDevicePrimaryCtxRetain", []uint64{at, 1 << 31}},
	}
	for _, c := range calls {
		p.want(c.want, c.name, c.arguments...)
	}
}
