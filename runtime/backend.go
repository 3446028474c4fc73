package runtime

import (
	"fmt"
	"slices"
	"strings"

	"github.com/edge-infer/edge-infer/kernels"
)

// Backend names an implementation of the kernels. All give the same bits.
type Backend string

// The backends.
const (
	Auto      Backend = "auto"      // the fastest one here; where there is a GPU, for each call by its number of rows
	Reference Backend = "reference" // portable Go, the definition that the others are held to
	NEON      Backend = "neon"      // arm64
	AVX2      Backend = "avx2"      // amd64 with AVX2 and FMA
	AVX512    Backend = "avx512"    // amd64 with AVX-512 F, DQ, BW and VL

	// CUDA is an NVIDIA GPU, in programs that are built with CUDA. Everything but
	// RunSparse runs there. Sparse rows always run on the processor, with the same
	// bits: they are too little work for a GPU.
	CUDA Backend = "cuda"
)

// Backends returns the backends that can run here: Auto, CUDA if a GPU answers, then
// those of the processor, the fastest first.
func Backends() []Backend {
	backends := []Backend{Auto}
	if gpuAnswers() {
		backends = append(backends, CUDA)
	}
	for _, isa := range kernels.ISAs() {
		backends = append(backends, Backend(isa.String()))
	}
	return backends
}

// ParseBackend returns the backend of that name, whether or not it can run here.
func ParseBackend(name string) (Backend, error) {
	switch b := Backend(name); b {
	case Auto, Reference, NEON, AVX2, AVX512, CUDA:
		return b, nil
	}
	return "", fmt.Errorf("runtime: there is no backend %.40q: choose one of %s", name, available())
}

// isa returns the instruction set of a backend, if it can run here; of CUDA, that of
// what stays on the processor.
func (b Backend) isa() (kernels.ISA, error) {
	isas := kernels.ISAs()
	if b == "" || b == Auto || b == CUDA {
		return isas[0], nil
	}
	i := slices.IndexFunc(isas, func(isa kernels.ISA) bool { return isa.String() == string(b) })
	if i >= 0 {
		return isas[i], nil
	}
	if _, err := ParseBackend(string(b)); err != nil {
		return 0, err
	}
	return 0, fmt.Errorf("runtime: backend %s cannot run on this processor, or was left out of this program: choose one of %s", b, available())
}

func available() string {
	names := make([]string, 0, 4)
	for _, b := range Backends() {
		names = append(names, string(b))
	}
	return strings.Join(names, ", ")
}
