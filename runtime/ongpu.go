package runtime

import (
	"errors"
	"fmt"
	"math"
	"sync"

	"github.com/edge-infer/edge-infer/format"
)

// never is more rows than a call has.
const never = math.MaxInt

// shared is what a session and its clones have in common beside the plan.
type shared struct {
	model    gpuModel // nil where no call runs on the GPU
	required bool     // the backend is CUDA: there is nothing to fall back to
	notify   func(error)

	mu     sync.Mutex
	tuning Tuning
}

// requireGPU brings a model to the GPU, for all calls.
func (s *Session) requireGPU(m *format.Model, h host) error {
	g, err := h.openGPU()
	if err != nil {
		return fmt.Errorf("%w: choose one of %s", err, available())
	}
	defer g.close()
	s.shared.required = true
	s.shared.tuning = Tuning{GPU: g.about(), FromRows: 1}
	s.gpuRows = 1
	return s.load(g, m)
}

// load brings a model to the GPU, for calls of so many rows as tuning says.
func (s *Session) load(g gpu, m *format.Model) error {
	model, err := g.load(m)
	if err != nil {
		return fmt.Errorf("runtime: %w", err)
	}
	session, err := model.session()
	if err != nil {
		model.Close() // the error that counts is there already
		return fmt.Errorf("runtime: %w", err)
	}
	s.shared.model, s.gpu = model, session
	return nil
}

// runOnGPU runs a batch on the GPU. It is not done if the processor is to do it.
func (s *Session) runOnGPU(b *batch) (done bool, err error) {
	if s.gpu == nil {
		s.gpu, err = s.shared.model.session()
	}
	switch {
	case err != nil:
	case b.bytes != nil:
		err = s.gpu.RunUint8(b.dst, b.bytes, b.rows)
	default:
		err = s.gpu.Run(b.dst, b.src, b.rows)
	}
	if err == nil {
		return true, nil
	}
	err = fmt.Errorf("runtime: %w", err)
	if s.shared.required {
		return true, err
	}
	s.leaveGPU(err)
	return false, nil
}

// leaveGPU makes the processor do what is left to do. Clones find out by
// themselves.
func (s *Session) leaveGPU(err error) {
	if s.gpu != nil {
		s.gpu.Close() // of a GPU that has failed
		s.gpu = nil
	}
	s.gpuRows = never
	s.shared.unused(err)
}

// unused notes why the GPU is not used, and tells so if that is news.
func (sh *shared) unused(why error) {
	sh.mu.Lock()
	first := sh.tuning.Unused == nil
	if first {
		sh.tuning.FromRows, sh.tuning.Unused = 0, why
	}
	sh.mu.Unlock()
	if first && sh.notify != nil && isFailure(why) {
		sh.notify(why)
	}
}

// forget gives back what is on the GPU, while the session has no clones.
func (sh *shared) forget() {
	sh.model.Close() // it is not used: a failure changes nothing
	sh.model = nil
}

// isFailure tells a GPU that fails from one that is not there, or is slower.
func isFailure(why error) bool {
	return !errors.Is(why, ErrWithoutCUDA) && !errors.Is(why, ErrNoDriver) && !errors.Is(why, errSlower)
}

// RunTimed is Run on the GPU, with the time that each part takes there. It is for
// measurements: each kernel is launched by itself, which takes longer than a call of
// Run. The backend must be CUDA.
func (s *Session) RunTimed(dst, src []float32) (GPUTimes, error) {
	if !s.shared.required {
		return GPUTimes{}, fmt.Errorf("runtime: RunTimed needs backend %s, not %s", CUDA, s.Backend())
	}
	rows, err := s.count(len(dst), len(src))
	if err != nil {
		return GPUTimes{}, err
	}
	if s.gpu == nil {
		s.gpu, err = s.shared.model.session()
	}
	var times GPUTimes
	if err == nil {
		times, err = s.gpu.timed(dst, src, rows)
	}
	if err != nil {
		return GPUTimes{}, fmt.Errorf("runtime: %w", err)
	}
	return times, nil
}
