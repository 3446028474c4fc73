// Package gen writes the elementwise and network kernels of package kernels in the assembly of every instruction set,
// each from one definition.
//
// A definition (functions.go, exponential.go, gelu.go) is a straight line of the operations that NUMERICS.md
// allows: correctly rounded arithmetic, ordered compares with selects, integer operations on bit patterns. It
// is the third statement of the same arithmetic, after that document and the Go of package kernels, and the
// one that all vector code comes from; the tests of package kernels hold the result against the Go, bit for
// bit.
//
// A [program] is such a definition as a list of values. A lowering walks the list once and writes an
// instruction or two for each value, taking registers as values are made and giving them back at their last
// use (lowering.go); what instruction that is says one file for amd64 (x86.go) and one for arm64 (neon.go).
// Around it goes the loop, the same for every function of an instruction set. There is no optimiser: two
// rewrites that change no bit are made while a program is built (program.go), and the rest is left to the
// processor.
//
// The same bodies without their loops, one behind the other, are the kernel of kernels.Net, which takes a row
// from the first step of a small network to the last in registers (net.go, and a file for each architecture).
//
// The written files are committed. The test of this package fails when they are not what it would write;
//
//	go test ./kernels/internal/gen -generate
//
// writes them.
package gen
