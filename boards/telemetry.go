package boards

// Telemetry reads the state of a board, again and again. It is for one goroutine at a time.
type Telemetry struct {
	r     reader
	zones []zone
	cpus  []clockFiles
	gpu   *gpuFiles
	emc   *clockFiles
	rails []railFiles
	total int // index of the rail that measures all, or -1
	cool  []limiterFile
	flags []flagFile
	count []counterFile
	fans  []fanFiles

	modes   []PowerMode
	before  *ticks     // of the last read
	queried *PowerMode // what nvpmodel answered, where its status is not to be read
}

// NewTelemetry finds the sensors below a root. Sensors that come later are not seen; those that go
// have no readings until they are back.
//
// Where the power mode of a Jetson is not in a file, run asks nvpmodel, once; nil runs nothing.
func NewTelemetry(root string, run Runner) (*Telemetry, error) {
	if err := checkRoot(root); err != nil {
		return nil, err
	}
	return newTelemetry(host(root), run), nil
}

func newTelemetry(s system, run Runner) *Telemetry {
	t := &Telemetry{r: reader{system: s}}
	r := &t.r
	t.zones = r.findZones()
	t.cpus = r.findCPUs()
	t.gpu = r.findGPU()
	t.emc = r.findMemoryClock()
	t.rails = r.findRails()
	t.total = totalRail(t.rails)
	t.cool = r.findCooling()
	t.flags = r.findFlags()
	t.count = r.findCounters()
	t.fans = r.findFans()
	t.modes = parsePowerModes(r.long("etc/nvpmodel.conf", textFile))
	if _, ok := r.mode(t.modes); !ok && run != nil && len(t.modes) > 0 {
		if mode, ok := queryMode(run); ok {
			t.queried = &mode
		}
	}
	return t
}

// Read reads everything once.
func (t *Telemetry) Read() *State {
	r := &t.r
	s := &State{CPULoad: t.load(), Memory: parseMemInfo(r.text("proc/meminfo")), Mode: t.queried}
	for i := range t.zones {
		s.Temperatures = append(s.Temperatures, t.zones[i].read(r))
	}
	for i := range t.cpus {
		s.CPUs = append(s.CPUs, t.cpus[i].read(r))
	}
	if t.gpu != nil {
		s.GPU = t.gpu.read(r)
	}
	if t.emc != nil {
		clock := t.emc.read(r)
		s.MemoryClock = &clock
	}
	for i := range t.rails {
		s.Rails = append(s.Rails, t.rails[i].read(r))
	}
	s.Power, s.PowerOf = totalPower(s.Rails, t.total)
	if mode, ok := r.mode(t.modes); ok {
		s.Mode = &mode
	}
	for _, c := range t.cool {
		s.Limiters = append(s.Limiters, c.read(r))
	}
	for _, f := range t.flags {
		s.Limiters = f.read(r, s.Limiters)
	}
	s.limit()
	for _, c := range t.count {
		s.Events = append(s.Events, Counter{c.name, r.integer(c.path).within(0, 1<<53)})
	}
	for i := range t.fans {
		s.Fans = append(s.Fans, t.fans[i].read(r))
	}
	return s
}

// mode reads the power mode from the file that nvpmodel keeps it in.
func (r *reader) mode(modes []PowerMode) (PowerMode, bool) {
	id, ok := parseModeStatus(r.text("var/lib/nvpmodel/status"))
	if !ok {
		return PowerMode{}, false
	}
	for _, m := range modes {
		if m.ID == id {
			return m, true
		}
	}
	return PowerMode{ID: id}, true
}
