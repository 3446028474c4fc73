//go:build cuda

package cuda

import "gorgonia.org/cu"

// HasDriver reports whether the machine has the driver's library. Where it has none, a missing device is no failure.
func HasDriver() bool { return missingDriver() == "" }

// Devices is how many devices the driver lists; 0 where there is no driver, or where it fails. It opens none, so it
// takes no time or memory to speak of.
func Devices() int {
	n, err := cu.NumDevices()
	if err != nil {
		return 0
	}
	return n
}
