//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/edge-infer/edge-infer/boards/virtual/internal/debian"
	"github.com/edge-infer/edge-infer/boards/virtual/internal/guest"
	"github.com/edge-infer/edge-infer/boards/virtual/internal/tinyusb"
	"github.com/edge-infer/edge-infer/boards/virtual/internal/usbredir"
	"github.com/edge-infer/edge-infer/boards/virtual/sensors"
)

var errPanic = errors.New("virtual: the board's kernel panicked")

const (
	agentPackage = "./boards/virtual/internal/agent"
	edgePackage  = "./cmd/edge-infer"
)

// perform gets all that is needed, starts the board and plays the scripts on it.
func perform(ctx context.Context, o options, stdout, stderr io.Writer) error {
	if _, err := exec.LookPath(emulator); err != nil {
		return fmt.Errorf("virtual: %w: install Debian's package qemu-system-arm", err)
	}
	temp, err := os.MkdirTemp("", "virtual-")
	if err != nil {
		return fmt.Errorf("virtual: %w", err)
	}
	defer os.RemoveAll(temp)
	compile, err := newCompiler(ctx, temp)
	if err != nil {
		return err
	}
	var scenes []scene
	for _, name := range o.scripts {
		s, err := prepare(ctx, name, compile.build)
		if err != nil {
			return err
		}
		scenes = append(scenes, s)
	}
	var edge string
	if !o.debian { // there, a package brings it
		if edge, err = compile.build(ctx, edgePackage, false); err != nil {
			return err
		}
	}
	stage := stage{options: o, dir: temp, log: stderr}
	if err := stage.prepare(ctx, compile); err != nil {
		return err
	}
	start := time.Now()
	err = stage.up(ctx, stage.hardware, o.timeout, func(ctx context.Context, client *guest.Client, i2c plug) error {
		fmt.Fprintf(stderr, "the board is up after %v\n", time.Since(start).Round(100*time.Millisecond))
		p := player{board: client, i2c: i2c, out: stdout}
		if edge != "" {
			if err := p.put(edge, filepath.Join("/usr/bin", filepath.Base(edge)), ""); err != nil {
				return err
			}
		}
		for _, s := range scenes {
			if err := p.play(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "PASS: %d scripts in %v from start to power-off\n", len(scenes), time.Since(start).Round(100*time.Millisecond))
	return nil
}

// stage is what every start of a board shares.
type stage struct {
	options
	hardware
	dir string
	log io.Writer
}

// source says where packages come from; it is asked only when some are needed.
func (s *stage) source(ctx context.Context) (debian.Source, error) {
	from := debian.Source{Mirror: s.mirror, Suite: s.suite, Keyring: s.keyring}
	if from.Mirror == "" {
		var err error
		if from.Mirror, err = debian.FindMirror(ctx); err != nil {
			return debian.Source{}, err
		}
	}
	fmt.Fprintf(s.log, "getting Debian's %s for arm64 from %s\n", from.Suite, from.Mirror)
	return from, nil
}

// prepare gets the kernel and the disk, if there is to be one, and packs what the kernel starts from.
func (s *stage) prepare(ctx context.Context, compile *compiler) error {
	lock, err := lockCache(ctx, s.cache)
	if err != nil {
		return err
	}
	defer lock.Close()
	base, err := debian.Load(ctx, filepath.Join(s.cache, "base"), s.source, s.update)
	if err != nil {
		return err
	}
	agent, err := compile.build(ctx, agentPackage, false)
	if err != nil {
		return err
	}
	initramfs, err := packInitramfs(base, agent)
	if err != nil {
		return err
	}
	s.hardware = hardware{
		dir: s.dir, cpu: s.board.cpu, gic: s.board.gic, memory: 512, kernel: base.Kernel,
		initramfs: filepath.Join(s.dir, "initramfs"), deviceTree: filepath.Join(s.dir, "board.dtb"), console: io.Discard,
	}
	if s.verbose {
		s.hardware.console = s.log
	}
	if err := os.WriteFile(s.initramfs, initramfs, 0o644); err != nil {
		return fmt.Errorf("virtual: %w", err)
	}
	fmt.Fprintf(s.log, "Linux %s on %s\n", base.Release, s.board.cpu)
	if s.debian {
		image, err := s.root(ctx)
		if err != nil {
			return err
		}
		s.memory, s.disk = 1024, image
	}
	return nil
}

// up starts a board, has something done on it, and powers it off. It does not outlast the time limit, whatever the board
// does; the console's last lines are part of an error that came of the board's end.
func (s *stage) up(ctx context.Context, h hardware, limit time.Duration, do func(context.Context, *guest.Client, plug) error) error {
	tree, err := dumpDeviceTree(ctx, h)
	if err != nil {
		return err
	}
	if tree, err = s.board.apply(tree); err != nil {
		return err
	}
	if err := os.WriteFile(h.deviceTree, tree, 0o644); err != nil {
		return fmt.Errorf("virtual: %w", err)
	}
	ctx, stop := context.WithTimeoutCause(ctx, limit, fmt.Errorf("virtual: the board has run for %v, which is its limit (-timeout)", limit))
	defer stop()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	printed := &console{next: h.console, panicked: func() { cancel(errPanic) }}
	h.console = printed
	m, err := startMachine(ctx, h)
	if err != nil {
		return err
	}
	defer func() { // whatever happened, qemu is gone before the files are that it uses
		cancel(nil)
		<-m.exited
		m.agent.Close()
		m.usb.Close()
	}()
	begin := time.Now()
	server := usbredir.NewServer(m.usb, tinyusb.New(sensors.NewBus(func() time.Duration { return time.Since(begin) })))
	go func() {
		if err := server.Serve(); err != nil {
			select {
			case <-m.exited: // the line broke because qemu ended
			case <-time.After(time.Second):
				cancel(err)
			}
		}
	}()

	err = func() error {
		client := guest.NewClient(m.agent)
		if _, err := client.Hello(); err != nil {
			return err
		}
		if err := do(ctx, client, server); err != nil {
			return err
		}
		if err := client.Off(); err != nil {
			return err
		}
		<-m.exited
		return m.err
	}()
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		err = fmt.Errorf("%w (%w)", context.Cause(ctx), err)
	case !errors.Is(err, guest.ErrGone):
		return err
	}
	return fmt.Errorf("%w; the board's console ends with%s", err, printed.tail(40))
}
