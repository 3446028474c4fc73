package hdf5

import (
	"encoding/binary"
	"math/bits"
)

// lookup3 is Bob Jenkins's hash of that name with a start value of 0, the checksum of all structures
// since version 2: three words take in twelve bytes at a time.
func lookup3(data []byte) uint32 {
	a := 0xdeadbeef + uint32(len(data))
	b, c := a, a
	for ; len(data) > 12; data = data[12:] {
		a += binary.LittleEndian.Uint32(data)
		b += binary.LittleEndian.Uint32(data[4:])
		c += binary.LittleEndian.Uint32(data[8:])
		a = (a - c) ^ bits.RotateLeft32(c, 4)
		c += b
		b = (b - a) ^ bits.RotateLeft32(a, 6)
		a += c
		c = (c - b) ^ bits.RotateLeft32(b, 8)
		b += a
		a = (a - c) ^ bits.RotateLeft32(c, 16)
		c += b
		b = (b - a) ^ bits.RotateLeft32(a, 19)
		a += c
		c = (c - b) ^ bits.RotateLeft32(b, 4)
		b += a
	}
	if len(data) == 0 {
		return c
	}
	var rest [12]byte
	copy(rest[:], data)
	a += binary.LittleEndian.Uint32(rest[:])
	b += binary.LittleEndian.Uint32(rest[4:])
	c += binary.LittleEndian.Uint32(rest[8:])
	c = (c ^ b) - bits.RotateLeft32(b, 14)
	a = (a ^ c) - bits.RotateLeft32(c, 11)
	b = (b ^ a) - bits.RotateLeft32(a, 25)
	c = (c ^ b) - bits.RotateLeft32(b, 16)
	a = (a ^ c) - bits.RotateLeft32(c, 4)
	b = (b ^ a) - bits.RotateLeft32(a, 14)
	return (c ^ b) - bits.RotateLeft32(b, 24)
}

// fletcher32 is the checksum of the filter of that name: two sums of big-endian 16-bit words, in
// arithmetic that adds a carry back in at the bottom. A last odd byte is a word's upper half.
func fletcher32(data []byte) uint32 {
	var sum1, sum2 uint64
	for len(data) > 0 {
		block := data[:min(len(data), 1<<16)] // short enough that sum2 stays below 2^64
		data = data[len(block):]
		for ; len(block) > 1; block = block[2:] {
			sum1 += uint64(block[0])<<8 | uint64(block[1])
			sum2 += sum1
		}
		if len(block) == 1 {
			sum1 += uint64(block[0]) << 8
			sum2 += sum1
		}
		sum1, sum2 = fold(sum1), fold(sum2)
	}
	return uint32(sum2)<<16 | uint32(sum1)
}

// fold adds the upper bits to the lower 16 until none are left, which leaves 65535 as it is.
func fold(sum uint64) uint64 {
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return sum
}
