package boards

import (
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/boards/boardstest"
)

func TestParseTegraRelease(t *testing.T) {
	for text, want := range map[string]string{
		"# R36 (release), REVISION: 4.3, GCID: 38968081, BOARD: generic": "36.4.3",
		"# R32 (release), REVISION: 7.1, GCID: 29818004":                 "32.7.1",
		"# R28 (release), REVISION: 1.0\nREVISION: 9.9":                  "28.1.0",
		"# R34 (release), REVISION: 1":                                   "34.1",
		"":                                                               "",
		"# R (release), REVISION: 4.3":                                   "",
		"# R36 (release), REVISION: 4.x,":                                "",
		"# R36 (release), REVISION: ,":                                   "",
		"# R36 (release), REVISION: 4.3.2.1":                             "",
		"# R36 (release), REVISION: 04.3":                                "",
		"# R99999 (release), REVISION: 4.3":                              "",
		"R36 (release), REVISION: 4.3":                                   "",
	} {
		if got := parseTegraRelease(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestJetPack(t *testing.T) {
	for l4t, want := range map[string]string{
		"32.7.1": "4.6.1", "35.4.1": "5.1.2", "36.4.3": "6.2", "36.4.7": "6", "38.2.0": "7.0", "39.9": "7", "28.1.0": "", "": "",
	} {
		if got := jetPack(l4t); got != want {
			t.Errorf("%s: %q, want %q", l4t, got, want)
		}
	}
}

func TestIdentify(t *testing.T) {
	for _, test := range []struct {
		compatible string
		family     Family
		module     string
	}{
		{"nvidia,p3450-0000 nvidia,tegra210", JetsonNano, "Jetson Nano"},
		{"nvidia,p3541-0000 nvidia,p3450-0000 nvidia,tegra210", JetsonNano, "Jetson Nano 2GB"},
		{"nvidia,p3509-0000+p3636-0001 nvidia,tegra186", JetsonTX2, "Jetson TX2 NX"},
		{"nvidia,p2972-0000 nvidia,tegra194", JetsonXavier, "Jetson AGX Xavier"},
		{"nvidia,p3449-0000+p3668-0003 nvidia,tegra194", JetsonXavier, "Jetson Xavier NX 16GB"},
		{"nvidia,p3768-0000+p3767-0004 nvidia,p3767-0004 nvidia,tegra234", JetsonOrin, "Jetson Orin Nano 4GB"},
		{"nvidia,p3701-0000 nvidia,tegra23x", JetsonOrin, "Jetson AGX Orin 32GB"},
		{"maker,carrier nvidia,p9999-0000 nvidia,tegra234", JetsonOrin, ""},
		{"nvidia,p3767-00045 nvidia,tegra234", JetsonOrin, ""},
		{"nvidia,p3767-0004", DeviceTree, ""},
		{"nvidia,tegra2345", DeviceTree, ""},
		{"", Unknown, ""},
	} {
		family, _, m := identify(strings.Fields(test.compatible))
		name := ""
		if m != nil {
			name = m.name
		}
		if family != test.family || name != test.module {
			t.Errorf("%s: %s, %q; want %s, %q", test.compatible, family, name, test.family, test.module)
		}
	}
}

func TestBestMode(t *testing.T) {
	for want, names := range map[string][]string{
		"MAXN":            {"MAXN", "5W"},
		"MAXN_SUPER":      {"15W", "MAXN", "MAXN_SUPER", "40W"},
		"MODE_20W_6CORE":  {"MODE_15W_6CORE", "MODE_20W_2CORE", "MODE_20W_6CORE", "MODE_20W_4CORE"},
		"15W":             {"15W", "7W"},
		"none of them":    {"MAXQ", "DEFAULT", "W", "99999999999999W", "-5W"},
		"and none at all": {},
	} {
		var modes []PowerMode
		for i, name := range names {
			cores, _ := strconv.Atoi(strings.TrimSuffix(name[strings.LastIndex(name, "_")+1:], "CORE"))
			modes = append(modes, PowerMode{ID: i, Name: name, CPUs: cores})
		}
		best := BestMode(modes)
		if best == nil && !slices.Contains(names, want) || best != nil && best.Name == want {
			continue
		}
		t.Errorf("of %v %+v, want %s", names, best, want)
	}
}

func TestParseList(t *testing.T) {
	for text, want := range map[string][]int{
		"0-3": {0, 1, 2, 3}, "0,2-3 7": {0, 2, 3, 7}, "5": {5}, "": nil, "3-1": nil, "a": nil, "-1": nil, "0-99999999": nil, "1-": nil,
	} {
		if got := parseList(text); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func TestCompareNatural(t *testing.T) {
	names := []string{"b", "a10", "a2", "a02", "a", "a2b", "a2a10", "a2a9", "18446744073709551616", "18446744073709551617"}
	slices.SortFunc(names, compareNatural)
	if want := strings.Fields("18446744073709551616 18446744073709551617 a a02 a2 a2a9 a2a10 a2b a10 b"); !slices.Equal(names, want) {
		t.Errorf("%v, want %v", names, want)
	}
}

func TestLoad(t *testing.T) {
	const before = "cpu  100 0 50 800 50 0 0 0 7 7\ncpu0 1 2 3\n"
	for text, want := range map[string]Reading{
		"cpu  150 0 75 825 75 10 10 5 9 9\n": Known(0.6667), // 100 busy, 50 idle
		"cpu  100 0 50 900 50 0 0 0 0 0\n":   Known(0),
		before:                               {},
		"cpu  99 0 50 900 50 0 0 0 0 0\n":    {},
		"cpu  150 0 75 825 75":               {},
		"cpu  150 0 75 x 75 10 10 5 0 0\n":   {},
		"cpu0 150 0 75 825 75 10 10 5 0 0\n": {},
		"":                                   {},
	} {
		tree := &boardstest.Tree{Files: map[string]*boardstest.File{"proc/stat": {Data: []byte(before)}}}
		telemetry := newTelemetry(tree, nil)
		if first := telemetry.Read().CPULoad; first.Known {
			t.Errorf("at first %v", first)
		}
		tree.Files["proc/stat"].Data = []byte(text)
		got := telemetry.Read().CPULoad
		if got.Known != want.Known || math.Abs(got.Value-want.Value) > 1e-4 {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func FuzzTicks(f *testing.F) {
	f.Add("cpu  100 0 50 800 50 0 0 0 0 0\n", "cpu  150 0 75 825 75 10 10 5 0 0\n")
	f.Add("cpu", "cpu 1 2 3 4\n")
	f.Fuzz(func(t *testing.T, before, after string) {
		a, _ := parseTicks(before)
		b, _ := parseTicks(after)
		if load := b.since(a); load.Value < 0 || load.Value > 1 {
			t.Errorf("load %v", load)
		}
	})
}

func FuzzDeviceTreeStrings(f *testing.F) {
	f.Add("nvidia,p3768-0000+p3767-0005\x00nvidia,tegra234\x00")
	f.Add("\x00\xff\x1b[2J\x00a\nb\x00")
	f.Fuzz(func(t *testing.T, text string) {
		list := deviceTreeStrings(text)
		for _, s := range list {
			if s == "" || s != oneLine(s) || !strings.Contains(text, s) {
				t.Errorf("%q of %q", s, text)
			}
		}
		if family, soc, _ := identify(list); (soc == "") != (family == DeviceTree || family == Unknown) || len(list) > mostStrings {
			t.Errorf("%s, %q of %d strings", family, soc, len(list))
		}
	})
}

func FuzzTegraRelease(f *testing.F) {
	f.Add("# R36 (release), REVISION: 4.3, GCID: 38968081, BOARD: generic, EABI: aarch64")
	f.Add("# R32 (release), REVISION: 7, \n")
	f.Fuzz(func(t *testing.T, text string) {
		found := parseTegraRelease(text)
		if found != "" && release(found) != found {
			t.Errorf("%q of %q", found, text)
		}
		jetPack(found)
		if version := parsePackageVersion(text); version != "" && !strings.HasPrefix(text, version) {
			t.Errorf("%q of %q", version, text)
		}
	})
}

func FuzzCPUInfo(f *testing.F) {
	f.Add("processor\t: 0\nFeatures\t: fp asimd asimddp\nCPU implementer\t: 0x41\nCPU part\t: 0xd42\n\nprocessor\t: 1\n")
	f.Add("processor : 0\nvendor_id : GenuineIntel\nmodel name : Intel\nflags : avx avx2\n")
	f.Add("Features: asimd\nprocessor: -1\nprocessor: 5000\n:")
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range parseCPUInfo(text) {
			if name := p.name(); p.number < 0 || p.number >= mostNames || clean(name) != name {
				t.Errorf("processor %d, %q", p.number, name)
			}
			for _, feature := range p.features {
				if !features[feature] {
					t.Errorf("feature %q", feature)
				}
			}
		}
	})
}

func FuzzPowerModes(f *testing.F) {
	f.Add("< POWER_MODEL ID=0 NAME=MAXN >\nCPU_ONLINE CORE_0 1\n< PM_CONFIG DEFAULT=0 >\n", "pmode:0001 fmode:quiet", "NV Power Mode: MAXN\n0\n")
	f.Add("<\n< POWER_MODEL\n< POWER_MODEL NAME=15W ID=1\nCPU_ONLINE", "pmode:", "NV Power Mode:\n")
	f.Fuzz(func(t *testing.T, conf, status, answer string) {
		modes := parsePowerModes(conf)
		if len(modes) > mostModes {
			t.Errorf("%d modes", len(modes))
		}
		seen := map[int]bool{}
		for _, m := range modes {
			if m.Name == "" || m.Name != clean(m.Name) || m.ID < 0 || seen[m.ID] || m.CPUs > len(conf) {
				t.Errorf("mode %+v", m)
			}
			seen[m.ID] = true
		}
		if best := BestMode(modes); best != nil && !slices.Contains(modes, *best) {
			t.Errorf("best mode %+v", best)
		}
		if id, ok := parseModeStatus(status); ok && id < 0 {
			t.Errorf("mode %d", id)
		}
		if m, ok := parseModeQuery(answer); ok && (m.ID < 0 || m.Name != clean(m.Name)) {
			t.Errorf("mode %+v", m)
		}
	})
}

func FuzzMemInfo(f *testing.F) {
	f.Add("MemTotal:        7802048 kB\nMemAvailable:     180000 kB\nSwapTotal: 5 kB\nSwapFree: 1 kB\n")
	f.Add("MemTotal: 99999999999999999999 kB\nSwapFree: 7 kB\nSwapTotal: -1 kB")
	f.Fuzz(func(t *testing.T, text string) {
		m := parseMemInfo(text)
		for _, r := range []Reading{m.Total, m.Available, m.SwapTotal, m.SwapUsed} {
			if r.Value < 0 || r.Value > 1<<53 || m.SwapUsed.Value > m.SwapTotal.Value {
				t.Errorf("%+v", m)
			}
		}
	})
}
