//go:build cuda

package cuda

import (
	"errors"
	"fmt"
	"reflect"
)

// The answers of the driver that this package tells apart, by their numbers in cuda.h.
const (
	success              = 0
	outOfMemory          = 2
	deinitialized        = 4
	noDevice             = 100
	invalidImage         = 200
	invalidContext       = 201
	noBinaryForGPU       = 209
	eccUncorrectable     = 214
	invalidPTX           = 218
	nvlinkUncorrectable  = 220
	noCompiler           = 221
	unsupportedPTX       = 222
	compilationDisabled  = 223
	contained            = 226
	invalidSource        = 300
	illegalAddress       = 700
	launchTimeout        = 702
	contextDestroyed     = 709
	assertion            = 710
	hardwareStackError   = 714
	launchFailed         = 719
	tensorMemoryLeak     = 721
	systemDriverMismatch = 803
	unknown              = 999
)

// code is the number of an answer, of an error that comes from gorgonia.org/cu; unknown if there is none in it.
func code(err error) int {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			break
		}
		err = inner
	}
	if v := reflect.ValueOf(err); v.CanInt() {
		return int(v.Int()) // the package does not export the type
	}
	return unknown
}

// sentinel is the sentinel of an answer, or nil if it has none.
func sentinel(code int) error {
	switch code {
	case outOfMemory:
		return ErrOutOfMemory
	case noDevice:
		return ErrNoDevice
	case invalidImage, noBinaryForGPU, invalidPTX, noCompiler, unsupportedPTX, compilationDisabled, invalidSource:
		return ErrPTXRefused
	case eccUncorrectable, nvlinkUncorrectable, illegalAddress, launchTimeout, assertion, contained, tensorMemoryLeak, unknown,
		// Somebody else in the process has destroyed or reset the context.
		deinitialized, invalidContext, contextDestroyed:
		return ErrDeviceLost
	}
	if hardwareStackError <= code && code <= launchFailed {
		return ErrDeviceLost
	}
	return nil
}

// describe names an answer: "CUDA_ERROR_OUT_OF_MEMORY (2)".
func describe(code int) string {
	if name := resultName(code); name != "" {
		return fmt.Sprintf("%s (%d)", name, code)
	}
	return fmt.Sprintf("CUDA error %d", code) // a driver that does not work has no names either
}

// failure is the error of an answer other than success, with what was being done.
func failure(doing string, code int) error {
	if known := sentinel(code); known != nil {
		return fmt.Errorf("%w: %s: %s", known, doing, describe(code))
	}
	return fmt.Errorf("cuda: %s: %s", doing, describe(code))
}

// noDeviceError is why there is no device, where the driver was asked for one and answered so.
func noDeviceError(code int) error {
	if missing := missingDriver(); missing != "" {
		return fmt.Errorf("%w: %s (is this a Jetson with JetPack, or a machine with an NVIDIA driver?)", ErrNoDevice, missing)
	}
	next := ""
	switch code {
	case success, noDevice:
		return fmt.Errorf("%w: the driver has none for this process: %s (in a container: was it started with NVIDIA's runtime? may this user open /dev/nvhost-gpu, /dev/nvgpu or /dev/nvidia0?)",
			ErrNoDevice, describe(noDevice))
	case systemDriverMismatch:
		next = " (the driver's library and its kernel module are of different versions: start the machine again)"
	}
	return fmt.Errorf("%w: the driver fails: %s%s", ErrNoDevice, describe(code), next)
}
