package boards

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// CPU is what a board computes with when it does not use its GPU.
type CPU struct {
	Present  int       `json:"present,omitempty"` // processors that the board has, 0 if it does not say
	Online   int       `json:"online,omitempty"`  // processors that run now, 0 if it does not say
	Clusters []Cluster `json:"clusters,omitempty"`
	Features []string  `json:"features,omitempty"` // those that kernels for neural networks use, by the names of the kernel
}

// Cluster is the processors of one kind that have the same highest clock. Which of them share a cache is not told.
type Cluster struct {
	Name  string  `json:"name"`
	CPUs  []int   `json:"cpus"`           // numbers of those that run
	Hertz Reading `json:"hertz,omitzero"` // highest clock of the hardware
}

// processor is an entry of /proc/cpuinfo.
type processor struct {
	number            int
	x86               bool
	model             string // name, on x86
	implementer, part string // on ARM
	features          []string
}

// features are those that are worth a word: vectors, half floats, dot products and matrices.
var features = map[string]bool{
	"asimd": true, "asimdhp": true, "asimddp": true, "sve": true, "sve2": true, "i8mm": true, "bf16": true,
	"avx": true, "avx2": true, "fma": true, "f16c": true, "avx512f": true, "avx512dq": true, "avx512bw": true,
	"avx512vl": true, "avx512_vnni": true, "avx512_bf16": true, "avx_vnni": true, "amx_int8": true, "amx_bf16": true,
}

// parseCPUInfo reads the processors of /proc/cpuinfo, of ARM or x86.
func parseCPUInfo(text string) []processor {
	var list []processor
	for line := range strings.Lines(text) {
		key, value, found := strings.Cut(line, ":")
		if !found {
			continue
		}
		value = clean(value)
		if strings.TrimSpace(key) == "processor" {
			n, err := strconv.Atoi(value)
			if err != nil || n < 0 || n >= mostNames || len(list) == mostNames {
				return list
			}
			list = append(list, processor{number: n})
			continue
		}
		if len(list) == 0 {
			continue
		}
		p := &list[len(list)-1]
		switch strings.TrimSpace(key) {
		case "vendor_id":
			p.x86 = true
		case "model name":
			p.model = value
		case "CPU implementer":
			p.implementer = value
		case "CPU part":
			p.part = value
		case "Features", "flags":
			for name := range strings.FieldsSeq(value) {
				if features[name] && !slices.Contains(p.features, name) {
					p.features = append(p.features, name)
				}
			}
		}
	}
	return list
}

// name is what people call the processor.
func (p *processor) name() string {
	if p.part == "" {
		return p.model
	}
	if name, ok := coreNames[p.implementer+" "+p.part]; ok {
		return name
	}
	return fmt.Sprintf("ARM implementer %s part %s", p.implementer, p.part)
}

// coreNames names ARM cores by implementer and part, the two numbers of their main id register.
var coreNames = map[string]string{
	"0x41 0xd03": "Cortex-A53", "0x41 0xd04": "Cortex-A35", "0x41 0xd05": "Cortex-A55", "0x41 0xd07": "Cortex-A57",
	"0x41 0xd08": "Cortex-A72", "0x41 0xd09": "Cortex-A73", "0x41 0xd0a": "Cortex-A75", "0x41 0xd0b": "Cortex-A76",
	"0x41 0xd0c": "Neoverse-N1", "0x41 0xd0d": "Cortex-A77", "0x41 0xd40": "Neoverse-V1", "0x41 0xd41": "Cortex-A78",
	"0x41 0xd42": "Cortex-A78AE", "0x41 0xd44": "Cortex-X1", "0x41 0xd46": "Cortex-A510", "0x41 0xd47": "Cortex-A710",
	"0x41 0xd49": "Neoverse-N2", "0x41 0xd4d": "Cortex-A715", "0x41 0xd4f": "Neoverse-V2", "0x41 0xd80": "Cortex-A520",
	"0x41 0xd81": "Cortex-A720", "0x41 0xd83": "Neoverse-V3AE", "0x41 0xd84": "Neoverse-V3",
	"0x46 0x001": "A64FX", "0x4e 0x003": "Denver 2", "0x4e 0x004": "Carmel",
}

// cpu finds the processors, and whether they are those of a PC.
func (r *reader) cpu() (c CPU, x86 bool) {
	list := parseCPUInfo(r.long("proc/cpuinfo", textFile))
	c = CPU{Present: len(parseList(r.line("sys/devices/system/cpu/present"))), Online: len(list)}
	if len(list) > 0 {
		c.Features, x86 = list[0].features, list[0].x86
	}
	for i := range list {
		p := &list[i]
		top := r.hertz(fmt.Sprintf("sys/devices/system/cpu/cpu%d/cpufreq/cpuinfo_max_freq", p.number), 1e3)
		name := p.name()
		at := slices.IndexFunc(c.Clusters, func(c Cluster) bool { return c.Name == name && c.Hertz == top })
		if at < 0 {
			at = len(c.Clusters)
			c.Clusters = append(c.Clusters, Cluster{Name: name, Hertz: top})
		}
		c.Clusters[at].CPUs = append(c.Clusters[at].CPUs, p.number)
	}
	return c, x86
}

// hertz reads a clock, in units of so many hertz, of up to 20 GHz.
func (r *reader) hertz(name string, unit float64) Reading {
	clock := r.integer(name)
	if !clock.Known {
		return clock
	}
	return Known(float64(clock.Value*unit)).within(1, 20e9)
}
