//go:build purego || (!amd64 && !arm64)

package kernels

// There are no vector kernels here, so [ISA.NewNet] returns nil, and the other is not called.

func (ISA) netLanes() int { return 0 }

func (i ISA) netKernel(*netStep, *float32, *float32, int) { panicUndefined("Net", i) }
