//go:build cuda

package cuda

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"

	"gorgonia.org/cu"
)

// A Model is a program whose image is on the device. Its methods may be called from many goroutines at once.
type Model struct {
	resident *resident
	closed   atomic.Bool
	cleanup  runtime.Cleanup
}

// A resident is what a Model and its sessions share: they can be closed in any order.
type resident struct {
	gpu     *gpu
	program *Program // without its image, once that is on the device: on a board both would lie in the same memory
	address cu.DevicePtr
	module  cu.Module

	mu        sync.Mutex
	users     int
	functions map[string]cu.Function // by entry
}

// Load compiles the kernels, once per device, and copies the program's image to the device. The driver keeps what
// it has compiled in its own cache, for the next time that the program is started. The errors are ErrPTXRefused,
// ErrOutOfMemory and ErrDeviceLost.
func (d *Device) Load(p *Program) (*Model, error) {
	g := d.gpu
	if d.closed.Load() || !g.retain() {
		return nil, errors.New("cuda: load: the device is closed")
	}
	r := &resident{gpu: g, program: p, users: 1, functions: map[string]cu.Function{}}
	if err := g.do(r.load); err != nil {
		g.release()
		return nil, err
	}
	m := &Model{resident: r}
	m.cleanup = runtime.AddCleanup(m, func(r *resident) { r.release() }, r)
	return m, nil
}

func (r *resident) load() error {
	var err error
	if r.module, err = r.gpu.module(r.program.PTX()); err != nil {
		return err
	}
	if r.address, err = r.gpu.alloc(len(r.program.Image), "the weights"); err != nil {
		return err
	}
	if err = r.copy(); err != nil {
		cu.MemFree(r.address)
		return err
	}
	launches := *r.program
	launches.Image = nil
	r.program = &launches
	return nil
}

// copy brings the image to the device. Sessions have streams of their own, which do not wait for a copy in
// another one, and such a copy may still be under way when its call returns.
func (r *resident) copy() error {
	if len(r.program.Image) == 0 {
		return nil
	}
	err := cu.MemcpyHtoD(r.address, unsafe.Pointer(unsafe.SliceData(r.program.Image)), int64(len(r.program.Image)))
	if err == nil {
		err = cu.Synchronize()
	}
	if err != nil {
		return r.gpu.failed(fmt.Sprintf("copying %s of weights to the device", megabytes(int64(len(r.program.Image)))), err)
	}
	return nil
}

// function returns a kernel. A context must be current.
func (r *resident) function(entry string) (cu.Function, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f, ok := r.functions[entry]
	if !ok {
		var err error
		if f, err = r.module.Function(entry); err != nil {
			return cu.Function{}, r.gpu.failed("looking for kernel "+entry, err)
		}
		r.functions[entry] = f
	}
	return f, nil
}

// retain adds a user, or returns false where the last one has gone.
func (r *resident) retain() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.users == 0 {
		return false
	}
	r.users++
	return true
}

// release gives the image's memory back with its last user.
func (r *resident) release() error {
	r.mu.Lock()
	r.users--
	last := r.users == 0
	r.mu.Unlock()
	if !last {
		return nil
	}
	r.gpu.undo(func() { cu.MemFree(r.address) })
	return r.gpu.release()
}

// Close closes the model. Its sessions go on working until they are closed themselves; then the image leaves the
// device. A model that is forgotten is closed by the garbage collector.
func (m *Model) Close() error {
	if m.closed.Swap(true) {
		return nil
	}
	m.cleanup.Stop()
	err := m.resident.release()
	runtime.KeepAlive(m)
	return err
}
