// Package joblib reads the files of Python's joblib, and plain pickles as well.
//
// A file of joblib is a pickle in which each array is cut out: in its place stands a small object
// that tells dtype, shape and order, and right behind that object, in the midst of the pickle, lie
// the array's bytes. An array of Python objects follows as a whole pickle of its own. The file may be
// compressed as a whole, by zlib, gzip, bzip2, lz4, xz or lzma; which it is shows in its first bytes.
//
// Nothing is executed: package pickle makes inert records of all but the arrays, which become
// *npy.Array. A compressed file says nothing reliable of its size, so what it may grow to is limited
// by its own length: a megabyte that unpacks to a gigabyte is more likely made to fill memory.
package joblib
