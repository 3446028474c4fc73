package cuda

import (
	"encoding/binary"
	"math"
)

// A record is one step as the kernels read it: source/step.h has the same fields in the same order, 64 bytes in all.
type record struct {
	op       uint32
	in, out  uint32 // values in a row before and after
	src, dst uint32 // where they lie in a row's frame, in floats
	scratch  uint32 // where the step may write in a row's frame
	alpha    float32
	beta     float32
	weights  uint32 // in the image, in 16 bytes: packed weights, operands, columns, categories or terms
	bias     uint32
	scale    uint32
	chain    uint32 // how many elementwise steps follow that act on each result
	operands uint32 // values of an operand: out, or 1 for all; of stepPlace the first column
	parallel uint32 // dense: whether the blocks of a sum are computed at once
	bytes    uint32 // whether the source of the launch holds bytes
	frame    uint32 // stepRows: floats of a row's frame
}

const (
	recordBytes = 64
	imageUnit   = 16 // what offsets into the image count
)

// What a step does: a kernels.Func, or one of these.
const (
	stepEnd          = 0
	stepArithmetic   = 32 // + a kernels.Arithmetic
	stepPReLU        = 40
	stepSoftmax      = 41
	stepNormalize    = 41 // + a kernels.Norm
	stepArgMax       = 45
	stepSelect       = 46
	stepOneHot       = 47
	stepPolynomial   = 48
	stepPlace        = 49
	stepElements     = 50
	stepDensePanel   = 51
	stepDenseDot     = 52
	stepDenseInt8    = 53
	stepRows         = 54
	lanes            = 32  // of a warp, of the dot order, and of a panel of packed weights
	panelBlock       = 128 // inputs of a block in panel order
	quad             = 4   // values of a wide load; rows are padded to whole quads
	sums             = lanes + 1
	int8Chunk        = 16 // int8 weights of a wide load
	panelsAtOnce     = 64 // blocks of inputs whose sums dense_panel_f32 holds at once
	tileRows         = 64 // of dense_tile_f32
	tileOutputs      = 128
	tileInputs       = 32
	mostWarps        = 8 // of a block; the PTX promises no more than 256 threads
	mostRowsPerBlock = 8
)

// append writes the record behind b.
func (r *record) append(b []byte) []byte {
	for _, v := range [...]uint32{r.op, r.in, r.out, r.src, r.dst, r.scratch, math.Float32bits(r.alpha), math.Float32bits(r.beta),
		r.weights, r.bias, r.scale, r.chain, r.operands, r.parallel, r.bytes, r.frame} {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return b
}

// padded is n rounded up to whole quads, whole how many parts of a size hold n.
func padded(n int) int    { return whole(n, quad) * quad }
func whole(n, of int) int { return (n + of - 1) / of }
