//go:build !purego

package kernels

func (i ISA) sparsePanelKernel(c *sparsePanelCall) {
	if i == AVX512 {
		sparseF32AVX512Panel(c)
	} else {
		sparseF32AVX2Panel(c)
	}
}

func (i ISA) sparseDotKernel(c *sparseDotCall) {
	if i == AVX512 {
		sparseF32AVX512Dot(c)
	} else {
		sparseF32AVX2Dot(c)
	}
}

// One sparse row by 16 or 32 outputs.
//
//go:noescape
func sparseF32AVX512Panel(c *sparsePanelCall)

// One sparse row by 4 outputs, in dot order.
//
//go:noescape
func sparseF32AVX512Dot(c *sparseDotCall)

// One sparse row by 8 or 16 outputs.
//
//go:noescape
func sparseF32AVX2Panel(c *sparsePanelCall)

// One sparse row by 4 outputs, in dot order.
//
//go:noescape
func sparseF32AVX2Dot(c *sparseDotCall)
