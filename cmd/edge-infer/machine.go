package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	goruntime "runtime"
	"strings"
)

// machine is what a measurement was made on.
type machine struct {
	OS           string `json:"os"`
	Architecture string `json:"architecture"`
	Model        string `json:"model"` // of the board or of the processor, empty if unknown
	Cores        int    `json:"cores"`
	Go           string `json:"go"`
}

func (m machine) String() string {
	text := fmt.Sprintf("%s/%s, %s, %s", m.OS, m.Architecture, plural(m.Cores, "core"), m.Go)
	if m.Model == "" {
		return text
	}
	return m.Model + ", " + text
}

// readMachine finds out what this program runs on; the system's files hang off root.
func readMachine(root string) machine {
	m := machine{
		OS:           goruntime.GOOS,
		Architecture: goruntime.GOARCH,
		Cores:        goruntime.NumCPU(),
		Go:           goruntime.Version(),
	}
	// Boards name themselves in the device tree; the cpuinfo of an ARM kernel has only numbers.
	if name, err := os.ReadFile(filepath.Join(root, "proc/device-tree/model")); err == nil {
		m.Model = printable(string(bytes.TrimRight(name, "\x00\n")))
	}
	if m.Model == "" {
		m.Model = processorName(filepath.Join(root, "proc/cpuinfo"))
	}
	return m
}

// processorName returns the first "model name" of a cpuinfo file, or "".
func processorName(cpuinfo string) string {
	f, err := os.Open(cpuinfo)
	if err != nil {
		return ""
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		key, value, _ := strings.Cut(lines.Text(), ":")
		if strings.TrimSpace(key) == "model name" {
			return printable(strings.TrimSpace(value))
		}
	}
	return ""
}
