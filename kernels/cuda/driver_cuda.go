//go:build cuda

package cuda

// #cgo LDFLAGS: -lcuda
// #cgo noescape edge_run
// #cgo nocallback edge_run
// #include "driver_cuda.h"
import "C"

import (
	"unsafe"

	"gorgonia.org/cu"
)

// Setting up goes through gorgonia.org/cu, whose calls work on the context that is current on the operating
// system's thread: gpu.do sees to that. What a session does in every call is C, one crossing for all of it
// (driver_cuda.c), and therefore needs the driver's own pointers.

// handle returns the driver's pointer inside one of gorgonia.org/cu's types. Each is a struct of just that
// pointer, which most of them do not give away.
func handle[T cu.CUContext | cu.Stream | cu.Event | cu.Function](h T) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Pointer(&h))
}

// This does not compile if one of them is larger.
const _ = pointer - max(unsafe.Sizeof(cu.CUContext{}), unsafe.Sizeof(cu.Stream{}), unsafe.Sizeof(cu.Event{}), unsafe.Sizeof(cu.Function{}))
const pointer = unsafe.Sizeof(uintptr(0))

// missingDriver says why the driver's library could not be loaded, or "".
func missingDriver() string { return C.GoString(C.edge_missing_driver()) }

// resultName is the driver's name of an answer, or "" if it has none.
func resultName(code int) string { return C.GoString(C.edge_result_name(C.CUresult(code))) }
