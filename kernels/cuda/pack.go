package cuda

import (
	"encoding/binary"
	"math"
)

// An image is what lies on the device. Parts begin at 128 bytes, a line of its cache.
type image []byte

const imageAlignment = 128

// align pads the image and returns where the next part begins, in imageUnit.
func (m *image) align() uint32 {
	for len(*m)%imageAlignment != 0 {
		*m = append(*m, 0)
	}
	return uint32(len(*m) / imageUnit)
}

// part appends zeros and returns them, to be written over, and where they begin. Weights are packed in place: beside
// those of a large model there is no room for a second copy.
func (m *image) part(bytes int) (part []byte, at uint32) {
	at = m.align()
	start := len(*m)
	*m = append(*m, make([]byte, bytes)...)
	return (*m)[start:], at
}

// put writes value i of a part.
func put(part []byte, i int, v float32) {
	binary.LittleEndian.PutUint32(part[4*i:], math.Float32bits(v))
}

// floats appends values, padded with zeros to a whole number of pad.
func (m *image) floats(values []float32, pad int) uint32 {
	part, at := m.part(4 * whole(len(values), pad) * pad)
	for i, v := range values {
		put(part, i, v)
	}
	return at
}

func (m *image) words(values []uint32) uint32 {
	at := m.align()
	for _, v := range values {
		*m = binary.LittleEndian.AppendUint32(*m, v)
	}
	return at
}

// panels appends the weights of the panel order, [in][out] row-major, as [panel of 32 outputs][quad of inputs][lane][4
// inputs]: a warp reads 512 bytes in a row, each thread four inputs of its output in one load.
func (m *image) panels(w []float32, in, out int) uint32 {
	quads := whole(in, quad)
	part, at := m.part(4 * whole(out, lanes) * quads * lanes * quad)
	for k := range in {
		for o := range out {
			put(part, ((o/lanes*quads+k/quad)*lanes+o%lanes)*quad+k%quad, w[k*out+o])
		}
	}
	return at
}

// chains appends the weights of the dot order as [output][128 inputs][lane][4], the four being 32 inputs apart: a
// thread reads four inputs of its chain in one load.
func (m *image) chains(w []float32, in, out int) uint32 {
	groups := whole(in, quad*lanes)
	part, at := m.part(4 * out * groups * quad * lanes)
	for k := range in {
		group, rest := k/(quad*lanes), k%(quad*lanes)
		for o := range out {
			put(part, ((o*groups+group)*lanes+rest%lanes)*quad+rest/lanes, w[k*out+o])
		}
	}
	return at
}

// int8Panels appends int8 weights as [panel of 32 outputs][16 inputs][lane][16].
func (m *image) int8Panels(w []int8, in, out int) uint32 {
	chunks := whole(in, int8Chunk)
	part, at := m.part(whole(out, lanes) * chunks * lanes * int8Chunk)
	for k := range in {
		for o := range out {
			part[((o/lanes*chunks+k/int8Chunk)*lanes+o%lanes)*int8Chunk+k%int8Chunk] = byte(w[k*out+o])
		}
	}
	return at
}
