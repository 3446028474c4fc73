package boards

import (
	"strconv"
	"strings"
)

// limiterFile is a cooling device.
type limiterFile struct {
	path string
	name string
	most Reading
}

func (c *limiterFile) read(r *reader) Limiter {
	return Limiter{c.name, r.integer(c.path).within(0, 1e6), c.most}
}

// findCooling lists the cooling devices that slow processors or memory down. Those of one name are told
// apart by a number.
func (r *reader) findCooling() []limiterFile {
	var list []limiterFile
	const dir = "sys/class/thermal/"
	seen := map[string]int{}
	for _, device := range r.names(dir, "cooling_device") {
		name := r.line(dir + device + "/type")
		if !slowsDown(name) {
			continue
		}
		if seen[name]++; seen[name] > 1 {
			name += " " + strconv.Itoa(seen[name])
		}
		list = append(list, limiterFile{dir + device + "/cur_state", name, r.integer(dir+device+"/max_state").within(0, 1e6)})
	}
	return list
}

// slowsDown tells cooling devices that take speed away from fans, displays and mere notices, such as
// hot-surface-alert.
func slowsDown(kind string) bool {
	for _, part := range []string{"cpufreq", "devfreq", "throttle", "balanced", "Processor", "gpu", "emc"} {
		if strings.Contains(kind, part) {
			return true
		}
	}
	return false
}

// flagFile is a file whose bits are limiters.
type flagFile struct {
	path  string
	base  int
	names []string // of the lowest bits
}

// read appends a limiter for each bit.
func (f *flagFile) read(r *reader, list []Limiter) []Limiter {
	bits, err := strconv.ParseUint(strings.TrimPrefix(r.line(f.path), "0x"), f.base, 32)
	for i, name := range f.names {
		l := Limiter{Name: name, Most: Known(1)}
		if err == nil {
			l.Level = Known(float64(bits >> i & 1))
		}
		list = append(list, l)
	}
	return list
}

// findFlags finds the flags of a Raspberry Pi's firmware, or the alarm of its supply.
func (r *reader) findFlags() []flagFile {
	const dir = "sys/devices/platform/"
	for _, soc := range r.names(dir, "soc") {
		for _, device := range r.names(dir+soc, "soc") {
			path := dir + soc + "/" + device + "/get_throttled"
			if strings.HasSuffix(device, ":firmware") && r.exists(path) {
				return []flagFile{{path, 16, []string{"under-voltage", "frequency capped", "throttled", "soft temperature limit"}}}
			}
		}
	}
	for _, h := range r.hwmons() {
		if h.chip == "rpi_volt" {
			return []flagFile{{h.dir + "in0_lcrit_alarm", 10, []string{"under-voltage"}}}
		}
	}
	return nil
}

// counterFile counts events.
type counterFile struct{ name, path string }

// findCounters lists the counters of Orin's and Thor's over-current events, and those of Intel's
// processors.
func (r *reader) findCounters() []counterFile {
	var list []counterFile
	for _, h := range r.hwmons() {
		if h.chip != "soctherm_oc" {
			continue
		}
		for _, file := range r.names(h.dir, "oc") {
			if name, found := strings.CutSuffix(file, "_event_cnt"); found {
				list = append(list, counterFile{overCurrent(name), h.dir + file})
			}
		}
	}
	const intel = "sys/devices/system/cpu/cpu0/thermal_throttle/package_throttle_count"
	if r.exists(intel) {
		list = append(list, counterFile{"package throttled", intel})
	}
	return list
}

// overCurrent says what the events of soctherm are.
func overCurrent(name string) string {
	switch name {
	case "oc1":
		return "oc1 under-voltage"
	case "oc2":
		return "oc2 average over-current"
	case "oc3":
		return "oc3 instantaneous over-current"
	}
	return name
}
