// Package hdf5 reads HDF5 files as h5py and Keras write them: groups, datasets and attributes of
// numbers and text.
//
// An HDF5 file is a tree in pieces. A superblock says where the root group's object header lies; an
// object header is a list of messages, which say what the object is: a group's messages lead to its
// links, a dataset's to its shape, dtype, and where and how its values are stored. Everything leads
// on by addresses, and an address can be anything. Two generations of structures exist side by side:
// files for the earliest readers have symbol tables and version 1 B-trees, those of libver="latest"
// have link messages, fractal heaps, version 2 B-trees and arrays of chunks, all with checksums,
// which are verified. Both are read.
//
// What is not read is refused by name: compound and other dtypes without an equal in NumPy, filters
// other than gzip, shuffle and fletcher32, files spread over several.
//
// A file from a stranger is safe to open. Nothing is allocated before the bytes it comes from are
// known to be there, and a [File] has allowances that follow from its size: how much structure is
// read, how much stored data, and how many bytes of values come out of it. Overlapping blocks,
// cycles and chunks that inflate without end use an allowance up and end in an error. They are meant
// for one pass over a file: whoever reads the same large dataset again and again needs to open the
// file again.
package hdf5
