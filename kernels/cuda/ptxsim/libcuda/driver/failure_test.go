package driver

import "testing"

func TestParseFailure(t *testing.T) {
	for spec, want := range map[string]Failure{
		"no-device":                     {Result: 100},
		"cuMemAlloc=2":                  {"cuMemAlloc", 2, 0},
		"cuMemAlloc_v2=2@3":             {"cuMemAlloc", 2, 3},
		"cuGraphInstantiateWithFlags=1": {"cuGraphInstantiateWithFlags", 1, 0},
	} {
		if have, err := ParseFailure(spec); err != nil || have != want {
			t.Errorf("%s: %+v, %v: expected %+v", spec, have, err, want)
		}
	}
	for _, spec := range []string{"", "cuMemAlloc", "cuMemAlloc=", "cuMemAlloc=x", "cuMemAlloc=0", "cuMemAlloc=-1", "cuMemAlloc=70000",
		"cuMemAlloc=2@", "cuMemAlloc=2@0", "cuMemAlloc=2@-1", "cuMemAlloc=2@x", "cuMemAllocManaged=2", "simHello=1", "=2"} {
		if have, err := ParseFailure(spec); err == nil {
			t.Errorf("%q: %+v: expected an error", spec, have)
		}
	}
}

func TestFailuresOnRequest(t *testing.T) {
	t.Run("no device", func(t *testing.T) {
		p := start(t, "nano", "no-device")
		p.want(NoDevice, "cuInit", 0)
		p.want(NotInitialized, "cuDeviceGetCount", 0)
	})
	t.Run("every call", func(t *testing.T) {
		p := start(t, "nano", "cuDeviceGetCount=100")
		p.must("cuInit", 0)
		p.want(NoDevice, "cuDeviceGetCount", 0)
		p.want(NoDevice, "cuDeviceGetCount", 0)
	})
	t.Run("the third call", func(t *testing.T) {
		p := begin(t, "nano", "cuMemAlloc=2@3")
		at, _ := p.client.Memory.Take(8)
		for _, want := range []Result{Success, Success, OutOfMemory, Success} {
			p.want(want, "cuMemAlloc_v2", at, 4)
		}
	})
	t.Run("a lost device", func(t *testing.T) {
		p := begin(t, "nano", "cuLaunchKernel=719@2")
		_, twice := p.twice()
		device := p.get("cuMemAlloc_v2", 4)
		at, _ := p.client.Memory.Take(8)
		launch := p.launch(twice, defaultStream, device, device, 1)
		p.must("cuMemsetD8_v2", device, 0, 4)
		p.must("cuLaunchKernel", launch...)
		p.want(LaunchFailed, "cuLaunchKernel", launch...)
		p.want(LaunchFailed, "cuCtxSynchronize")
		p.want(LaunchFailed, "cuMemFree_v2", device)
		p.want(LaunchFailed, "cuInit", 0)
		p.want(LaunchFailed, "cuDeviceGetCount", at)
		if n := p.server.Faults(); n != 0 {
			t.Errorf("%d faults: expected none, it was asked for", n)
		}
		r := p.server.Reports()[0]
		if r.Launches != 0 || len(r.Failures) != 1 || r.Failures[0] != "cuLaunchKernel: CUDA_ERROR_LAUNCH_FAILED (719)" {
			t.Errorf("%d launches, failures %q: expected none and the one", r.Launches, r.Failures)
		}
	})
	t.Run("while the program runs", func(t *testing.T) {
		p := begin(t, "nano")
		at, _ := p.client.Memory.Take(8)
		p.must("cuMemAlloc_v2", at, 4)
		if err := Fail(p.socket, "cuMemAlloc=2@2"); err != nil {
			t.Fatal(err)
		}
		for _, want := range []Result{Success, OutOfMemory, Success} {
			p.want(want, "cuMemAlloc_v2", at, 4)
		}
		if err := Fail(p.socket, "cuMemAlloc=0"); err == nil {
			t.Error("a failure without an error is accepted")
		}
	})
}
