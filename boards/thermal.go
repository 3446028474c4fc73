package boards

import (
	"strconv"
	"strings"
)

// zone is where a temperature is read.
type zone struct {
	path  string
	found Temperature // with the name and the trip points, which stay
}

// findZones lists the thermal zones, and the processors' own sensors where these are no zones.
func (r *reader) findZones() []zone {
	var zones []zone
	const dir = "sys/class/thermal/"
	for _, name := range r.names(dir, "thermal_zone") {
		kind := r.line(dir + name + "/type")
		if kind == "" || strings.HasPrefix(kind, "PMIC") { // which reads 100 °C or 50 °C, always
			continue
		}
		z := zone{path: dir + name + "/temp", found: Temperature{Name: kind}}
		z.found.Trip, z.found.Critical = r.trips(dir + name + "/")
		zones = append(zones, z)
	}
	for _, h := range r.hwmons() {
		switch h.chip {
		case "k10temp", "coretemp": // AMD and Intel
			zones = append(zones, zone{path: h.dir + "temp1_input", found: Temperature{
				Name:     h.chip,
				Critical: r.celsius(h.dir + "temp1_crit"),
			}})
		}
	}
	return zones
}

// trips returns the lowest temperature at which a zone slows processors down, and the one at which it
// switches the board off.
func (r *reader) trips(dir string) (passive, critical Reading) {
	const most = 32
	for i := range most {
		prefix := dir + "trip_point_" + strconv.Itoa(i)
		kind := r.line(prefix + "_type")
		if kind == "" {
			break
		}
		at := r.celsius(prefix+"_temp").within(1, 200) // a trip at 0 is one that is switched off
		switch {
		case !at.Known:
		case kind == "passive" && (!passive.Known || at.Value < passive.Value):
			passive = at
		case kind == "critical" && (!critical.Known || at.Value < critical.Value):
			critical = at
		}
	}
	return passive, critical
}

// celsius reads a temperature, which the kernel gives in thousandths. An unpowered sensor gives
// -256 °C.
func (r *reader) celsius(name string) Reading { return r.integer(name).over(1e3).within(-100, 200) }

func (z *zone) read(r *reader) Temperature {
	t := z.found
	t.Celsius = r.celsius(z.path)
	return t
}
