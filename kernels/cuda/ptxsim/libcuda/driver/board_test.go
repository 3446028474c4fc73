package driver

import (
	"bytes"
	"encoding/binary"
	"testing"
)

func TestBoards(t *testing.T) {
	const (
		multiprocessors = 16
		integrated      = 18
		mapHost         = 19
		unified         = 41
		major           = 75
		minor           = 76
		managed         = 83
		concurrent      = 89
		optIn           = 97
		register        = 99
	)
	names := []uint64{multiprocessors, integrated, mapHost, unified, major, minor, managed, concurrent, optIn, register}
	want := map[string][]uint32{
		"nano":       {1, 1, 1, 1, 5, 3, 1, 0, 48 << 10, 0},
		"tx2":        {2, 1, 1, 1, 6, 2, 1, 0, 48 << 10, 0},
		"xavier-nx":  {6, 1, 1, 1, 7, 2, 1, 0, 96 << 10, 1},
		"agx-xavier": {8, 1, 1, 1, 7, 2, 1, 0, 96 << 10, 1},
		"orin-nano":  {8, 1, 1, 1, 8, 7, 1, 0, 163 << 10, 1},
		"orin-nx":    {8, 1, 1, 1, 8, 7, 1, 0, 163 << 10, 1},
		"agx-orin":   {16, 1, 1, 1, 8, 7, 1, 0, 163 << 10, 1},
		"thor":       {20, 1, 1, 1, 11, 0, 1, 1, 227 << 10, 1},
		"desktop":    {28, 0, 1, 1, 8, 9, 1, 1, 99 << 10, 1},
	}
	drivers := map[string]int{"nano": 10020, "tx2": 10020, "xavier-nx": 11040, "agx-xavier": 11040,
		"orin-nano": 12060, "orin-nx": 12060, "agx-orin": 12060, "thor": 13000, "desktop": 12090}
	if len(want) != len(BoardNames()) {
		t.Errorf("boards %v: expected %d", BoardNames(), len(want))
	}
	for name, values := range want {
		t.Run(name, func(t *testing.T) {
			p := start(t, name)
			p.must("cuInit", 0)
			for i, attribute := range names {
				if have := uint32(p.get("cuDeviceGetAttribute", attribute, 0)); have != values[i] {
					t.Errorf("attribute %d: %d: expected %d", attribute, have, values[i])
				}
			}
			if have := int(p.get("cuDriverGetVersion")); have != drivers[name] {
				t.Errorf("driver %d: expected %d", have, drivers[name])
			}
			if have := p.get("cuDeviceTotalMem_v2", 0); have != 1<<20 {
				t.Errorf("memory: %d bytes: expected what the test gave it", have)
			}
			at, memory := p.client.Memory.Take(40)
			p.must("cuDeviceGetName", at, 40, 0)
			if have, _, _ := bytes.Cut(memory, []byte{0}); !bytes.HasSuffix(have, []byte("(simulated)")) {
				t.Errorf("name %q: expected it to say that it is simulated", have)
			}
			p.must("cuDeviceGetName", at, 5, 0)
			if memory[3] == 0 || memory[4] != 0 {
				t.Errorf("the first 4 letters of the name: %q", memory[:5])
			}
			p.must("cuDeviceGetUuid", at, 0)
			if binary.LittleEndian.Uint64(memory) == 0 {
				t.Error("the UUID is zero")
			}
			p.want(InvalidValue, "cuDeviceGetAttribute", at, 100000, 0)
			p.want(InvalidValue, "cuDeviceGetName", at, 0, 0)
		})
	}
	if _, err := FindBoard("tx1"); err == nil {
		t.Error("tx1 is found")
	}
}
