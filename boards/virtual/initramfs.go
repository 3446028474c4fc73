//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"path"
	"strings"

	"github.com/edge-infer/edge-infer/boards/virtual/internal/cpio"
	"github.com/edge-infer/edge-infer/boards/virtual/internal/debian"
	"github.com/edge-infer/edge-infer/boards/virtual/internal/kmod"
)

// Modules that every board loads at its start, and those that it has at hand for a script's modprobe.
var (
	loaded = []string{
		"virtio_pci", "virtio_console", // the line to the host
		"xhci-pci", "i2c-tiny-usb", "i2c-dev", // the I2C adapter
		"virtio_blk", "crc32c_generic", "ext4", // a disk
	}
	atHand = []string{"vivid", "virtio_net", "loop"}
)

// packInitramfs returns a file system for the kernel to start from: busybox, modules, and the agent as the first process.
func packInitramfs(base debian.Base, agent string) ([]byte, error) {
	modules, err := kmod.Pick(os.DirFS(base.Modules), append(loaded[:len(loaded):len(loaded)], atHand...)...)
	if err != nil {
		return nil, err
	}
	busybox, err := os.ReadFile(base.Busybox)
	if err != nil {
		return nil, fmt.Errorf("virtual: %w", err)
	}
	first, err := os.ReadFile(agent)
	if err != nil {
		return nil, fmt.Errorf("virtual: %w", err)
	}
	var b bytes.Buffer
	w := cpio.NewWriter(&b)
	// The first error stays with the writer, and Close returns it.
	w.Character("dev/console", 0o600, 5, 1)
	w.File("init", 0o755, first)
	w.File("bin/busybox", 0o755, busybox)
	for _, name := range []string{"bin/sh", "sbin/modprobe"} {
		w.Link(name, "/bin/busybox")
	}
	w.File("etc/passwd", 0o644, []byte("root:x:0:0:root:/root:/bin/sh\n"))
	w.File("etc/group", 0o644, []byte("root:x:0:\n"))
	w.File("etc/modules", 0o644, []byte(strings.Join(loaded, "\n")+"\n"))
	below := path.Join("lib/modules", base.Release)
	for _, m := range modules {
		w.File(path.Join(below, m.Path), 0o644, m.Data)
	}
	w.File(path.Join(below, "modules.dep"), 0o644, modules.Dep())
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
