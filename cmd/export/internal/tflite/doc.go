// Package tflite reads TensorFlow Lite models, which LiteRT runs under the same name.
//
// A .tflite file is a flatbuffer: tables that point at each other with offsets, laid out to be used
// where they lie. It holds a graph, operators that read tensors and write tensors, and the buffers
// of those tensors that are constant. This package walks from the graph's output back to its input.
// What lies on the way must be a chain, each operator taking the rows of the one before it and
// constants; the chain, turned round, is the list of layers.
//
// Three things in such files are no layers and are seen through:
//
//   - functions that a converter wrote as several operators, such as x·sigmoid(x) for silu: the
//     idioms of idiom.go;
//   - the arithmetic on shapes that ends in the target of a RESHAPE: a row's values keep their
//     order whatever the target, so it need not be known;
//   - quantisation. Weights of int8 become the real numbers that they stand for. The activations of
//     such a model stay real numbers too, where the source rounds them to 8 bits at every step, so
//     the two agree to within that quantisation's step and not beyond; a note says so.
//
// The file is hostile until proved otherwise: every offset, count and size is held against the bytes
// that are there before it is used, an operator may only read what earlier ones wrote, and the
// values decoded are bounded by the size of the file.
package tflite
