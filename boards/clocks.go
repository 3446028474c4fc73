package boards

import (
	"slices"
	"strings"
)

// clockFiles is where a clock is read. An empty name is a file that there is not.
type clockFiles struct {
	found          Clock // with what stays
	now, low, high string
	governor       string
	unit           float64 // hertz
}

func (c *clockFiles) read(r *reader) Clock {
	clock := c.found
	clock.Hertz = r.hertz(c.now, c.unit)
	if c.low != "" {
		clock.Min, clock.Max = r.hertz(c.low, c.unit), r.hertz(c.high, c.unit)
		clock.Governor = r.line(c.governor)
	}
	return clock
}

// findCPUs lists the groups of processors that have a clock of their own.
func (r *reader) findCPUs() []clockFiles {
	var list []clockFiles
	const dir = "sys/devices/system/cpu/cpufreq/"
	for _, name := range r.names(dir, "policy") {
		path := dir + name + "/"
		list = append(list, clockFiles{
			found: Clock{
				Name: name,
				CPUs: parseList(r.line(path + "related_cpus")),
				Top:  r.hertz(path+"cpuinfo_max_freq", 1e3),
			},
			now: path + "scaling_cur_freq", low: path + "scaling_min_freq", high: path + "scaling_max_freq",
			governor: path + "scaling_governor", unit: 1e3,
		})
	}
	return list
}

// gpuNames are what device trees call the GPU: in general, and in TX2, Xavier, Orin and Thor.
var gpuNames = []string{"gpu", "gp10b", "gv11b", "ga10b", "gb10b"}

// gpuFiles is where the GPU's clock and load are read.
type gpuFiles struct {
	clockFiles
	load string
}

func (g *gpuFiles) read(r *reader) *GPUState {
	s := &GPUState{Load: r.integer(g.load).over(1e3).within(0, 1)}
	if g.now != "" {
		s.Clock = g.clockFiles.read(r)
	} else {
		s.Clock = g.found
	}
	return s
}

// findGPU finds the GPU among the devices that change their clock, or else its load alone.
func (r *reader) findGPU() *gpuFiles {
	const dir = "sys/class/devfreq/"
	for _, name := range r.names(dir, "") {
		path := dir + name + "/"
		if !r.isGPU(name, path) {
			continue
		}
		g := &gpuFiles{
			clockFiles: clockFiles{
				found: Clock{Name: name, Top: highest(r.line(path + "available_frequencies"))},
				now:   path + "cur_freq", low: path + "min_freq", high: path + "max_freq",
				governor: path + "governor", unit: 1,
			},
			load: path + "device/load",
		}
		if !r.exists(g.load) {
			g.load = r.oldLoad()
		}
		return g
	}
	if load := r.oldLoad(); load != "" {
		return &gpuFiles{clockFiles: clockFiles{found: Clock{Name: "gpu"}}, load: load}
	}
	return nil
}

func (r *reader) isGPU(name, path string) bool {
	if name == "gpu-gpc-0" { // Thor; gpu-nvd-0 beside it decodes video
		return true
	}
	_, kind, _ := strings.Cut(name, ".") // 17000000.gpu
	node := strings.Trim(string(r.small(path+"device/of_node/name")), "\x00\n ")
	return slices.Contains(gpuNames, kind) || slices.Contains(gpuNames, node)
}

// oldLoad finds the GPU's load where older releases have it.
func (r *reader) oldLoad() string {
	paths := []string{"sys/devices/gpu.0/load", "sys/devices/platform/gpu.0/load"}
	for _, name := range gpuNames {
		paths = append(paths, "sys/devices/17000000."+name+"/load", "sys/devices/platform/17000000."+name+"/load")
	}
	for _, path := range paths {
		if r.exists(path) {
			return path
		}
	}
	return ""
}

// highest returns the highest of a list of clocks in hertz.
func highest(list string) Reading {
	var top Reading
	for text := range strings.FieldsSeq(list) {
		if f := parseInteger([]byte(text)).within(1, 20e9); f.Known && (!top.Known || f.Value > top.Value) {
			top = f
		}
	}
	return top
}

// findMemoryClock finds the clock of the external memory, which debugfs shows to root: of the firmware
// from TX2 on, of the kernel before.
func (r *reader) findMemoryClock() *clockFiles {
	const firmware, kernel = "sys/kernel/debug/bpmp/debug/clk/emc/", "sys/kernel/debug/clk/emc/"
	for _, c := range []clockFiles{
		{now: firmware + "rate", found: Clock{Top: r.hertz(firmware+"max_rate", 1)}},
		{now: kernel + "clk_rate"},
	} {
		if c.found.Name, c.unit = "emc", 1; r.hertz(c.now, 1).Known {
			return &c
		}
	}
	return nil
}
