//go:build cuda

package cuda

// #include "driver_cuda.h"
import "C"

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"gorgonia.org/cu"
)

// A gpu is what a Device and all models and sessions on it share. It lives as long as one of them does, so that
// they can be closed in any order.
type gpu struct {
	device  cu.Device
	context cu.CUContext // the device's primary one, which other libraries of the process use too
	unified bool

	lost atomic.Pointer[error] // after which no call can succeed

	mu      sync.Mutex
	users   int
	modules map[string]cu.Module // by their text
}

func newGPU(device cu.Device) (*gpu, error) {
	context, err := device.RetainPrimaryCtx()
	if err != nil {
		return nil, failure("opening the device", code(err))
	}
	return &gpu{device: device, context: context, users: 1, modules: map[string]cu.Module{}}, nil
}

// do runs f on a thread whose current context is the device's, and puts back the one it had.
func (g *gpu) do(f func() error) error {
	if err := g.alive(); err != nil {
		return err
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := cu.PushCurrentCtx(g.context); err != nil {
		return g.failed("making the context current", err)
	}
	defer cu.PopCurrentCtx()
	return f()
}

// undo runs f, which gives things back. On a lost device the driver's part of it fails and nobody minds; what f
// has of the processor's memory is given back all the same.
func (g *gpu) undo(f func()) {
	done := false
	g.do(func() error {
		f()
		done = true
		return nil
	})
	if !done {
		f()
	}
}

// alive returns the error by which the device was lost, if it was.
func (g *gpu) alive() error {
	if lost := g.lost.Load(); lost != nil {
		return *lost
	}
	return nil
}

// failed is the error of a call of gorgonia.org/cu.
func (g *gpu) failed(doing string, err error) error { return g.refused(doing, code(err)) }

// refused is the error of an answer of the driver. If the device is lost by it, that is how it was lost.
func (g *gpu) refused(doing string, code int) error {
	err := failure(doing, code)
	if sentinel(code) == ErrDeviceLost {
		err = fmt.Errorf("%w (start the program again to use the device)", err)
		g.lost.CompareAndSwap(nil, &err)
		return g.alive()
	}
	return err
}

// alloc returns device memory. It belongs to what.
func (g *gpu) alloc(bytes int, what string) (cu.DevicePtr, error) {
	p, err := cu.MemAlloc(int64(max(bytes, 1)))
	if err == nil {
		return p, nil
	}
	doing := fmt.Sprintf("%s for %s", megabytes(int64(bytes)), what)
	failed := g.failed(doing, err)
	if code(err) == outOfMemory {
		if free, total, err := cu.MemInfo(); err == nil {
			failed = fmt.Errorf("%w: %s of %s are free", failed, megabytes(free), megabytes(total))
		}
	}
	return 0, failed
}

func megabytes(bytes int64) string {
	if bytes < 10_000_000 {
		return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
	}
	return fmt.Sprintf("%d MB", bytes/1_000_000)
}

// retain adds a user, or returns false where the last one has gone.
func (g *gpu) retain() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.users == 0 {
		return false
	}
	g.users++
	return true
}

// release gives the context back with the last user. A lost device has nothing left to give back.
func (g *gpu) release() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.users--
	if g.users > 0 || g.alive() != nil {
		return nil
	}
	g.undo(func() {
		for _, m := range g.modules {
			m.Unload()
		}
	})
	if code := int(C.edge_context_release(C.CUdevice(g.device))); code != success {
		return g.refused("closing the device", code)
	}
	return nil
}
