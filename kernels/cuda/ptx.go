package cuda

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
)

//go:generate go test -tags cudabuild -run "TestPTXIsCurrent|TestAssemble|TestEstimates" -generate

var (
	//go:embed kernels_sm53.ptx
	ptxSM53 string
	//go:embed kernels_sm61.ptx
	ptxSM61 string
)

// dp4a is the compute capability from which four int8 products are one instruction.
const dp4a = 61

// PTX returns the module that holds the program's kernels, for the driver to compile for the device.
func (p *Program) PTX() string {
	if p.traits.Compute >= dp4a {
		return ptxSM61
	}
	return ptxSM53
}

// Version names the kernels of this program: whatever was measured with others no longer holds.
func Version() string {
	sum := sha256.Sum256([]byte(ptxSM53 + ptxSM61))
	return hex.EncodeToString(sum[:8])
}
