//go:build purego || (!amd64 && !arm64)

package kernels

// There are no vector kernels here, so [ISA.Pack] takes no ISA but Portable, and none of these is called.

func (i ISA) sparsePanelKernel(*sparsePanelCall) { panicUndefined("Packed", i) }

func (i ISA) sparseDotKernel(*sparseDotCall) { panicUndefined("Packed", i) }
