package boards

import (
	"fmt"
	"slices"
	"strings"
)

// Finding is something that limits inference on a board, or a program's reach there.
type Finding struct {
	ID      string `json:"id"`                // the same in all releases
	What    string `json:"what"`              // what was found
	Why     string `json:"why"`               // why it matters
	Command string `json:"command,omitempty"` // for a shell, that mends it
	Advice  string `json:"advice,omitempty"`  // what mends it where no command does, or what to do after the command
}

// Doctor judges a board and its state. An empty list says that nothing of what is looked for was
// found, among the things that the board tells.
func Doctor(b *Board, s *State) []Finding {
	var list []Finding
	for _, look := range []func(*Board, *State) []Finding{
		noTelemetry, powerMode, lockedClocks, governor, throttling, overCurrents, nearTrip, memory, cudaDriver, access, oldGPIO,
	} {
		list = append(list, look(b, s)...)
	}
	return list
}

func noTelemetry(b *Board, s *State) []Finding {
	if len(s.Temperatures) > 0 || len(s.CPUs) > 0 || len(s.Rails) > 0 || s.GPU != nil {
		return nil
	}
	if b.Container {
		return []Finding{{
			ID:     "no-telemetry",
			What:   "this container shows no temperature, clock or power",
			Why:    "throttling cannot be seen from here",
			Advice: "if the machine has sensors, start the container with -v /sys:/sys:ro",
		}}
	}
	return []Finding{{
		ID:   "no-telemetry",
		What: "the system shows no temperature, clock or power",
		Why:  "throttling cannot be seen; virtual machines show nothing of it",
	}}
}

func powerMode(b *Board, s *State) []Finding {
	best := BestMode(b.PowerModes)
	if best == nil || s.Mode == nil || s.Mode.ID == best.ID {
		return nil
	}
	name := s.Mode.Name
	if name == "" {
		name = "of that number"
	}
	return []Finding{{
		ID:      "power-mode",
		What:    fmt.Sprintf("the power mode is %d (%s); %d (%s) is the fastest", s.Mode.ID, name, best.ID, best.Name),
		Why:     "a mode limits the clocks of the processors, the GPU and the memory, and how many processors run",
		Command: fmt.Sprintf("sudo nvpmodel -m %d", best.ID),
	}}
}

// lockedClocks looks whether jetson_clocks was run, which sets the lowest allowed clock to the highest.
func lockedClocks(b *Board, s *State) []Finding {
	if !b.Family.IsJetson() {
		return nil
	}
	var free []string
	add := func(c *Clock, what string) {
		if c.Min.Known && c.Max.Known && !c.Locked() && !slices.Contains(free, what) {
			free = append(free, what)
		}
	}
	for i := range s.CPUs {
		add(&s.CPUs[i], "processors")
	}
	if s.GPU != nil {
		add(&s.GPU.Clock, "GPU")
	}
	if len(free) == 0 {
		return nil
	}
	return []Finding{{
		ID:      "clocks",
		What:    "the clocks of the " + strings.Join(free, " and the ") + " follow the load",
		Why:     "a short inference ends before they have risen: it takes longer, and the times vary",
		Command: "sudo jetson_clocks",
	}}
}

func governor(b *Board, s *State) []Finding {
	if b.Family.IsJetson() {
		return nil // jetson_clocks sets what matters
	}
	for i := range s.CPUs {
		c := &s.CPUs[i]
		if c.Locked() {
			continue
		}
		switch c.Governor {
		case "powersave", "schedutil", "ondemand", "conservative":
			return []Finding{{
				ID:      "governor",
				What:    fmt.Sprintf("the clock of %s is governed by %s", c.Name, c.Governor),
				Why:     "a short inference ends before the clock has risen: it takes longer, and the times vary",
				Command: "echo performance | sudo tee /sys/devices/system/cpu/cpufreq/policy*/scaling_governor",
			}}
		}
	}
	return nil
}

func throttling(b *Board, s *State) []Finding {
	if len(s.Throttled) == 0 {
		return nil
	}
	f := Finding{
		ID:     "throttling",
		What:   "the board is slowed down now, by " + strings.Join(s.Throttled, ", "),
		Why:    "what is measured now is slower than the board can be",
		Advice: coolIt,
	}
	if slices.Contains(s.Throttled, "under-voltage") {
		f.Why = "the supply's voltage is too low, and the firmware lowers the clocks"
		f.Advice = "use the supply and the cable that are made for this board"
	} else if b.Family.IsJetson() && len(s.Fans) > 0 {
		f.Command = "sudo jetson_clocks --fan"
	}
	return []Finding{f}
}

func overCurrents(b *Board, s *State) []Finding {
	var events []string
	for _, e := range s.Events {
		if e.Count.Value > 0 {
			events = append(events, fmt.Sprintf("%s: %.0f", e.Name, e.Count.Value))
		}
	}
	if len(events) == 0 {
		return nil
	}
	f := Finding{
		ID:     "throttle-events",
		What:   "since it was started the board counts " + strings.Join(events, ", "),
		Why:    "each such event slowed the board down for a moment",
		Advice: coolIt,
	}
	if b.Family.IsJetson() {
		f.Advice = "use a stronger supply, or a lower power mode, whose peaks are lower"
	}
	return []Finding{f}
}

const (
	nearCelsius = 10
	coolIt      = "cool the board: a fan, a larger heat sink, free air"
)

