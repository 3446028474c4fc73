// Package npy reads and writes NumPy's array file, the .npy that numpy.save makes.
//
// Such a file is a magic string, a version, a short header in the syntax of a Python dict, and then
// the values, one after another with nothing between them:
//
//	\x93NUMPY 1 0 <length> {'descr': '<f4', 'fortran_order': False, 'shape': (150, 4), }\n <values>
//
// The header is a claim and the values are the fact. Nothing is taken from memory because a header
// asks for it: the payload is read in pieces that grow with what has arrived, and an array is
// returned only when the payload is exactly as long as the shape says.
//
// An [Array] keeps its values as they lay in the file, bytes of a stated dtype in C order, and
// decodes them when asked. A float64 file therefore still has its float64 values, and a caller can
// say what rounding them to float32 costs.
//
// Read are versions 1.0, 2.0 and 3.0 with floats of 16, 32 and 64 bits, integers of 8 to 64 bits,
// booleans, and both kinds of strings, in either byte order and either memory order. Anything else
// (Python objects, dates, complex numbers, records) is refused by name.
package npy
