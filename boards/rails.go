package boards

import (
	"strconv"
	"strings"
)

// hwmon is a device of the kernel's class of hardware monitors.
type hwmon struct {
	dir  string // with a slash at its end
	chip string
}

func (r *reader) hwmons() []hwmon {
	var list []hwmon
	const dir = "sys/class/hwmon/"
	for _, name := range r.names(dir, "hwmon") {
		if chip := r.line(dir + name + "/name"); chip != "" {
			list = append(list, hwmon{dir + name + "/", chip})
		}
	}
	return list
}

// railFiles is where a rail is read: in milliwatts, or in millivolts and milliamperes.
type railFiles struct {
	name               string
	power, volts, amps string
}

func (f *railFiles) read(r *reader) Rail {
	rail := Rail{Name: f.name}
	if f.power != "" {
		rail.Watts = r.integer(f.power).over(1e3).within(-mostWatts, mostWatts)
	}
	if f.volts == "" {
		return rail
	}
	mV, mA := r.integer(f.volts).within(0, 1e6), r.integer(f.amps).within(-1e6, 1e6)
	rail.Volts, rail.Amps = mV.over(1e3), mA.over(1e3)
	if f.power == "" && mV.Known && mA.Known {
		rail.Watts = Known(float64(mV.Value*mA.Value)/1e6).within(-mostWatts, mostWatts)
	}
	return rail
}

// mostWatts is more than any board takes. A shunt may show a little less than nothing.
const mostWatts = 10e3

// findRails lists what the power monitors measure.
func (r *reader) findRails() []railFiles {
	rails := r.railsOfIIO()
	for _, h := range r.hwmons() {
		switch h.chip {
		case "ina3221":
			rails = r.railsOfINA3221(h.dir, rails)
		case "ina238": // at the input of Thor's carrier board
			rails = append(rails, railFiles{name: "VIN", volts: h.dir + "in1_input", amps: h.dir + "curr1_input"})
		}
	}
	return rails
}

const channels = 3 // of an INA3221

// railsOfIIO lists the rails as NVIDIA's driver of JetPack 4 shows them.
func (r *reader) railsOfIIO() []railFiles {
	var rails []railFiles
	const dir = "sys/bus/i2c/drivers/ina3221x/"
	for _, chip := range r.names(dir, "") {
		for _, device := range r.names(dir+chip, "iio:device") {
			path := dir + chip + "/" + device + "/"
			for i := range channels {
				n := strconv.Itoa(i)
				if name := r.line(path + "rail_name_" + n); isRail(name) {
					rails = append(rails, railFiles{name: name, power: path + "in_power" + n + "_input",
						volts: path + "in_voltage" + n + "_input", amps: path + "in_current" + n + "_input"})
				}
			}
		}
	}
	return rails
}

// railsOfINA3221 lists the rails as the kernel's own driver shows them, from JetPack 5 on.
func (r *reader) railsOfINA3221(dir string, rails []railFiles) []railFiles {
	for i := 1; i <= channels; i++ {
		n := strconv.Itoa(i)
		if name := r.line(dir + "in" + n + "_label"); isRail(name) {
			rails = append(rails, railFiles{name: name, volts: dir + "in" + n + "_input", amps: dir + "curr" + n + "_input"})
		}
	}
	return rails
}

// isRail reports whether a label names a rail: NC is a channel that is not connected.
func isRail(label string) bool {
	return label != "" && label != "NC" && !strings.Contains(label, "shunt")
}

// totalRail returns the index of the rail through which the others are fed, or -1.
func totalRail(rails []railFiles) int {
	for _, name := range []string{"VIN", "VDD_IN", "POM_5V_IN"} {
		for i := range rails {
			if rails[i].name == name {
				return i
			}
		}
	}
	return -1
}

// SumOfRails is the PowerOf of a board where no rail measures all.
const SumOfRails = "sum of the rails"

// totalPower returns what a board takes, and which rail says so. Where no rail measures all, the rails are
// added up, and where one of them cannot be read there is no sum.
func totalPower(rails []Rail, total int) (Reading, string) {
	if total >= 0 && !rails[total].Watts.Known || len(rails) == 0 {
		return Reading{}, ""
	}
	if total >= 0 {
		return rails[total].Watts, rails[total].Name
	}
	sum := 0.0
	for _, rail := range rails {
		if rail.Name == "VDDQ_VDD2_1V8AO" { // of AGX Orin, which VIN_SYS_5V0 feeds
			continue
		}
		if !rail.Watts.Known {
			return Reading{}, ""
		}
		sum += rail.Watts.Value
	}
	return Known(sum), SumOfRails
}
