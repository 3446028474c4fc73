//go:build cuda

package cuda

// #include "driver_cuda.h"
import "C"

import (
	"fmt"
	"math/bits"

	"gorgonia.org/cu"
)

// A source is the rows of a call: [rows][Inputs], as float32 or uint8.
type source struct {
	floats []float32
	bytes  []uint8
	uint8s bool
}

// grow makes room for rows, for a power of two of them at least: sizes that grow little by little do not take
// memory each time. The old buffers go first, since a board has no memory to spare. A context must be current.
func (st *state) grow(rows int) error {
	st.shrink()
	p := st.model.program
	rows = min(1<<bits.Len(uint(rows-1)), p.MaxRows())
	sizes := p.Buffers(rows)
	err := st.allocate(sizes, fmt.Sprintf("buffers of %d rows", rows))
	if err != nil {
		st.shrink()
		return err
	}
	st.rows = rows
	st.c.host_src, st.c.host_dst = st.in.start, st.out.start
	st.c.src, st.c.dst = C.CUdeviceptr(st.buffer(0)), C.CUdeviceptr(st.buffer(1))
	return nil
}

func (st *state) allocate(sizes []int, what string) error {
	var err error
	if st.in, err = st.gpu.host(sizes[0]); err != nil {
		return err
	}
	if st.out, err = st.gpu.host(sizes[1]); err != nil {
		return err
	}
	st.device = make([]cu.DevicePtr, len(sizes))
	for i, bytes := range sizes {
		if i == 0 && st.in.kind == inPlace || i == 1 && st.out.kind == inPlace {
			continue
		}
		if st.device[i], err = st.gpu.alloc(bytes, what); err != nil {
			return err
		}
		// On the session's stream, so that all that comes there later waits for it.
		if err := cu.MemsetD8Async(st.device[i], 0, int64(max(bytes, 1)), st.stream); err != nil {
			return st.gpu.failed("zeroing "+what, err)
		}
	}
	return nil
}

// buffer is the address of a buffer for kernels; that of buffer -1 is 0.
func (st *state) buffer(i int) cu.DevicePtr {
	switch {
	case i < 0:
		return 0
	case i == 0 && st.in.kind == inPlace:
		return st.in.mapped
	case i == 1 && st.out.kind == inPlace:
		return st.out.mapped
	}
	return st.device[i]
}

// shrink gives all buffers back, once nothing uses them, and the passes that have their addresses. A context must
// be current.
func (st *state) shrink() {
	if len(st.device) > 0 {
		st.stream.Synchronize()
	}
	for i, p := range st.passes {
		p.free()
		st.passes[i] = nil
	}
	for _, d := range st.device {
		if d != 0 {
			cu.MemFree(d)
		}
	}
	st.in.free()
	st.out.free()
	st.device, st.rows = nil, 0
}

// write lays rows of the source out for the device: floats with their padding, which bytes may have been written
// over, and bytes as they are.
func (st *state) write(src source, first, rows int) {
	n := st.model.program.Inputs
	if src.uint8s {
		copy(view[byte](st.in), src.bytes[first*n:][:rows*n])
		return
	}
	stride := st.model.program.InputStride
	in := view[float32](st.in)
	if stride == n {
		copy(in, src.floats[first*n:][:rows*n])
		return
	}
	for r := range rows {
		row := in[r*stride:][:stride]
		copy(row, src.floats[(first+r)*n:][:n])
		clear(row[n:])
	}
}

// read takes the results of rows from the device's layout.
func (st *state) read(dst []float32, first, rows int) {
	n, stride := st.model.program.Outputs, st.model.program.OutputStride
	out := view[float32](st.out)
	if stride == n {
		copy(dst[first*n:][:rows*n], out)
		return
	}
	for r := range rows {
		copy(dst[(first+r)*n:][:n], out[r*stride:])
	}
}
