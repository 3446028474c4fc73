package kernels

import (
	"fmt"
	"math/bits"
)

// mustHold panics unless a slice of have values has the shape [rows][columns]. The product has twice the width
// of an int, so that no pair of sizes can overflow into an accidental match.
func mustHold(kernel, slice string, have, rows, columns int) {
	if high, low := bits.Mul64(uint64(rows), uint64(columns)); high != 0 || low != uint64(have) || rows|columns < 0 {
		panicShape(kernel, slice, have, rows, columns)
	}
}

func panicShape(kernel, slice string, have, rows, columns int) {
	panic(fmt.Sprintf("kernels: %s: %s holds %d values: %d×%d expected", kernel, slice, have, rows, columns))
}

// mustHoldOneOr panics unless an operand holds one value for all columns or one for each of n.
func mustHoldOneOr(kernel, slice string, have, n int) {
	if have != 1 {
		mustHold(kernel, slice, have, 1, n)
	}
}

// mustBeWithin panics unless low <= value < high.
func mustBeWithin(kernel, name string, value, low, high int) {
	if value < low || value >= high {
		panic(fmt.Sprintf("kernels: %s: %s is %d: at least %d and below %d expected", kernel, name, value, low, high))
	}
}

// panicUndefined panics: a switch over one of this package's enumerations met a value that it does not define.
func panicUndefined(kernel string, value fmt.Stringer) {
	panic(fmt.Sprintf("kernels: %s: %s is not defined", kernel, value))
}
