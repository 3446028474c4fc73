package boards

import (
	"cmp"
	"context"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"
)

// PowerMode is a mode of nvpmodel, which limits the clocks and the number of processors of a Jetson.
type PowerMode struct {
	ID   int    `json:"id"`
	Name string `json:"name,omitempty"`
	CPUs int    `json:"cpus,omitempty"` // that it leaves running, 0 if it does not say
}

const mostModes = 64

// parsePowerModes reads the modes of /etc/nvpmodel.conf:
//
//	< POWER_MODEL ID=0 NAME=MAXN >
//	CPU_ONLINE CORE_0 1
func parsePowerModes(conf string) []PowerMode {
	var modes []PowerMode
	inMode := false
	for line := range strings.Lines(conf) {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 0:
		case fields[0] == "<": // the head of a mode, or of a section of another kind
			inMode = false
			if mode, ok := parseModeHead(fields); ok && len(modes) < mostModes &&
				!slices.ContainsFunc(modes, func(m PowerMode) bool { return m.ID == mode.ID }) {
				modes, inMode = append(modes, mode), true
			}
		case inMode && len(fields) == 3 && fields[0] == "CPU_ONLINE" && fields[2] == "1":
			modes[len(modes)-1].CPUs++
		}
	}
	return modes
}

func parseModeHead(fields []string) (mode PowerMode, ok bool) {
	if len(fields) < 2 || fields[1] != "POWER_MODEL" {
		return mode, false
	}
	for _, field := range fields[2:] {
		switch key, value, _ := strings.Cut(field, "="); key {
		case "ID":
			id, err := strconv.ParseUint(value, 10, 15)
			mode.ID, ok = int(id), err == nil
		case "NAME":
			mode.Name = clean(value)
		}
	}
	return mode, ok && mode.Name != ""
}

// BestMode returns the mode that limits least: MAXN_SUPER, else MAXN, else the one with most watts in
// its name and most processors. It is nil if the names do not tell.
func BestMode(modes []PowerMode) *PowerMode {
	var best *PowerMode
	for i := range modes {
		if m := &modes[i]; rank(m) > 0 && (best == nil || cmp.Or(cmp.Compare(rank(m), rank(best)), cmp.Compare(m.CPUs, best.CPUs)) > 0) {
			best = m
		}
	}
	return best
}

// rank is larger for a mode that limits less.
func rank(m *PowerMode) int {
	switch {
	case isSuper(m.Name):
		return 1 << 20
	case strings.HasPrefix(m.Name, "MAXN"):
		return 1 << 19
	}
	for part := range strings.SplitSeq(m.Name, "_") { // MODE_15W_6CORE
		if watts, found := strings.CutSuffix(part, "W"); found {
			if n, err := strconv.ParseUint(watts, 10, 16); err == nil {
				return int(n)
			}
		}
	}
	return 0
}

func isSuper(mode string) bool { return strings.HasPrefix(mode, "MAXN_SUPER") }

// parseModeStatus reads the mode out of /var/lib/nvpmodel/status, where nvpmodel keeps it over a
// restart: pmode:0002, and words on the fan behind.
func parseModeStatus(text string) (id int, ok bool) {
	for field := range strings.FieldsSeq(text) {
		if number, found := strings.CutPrefix(field, "pmode:"); found {
			n, err := strconv.ParseUint(number, 10, 15)
			return int(n), err == nil
		}
	}
	return 0, false
}

// parseModeQuery reads what nvpmodel -q prints: warnings, then
//
//	NV Power Mode: MODE_15W_6CORE
//	2
func parseModeQuery(text string) (mode PowerMode, ok bool) {
	named := false
	for line := range strings.Lines(text) {
		line = clean(line)
		if name, found := strings.CutPrefix(line, "NV Power Mode:"); found {
			mode.Name, named = clean(name), true
			continue
		}
		if id, err := strconv.ParseUint(line, 10, 15); named && err == nil {
			mode.ID = int(id)
			return mode, true
		}
	}
	return PowerMode{}, false
}

// Runner runs a program without a shell and returns what it prints.
type Runner func(ctx context.Context, program string, args ...string) ([]byte, error)

// Run is the Runner that runs programs of this system.
func Run(ctx context.Context, program string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.WaitDelay = time.Second // for children that keep its output open
	return cmd.Output()
}

const queryTime = 2 * time.Second

// queryMode asks nvpmodel.
func queryMode(run Runner) (PowerMode, bool) {
	ctx, cancel := context.WithTimeout(context.Background(), queryTime)
	defer cancel()
	text, err := run(ctx, "nvpmodel", "-q")
	if err != nil || len(text) > smallFile {
		return PowerMode{}, false
	}
	return parseModeQuery(string(text))
}
