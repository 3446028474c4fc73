// Package sensortest simulates an I2C bus with sensors on it, for tests of what reads them.
//
// A [Bus] has devices ([Registers], [Words], [Commands], or any [Device]) and goes wrong as told: [Bus.Inject] makes transactions
// fail as on a real bus, [Bus.Detach] pulls a sensor out and [Bus.Unplug] the whole adapter. Everything that is written is
// kept, so that a test sees that a sensor that has come back was initialised again.
//
// The errors are worded as those of periph over Linux, whose error numbers are lost in a text.
package sensortest
