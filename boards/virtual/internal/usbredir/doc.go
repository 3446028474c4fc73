// Package usbredir serves one USB device to an emulator over a stream, in the protocol of usbredir 0.7.1: the emulator's guest
// sees a device in a port, as if it were real, and its own driver for it does the rest.
//
// Both sides begin with a hello that says what they can do. Then this side describes the device's endpoints and interfaces
// and connects it; from then on each transfer of the guest is a packet with a number, to be answered by a packet with the
// same number. Here a device has endpoint 0 alone, which is enough for adapters that are driven by control transfers; a
// packet that belongs to another kind of transfer is an error, as is anything that is longer than its kind may be.
//
// The device can be unplugged and plugged in again at any time while [Server.Serve] runs.
package usbredir
