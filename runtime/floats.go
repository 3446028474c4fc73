package runtime

import (
	"errors"
	goruntime "runtime"
)

var errFloats = errors.New("runtime: this thread rounds or flushes small numbers to zero in a way of its own, set by a C library (one built with -ffast-math?): no result here would have the right bits")

// checkFloats proves that float32 arithmetic is IEEE 754's on the thread that runs
// this goroutine. Go leaves the processor's control register as it finds it, and in
// a program that links C code some library may have changed it: for the thread that
// loaded the library, and for all that thread has started since.
func checkFloats() error {
	goruntime.LockOSThread()
	defer goruntime.UnlockOSThread()
	return floatsBy(multiply, add)
}

// floatsBy checks a way to multiply and to add.
func floatsBy(multiply, add func(x, y float32) float32) error {
	const least = 0x1p-149
	switch {
	case multiply(0x1p-100, 0x1p-40) != 0x1p-140: // a subnormal result
	case multiply(least, 0x1p100) != 0x1p-49: // a subnormal operand
	case add(1, least) != 1: // towards +Inf
	case add(1, -least) != 1: // towards −Inf or zero
	default:
		return nil
	}
	return errFloats
}

// These are not inlined, or the compiler would know the results.

//go:noinline
func multiply(x, y float32) float32 { return x * y }

//go:noinline
func add(x, y float32) float32 { return x + y }
