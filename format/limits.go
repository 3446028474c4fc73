package format

// Version is the version of the file format that this package reads and writes.
const Version = 1

// Numerics is the version of the canonical arithmetic (kernels/NUMERICS.md)
// that models are written for.
const Numerics = 1

// Alignment is the alignment, in bytes from the start of the file, of the data
// field's payload and of every tensor in it: one cache line, and the width of
// the widest vector register in use.
const Alignment = 64

// Limits of the format. They are part of it: a file beyond them is invalid.
const (
	MaxFileSize   = 1<<31 - 1 // bytes, so that every offset fits a 32-bit int
	MaxTextSize   = 1 << 16   // bytes in one string
	MaxLayers     = 4096      // in one list of layers; preprocessing and layers count together
	MaxTensors    = 1 << 16   // and groups of a columns layer
	MaxDimensions = 8
	MaxWidth      = 1 << 24   // values in a row, at any layer
	MaxTerms      = 1 << 16   // outputs of a polynomial layer
	MaxDegree     = 16        // of a polynomial layer
	MaxInt8Inputs = 1<<17 - 1 // of a dense layer with weights of i8, whose products are added in int32
)
