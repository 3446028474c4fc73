package cuda

import (
	"fmt"
	"sync"

	"github.com/edge-infer/edge-infer/kernels/cuda/ptxsim"
)

// simulated is the interpreter.
type simulated struct {
	seed   uint64
	trace  bool
	counts func(Launch, *ptxsim.Counts) // may be nil
}

var parsed sync.Map // PTX text to *ptxsim.Module

func module(text string) (*ptxsim.Module, error) {
	if m, ok := parsed.Load(text); ok {
		return m.(*ptxsim.Module), nil
	}
	m, err := ptxsim.Parse(text)
	if err == nil {
		parsed.Store(text, m)
	}
	return m, err
}

func (s simulated) run(p *Program, launches []Launch, rows int, src []byte) ([]byte, error) {
	mod, err := module(p.PTX())
	if err != nil {
		return nil, err
	}
	memory := ptxsim.NewMemory(1 << 30)
	image, err := memory.Alloc(len(p.Image))
	if err != nil {
		return nil, err
	}
	if err := memory.Write(image, p.Image); err != nil {
		return nil, err
	}
	var buffers []uint64
	sizes := p.Buffers(rows)
	for _, size := range sizes {
		at, err := memory.Alloc(size)
		if err != nil {
			return nil, err
		}
		if err := memory.Fill(at, 0, size); err != nil {
			return nil, err
		}
		buffers = append(buffers, at)
	}
	if err := memory.Write(buffers[0], src); err != nil {
		return nil, err
	}
	at := func(buffer int) uint64 {
		if buffer < 0 {
			return 0
		}
		return buffers[buffer]
	}
	for i, l := range launches {
		entry, ok := mod.Entry(l.Entry)
		if !ok {
			return nil, fmt.Errorf("the PTX has no entry %s", l.Entry)
		}
		params, err := ptxsim.PackParams(entry, image, at(l.Src), at(l.Dst), at(l.Scratch), uint64(l.Rows), uint64(l.PerBlock), uint64(l.Record))
		if err != nil {
			return nil, err
		}
		counts, err := memory.Launch(mod, ptxsim.Launch{Entry: l.Entry, Grid: l.Grid, Block: [3]int{l.Block, 1, 1}, Shared: l.Shared, Params: params, Seed: s.seed, Trace: s.trace})
		if err != nil {
			return nil, fmt.Errorf("launch %d, %+v: %w", i, l, err)
		}
		if s.counts != nil {
			s.counts(l, counts)
		}
	}
	dst := make([]byte, sizes[1])
	return dst, memory.Read(buffers[1], dst)
}
