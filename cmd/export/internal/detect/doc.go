// Package detect opens a trained file, whatever it is called, and finds out from its first bytes
// what it is.
//
// There are two sorts of files. Most hold named tensors and no architecture: .npz, .safetensors, a
// folder of .npy files. Some describe a whole model: the JSON form of package jsonmodel. A [File]
// holds the one or the other, and so does whatever another importer will make of its files.
package detect
