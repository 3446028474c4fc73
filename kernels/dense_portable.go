//go:build purego || (!amd64 && !arm64)

package kernels

// There are no vector kernels here, so [ISA.Pack] takes no ISA but Portable, and none of these is called.

func (ISA) tiling() tiling { return tiling{} }

func (i ISA) tileKernel(*tileCall) { panicUndefined("Packed", i) }

func (i ISA) rowKernel(*rowCall) { panicUndefined("Packed", i) }

func (i ISA) dotKernel(*dotCall) { panicUndefined("Packed", i) }
