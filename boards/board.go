package boards

import (
	"strconv"
	"strings"
)

// Board is what a program runs on. What is not known is empty.
type Board struct {
	Name       string      `json:"name"` // for people
	Family     Family      `json:"family"`
	Module     string      `json:"module,omitempty"`     // commercial name of the module or board
	SoC        string      `json:"soc,omitempty"`        // such as tegra234
	Compatible []string    `json:"compatible,omitempty"` // strings of the device tree
	L4T        string      `json:"l4t,omitempty"`        // such as 36.4.3
	JetPack    string      `json:"jetpack,omitempty"`    // such as 6.2, or only 6
	OS         string      `json:"os,omitempty"`
	Kernel     string      `json:"kernel,omitempty"`
	Container  bool        `json:"container"` // whether this is a container that says so
	CPU        CPU         `json:"cpu"`
	Memory     Memory      `json:"memory"`
	GPU        *GPU        `json:"gpu,omitempty"`
	PowerModes []PowerMode `json:"power_modes,omitempty"` // that nvpmodel can set
	Devices    []Device    `json:"devices,omitempty"`     // of sensors, cameras and the GPU
}

// Detect finds out what runs below a root, which is "/" but for tests and for containers that see a
// host's files elsewhere. It fails only if the root is not a directory.
func Detect(root string) (*Board, error) {
	if err := checkRoot(root); err != nil {
		return nil, err
	}
	return detect(host(root)), nil
}

func detect(s system) *Board {
	r := &reader{system: s}
	model, compatible := r.deviceTree()
	family, soc, module := identify(compatible)
	cpu, x86 := r.cpu()
	b := &Board{
		Name:       model,
		Family:     family,
		SoC:        soc,
		Compatible: compatible,
		OS:         osName(r.text("etc/os-release")),
		Kernel:     r.line("proc/sys/kernel/osrelease"),
		Container:  r.exists(".dockerenv") || r.exists("run/.containerenv"),
		CPU:        cpu,
		Memory:     Memory{Bytes: parseMemInfo(r.text("proc/meminfo")).Total},
		PowerModes: parsePowerModes(r.long("etc/nvpmodel.conf", textFile)),
		Devices:    r.devices(),
	}
	if family.IsJetson() {
		b.L4T = r.l4t()
		b.JetPack = jetPack(b.L4T)
	}
	if module != nil {
		b.Module = module.name
		if b.Name == "" {
			b.Name = module.name
		}
		b.Memory.Kind = module.memory
		b.Memory.Bandwidth = Known(module.bandwidth)
		if best := BestMode(b.PowerModes); best != nil && module.super > 0 && isSuper(best.Name) {
			b.Memory.Bandwidth = Known(module.super)
		}
	}
	b.GPU = r.gpu(family, module)
	if len(compatible) == 0 {
		r.describePC(b, x86)
	}
	return b
}

// describePC names a machine without a device tree.
func (r *reader) describePC(b *Board, x86 bool) {
	const dmi = "sys/class/dmi/id/"
	product := strings.TrimSpace(r.line(dmi+"sys_vendor") + " " + r.line(dmi+"product_name"))
	if x86 || product != "" {
		b.Family = PC
	}
	if b.Name == "" {
		b.Name = product
	}
	if b.Name == "" && len(b.CPU.Clusters) > 0 {
		b.Name = b.CPU.Clusters[0].Name
	}
}

// osName returns the name for people out of an os-release file.
func osName(text string) string {
	for line := range strings.Lines(text) {
		if value, found := strings.CutPrefix(strings.TrimSpace(line), "PRETTY_NAME="); found {
			return strings.Trim(value, `"'`)
		}
	}
	return ""
}

// KernelVersion returns the first two numbers of the kernel's version, and whether it has them.
func (b *Board) KernelVersion() (major, minor int, ok bool) {
	first, rest, _ := strings.Cut(b.Kernel, ".")
	major, err := strconv.Atoi(first)
	if err != nil {
		return 0, 0, false
	}
	minor, err = strconv.Atoi(digits(rest))
	return major, minor, err == nil
}
