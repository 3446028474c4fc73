package driver

import (
	"cmp"
	"fmt"
	"slices"
)

// A Result is what a driver call answers: a CUresult.
type Result uint32

// The results that the driver gives of its own accord; requested failures may
// be any.
const (
	Success                  Result = 0
	InvalidValue             Result = 1
	OutOfMemory              Result = 2
	NotInitialized           Result = 3
	NoDevice                 Result = 100
	InvalidDevice            Result = 101
	InvalidImage             Result = 200
	InvalidContext           Result = 201
	NoBinaryForGPU           Result = 209
	InvalidPTX               Result = 218
	UnsupportedPTXVersion    Result = 222
	InvalidHandle            Result = 400
	IllegalState             Result = 401
	NotFound                 Result = 500
	NotReady                 Result = 600
	IllegalAddress           Result = 700
	LaunchOutOfResources     Result = 701
	PrimaryContextActive     Result = 708
	ContextIsDestroyed       Result = 709
	HostMemoryRegistered     Result = 712
	HostMemoryNotRegistered  Result = 713
	MisalignedAddress        Result = 716
	LaunchFailed             Result = 719
	NotSupported             Result = 801
	DriverMismatch           Result = 803
	StreamCaptureUnsupported Result = 900
	StreamCaptureInvalidated Result = 901
	StreamCaptureImplicit    Result = 906
	CapturedEvent            Result = 907
	StreamCaptureWrongThread Result = 908
	Unknown                  Result = 999
)

// A description is what cuGetErrorName and cuGetErrorString say of a result.
type description struct {
	result Result
	name   string
	text   string
}

func (r Result) String() string {
	i, found := slices.BinarySearchFunc(descriptions, r, func(d description, r Result) int { return cmp.Compare(d.result, r) })
	if !found {
		return fmt.Sprintf("CUresult %d", uint32(r))
	}
	return fmt.Sprintf("%s (%d)", descriptions[i].name, uint32(r))
}

// sticky results are those after which a process gets nothing else from the
// driver, by the notes at each in the driver API reference.
func (r Result) sticky() bool {
	switch r {
	case 214, 220, 700, 702, 710, 714, 715, 716, 717, 718, 719:
		return true
	}
	return false
}
