package driver

import (
	"fmt"
	"strings"
)

// A Board is a GPU with the driver that its system carries.
type Board struct {
	Name            string // as -board takes it
	Device          string // what cuDeviceGetName answers
	Compute         int    // 53 is compute capability 5.3
	Multiprocessors int
	Memory          int64 // bytes
	Driver          int   // 10020 is CUDA 10.2
	Integrated      bool  // the memory is the CPU's, too

	clock, memoryClock int // kHz
	bus                int // bits
	l2                 int // bytes
	hostRegister       bool
	coherent           bool // CPU and GPU may use managed memory at a time, and the GPU pageable memory
}

const gib = 1 << 30

// boards is from public data: for nano, agx-orin and thor what deviceQuery says
// there, as owners have published it (github.com/Technica-Corporation/Tegra-Docker
// issue 12, tmcdonell/cuda issue 77, apache/tvm pull request 20259), for the rest
// the data sheets of the modules (developer.nvidia.com/embedded/jetson-modules; the
// largest memory where there are several). No board was at hand to compare with:
// clocks, buses and caches are there for completeness, and nothing should depend on
// them. Drivers are those of the JetPack releases. That registered host memory
// comes with I/O coherence, at compute capability 7.2, and concurrent managed
// access with Thor, is in NVIDIA's "CUDA for Tegra". The desktop is no product.
var boards = []Board{
	{Name: "nano", Device: "NVIDIA Tegra X1", Compute: 53, Multiprocessors: 1, Memory: 4 * gib, Driver: 10020, Integrated: true,
		clock: 921600, memoryClock: 1600000, bus: 64, l2: 256 << 10},
	{Name: "tx2", Device: "NVIDIA Tegra X2", Compute: 62, Multiprocessors: 2, Memory: 8 * gib, Driver: 10020, Integrated: true,
		clock: 1300000, memoryClock: 1866000, bus: 128, l2: 512 << 10},
	{Name: "xavier-nx", Device: "Xavier", Compute: 72, Multiprocessors: 6, Memory: 8 * gib, Driver: 11040, Integrated: true,
		clock: 1100000, memoryClock: 1866000, bus: 128, l2: 512 << 10, hostRegister: true},
	{Name: "agx-xavier", Device: "Xavier", Compute: 72, Multiprocessors: 8, Memory: 32 * gib, Driver: 11040, Integrated: true,
		clock: 1377000, memoryClock: 2133000, bus: 256, l2: 512 << 10, hostRegister: true},
	{Name: "orin-nano", Device: "Orin", Compute: 87, Multiprocessors: 8, Memory: 8 * gib, Driver: 12060, Integrated: true,
		clock: 625000, memoryClock: 2133000, bus: 128, l2: 2 << 20, hostRegister: true},
	{Name: "orin-nx", Device: "Orin", Compute: 87, Multiprocessors: 8, Memory: 16 * gib, Driver: 12060, Integrated: true,
		clock: 918000, memoryClock: 3200000, bus: 128, l2: 4 << 20, hostRegister: true},
	{Name: "agx-orin", Device: "Orin", Compute: 87, Multiprocessors: 16, Memory: 64 * gib, Driver: 12060, Integrated: true,
		clock: 1300000, memoryClock: 1300000, bus: 128, l2: 4 << 20, hostRegister: true},
	{Name: "thor", Device: "NVIDIA Thor", Compute: 110, Multiprocessors: 20, Memory: 128 * gib, Driver: 13000, Integrated: true,
		clock: 1575000, memoryClock: 4266000, bus: 256, l2: 32 << 20, hostRegister: true, coherent: true},
	{Name: "desktop", Device: "NVIDIA desktop", Compute: 89, Multiprocessors: 28, Memory: 12 * gib, Driver: 12090,
		clock: 2400000, memoryClock: 9000000, bus: 192, l2: 32 << 20, hostRegister: true, coherent: true},
}

// BoardNames are the names that FindBoard knows.
func BoardNames() []string {
	names := make([]string, len(boards))
	for i, b := range boards {
		names[i] = b.Name
	}
	return names
}

// FindBoard returns the board of a name. Its Device says that it is simulated,
// so that no figure of it is taken for a GPU's; Driver and Memory may be
// changed.
func FindBoard(name string) (Board, error) {
	for _, b := range boards {
		if b.Name == name {
			b.Device += " (simulated)"
			return b, nil
		}
	}
	return Board{}, fmt.Errorf("driver: board %q: expected %s", name, strings.Join(BoardNames(), ", "))
}

// ptx is the newest PTX that a driver compiles, 63 for version 6.3: the
// release history of the PTX ISA reference.
func (b *Board) ptx() int {
	history := []struct{ driver, ptx int }{
		{13000, 90}, {12090, 88}, {12080, 87}, {12060, 85}, {12040, 84}, {12030, 83}, {12020, 82}, {12010, 81}, {12000, 80},
		{11080, 78}, {11070, 77}, {11060, 76}, {11050, 75}, {11040, 74}, {11030, 73}, {11020, 72}, {11010, 71}, {11000, 70},
		{10020, 65}, {10010, 64}, {10000, 63},
	}
	for _, h := range history {
		if b.Driver >= h.driver {
			return h.ptx
		}
	}
	return 60
}
