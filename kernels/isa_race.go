//go:build race

package kernels

import (
	"runtime"
	"unsafe"
)

// raceRead and raceWrite tell the race detector what a kernel in assembly reads and writes, which it cannot
// see for itself.

func raceRead[T float32 | uint8](s []T) {
	if len(s) > 0 {
		runtime.RaceReadRange(unsafe.Pointer(&s[0]), len(s)*int(unsafe.Sizeof(s[0])))
	}
}

func raceWrite[T float32 | uint8](s []T) {
	if len(s) > 0 {
		runtime.RaceWriteRange(unsafe.Pointer(&s[0]), len(s)*int(unsafe.Sizeof(s[0])))
	}
}
