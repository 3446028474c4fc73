//go:build !purego

package kernels

func (ISA) sparsePanelKernel(c *sparsePanelCall) {
	switch c.vectors {
	case 4:
		sparseF32NEON16(c)
	case 3:
		sparseF32NEON12(c)
	case 2:
		sparseF32NEON8(c)
	default:
		sparseF32NEON4(c)
	}
}

func (ISA) sparseDotKernel(c *sparseDotCall) { sparseF32NEONDot(c) }

// One sparse row by so many outputs.

//go:noescape
func sparseF32NEON16(c *sparsePanelCall)

//go:noescape
func sparseF32NEON12(c *sparsePanelCall)

//go:noescape
func sparseF32NEON8(c *sparsePanelCall)

//go:noescape
func sparseF32NEON4(c *sparsePanelCall)

// One sparse row by 4 outputs, in dot order.
//
//go:noescape
func sparseF32NEONDot(c *sparseDotCall)
