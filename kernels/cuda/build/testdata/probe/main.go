//go:build cuda

// Probe says what a program built with CUDA finds: why there is no driver, how many devices there are, and whether the
// driver's loading has changed the arithmetic of the thread. It is linked by the tests of kernels/cuda/build, to a
// driver of theirs.
package main

/*
#include <cuda.h>

// Of the import library; a program linked to the driver itself has it not.
extern const char *edge_cuda_load_error(void) __attribute__((weak));

static const char *load_error(void) {
	const char *text = edge_cuda_load_error ? edge_cuda_load_error() : "no import library";
	return text ? text : "";
}

// More arguments than registers take, and a function that gorgonia.org/cu does not name.
static int launch(void) {
	return cuLaunchKernel((CUfunction)1, 2, 3, 4, 5, 6, 7, 8, (CUstream)9, (void **)10, (void **)11);
}
static int reset_cache(void) { return cuCtxResetPersistingL2Cache(); }
static int release(void) { return cuDevicePrimaryCtxRelease(0); }
static int reset(void) { return cuDevicePrimaryCtxReset(0); }
static int set_flags(void) { return cuDevicePrimaryCtxSetFlags(0, 0); }
static int instantiate(void) {
	CUgraphExec made;
	return cuGraphInstantiate(&made, (CUgraph)1, 2);
}
*/
import "C"

import (
	"fmt"
	"math"
	"runtime"

	"gorgonia.org/cu"
)

// The thread on which packages are initialised, so also the one that loads the driver, stays this one.
func init() { runtime.LockOSThread() }

//go:noinline
func half(x float32) float32 { return x / 2 }

// subnormals tells whether results, and operands, below the smallest normal number are still numbers.
func subnormals() string {
	smallest := math.Float32frombits(0x00800000)
	if math.Float32bits(half(smallest)) != 0x00400000 || half(math.Float32frombits(2)) == 0 {
		return "lost"
	}
	return "kept"
}

func main() {
	fmt.Printf("load error: %s\n", C.GoString(C.load_error()))
	fmt.Printf("subnormals after cuInit: %s\n", subnormals())
	devices, err := cu.NumDevices()
	fmt.Printf("devices: %d, %v\n", devices, err)
	fmt.Printf("version: %d\n", cu.Version())
	_, err = cu.LoadData("")
	fmt.Printf("module: %v\n", err)
	fmt.Printf("subnormals after cuModuleLoadData: %s\n", subnormals())
	fmt.Printf("launch: %d\n", C.launch())
	fmt.Printf("cuCtxResetPersistingL2Cache: %d\n", C.reset_cache())
	fmt.Printf("cuDevicePrimaryCtxRelease_v2: %d\n", C.release())
	fmt.Printf("cuDevicePrimaryCtxReset_v2: %d\n", C.reset())
	fmt.Printf("cuDevicePrimaryCtxSetFlags_v2: %d\n", C.set_flags())
	fmt.Printf("cuGraphInstantiate: %d\n", C.instantiate())
}
