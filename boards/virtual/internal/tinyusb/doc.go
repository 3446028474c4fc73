// Package tinyusb is an i2c-tiny-usb, the I2C adapter of Till Harbaum for which Linux has had a driver since 2007: a USB
// device that carries I2C messages in control transfers.
//
// The driver asks for the adapter's functions and sets the bus's clock once. Then each message is a transfer whose index is
// the address and whose request tells whether it begins and ends a transaction, followed by a request for the status:
// whether the device at the address took it. With a [Bus] behind it, the guest has a true I2C bus.
package tinyusb
