// Package detect opens a trained file, whatever it is called, and finds out from its content what
// it is.
//
// There are two sorts of files. Some hold named tensors and no architecture: .npz, .safetensors, a
// folder of .npy files, a state_dict of PyTorch, weights of Keras. The others describe a whole model:
// the JSON form of package jsonmodel, a Sequential, a pipeline, a graph. A [File] holds the one or
// the other.
package detect
