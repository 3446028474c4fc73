package cuda

import "time"

// Times says where the time of a call went on the device, from the device's own clock. What the processor does
// before and after (padding rows, launching, waiting) is not in it.
type Times struct {
	// HostToDevice and DeviceToHost are the times of the copies. Both are 0 by definition where kernels read and
	// write the processor's memory in place (see Device.Unified): there is nothing to copy.
	HostToDevice, DeviceToHost time.Duration

	// Kernels is the time from the first launch to the end of the last, with the gaps between them.
	Kernels time.Duration
}
