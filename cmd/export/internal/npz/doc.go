// Package npz reads NumPy's archives of arrays, the .npz that numpy.savez and
// numpy.savez_compressed make.
//
// An .npz is a zip file with one .npy file for each array, named after it. Nothing is ever written
// to disk, so an entry's name is only a name, whatever path it may look like. What is bounded is
// what comes out: a megabyte of zip can hold a gigabyte of zeros.
package npz
