//go:build !purego

package kernels

func (i ISA) tiling() tiling {
	if i == AVX512 {
		return tiling{vector: 16, panel: 32, rows: 12, span: 4, dotRows: 2, dotOutputs: 5, partial: true}
	}
	return tiling{vector: 8, panel: 16, rows: 6, span: 6, dotRows: 2, dotOutputs: 3}
}

func (i ISA) tileKernel(c *tileCall) {
	if i == AVX512 {
		denseF32AVX512Tile(c)
	} else {
		denseF32AVX2Tile(c)
	}
}

func (i ISA) rowKernel(c *rowCall) {
	switch {
	case i == AVX512 && c.panels > 1:
		denseF32AVX512Row(c)
	case i == AVX512:
		denseF32AVX512Panel(c)
	case c.panels > 1:
		denseF32AVX2Row(c)
	default:
		denseF32AVX2Panel(c)
	}
}

func (i ISA) dotKernel(c *dotCall) {
	if i == AVX512 {
		denseF32AVX512Dot(c)
	} else {
		denseF32AVX2Dot(c)
	}
}

// 2 to 12 rows by 16 or 32 outputs.
//
//go:noescape
func denseF32AVX512Tile(c *tileCall)

// One row by 2 to 4 panels of 32 outputs.
//
//go:noescape
func denseF32AVX512Row(c *rowCall)

// One row by 16 or 32 outputs.
//
//go:noescape
func denseF32AVX512Panel(c *rowCall)

// 1 or 2 rows by 1 to 5 outputs, in dot order.
//
//go:noescape
func denseF32AVX512Dot(c *dotCall)

// 2 to 6 rows by 8 or 16 outputs.
//
//go:noescape
func denseF32AVX2Tile(c *tileCall)

// One row by 2 to 6 panels of 16 outputs.
//
//go:noescape
func denseF32AVX2Row(c *rowCall)

// One row by 8 or 16 outputs.
//
//go:noescape
func denseF32AVX2Panel(c *rowCall)

// 1 or 2 rows by 1 to 3 outputs, in dot order.
//
//go:noescape
func denseF32AVX2Dot(c *dotCall)
