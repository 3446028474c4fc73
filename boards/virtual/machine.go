//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// hardware is what a machine is started with. Files are named by their paths.
type hardware struct {
	dir        string // for sockets; its path must be short, as a socket's may have 107 bytes
	cpu        string
	gic        int // version of the interrupt controller
	memory     int // MiB
	kernel     string
	initramfs  string
	deviceTree string
	disk       string // raw image; empty: none
	keep       bool   // the disk keeps what is written
	console    io.Writer
}

const (
	emulator    = "qemu-system-aarch64"
	agentSocket = "agent"
	usbSocket   = "usb"
	portName    = "edge-infer" // as the agent looks for it
)

// common are the options that a device tree depends on.
func (h hardware) common() []string {
	return []string{"-machine", fmt.Sprintf("virt,gic-version=%d", h.gic), "-nodefaults", "-display", "none", "-cpu", h.cpu, "-smp", "2", "-m", strconv.Itoa(h.memory), "-nic", "none"}
}

// args are the options of a machine that starts.
func (h hardware) args() []string {
	line := "console=ttyAMA0 earlycon panic=-1 oops=panic quiet"
	if h.disk != "" && !h.keep {
		line += " virtual.root=/dev/vda"
	}
	args := append(h.common(), "-no-reboot", "-serial", "stdio",
		"-kernel", h.kernel, "-initrd", h.initramfs, "-dtb", h.deviceTree, "-append", line,
		"-chardev", "socket,id=agent,path="+filepath.Join(h.dir, agentSocket),
		"-device", "virtio-serial-pci", "-device", "virtserialport,chardev=agent,name="+portName,
		"-chardev", "socket,id=usb,path="+filepath.Join(h.dir, usbSocket),
		"-device", "qemu-xhci", "-device", "usb-redir,chardev=usb")
	if h.disk != "" {
		// What is written to the disk is worth nothing if this machine dies, so it need not be safe there.
		drive := "if=none,id=disk,format=raw,cache=unsafe,file=" + h.disk
		if !h.keep {
			drive += ",snapshot=on"
		}
		args = append(args, "-drive", drive, "-device", "virtio-blk-pci,drive=disk")
	}
	return args
}

// dumpDeviceTree returns the device tree that qemu makes for a machine.
func dumpDeviceTree(ctx context.Context, h hardware) ([]byte, error) {
	file := filepath.Join(h.dir, "virt.dtb")
	out, err := exec.CommandContext(ctx, emulator, append(h.common(), "-machine", "dumpdtb="+file)...).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("virtual: %s: %w\n%s", emulator, err, out)
	}
	return os.ReadFile(file)
}

// machine is one that runs.
type machine struct {
	agent, usb net.Conn
	exited     chan struct{}
	err        error // how it exited
}

// startMachine starts qemu and waits until it has connected to both sockets. When the context is done, qemu is killed,
// and the two lines end.
func startMachine(ctx context.Context, h hardware) (*machine, error) {
	var listeners [2]*net.UnixListener
	for i, name := range []string{agentSocket, usbSocket} {
		l, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(h.dir, name), Net: "unix"})
		if err != nil {
			return nil, fmt.Errorf("virtual: %w", err)
		}
		defer l.Close()
		l.SetDeadline(time.Now().Add(20 * time.Second))
		listeners[i] = l
	}
	var complaints strings.Builder
	command := exec.CommandContext(ctx, emulator, h.args()...)
	command.Stdout, command.Stderr = h.console, &complaints
	command.WaitDelay = 5 * time.Second
	// Not even when this program is killed does qemu stay behind.
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("virtual: %w", err)
	}
	m := &machine{exited: make(chan struct{})}
	go func() {
		if m.err = command.Wait(); m.err != nil {
			m.err = fmt.Errorf("%s: %w\n%s", emulator, m.err, complaints.String())
		}
		close(m.exited)
		for _, l := range listeners {
			l.Close()
		}
	}()
	for i, conn := range []*net.Conn{&m.agent, &m.usb} {
		c, err := listeners[i].Accept()
		if err != nil {
			command.Process.Kill()
			<-m.exited
			return nil, fmt.Errorf("virtual: the board did not start: %w", errors.Join(m.err, err))
		}
		*conn = c
	}
	return m, nil
}
