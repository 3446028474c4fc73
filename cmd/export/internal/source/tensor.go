package source

import "github.com/edge-infer/edge-infer/cmd/internal/npy"

// MaxBytes bounds the values of all tensors of a file together. A model for the boards is a hundred
// times smaller; a compressed file that claims to be larger is more likely made to fill memory.
const MaxBytes = 1 << 30

// MaxTensors bounds the number of tensors in a file.
const MaxTensors = 4096

// Tensor is an array with the name that its file gives it.
type Tensor struct {
	Name  string
	Array *npy.Array
}
