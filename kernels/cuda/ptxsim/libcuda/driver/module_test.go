package driver

import (
	"encoding/binary"
	"strings"
	"testing"
)

const emptyKernel = ".version 6.0\n.target sm_53\n.address_size 64\n.visible .entry empty()\n{\n\tret;\n}\n"

func TestModulesThatAreRefused(t *testing.T) {
	cases := []struct {
		name, board string
		driver      int
		text        string
		want        Result
		log         string
	}{
		{"accepted", "nano", 0, emptyKernel, Success, ""},
		{"nonsense", "nano", 0, ".version 6.0\n.target sm_53\nnonsense\n", InvalidPTX, "nonsense"},
		{"nothing", "nano", 0, "", InvalidPTX, "target"},
		{"machine code", "nano", 0, "\x7fELF\x02", InvalidImage, "machine code"},
		{"for a newer device", "nano", 0, strings.Replace(emptyKernel, "sm_53", "sm_61", 1), NoBinaryForGPU, "sm_61"},
		{"for an older device", "tx2", 0, strings.Replace(emptyKernel, "sm_53", "sm_61", 1), Success, ""},
		{"newer than JetPack 4", "tx2", 0, strings.Replace(emptyKernel, "6.0", "7.0", 1), UnsupportedPTXVersion, "up to 6.5"},
		{"as new as JetPack 4", "xavier-nx", 10020, strings.Replace(emptyKernel, "6.0", "6.5", 1), Success, ""},
		{"newer than JetPack 5", "xavier-nx", 0, strings.Replace(emptyKernel, "6.0", "8.0", 1), UnsupportedPTXVersion, "CUDA 11.4 compiles up to 7.4"},
		{"newer than anything", "thor", 0, strings.Replace(emptyKernel, "6.0", "99.9", 1), UnsupportedPTXVersion, "up to 9.0"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b, err := FindBoard(c.board)
			if err != nil {
				t.Fatal(err)
			}
			if c.driver != 0 {
				b.Driver = c.driver
			}
			p := startWith(t, Options{Board: b})
			p.must("cuInit", 0)
			p.must("cuCtxSetCurrent", p.get("cuDevicePrimaryCtxRetain", 0))
			have, log := p.loadWithLog(c.text, 100)
			if have != c.want {
				t.Errorf("%s: expected %s", have, c.want)
			}
			if c.want == Success && log != "" || !strings.Contains(log, c.log) {
				t.Errorf("log %q: expected %q", log, c.log)
			}
			image, length := p.text(c.text + "\x00")
			at, _ := p.client.Memory.Take(8)
			p.want(c.want, "cuModuleLoadData", at, image, length-1)
		})
	}
}

// loadWithLog is cuModuleLoadDataEx with room for so much of a log.
func (p *program) loadWithLog(text string, room int) (Result, string) {
	p.t.Helper()
	at, _ := p.client.Memory.Take(8)
	image, length := p.text(text + "\x00")
	buffer, log := p.client.Memory.Take(room + 1)
	log[room] = 'x'
	options, memory := p.client.Memory.Take(12)
	values, slots := p.client.Memory.Take(24)
	const (
		wallTime    = 2
		errorBuffer = 5
		errorBytes  = 6
	)
	for i, v := range []uint64{wallTime, errorBytes, errorBuffer} {
		binary.LittleEndian.PutUint32(memory[4*i:], uint32(v))
	}
	for i, v := range []uint64{0, uint64(room), buffer} {
		binary.LittleEndian.PutUint64(slots[8*i:], v)
	}
	r, err := p.client.Call(p.thread, "cuModuleLoadDataEx", at, image, length-1, 3, options, values)
	if err != nil {
		p.t.Fatal(err)
	}
	if log[room] != 'x' {
		p.t.Error("the log overflows")
	}
	written := binary.LittleEndian.Uint64(slots[8:])
	if written >= uint64(room) || log[written] != 0 {
		p.t.Fatalf("a log of %d bytes, of %d, without an end", written, room)
	}
	return r, string(log[:written])
}

func TestShortLog(t *testing.T) {
	p := begin(t, "nano")
	if r, log := p.loadWithLog("nonsense", 8); r != InvalidPTX || log != "ptxsim:" {
		t.Errorf("%s, log %q: expected the first 7 bytes of it", r, log)
	}
}

func TestLogOfARequestedRefusal(t *testing.T) {
	p := begin(t, "nano", "cuModuleLoadDataEx=218")
	if r, log := p.loadWithLog(emptyKernel, 100); r != InvalidPTX || log != "refused on request" {
		t.Errorf("%s, log %q", r, log)
	}
}

