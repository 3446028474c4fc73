// Package sensor reads physical quantities: temperatures, accelerations, voltages, light, the levels of pins.
//
// A [Sensor] has named channels with units, and a reading gives one number for each together with the time at which
// it was measured. There are four kinds, and [Open] makes any of them from its name and bus:
//
//   - sensors described in a file (see [Description]): their registers, how they are started and how raw bits become
//     a value. The descriptions that ship with the package are listed by [Shipped]; a file of your own does as well.
//   - drivers of periph.io, for sensors whose compensation is code ([Drivers]).
//   - devices of Linux' IIO subsystem, sample by sample or from the kernel's buffer ([OpenIIO]).
//   - GPIO inputs, as channels that are 0 or 1 ([OpenGPIO]).
//
// The same quantity has the same unit whichever kind measures it, so that a model does not care: °C, %RH, Pa, g
// (9.80665 m/s²), °/s, µT, V, A, W, Ω, lx, m, ppm, ppb.
//
// Errors say what can be done about them: [ErrGone], [ErrTemporary], [ErrIdentity], [ErrCRC]. A sensor never repeats a
// failed transaction by itself; whoever asks for readings knows the time that is left. After ErrGone or ErrIdentity
// close the sensor at once, since an open bus keeps the kernel from removing an unplugged adapter, and open it anew:
// opening checks the identity and initialises the sensor again.
//
// [Scan] lists the buses and what answers on them. Everything below /sys, /proc and /dev hangs off the root of a
// [Host], so that tests bring their own; package sensortest simulates a bus and its failures. No board has run this yet:
// what is proved is proved against datasheets, periph's playback and a simulated bus.
package sensor
