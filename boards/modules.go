package boards

import "strings"

// Family is a family of boards.
type Family string

const (
	JetsonNano   Family = "jetson-nano" // and TX1: Tegra X1
	JetsonTX2    Family = "jetson-tx2"
	JetsonXavier Family = "jetson-xavier"
	JetsonOrin   Family = "jetson-orin"
	JetsonThor   Family = "jetson-thor"
	RaspberryPi4 Family = "raspberry-pi-4"
	RaspberryPi5 Family = "raspberry-pi-5"
	DeviceTree   Family = "device-tree" // another board that describes itself in a device tree
	PC           Family = "pc"
	Unknown      Family = "unknown"
)

// IsJetson reports whether the family is one of NVIDIA's.
func (f Family) IsJetson() bool { return strings.HasPrefix(string(f), "jetson-") }

// socs are the compatible strings that tell the family. A board has several, and any may match: the
// model string is for people, and its wording changed between releases.
var socs = []struct {
	compatible string
	family     Family
}{
	{"nvidia,tegra210", JetsonNano},
	{"nvidia,tegra186", JetsonTX2},
	{"nvidia,tegra194", JetsonXavier},
	{"nvidia,tegra234", JetsonOrin},
	{"nvidia,tegra23x", JetsonOrin}, // JetPack 5
	{"nvidia,tegra264", JetsonThor},
	{"brcm,bcm2711", RaspberryPi4},
	{"brcm,bcm2712", RaspberryPi5},
}

// graphics are what the GPU of a family is.
var graphics = map[Family]GPU{
	JetsonNano:   {Name: "Tegra X1", Architecture: "Maxwell", ComputeCapability: "5.3"},
	JetsonTX2:    {Name: "gp10b", Architecture: "Pascal", ComputeCapability: "6.2"},
	JetsonXavier: {Name: "gv11b", Architecture: "Volta", ComputeCapability: "7.2"},
	JetsonOrin:   {Name: "ga10b", Architecture: "Ampere", ComputeCapability: "8.7"},
	JetsonThor:   {Name: "gb10b", Architecture: "Blackwell", ComputeCapability: "11.0"},
}

// module is what a data sheet says of a module or board.
type module struct {
	id        string // part of a compatible string
	name      string
	memory    string
	bandwidth float64 // bytes a second, of the memory at its highest clock
	super     float64 // likewise in the power mode MAXN_SUPER, where a module has it
	cores     int     // CUDA cores
}

// modules lists the longer of two ids that begin alike first.
var modules = []module{
	{id: "p2180", name: "Jetson TX1", memory: "LPDDR4", bandwidth: 25.6e9, cores: 256},
	{id: "p2371-2180", name: "Jetson TX1", memory: "LPDDR4", bandwidth: 25.6e9, cores: 256},
	{id: "p3448-0003", name: "Jetson Nano 2GB", memory: "LPDDR4", bandwidth: 25.6e9, cores: 128},
	{id: "p3541-0000", name: "Jetson Nano 2GB", memory: "LPDDR4", bandwidth: 25.6e9, cores: 128},
	{id: "p3448", name: "Jetson Nano", memory: "LPDDR4", bandwidth: 25.6e9, cores: 128},
	{id: "p3450-0000", name: "Jetson Nano", memory: "LPDDR4", bandwidth: 25.6e9, cores: 128},
	{id: "p3636-0001", name: "Jetson TX2 NX", memory: "LPDDR4", bandwidth: 51.2e9, cores: 256},
	{id: "p3489-0888", name: "Jetson TX2 4GB", memory: "LPDDR4", bandwidth: 51.2e9, cores: 256},
	{id: "p3489", name: "Jetson TX2i", memory: "LPDDR4", bandwidth: 51.2e9, cores: 256},
	{id: "p3310", name: "Jetson TX2", memory: "LPDDR4", bandwidth: 59.7e9, cores: 256},
	{id: "quill", name: "Jetson TX2", memory: "LPDDR4", bandwidth: 59.7e9, cores: 256},
	{id: "p2771-0000", name: "Jetson TX2", memory: "LPDDR4", bandwidth: 59.7e9, cores: 256},
	{id: "p3668-0003", name: "Jetson Xavier NX 16GB", memory: "LPDDR4x", bandwidth: 59.7e9, cores: 384},
	{id: "p3668", name: "Jetson Xavier NX", memory: "LPDDR4x", bandwidth: 59.7e9, cores: 384},
	{id: "p2888", name: "Jetson AGX Xavier", memory: "LPDDR4x", bandwidth: 136.5e9, cores: 512},
	{id: "p2972-0000", name: "Jetson AGX Xavier", memory: "LPDDR4x", bandwidth: 136.5e9, cores: 512},
	{id: "p3701-0000", name: "Jetson AGX Orin 32GB", memory: "LPDDR5", bandwidth: 204.8e9, cores: 2048}, // of the first developer kit
	{id: "p3701-0004", name: "Jetson AGX Orin 32GB", memory: "LPDDR5", bandwidth: 204.8e9, cores: 1792},
	{id: "p3701-0005", name: "Jetson AGX Orin 64GB", memory: "LPDDR5", bandwidth: 204.8e9, cores: 2048},
	{id: "p3701-0008", name: "Jetson AGX Orin Industrial", memory: "LPDDR5", bandwidth: 204.8e9, cores: 2048},
	{id: "p3767-0000", name: "Jetson Orin NX 16GB", memory: "LPDDR5", bandwidth: 102.4e9, cores: 1024},
	{id: "p3767-0001", name: "Jetson Orin NX 8GB", memory: "LPDDR5", bandwidth: 102.4e9, cores: 1024},
	{id: "p3767-0003", name: "Jetson Orin Nano 8GB", memory: "LPDDR5", bandwidth: 68e9, super: 102e9, cores: 1024},
	{id: "p3767-0004", name: "Jetson Orin Nano 4GB", memory: "LPDDR5", bandwidth: 34e9, super: 51e9, cores: 512},
	{id: "p3767-0005", name: "Jetson Orin Nano 8GB", memory: "LPDDR5", bandwidth: 68e9, super: 102e9, cores: 1024},
	{id: "p3834-0008", name: "Jetson T5000", memory: "LPDDR5X", bandwidth: 273e9, cores: 2560},
	{id: "4-model-b", name: "Raspberry Pi 4 Model B", memory: "LPDDR4", bandwidth: 12.8e9},
	{id: "5-model-b", name: "Raspberry Pi 5 Model B", memory: "LPDDR4X", bandwidth: 17.1e9},
}

// identify finds the family, its SoC and the module among compatible strings.
func identify(compatible []string) (Family, string, *module) {
	family, soc := Unknown, ""
	if len(compatible) > 0 {
		family = DeviceTree
	}
	for _, s := range socs {
		for _, c := range compatible {
			if c == s.compatible && soc == "" {
				_, soc, _ = strings.Cut(c, ",")
				family = s.family
			}
		}
	}
	if family == DeviceTree || family == Unknown {
		return family, "", nil
	}
	for i := range modules {
		for _, c := range compatible {
			if hasPart(c, modules[i].id) {
				return family, soc, &modules[i]
			}
		}
	}
	return family, soc, nil
}

// hasPart reports whether a compatible string such as nvidia,p3768-0000+p3767-0005 names a part by its
// id, whole or by the number before its variant.
func hasPart(compatible, id string) bool {
	_, parts, _ := strings.Cut(compatible, ",")
	for part := range strings.SplitSeq(parts, "+") {
		if part == id || strings.HasPrefix(part, id+"-") {
			return true
		}
	}
	return false
}
