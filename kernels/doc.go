// Package kernels is the arithmetic of the runtime: dense layers, activations, row operations, feature
// steps and int8, defined to the last bit, in pure Go and in the vector instructions of several processors.
//
// A result here is not "close to" a mathematical value. It is the outcome of one fixed sequence of
// correctly rounded binary32 operations, ordered compares with selects, and integer operations on bit
// patterns. Whoever carries out the same sequence, in NEON, AVX2, AVX-512 or PTX, gets the same bits.
// NUMERICS.md in this folder is that definition in words; the functions here are the same definition in Go,
// always compiled on every platform, so that one process can hold a faster backend against it.
//
// Three things make it hold:
//   - the order of every sum is part of the definition (see [Order]);
//   - a fused multiply-add is always [FMA] and never left to the compiler, which may fuse x*y + z on some
//     platforms and not on others: every product that feeds a sum is therefore written float32(x*y);
//   - nothing depends on minimum, maximum, estimate or float-to-integer instructions, which differ between
//     processors on NaN, signed zeros and values out of range.
//
// The methods of [ISA] are the same functions for one instruction set, in assembly: [ISAs] tells which there
// are here, fastest first, and [ISA.Pack] lays a dense layer out for one. The dense and row kernels are written
// by hand; the elementwise ones come from one definition each, in internal/gen. A [Net] is a whole network in
// one call, for those that are so small that calls would cost more than the arithmetic. The build tag purego
// leaves all assembly out.
//
// Whether a result is NaN is defined; the sign and payload of a NaN are not.
//
// The functions take slices and sizes: matrices are row-major, x is [rows][n], and a slice holds exactly as
// many values as its shape says. A wrong length is a mistake of the calling package, so it panics. Nothing
// but [ISA.Pack] and [ISAs] allocates, and every function may be called from many goroutines at once.
package kernels
