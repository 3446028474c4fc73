//go:build purego || (!amd64 && !arm64)

package kernels

// There are no vector kernels here, so [ISA.Pack] takes no ISA but Portable, and none of these is called.

func (ISA) tiling() tiling { return tiling{} }

func (ISA) tileKernel(*tileCall) {}

func (ISA) rowKernel(*rowCall) {}

func (ISA) dotKernel(*dotCall) {}
