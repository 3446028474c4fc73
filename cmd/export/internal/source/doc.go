// Package source holds what the readers of weight files have in common: named arrays.
//
// An .npz and a .safetensors file say nothing of layers. They are lists of arrays with names, and a
// reader's whole work is to return the arrays, in the order of the file, and to refuse a file that
// is not what it claims. What the names mean is for the exporter, and so for its user, to say.
package source
