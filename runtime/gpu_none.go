//go:build !cuda

package runtime

// gpuAnswers reports whether there is a GPU that openGPU would open.
func gpuAnswers() bool { return false }

// openGPU opens the GPU of the machine.
func openGPU() (gpu, error) { return nil, ErrWithoutCUDA }