func TestJITOptionsAreChecked(t *testing.T) {
	p := begin(t, "nano")
	image, length := p.text(emptyKernel)
	options, memory := p.client.Memory.Take(8)
	binary.LittleEndian.PutUint32(memory, 99)
	at, _ := p.client.Memory.Take(8)
	p.want(InvalidValue, "cuModuleLoadDataEx", at, image, length, 1, options, options)
	p.want(InvalidValue, "cuModuleLoadDataEx", at, image, length, 1, 0, options)
	p.want(InvalidValue, "cuModuleLoadDataEx", at, image, length, 1<<31, options, options)
	p.must("cuModuleLoadDataEx", at, image, length, 0, 0, 0)
}

func TestFunctionAttributes(t *testing.T) {
	p := begin(t, "orin-nano")
	module, twice := p.twice()
	attribute := func(number uint64) uint32 {
		t.Helper()
		return uint32(p.get("cuFuncGetAttribute", number, twice))
	}
	for number, want := range map[uint64]uint32{0: 1024, 1: 0, 4: 17, 8: 49152} {
		if have := attribute(number); have != want {
			t.Errorf("attribute %d: %d: expected %d", number, have, want)
		}
	}
	const optIn = 163 << 10 // at compute capability 8.7
	p.want(InvalidValue, "cuFuncSetAttribute", twice, 8, optIn+1)
	p.must("cuFuncSetAttribute", twice, 8, optIn)
	if have := attribute(8); have != optIn {
		t.Errorf("dynamic shared memory: %d: expected %d", have, optIn)
	}
	p.must("cuModuleUnload", module)
	p.want(InvalidHandle, "cuFuncGetAttribute", module, 0, twice)
}

func TestLaunchesAreChecked(t *testing.T) {
	p := begin(t, "nano")
	_, twice := p.twice()
	device := p.get("cuMemAlloc_v2", 4)
	good := p.launch(twice, defaultStream, device, device, 1)
	none, _ := p.client.Memory.Take(24)
	for _, c := range []struct {
		name     string
		argument int
		value    uint64
		want     Result
	}{
		{"function", 0, device, InvalidHandle},
		{"no blocks", 1, 0, InvalidValue},
		{"too many blocks in x", 1, 1 << 31, InvalidValue},
		{"too many blocks in y", 2, 65536, InvalidValue},
		{"no threads", 4, 0, InvalidValue},
		{"too many threads in x", 4, 1025, InvalidValue},
		{"too many threads in z", 6, 65, InvalidValue},
		{"too many threads", 5, 33, InvalidValue},
		{"too much shared memory", 7, 49153, InvalidValue},
		{"stream", 8, twice, InvalidHandle},
		{"no parameters", 9, 0, InvalidValue},
		{"null parameters", 9, none, InvalidValue},
		{"parameters in a buffer", 10, none, NotSupported},
	} {
		t.Run(c.name, func(t *testing.T) {
			arguments := append([]uint64(nil), good...)
			arguments[c.argument] = c.value
			p.want(c.want, "cuLaunchKernel", arguments...)
		})
	}
	p.must("cuMemsetD8_v2", device, 0, 4)
	p.must("cuLaunchKernel", good...)
	p.must("cuCtxSynchronize")
}

func TestMaxThreadsOfAnEntry(t *testing.T) {
	p := begin(t, "nano")
	image, length := p.text(strings.Replace(emptyKernel, "empty()", "empty() .maxntid 64, 1, 1", 1))
	name, nameLength := p.text("empty")
	empty := p.get("cuModuleGetFunction", p.get("cuModuleLoadData", image, length), name, nameLength)
	p.want(LaunchOutOfResources, "cuLaunchKernel", empty, 1, 1, 1, 65, 1, 1, 0, 0, 0, 0)
	p.must("cuLaunchKernel", empty, 1, 1, 1, 64, 1, 1, 0, 0, 0, 0)
	p.must("cuCtxSynchronize")
}

func TestFaultsOfKernels(t *testing.T) {
	for _, c := range []struct {
		name   string
		offset uint64
		want   Result
		words  string
	}{
		{"out of bounds", 8, IllegalAddress, "out of bounds"},
		{"misaligned", 2, MisalignedAddress, "misaligned"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := begin(t, "tx2")
			_, twice := p.twice()
			device := p.get("cuMemAlloc_v2", 12)
			p.must("cuMemsetD8_v2", device, 0, 12)
			p.must("cuLaunchKernel", p.launch(twice, defaultStream, device+c.offset, device, 2)...)
			p.want(c.want, "cuCtxSynchronize")
			p.want(c.want, "cuCtxSynchronize")
			for _, words := range []string{"process 1", "launch of twice, 1 blocks of 32 threads", "line ", "ld.global.f32", c.words} {
				if !strings.Contains(p.errors.String(), words) {
					t.Errorf("the server says %q: expected %q", p.errors, words)
				}
			}
		})
	}
}
