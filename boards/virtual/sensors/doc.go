// Package sensors models the sensors of a virtual board's I2C bus: what a driver writes to them and reads from them, as the
// data sheets say it, with values that change as time passes.
//
// A [Sensor] takes messages as they are on the wire. How bytes find their register differs from chip to chip, and a driver
// that is wrong about it works on a simulator that is wrong in the same way; so each model has the rule of its own chip:
//
//	TMP102, ADS1115   a pointer, then 16 bits with the high byte first; the pointer stays where it is
//	BMP280            reads go on to the next register; writes are pairs of register and value
//	MPU-6050          reads and writes go on to the next register
//
// Values follow from a [Clock] alone, so the same time gives the same reading. What is left out is said at each model.
package sensors
