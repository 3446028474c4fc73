//go:build cuda

package cuda

// #include <stdlib.h>
// #include "driver_cuda.h"
import "C"

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	"gorgonia.org/cu"
)

// A Session runs a model. It has a stream and buffers of its own, so that the sessions of a model run side by
// side, each for one goroutine at a time.
//
// Rows run in passes of at most Program.MaxRows. A number of rows that comes again is recorded as a CUDA graph,
// if the driver can do that, and then costs one launch. The last few numbers of rows are remembered; for those a
// call does not allocate.
type Session struct {
	state   *state
	closed  bool
	cleanup runtime.Cleanup
}

// A state is all of a session. What of it lies with the driver can be given back when the Session is forgotten.
type state struct {
	model  *resident
	gpu    *gpu
	stream cu.Stream
	c      *C.edge_session

	rows     int // that the buffers hold
	in, out  hostBlock
	device   []cu.DevicePtr // the buffers; 0 where one is a hostBlock
	passes   [remembered]*pass
	noGraphs bool // the driver has none, or failed at one
	events   []cu.Event
}

// NewSession returns a session with buffers for one row; they grow with the rows that come. The errors are
// ErrOutOfMemory and ErrDeviceLost.
func (m *Model) NewSession() (*Session, error) {
	if m.closed.Load() || !m.resident.retain() {
		return nil, errors.New("cuda: new session: the model is closed")
	}
	st := &state{model: m.resident, gpu: m.resident.gpu}
	err := st.gpu.do(st.open)
	runtime.KeepAlive(m)
	if err != nil {
		st.close()
		return nil, err
	}
	s := &Session{state: st}
	s.cleanup = runtime.AddCleanup(s, func(st *state) { st.close() }, st)
	return s, nil
}

func (st *state) open() error {
	var err error
	if st.stream, err = cu.MakeStream(cu.NonBlocking); err != nil {
		return st.gpu.failed("making a stream", err)
	}
	st.c = (*C.edge_session)(C.calloc(1, C.sizeof_edge_session))
	if st.c == nil {
		return fmt.Errorf("%w: a session in the processor's memory", ErrOutOfMemory)
	}
	st.c.context = C.CUcontext(handle(st.gpu.context))
	st.c.stream = C.CUstream(handle(st.stream))
	st.c.image = C.CUdeviceptr(st.model.address)
	return st.grow(1)
}

// Run writes the results of rows: dst is [rows][Outputs], src is [rows][Inputs]. After an error, dst holds
// nothing of use. The errors are ErrOutOfMemory, when buffers for so many rows cannot be had, after which the
// session still runs fewer; and ErrDeviceLost.
func (s *Session) Run(dst, src []float32, rows int) error {
	mustHold("Run: src", len(src), rows, s.state.model.program.Inputs)
	return s.run(dst, source{floats: src}, rows, nil)
}

// RunUint8 is Run for inputs that are whole numbers from 0 to 255, such as pixels.
func (s *Session) RunUint8(dst []float32, src []uint8, rows int) error {
	mustHold("RunUint8: src", len(src), rows, s.state.model.program.Inputs)
	return s.run(dst, source{bytes: src, uint8s: true}, rows, nil)
}

// RunTimed is Run with the time that each part took on the device. It launches each kernel by itself.
func (s *Session) RunTimed(dst, src []float32, rows int) (Times, error) {
	mustHold("RunTimed: src", len(src), rows, s.state.model.program.Inputs)
	var times Times
	if err := s.run(dst, source{floats: src}, rows, &times); err != nil {
		return Times{}, err
	}
	return times, nil
}

// mustHold panics unless a slice of have values has the shape [rows][columns].
func mustHold(slice string, have, rows, columns int) {
	if rows < 0 || have/columns != rows || have%columns != 0 {
		panic(fmt.Sprintf("cuda: %s holds %d values: %d×%d expected", slice, have, rows, columns))
	}
}

func (s *Session) run(dst []float32, src source, rows int, times *Times) error {
	st := s.state
	mustHold("Run: dst", len(dst), rows, st.model.program.Outputs)
	if s.closed {
		return errors.New("cuda: run: the session is closed")
	}
	if err := st.gpu.alive(); err != nil {
		return err
	}
	err := st.run(dst, src, rows, times)
	runtime.KeepAlive(s) // or it could be cleaned up while the device works
	return err
}

func (st *state) run(dst []float32, src source, rows int, times *Times) error {
	most := min(rows, st.model.program.MaxRows())
	if most > st.rows {
		if err := st.gpu.do(func() error { return st.grow(most) }); err != nil {
			return err
		}
	}
	for first := 0; first < rows; first += most {
		n := min(most, rows-first)
		p, err := st.pass(n, src.uint8s)
		if err != nil {
			return err
		}
		st.write(src, first, n)
		if times != nil {
			err = st.launchTimed(p, times)
		} else {
			err = st.launch(p)
		}
		if err != nil {
			return err
		}
		st.read(dst, first, n)
	}
	return nil
}

// Close gives the session's memory back. A session that is forgotten is closed by the garbage collector.
func (s *Session) Close() error {
	if s.closed {
		return nil
	}
	s.closed = true
	s.cleanup.Stop()
	err := s.state.close()
	runtime.KeepAlive(s)
	return err
}

// close also takes a state that was opened in part.
func (st *state) close() error {
	st.gpu.undo(func() {
		st.shrink()
		for i := range st.events {
			cu.DestroyEvent(&st.events[i])
		}
		if st.stream != cu.NoStream {
			st.stream.Destroy()
		}
	})
	C.free(unsafe.Pointer(st.c))
	return st.model.release()
}
