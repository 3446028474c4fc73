package boards

// fanFiles is where a fan is read.
type fanFiles struct {
	name       string
	drive, rpm string
	full       float64 // the drive at full speed
}

func (f *fanFiles) read(r *reader) Fan {
	fan := Fan{Name: f.name}
	if f.drive != "" {
		fan.Drive = r.integer(f.drive).over(f.full).within(0, 1)
	}
	if f.rpm != "" {
		fan.RPM = r.integer(f.rpm).within(0, 1e5)
	}
	return fan
}

// findFans lists the fans: of NVIDIA's driver in JetPack 4, and of the kernel's monitors.
func (r *reader) findFans() []fanFiles {
	const full = 255
	var fans []fanFiles
	const old = "sys/devices/pwm-fan/"
	if r.exists(old + "cur_pwm") {
		fans = append(fans, fanFiles{"pwm-fan", old + "cur_pwm", old + "rpm_measured", full})
	}
	for _, h := range r.hwmons() {
		f := fanFiles{name: h.chip, full: full}
		if r.exists(h.dir + "pwm1") {
			f.drive = h.dir + "pwm1"
		}
		if r.exists(h.dir + "fan1_input") {
			f.rpm = h.dir + "fan1_input"
		} else if r.exists(h.dir + "rpm") { // NVIDIA's pwm_tach
			f.rpm = h.dir + "rpm"
		}
		if f.drive != "" || f.rpm != "" {
			fans = append(fans, f)
		}
	}
	return fans
}
