//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"golang.org/x/sys/unix"
)

const home = "/root"

// begin does what a first process has to.
func begin() error {
	if err := errors.Join(
		os.Setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
		os.Setenv("HOME", home),
		mountAll(""),
	); err != nil {
		return err
	}
	if err := exec.Command("/bin/busybox", "--install", "-s", "/bin").Run(); err != nil {
		return fmt.Errorf("busybox: %w", err)
	}
	modules, err := os.ReadFile("/etc/modules")
	if err != nil {
		return err
	}
	for name := range bytes.FieldsSeq(modules) {
		if out, err := exec.Command("modprobe", string(name)).CombinedOutput(); err != nil {
			return fmt.Errorf("modprobe %s: %w: %s", name, err, bytes.TrimSpace(out))
		}
	}
	return nil
}

// mountAll mounts the kernel's own file systems below root.
func mountAll(root string) error {
	for _, m := range []struct{ kind, at, options string }{
		{"devtmpfs", "/dev", ""},
		{"proc", "/proc", ""},
		{"sysfs", "/sys", ""},
		{"tmpfs", "/run", "mode=0755"},
		{"tmpfs", "/tmp", "mode=1777"},
	} {
		if err := os.MkdirAll(root+m.at, 0o755); err != nil {
			return err
		}
		if err := unix.Mount(m.kind, root+m.at, m.kind, 0, m.options); err != nil {
			return fmt.Errorf("mount %s: %w", root+m.at, err)
		}
	}
	return nil
}

// service starts the agent again, once the system is up so far that services start.
const service = `[Unit]
Description=The virtual board's line to its host

[Service]
ExecStart=/run/virtual/agent
StandardOutput=journal+console
`

// handOver mounts a system's root and becomes its init. The modules of this kernel, which that system does not have, and
// the agent come along; both are gone again with the next start, as nothing of them is written to the device.
func handOver(device string) error {
	const root = "/new"
	if err := os.MkdirAll(root, 0o755); err != nil {
		return err
	}
	if err := mountWhenThere(device, root); err != nil {
		return err
	}
	if err := mountAll(root); err != nil {
		return err
	}
	units := root + "/run/systemd/system"
	if err := os.MkdirAll(units+"/multi-user.target.wants", 0o755); err != nil {
		return err
	}
	if err := os.MkdirAll(root+"/run/virtual", 0o755); err != nil {
		return err
	}
	agent, err := os.ReadFile("/init")
	if err != nil {
		return err
	}
	if err := errors.Join(
		os.WriteFile(root+"/run/virtual/agent", agent, 0o755),
		os.WriteFile(units+"/virtual-board.service", []byte(service), 0o644),
		os.Symlink("../virtual-board.service", units+"/multi-user.target.wants/virtual-board.service"),
		os.MkdirAll(root+"/lib/modules", 0o755),
		unix.Mount("/lib/modules", root+"/lib/modules", "", unix.MS_BIND, ""),
		os.Chdir(root),
		unix.Mount(".", "/", "", unix.MS_MOVE, ""),
		unix.Chroot("."),
		os.Chdir("/"),
	); err != nil {
		return err
	}
	return unix.Exec("/sbin/init", []string{"/sbin/init"}, nil)
}

// mountWhenThere waits for a disk whose driver is loaded.
func mountWhenThere(device, at string) error {
	var err error
	for range 200 {
		if err = unix.Mount(device, at, "ext4", 0, ""); !errors.Is(err, unix.ENOENT) && !errors.Is(err, unix.ENXIO) {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if err != nil {
		return fmt.Errorf("mount %s: %w", device, err)
	}
	return nil
}
