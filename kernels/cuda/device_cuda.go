//go:build cuda

package cuda

import (
	"fmt"
	"sync/atomic"

	"gorgonia.org/cu"
)

// The least that the kernels need: half of the board's generations begin here, Jetson Nano and TX1 with it.
const leastCompute = 53

// A Device is the GPU of the machine, the first that the driver lists. Its methods may be called from many
// goroutines at once.
type Device struct {
	gpu    *gpu
	name   string
	traits Traits
	driver int
	memory int64
	closed atomic.Bool
}

// Open opens the first device; CUDA_VISIBLE_DEVICES says which that is. The error is ErrNoDevice where there is
// none, or none that the kernels run on.
//
// It works in the device's primary context, with the flags that the process has given to it or else the
// driver's own: how a thread waits for the device is then the driver's choice.
func Open() (*Device, error) {
	n, err := cu.NumDevices()
	if err != nil {
		return nil, noDeviceError(code(err))
	}
	if n == 0 {
		return nil, noDeviceError(success)
	}
	first, err := cu.GetDevice(0)
	if err != nil {
		return nil, noDeviceError(code(err))
	}
	d := &Device{driver: cu.Version()}
	unified, err := d.ask(first)
	if err != nil {
		return nil, failure("asking the device what it is", code(err))
	}
	if d.traits.Compute < leastCompute {
		return nil, fmt.Errorf("%w: %s has compute capability %s: the kernels need %s", ErrNoDevice, d.name,
			tenths(d.traits.Compute), tenths(leastCompute))
	}
	if d.gpu, err = newGPU(first); err != nil {
		return nil, err
	}
	d.gpu.unified = unified
	return d, nil
}

// ask fills in what the driver says about a device, and returns whether kernels read and write the processor's
// memory in place.
func (d *Device) ask(device cu.Device) (unified bool, err error) {
	if d.name, err = device.Name(); err != nil {
		return false, err
	}
	if d.memory, err = device.TotalMem(); err != nil {
		return false, err
	}
	var major, minor, integrated, maps int
	for _, a := range []struct {
		attribute cu.DeviceAttribute
		value     *int
	}{
		{cu.ComputeCapabilityMajor, &major},
		{cu.ComputeCapabilityMinor, &minor},
		{cu.MultiprocessorCount, &d.traits.Multiprocessors},
		{cu.MaxSharedMemoryPerBlock, &d.traits.SharedBytes},
		{cu.Integrated, &integrated},
		{cu.CanMapHostMemory, &maps},
	} {
		if *a.value, err = device.Attribute(a.attribute); err != nil {
			return false, err
		}
	}
	d.traits.Compute = 10*major + minor
	// From Xavier on the device sees what is in the processor's caches. Before, pinned memory is not cached at
	// all, and to work in place would be slower than to copy.
	return integrated != 0 && maps != 0 && d.traits.Compute >= 72, nil
}

// Name is the device's name, as the driver has it.
func (d *Device) Name() string { return d.name }

// Traits are what programs for the device are planned for.
func (d *Device) Traits() Traits { return d.traits }

// Driver is the CUDA version that the driver supports, "12.6" for example.
func (d *Device) Driver() string { return fmt.Sprintf("%d.%d", d.driver/1000, d.driver%1000/10) }

// Memory is the device's memory in bytes. On a board that is the memory of the whole system.
func (d *Device) Memory() int64 { return d.memory }

// Unified says whether kernels read rows and write results in the processor's memory, without copies.
func (d *Device) Unified() bool { return d.gpu.unified }

// Close closes the device. What was loaded goes on working until it is closed itself; then all of the device is
// given back.
func (d *Device) Close() error {
	if d.closed.Swap(true) {
		return nil
	}
	return d.gpu.release()
}

// tenths writes 53 as "5.3".
func tenths(n int) string { return fmt.Sprintf("%d.%d", n/10, n%10) }