func nearTrip(_ *Board, s *State) []Finding {
	var nearest *Temperature
	left := func(t *Temperature) float64 { return t.Trip.Value - t.Celsius.Value }
	for i := range s.Temperatures {
		t := &s.Temperatures[i]
		if t.Celsius.Known && t.Trip.Known && left(t) < nearCelsius && (nearest == nil || left(t) < left(nearest)) {
			nearest = t
		}
	}
	if nearest == nil {
		return nil
	}
	return []Finding{{
		ID:     "temperature",
		What:   fmt.Sprintf("%s is at %.1f °C; from %.1f °C on the board slows down", nearest.Name, nearest.Celsius.Value, nearest.Trip.Value),
		Why:    "under load it will be throttled soon",
		Advice: coolIt,
	}}
}

const (
	leastAvailable = 256 << 20
	mostSwapped    = 64 << 20
)

func memory(_ *Board, s *State) []Finding {
	var list []Finding
	if m := s.Memory; m.Available.Known && m.Available.Value < leastAvailable {
		list = append(list, Finding{
			ID:      "memory",
			What:    fmt.Sprintf("%.0f MiB of memory are available", m.Available.Value/(1<<20)),
			Why:     "the system begins to swap or to end programs",
			Command: "ps -eo rss,comm --sort -rss | head",
			Advice:  "end what takes most, on a Jetson first the desktop",
		})
	}
	if m := s.Memory; m.SwapUsed.Value > mostSwapped {
		list = append(list, Finding{
			ID:      "swap",
			What:    fmt.Sprintf("%.0f MiB are swapped out", m.SwapUsed.Value/(1<<20)),
			Why:     "a model's weights that were swapped out are read back in the middle of an inference",
			Command: "sudo swapoff -a && sudo swapon -a",
		})
	}
	return list
}

func cudaDriver(b *Board, _ *State) []Finding {
	if !b.Family.IsJetson() || b.GPU == nil {
		return nil
	}
	f := Finding{ID: "cuda-driver", Why: "without it the GPU is not used"}
	switch d := b.GPU.Driver; {
	case d.Library != "" && d.Device != "":
		return nil
	case b.Container:
		f.What, f.Advice = "the CUDA driver is not given to this container", "start the container with --runtime nvidia"
	case d.Library == "":
		f.What, f.Command = "libcuda.so.1 is not installed", "sudo apt install nvidia-l4t-cuda"
	default:
		f.What, f.Command = "the kernel's half of the CUDA driver is not there", "sudo dmesg | grep -i -e nvgpu -e nvidia"
		f.Advice = "the messages say why; the release of the kernel and of the packages nvidia-l4t-* must be the same"
	}
	return []Finding{f}
}

// access looks for devices that this user may not open, and puts those of one group together.
func access(b *Board, _ *State) []Finding {
	var list []Finding
	byGroup := map[string][]string{}
	var groups []string
	for _, d := range b.Devices {
		if d.Usable {
			continue
		}
		if byGroup[d.Group] == nil {
			groups = append(groups, d.Group)
		}
		byGroup[d.Group] = append(byGroup[d.Group], d.Path)
	}
	for _, group := range groups {
		paths := byGroup[group]
		f := Finding{
			ID:      "access-" + group,
			What:    fmt.Sprintf("this user may not open %s, of the group %s", some(paths), group),
			Why:     "sensors, cameras or the GPU behind it cannot be used",
			Command: fmt.Sprintf("sudo usermod -aG %s $USER", group),
			Advice:  "log in again after it",
		}
		if group == "root" || group == "0" {
			f.Command = udevRule(paths[0])
		}
		list = append(list, f)
	}
	return list
}

// udevRule is the command that gives devices like this one to a group, with this user in it.
func udevRule(path string) string {
	kind := strings.TrimRight(strings.TrimPrefix(path, "/dev/"), "0123456789.")
	group := strings.TrimRight(kind, "-")
	switch group {
	case "gpiochip":
		group = "gpio"
	case "spidev":
		group = "spi"
	case "nvhost-ctrl-gpu", "nvmap", "nvidia":
		group = "video"
	}
	return fmt.Sprintf(`sudo groupadd -f %[1]s && sudo usermod -aG %[1]s $USER && `+
		`echo 'KERNEL=="%[2]s*", GROUP="%[1]s", MODE="0660"' | sudo tee /etc/udev/rules.d/60-%[2]s.rules && `+
		`sudo udevadm control --reload && sudo udevadm trigger`, group, kind)
}

// some names a few of a list.
func some(names []string) string {
	const most = 3
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}

// oldGPIO looks for a kernel before 5.10, where the interface to pins that programs use today began.
func oldGPIO(b *Board, _ *State) []Finding {
	major, minor, ok := b.KernelVersion()
	pins := slices.ContainsFunc(b.Devices, func(d Device) bool { return strings.HasPrefix(d.Path, "/dev/gpiochip") })
	if !ok || !pins || major > 5 || major == 5 && minor >= 10 {
		return nil
	}
	f := Finding{
		ID:     "gpio-kernel",
		What:   fmt.Sprintf("pins (GPIO) cannot be used with the kernel %d.%d", major, minor),
		Why:    "they are reached through the second version of the character device, which Linux 5.10 brought",
		Advice: "install a newer kernel",
	}
	switch {
	case b.Family == JetsonNano || b.Family == JetsonTX2:
		f.Advice = "JetPack 4 is the last for this board; sensors on I2C and SPI and cameras work"
	case b.Family.IsJetson():
		f.Advice = "install JetPack 5 or newer"
	}
	return []Finding{f}
}
