package cuda

import "errors"

// What can go wrong with a device. Each is wrapped with what was being done, and with the driver's own name and
// number of the failure; errors.Is tells them apart.
var (
	// ErrNoDevice: there is no driver, no device, or none that the kernels run on.
	ErrNoDevice = errors.New("cuda: no device")

	// ErrOutOfMemory: a model or its buffers do not fit into the device's memory, which is also the board's.
	// The device goes on working, and so does everything that is on it already.
	ErrOutOfMemory = errors.New("cuda: out of memory")

	// ErrPTXRefused: the driver cannot compile the kernels. The error holds the first lines of its log.
	ErrPTXRefused = errors.New("cuda: the driver refuses the kernels")

	// ErrDeviceLost: work on the device failed in a way after which the driver answers every call of this
	// process with an error. All sessions of the device return it from then on, at once.
	ErrDeviceLost = errors.New("cuda: device lost")
)
