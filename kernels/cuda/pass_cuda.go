//go:build cuda

package cuda

// #include "driver_cuda.h"
import "C"

import (
	"fmt"
	"time"
	"unsafe"

	"gorgonia.org/cu"
)

// remembered is how many numbers of rows a session keeps launches and graphs for.
const remembered = 8

// A pass is the work for a number of rows that the buffers hold.
type pass struct {
	rows     int
	uint8s   bool
	again    bool // it has run before
	launches []Launch
	c        *C.edge_pass
}

func (p *pass) free() {
	if p != nil {
		C.edge_pass_free(p.c)
	}
}

// pass returns the pass for rows, and puts it in front of the others.
func (st *state) pass(rows int, uint8s bool) (*pass, error) {
	for i, p := range st.passes {
		if p != nil && p.rows == rows && p.uint8s == uint8s {
			copy(st.passes[1:i+1], st.passes[:i])
			st.passes[0] = p
			return p, nil
		}
	}
	var p *pass
	err := st.gpu.do(func() (err error) {
		if p, err = st.newPass(rows, uint8s); err == nil {
			st.passes[remembered-1].free()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	copy(st.passes[1:], st.passes[:remembered-1])
	st.passes[0] = p
	return p, nil
}

func (st *state) newPass(rows int, uint8s bool) (*pass, error) {
	program := st.model.program
	p := &pass{rows: rows, uint8s: uint8s}
	in := 4 * rows * program.InputStride
	if uint8s {
		p.launches = program.LaunchesUint8(rows)
		in = rows * program.Inputs
	} else {
		p.launches = program.Launches(rows)
	}
	if p.c = C.edge_pass_new(C.int(len(p.launches))); p.c == nil {
		return nil, fmt.Errorf("%w: launches in the processor's memory", ErrOutOfMemory)
	}
	if st.in.kind != inPlace {
		p.c.bytes_in = C.size_t(in)
	}
	if st.out.kind != inPlace {
		p.c.bytes_out = C.size_t(4 * rows * program.OutputStride)
	}
	launches := unsafe.Slice(p.c.launches, len(p.launches))
	for i, l := range p.launches {
		f, err := st.model.function(l.Entry)
		if err != nil {
			p.free()
			return nil, err
		}
		launches[i] = C.edge_launch{
			function: C.CUfunction(handle(f)),
			grid:     [3]C.uint{C.uint(l.Grid[0]), C.uint(l.Grid[1]), C.uint(l.Grid[2])},
			block:    C.uint(l.Block), shared: C.uint(l.Shared),
			src: C.CUdeviceptr(st.buffer(l.Src)), dst: C.CUdeviceptr(st.buffer(l.Dst)), scratch: C.CUdeviceptr(st.buffer(l.Scratch)),
			rows: C.uint(l.Rows), per_block: C.uint(l.PerBlock), record: C.uint(l.Record),
		}
	}
	return p, nil
}

// launch runs a pass, the second time and later by its graph. A driver that has no graphs, or fails at one, is
// not asked for another by this session; what it was asked for is launched plainly then.
func (st *state) launch(p *pass) error {
	if p.again && p.c.graph == nil && st.worthGraph(p) {
		if fault := C.edge_capture(st.c, p.c); fault.code != success {
			if err := st.withoutGraphs(p, fault); err != nil {
				return err
			}
		}
	}
	p.again = true
	fault := C.edge_run(st.c, p.c)
	if fault.code != success && fault.step == C.EDGE_GRAPH {
		if err := st.withoutGraphs(p, fault); err != nil {
			return err
		}
		fault = C.edge_run(st.c, p.c)
	}
	if fault.code != success {
		return st.failed(p, fault)
	}
	return nil
}

// worthGraph says whether to record a pass: a single launch gains nothing, and a copy of plain memory is not
// something that the device could do by itself later.
func (st *state) worthGraph(p *pass) bool {
	operations := len(p.launches)
	for _, h := range []*hostBlock{&st.in, &st.out} {
		if h.kind == plain {
			return false
		}
		if h.kind != inPlace {
			operations++
		}
	}
	return operations > 1 && !st.noGraphs
}

// withoutGraphs gives up all graphs, unless a fault at one is the loss of the device.
func (st *state) withoutGraphs(p *pass, fault C.edge_fault) error {
	if sentinel(int(fault.code)) == ErrDeviceLost {
		return st.failed(p, fault)
	}
	st.noGraphs = true
	return st.gpu.do(func() error {
		for _, p := range st.passes {
			if p != nil {
				C.edge_pass_plain(p.c)
			}
		}
		return nil
	})
}

// launchTimed runs a pass between events, and adds what they measured.
func (st *state) launchTimed(p *pass, times *Times) error {
	if len(st.events) == 0 {
		if err := st.gpu.do(st.makeEvents); err != nil {
			return err
		}
	}
	var ms [3]C.float
	if fault := C.edge_run_timed(st.c, p.c, &ms[0]); fault.code != success {
		return st.failed(p, fault)
	}
	duration := func(ms C.float) time.Duration { return time.Duration(float64(ms) * float64(time.Millisecond)) }
	if p.c.bytes_in > 0 {
		times.HostToDevice += duration(ms[0])
	}
	times.Kernels += duration(ms[1])
	if p.c.bytes_out > 0 {
		times.DeviceToHost += duration(ms[2])
	}
	return nil
}

func (st *state) makeEvents() error {
	for len(st.events) < len(st.c.events) {
		e, err := cu.MakeEvent(cu.DefaultEvent)
		if err != nil {
			return st.gpu.failed("making an event", err)
		}
		st.c.events[len(st.events)] = C.CUevent(handle(e))
		st.events = append(st.events, e)
	}
	return nil
}

// failed is the error of a fault.
func (st *state) failed(p *pass, fault C.edge_fault) error {
	doing := ""
	switch fault.step {
	case C.EDGE_CONTEXT:
		doing = "making the context current"
	case C.EDGE_COPY_IN:
		doing = fmt.Sprintf("copying %d rows to the device", p.rows)
	case C.EDGE_LAUNCH:
		doing = fmt.Sprintf("launching %s (%d of %d) for %d rows", p.launches[fault.launch].Entry, fault.launch+1, len(p.launches), p.rows)
	case C.EDGE_COPY_OUT:
		doing = fmt.Sprintf("copying the results of %d rows from the device", p.rows)
	case C.EDGE_CAPTURE:
		doing = fmt.Sprintf("recording %d launches for %d rows", len(p.launches), p.rows)
	case C.EDGE_GRAPH:
		doing = fmt.Sprintf("launching the graph for %d rows", p.rows)
	case C.EDGE_EVENT:
		doing = fmt.Sprintf("timing %d rows", p.rows)
	default:
		doing = fmt.Sprintf("running %d launches for %d rows", len(p.launches), p.rows)
	}
	return st.gpu.refused(doing, int(fault.code))
}
