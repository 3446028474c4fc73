//go:build cuda

package runtime

import (
	"errors"
	"fmt"

	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/kernels/cuda"
)

// gpuAnswers reports whether there is a GPU that openGPU would open.
func gpuAnswers() bool { return cuda.Devices() > 0 }

// openGPU opens the GPU of the machine.
func openGPU() (gpu, error) {
	d, err := cuda.Open()
	if err != nil {
		err = fmt.Errorf("runtime: %w", err)
		if errors.Is(err, cuda.ErrNoDevice) && !cuda.HasDriver() {
			err = noDriver{err}
		}
		return nil, err
	}
	return cudaDevice{d}, nil
}

// noDriver is an error that is ErrNoDriver too.
type noDriver struct{ error }

func (n noDriver) Unwrap() []error { return []error{ErrNoDriver, n.error} }

type cudaDevice struct{ *cuda.Device }

func (d cudaDevice) about() GPU {
	return GPU{
		Name:    d.Name(),
		Compute: d.Traits().Compute,
		Driver:  d.Driver(),
		Memory:  d.Memory(),
		Unified: d.Unified(),
		kernels: cuda.Version(),
	}
}

func (d cudaDevice) close() { d.Close() } // what was loaded works on; of the rest nothing can be done about a failure

func (d cudaDevice) load(m *format.Model) (gpuModel, error) {
	b := cuda.NewBuilder(m.InputSize(), d.Traits())
	width := m.InputSize()
	var err error
	for _, l := range m.Steps() {
		if width, err = appendLayer(b, m, l, width); err != nil {
			return nil, err
		}
	}
	program, err := b.Program()
	if err != nil {
		return nil, fmt.Errorf("the model does not fit the GPU: %w", err)
	}
	loaded, err := d.Load(program)
	if err != nil {
		return nil, err
	}
	return cudaModel{loaded}, nil
}

type cudaModel struct{ *cuda.Model }

func (m cudaModel) session() (gpuSession, error) {
	s, err := m.NewSession()
	if err != nil {
		return nil, err
	}
	return cudaSession{s}, nil
}

type cudaSession struct{ *cuda.Session }

func (s cudaSession) timed(dst, src []float32, rows int) (GPUTimes, error) {
	t, err := s.RunTimed(dst, src, rows)
	return GPUTimes(t), err
}
