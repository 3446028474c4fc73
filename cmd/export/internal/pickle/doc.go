// Package pickle reads Python's pickles, protocols 0 to 5, and executes nothing.
//
// A pickle is a program for a small stack machine. Python runs it, and among its instructions is one
// that imports any function and one that calls it: whoever writes a pickle decides what its reader's
// machine does. Here the instructions build values only. A class or function is its name, a
// [*Global]; a call or an object is a [*Record], which holds the name, the arguments and the state
// that it was given; and what they mean is for the caller to say. The caller also says which names
// may occur at all, exactly; any other ends the reading with a [*ClassError], which tells the name.
//
// Python's own values become
//
//	None                bool    int               float    str     bytes, bytearray
//	nil                 bool    int64, *big.Int   float64  string  []byte
//
//	list    tuple   dict, OrderedDict   set, frozenset   persistent id
//	*List   Tuple   *Dict               *Set             *Persistent
//
// Values may hold themselves and may be shared: whoever walks them limits the depth and the number
// of steps. [Array], [Objects] and [Scalar] read what NumPy writes.
//
// Every length is held against the bytes that are left before memory is taken, and memory grows with
// the bytes that arrive. Instructions are counted, and so is what they build.
package pickle
