//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/edge-infer/edge-infer/boards/virtual/internal/guest"
)

// portName is what the host calls its end of the serial port.
const portName = "edge-infer"

func main() {
	err := run()
	if err == nil {
		unix.Sync()
		err = unix.Reboot(unix.LINUX_REBOOT_CMD_POWER_OFF)
	}
	// The end of the first process is a kernel panic, and that of the service leaves the host without its line: it
	// sees either, and prints the console.
	fmt.Fprintln(os.Stderr, "agent:", err)
	os.Exit(1)
}

func run() error {
	if os.Getpid() == 1 {
		if err := begin(); err != nil {
			return err
		}
		line, err := os.ReadFile("/proc/cmdline")
		if err != nil {
			return err
		}
		for word := range strings.FieldsSeq(string(line)) {
			if device, found := strings.CutPrefix(word, "virtual.root="); found {
				return handOver(device)
			}
		}
	}
	return serve()
}

func serve() error {
	if err := os.MkdirAll(home, 0o755); err != nil {
		return err
	}
	port, err := openPort()
	if err != nil {
		return err
	}
	defer port.Close()
	var name unix.Utsname
	if err := unix.Uname(&name); err != nil {
		return err
	}
	return guest.Serve(port, home, unix.ByteSliceToString(name.Release[:]))
}

// openPort waits for the port: its driver is loaded, but what drivers find comes a moment later.
func openPort() (*os.File, error) {
	for range 200 {
		names, err := filepath.Glob("/sys/class/virtio-ports/*/name")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err == nil && string(bytes.TrimSpace(text)) == portName {
				return os.OpenFile("/dev/"+filepath.Base(filepath.Dir(name)), os.O_RDWR, 0)
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	return nil, errors.New("no virtio serial port of the name " + portName)
}
