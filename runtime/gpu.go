package runtime

import (
	"errors"
	"time"

	"github.com/edge-infer/edge-infer/format"
)

// A gpu is the GPU of the machine. It is behind an interface because most builds
// leave CUDA out, and because tests need one that fails when told to.
type gpu interface {
	// about describes it.
	about() GPU

	// load brings a model's weights to it. They stay there when the gpu is closed.
	load(m *format.Model) (gpuModel, error)

	close()
}

// A gpuModel is a model whose weights are on the GPU. Its methods may be called
// from many goroutines at once. One that is forgotten gives back what it holds, as
// Close does at once.
type gpuModel interface {
	session() (gpuSession, error)
	Close() error
}

// A gpuSession runs a model, for one goroutine at a time. One that is forgotten
// gives back what it holds, as Close does at once.
type gpuSession interface {
	Run(dst, src []float32, rows int) error
	RunUint8(dst []float32, src []uint8, rows int) error
	timed(dst, src []float32, rows int) (GPUTimes, error)
	Close() error
}

// GPU describes the GPU of the machine.
type GPU struct {
	Name    string // as the driver has it
	Compute int    // 87 is compute capability 8.7
	Driver  string // the version of CUDA that the driver offers, such as "12.6"
	Memory  int64  // bytes; on a board, those of the whole system
	Unified bool   // whether it reads and writes the processor's memory in place

	kernels string // the version of the kernels for it
}

// GPUTimes says where the time of a call goes on the GPU, by the GPU's own clock.
// What the processor does before and after is not in it.
type GPUTimes struct {
	// HostToDevice and DeviceToHost are the times of the copies; 0 where the GPU
	// reads and writes the processor's memory in place.
	HostToDevice, DeviceToHost time.Duration

	Kernels time.Duration // from the first to the last, with the gaps between them
}

// ErrWithoutCUDA says that the program was built without CUDA.
var ErrWithoutCUDA = errors.New("runtime: this program was built without CUDA (kernels/cuda/build makes one with it)")

// ErrNoDriver says that the machine has no CUDA driver.
var ErrNoDriver = errors.New("runtime: no CUDA driver")

// FindGPU describes the GPU that the backend CUDA would run on. The error is
// ErrWithoutCUDA, ErrNoDriver, or says what the driver answers.
func FindGPU() (GPU, error) {
	g, err := openGPU()
	if err != nil {
		return GPU{}, err
	}
	defer g.close()
	return g.about(), nil
}
