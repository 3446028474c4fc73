package kernels

// The elementwise steps by instruction set. Each method checks what its reference checks, leaves Portable to
// the reference, and hands the others whole rows.

// Map is the function [Map] in the kernels of i.
func (i ISA) Map(f Func, dst, x []float32, alpha, beta float32) {
	if i == Portable {
		Map(f, dst, x, alpha, beta)
		return
	}
	mustHold("Map", "dst", len(dst), 1, len(x))
	raceRead(x)
	raceWrite(dst)
	i.mapKernel(f, dst, x, alpha, beta)
}

// Affine is the function [Affine] in the kernels of i.
func (i ISA) Affine(op Arithmetic, dst, x, operand []float32, rows, n int) {
	if i == Portable {
		Affine(op, dst, x, operand, rows, n)
		return
	}
	mustHoldColumns("Affine", "operand", dst, x, operand, rows, n)
	raceRead(x)
	raceRead(operand)
	raceWrite(dst)
	if len(operand) == 1 {
		i.affineByOneKernel(op, dst, x, operand[0])
		return
	}
	columns := operand
	if n < len(x) && n <= repeated/2 {
		var space [repeated]float32
		columns = repeat(&space, operand, rows)
	}
	for len(x) > 0 {
		n := min(len(columns), len(x))
		i.affineKernel(op, dst[:n], x[:n], columns[:n])
		dst, x = dst[n:], x[n:]
	}
}

// PReLU is the function [PReLU] in the kernels of i.
func (i ISA) PReLU(dst, x, slope []float32, rows, n int) {
	if i == Portable {
		PReLU(dst, x, slope, rows, n)
		return
	}
	mustHoldColumns("PReLU", "slope", dst, x, slope, rows, n)
	raceRead(x)
	raceRead(slope)
	raceWrite(dst)
	if len(slope) == 1 {
		i.mapKernel(FuncLeakyReLU, dst, x, slope[0], 0)
		return
	}
	columns := slope
	if n < len(x) && n <= repeated/2 {
		var space [repeated]float32
		columns = repeat(&space, slope, rows)
	}
	for len(x) > 0 {
		n := min(len(columns), len(x))
		i.preluKernel(dst[:n], x[:n], columns[:n])
		dst, x = dst[n:], x[n:]
	}
}

// repeated is how many values a narrow operand is repeated to: enough for a call of a kernel to pay.
const repeated = 128

// repeat writes whole copies of an operand beside each other, as many as fit and as there are rows, so that a
// kernel takes as many rows at once.
func repeat(space *[repeated]float32, operand []float32, rows int) []float32 {
	n := len(operand)
	total := min(rows, len(space)/n) * n
	for filled := copy(space[:total], operand); filled < total; {
		filled += copy(space[filled:total], space[:filled])
	}
	return space[:total]
}

// FromUint8 is the function [FromUint8] in the kernels of i.
func (i ISA) FromUint8(dst []float32, src []uint8) {
	if i == Portable {
		FromUint8(dst, src)
		return
	}
	mustHold("FromUint8", "dst", len(dst), 1, len(src))
	raceRead(src)
	raceWrite(dst)
	// The kernels take whole vectors; the conversion is exact, so the rest may go any way.
	const block = 16
	whole := len(src) / block * block
	i.fromUint8Kernel(dst[:whole], src[:whole])
	FromUint8(dst[whole:], src[whole:])
}
