//go:build cuda

package cuda

// #include <stdlib.h>
// #include "driver_cuda.h"
import "C"

import (
	"fmt"
	"unsafe"

	"gorgonia.org/cu"
)

// A hostBlock is memory of the processor that rows go through on their way to the device or back. It is C's, not
// Go's: the device reads and writes it while no Go pointer to it is anywhere in C.
type hostBlock struct {
	start  unsafe.Pointer
	bytes  int
	kind   hostKind
	mapped cu.DevicePtr // where kernels find it, if it is inPlace
}

type hostKind int

const (
	none    hostKind = iota
	inPlace          // kernels read and write it themselves
	pinned           // the device copies from it and to it while the processor goes on
	plain            // the driver copies it once more
)

// host returns zeroed memory of the best kind there is. A context must be current.
func (g *gpu) host(bytes int) (hostBlock, error) {
	h := hostBlock{bytes: max(bytes, 1)}
	if g.unified && g.mapped(&h) || g.pinned(&h) {
		clear(view[byte](h))
		return h, nil
	}
	if err := g.alive(); err != nil {
		return hostBlock{}, err
	}
	h.start, h.kind = C.calloc(C.size_t(h.bytes), 1), plain
	if h.start == nil {
		return hostBlock{}, fmt.Errorf("%w: %s for rows in the processor's memory", ErrOutOfMemory, megabytes(int64(h.bytes)))
	}
	return h, nil
}

// mapped makes h a block that kernels use in place, or returns false.
func (g *gpu) mapped(h *hostBlock) bool {
	if !g.locked(h, C.CU_MEMHOSTALLOC_PORTABLE|C.CU_MEMHOSTALLOC_DEVICEMAP) {
		return false
	}
	var address C.CUdeviceptr
	if code := int(C.cuMemHostGetDevicePointer(&address, h.start, 0)); code != success {
		g.note(code)
		C.cuMemFreeHost(h.start)
		return false
	}
	h.mapped, h.kind = cu.DevicePtr(address), inPlace
	return true
}

// pinned makes h a block that the device copies by itself, or returns false.
func (g *gpu) pinned(h *hostBlock) bool {
	h.kind = pinned
	return g.locked(h, C.CU_MEMHOSTALLOC_PORTABLE)
}

func (g *gpu) locked(h *hostBlock, flags C.uint) bool {
	code := int(C.cuMemHostAlloc(&h.start, C.size_t(h.bytes), flags))
	g.note(code)
	return code == success
}

// note marks the device as lost if the answer to a call that may fail says so.
func (g *gpu) note(code int) {
	if sentinel(code) == ErrDeviceLost {
		g.refused("taking memory that the device can see", code)
	}
}

// free gives the block back.
func (h *hostBlock) free() {
	switch h.kind {
	case inPlace, pinned:
		cu.MemFreeHost(h.start)
	case plain:
		C.free(h.start)
	}
	*h = hostBlock{}
}

// view is the block as values. It is valid until the block is freed.
func view[T byte | float32](h hostBlock) []T {
	var zero T
	return unsafe.Slice((*T)(h.start), h.bytes/int(unsafe.Sizeof(zero)))
}
