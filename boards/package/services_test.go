package main

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// unit is a unit read back: the values of each key, by "Section.Key".
func unit(t *testing.T, text string) map[string][]string {
	t.Helper()
	keys := map[string][]string{}
	section := ""
	for i, line := range strings.Split(text, "\n") {
		switch name, value, found := strings.Cut(line, "="); {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]"):
			section = line[1 : len(line)-1]
		case found && section != "" && name != "" && !strings.ContainsAny(name, " \t{"):
			keys[section+"."+name] = append(keys[section+"."+name], value)
		default:
			t.Fatalf("line %d is none of a unit: %q", i+1, line)
		}
	}
	return keys
}

func TestServices(t *testing.T) {
	// What no service of ours may be without.
	always := map[string]string{
		"Service.User":                  "edge-infer",
		"Service.NoNewPrivileges":       "yes",
		"Service.CapabilityBoundingSet": "",
		"Service.ProtectSystem":         "strict",
		"Service.ProtectHome":           "yes",
		"Service.PrivateTmp":            "yes",
		"Service.PrivateNetwork":        "yes",
		"Install.WantedBy":              "multi-user.target",
	}
	tests := map[string]struct {
		flavour flavour
		want    map[string]string
		absent  []string
		devices []string // that it may open, among others
		closed  []string
	}{
		"edge-infer@.service": {
			want: map[string]string{
				"Service.Restart": "on-failure", "Service.RestartSec": "2s", "Service.RestartSteps": "8", "Service.RestartMaxDelaySec": "1min",
				"Service.DevicePolicy": "closed", "Unit.StartLimitIntervalSec": "0", "Service.MemoryDenyWriteExecute": "yes",
				"Service.ExecStart": "/usr/bin/edge-infer run ${MODEL} --backend ${BACKEND} $OPTIONS",
			},
			// A group that a board lacks would keep the service from starting.
			absent:  []string{"Service.SupplementaryGroups", "Service.PrivateDevices"},
			devices: []string{"char-i2c rw", "char-spi rw", "char-gpiochip rw", "char-video4linux rw", "char-ttyUSB rw"},
			closed:  []string{"/dev/nvmap rw", "char-nvidia* rw"},
		},
		"edge-infer@.service with CUDA": {
			flavour: flavour{CUDA: true},
			want:    map[string]string{"Service.DevicePolicy": "closed"},
			absent:  []string{"Service.SupplementaryGroups", "Service.PrivateDevices", "Service.MemoryDenyWriteExecute"},
			devices: []string{"char-i2c rw", "/dev/nvmap rw", "char-nvhost* rw", "char-*.ga10b rw", "char-drm rw", "char-nvidia* rw"},
		},
		"edge-infer-verify@.service": {
			want: map[string]string{
				"Service.Type": "oneshot", "Service.RemainAfterExit": "yes", "Service.PrivateDevices": "yes", "Unit.Before": "edge-infer@%i.service",
				"Service.ExecStart": "/usr/bin/edge-infer verify /etc/edge-infer/models/%i.edge --backend ${BACKEND}",
			},
			absent: []string{"Service.DeviceAllow", "Service.Restart"},
		},
		"edge-infer-verify@.service with CUDA": {
			flavour: flavour{CUDA: true},
			want:    map[string]string{"Service.DevicePolicy": "closed"},
			absent:  []string{"Service.PrivateDevices", "Service.MemoryDenyWriteExecute"},
			devices: []string{"/dev/nvmap rw"},
			closed:  []string{"char-i2c rw"},
		},
	}
	seen := map[string]bool{}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			file, _, _ := strings.Cut(name, " ")
			seen[file] = true
			text, err := service(file, test.flavour)
			if err != nil {
				t.Fatal(err)
			}
			keys := unit(t, string(text))
			want := maps.Clone(always)
			maps.Copy(want, test.want)
			for key, value := range want {
				if got := keys[key]; !slices.Equal(got, []string{value}) {
					t.Errorf("%s = %q, want %q", key, got, value)
				}
			}
			for _, key := range test.absent {
				if got, there := keys[key]; there {
					t.Errorf("%s = %q is there", key, got)
				}
			}
			devices := keys["Service.DeviceAllow"]
			for _, d := range test.devices {
				if !slices.Contains(devices, d) {
					t.Errorf("device %s is closed", d)
				}
			}
			for _, d := range test.closed {
				if slices.Contains(devices, d) {
					t.Errorf("device %s is open", d)
				}
			}
			// In a list of allowed calls, a systemd that does not know a group would allow none of it.
			if calls := keys["Service.SystemCallFilter"]; len(calls) != 1 || !strings.HasPrefix(calls[0], "~") {
				t.Errorf("SystemCallFilter %q is not a list of forbidden calls", calls)
			}
		})
	}
	if len(seen) != len(services) {
		t.Errorf("%d services are tested, there are %q", len(seen), services)
	}
}
