//go:build !purego

package kernels

// tiling is that of NEON, the one vector instruction set of arm64 here. Of its 32 registers, five rows by a panel
// take 20 for sums, one row by three outputs in dot order 24. One row needs two panels to keep the adders busy: a
// sum waits four cycles or more for its last addition, and there are up to two adders.
func (ISA) tiling() tiling {
	return tiling{vector: 4, panel: 16, rows: 5, span: 2, dotRows: 2, dotOutputs: 3}
}

func (ISA) tileKernel(c *tileCall) {
	switch c.vectors {
	case 4:
		switch c.rows {
		case 2:
			denseF32NEON2x16(c)
		case 3:
			denseF32NEON3x16(c)
		case 4:
			denseF32NEON4x16(c)
		default:
			denseF32NEON5x16(c)
		}
	case 3:
		switch c.rows {
		case 2:
			denseF32NEON2x12(c)
		case 3:
			denseF32NEON3x12(c)
		case 4:
			denseF32NEON4x12(c)
		default:
			denseF32NEON5x12(c)
		}
	case 2:
		switch c.rows {
		case 2:
			denseF32NEON2x8(c)
		case 3:
			denseF32NEON3x8(c)
		case 4:
			denseF32NEON4x8(c)
		default:
			denseF32NEON5x8(c)
		}
	default:
		switch c.rows {
		case 2:
			denseF32NEON2x4(c)
		case 3:
			denseF32NEON3x4(c)
		case 4:
			denseF32NEON4x4(c)
		default:
			denseF32NEON5x4(c)
		}
	}
}

func (ISA) rowKernel(c *rowCall) {
	switch {
	case c.panels == 2:
		denseF32NEON1x32(c)
	case c.vectors == 4:
		denseF32NEON1x16(c)
	case c.vectors == 3:
		denseF32NEON1x12(c)
	case c.vectors == 2:
		denseF32NEON1x8(c)
	default:
		denseF32NEON1x4(c)
	}
}

func (ISA) dotKernel(c *dotCall) {
	switch {
	case c.rows == 1 && c.outputs == 1:
		denseF32NEONDot1x1(c)
	case c.rows == 1 && c.outputs == 2:
		denseF32NEONDot1x2(c)
	case c.rows == 1:
		denseF32NEONDot1x3(c)
	case c.outputs == 1:
		denseF32NEONDot2x1(c)
	case c.outputs == 2:
		denseF32NEONDot2x2(c)
	default:
		denseF32NEONDot2x3(c)
	}
}

// Tiles of rows by columns, in panel order: dense_tile_f32_arm64.s.

//go:noescape
func denseF32NEON5x16(c *tileCall)

//go:noescape
func denseF32NEON4x16(c *tileCall)

//go:noescape
func denseF32NEON3x16(c *tileCall)

//go:noescape
func denseF32NEON2x16(c *tileCall)

//go:noescape
func denseF32NEON5x12(c *tileCall)

//go:noescape
func denseF32NEON4x12(c *tileCall)

//go:noescape
func denseF32NEON3x12(c *tileCall)

//go:noescape
func denseF32NEON2x12(c *tileCall)

//go:noescape
func denseF32NEON5x8(c *tileCall)

//go:noescape
func denseF32NEON4x8(c *tileCall)

//go:noescape
func denseF32NEON3x8(c *tileCall)

//go:noescape
func denseF32NEON2x8(c *tileCall)

//go:noescape
func denseF32NEON5x4(c *tileCall)

//go:noescape
func denseF32NEON4x4(c *tileCall)

//go:noescape
func denseF32NEON3x4(c *tileCall)

//go:noescape
func denseF32NEON2x4(c *tileCall)

// One row by columns, in panel order: dense_row_f32_arm64.s.

//go:noescape
func denseF32NEON1x32(c *rowCall)

//go:noescape
func denseF32NEON1x16(c *rowCall)

//go:noescape
func denseF32NEON1x12(c *rowCall)

//go:noescape
func denseF32NEON1x8(c *rowCall)

//go:noescape
func denseF32NEON1x4(c *rowCall)

// Rows by outputs, in dot order: dense_dot_f32_arm64.s.

//go:noescape
func denseF32NEONDot1x1(c *dotCall)

//go:noescape
func denseF32NEONDot1x2(c *dotCall)

//go:noescape
func denseF32NEONDot1x3(c *dotCall)

//go:noescape
func denseF32NEONDot2x1(c *dotCall)

//go:noescape
func denseF32NEONDot2x2(c *dotCall)

//go:noescape
func denseF32NEONDot2x3(c *dotCall)
