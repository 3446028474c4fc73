// Package onnx reads ONNX models: networks as PyTorch, Keras and others export them, and the linear
// models and perceptrons that skl2onnx writes with the operators of ai.onnx.ml.
//
// An ONNX file is a protobuf message with a graph: named tensors, and nodes that compute some from
// others. Nothing in it says "layer". The reader runs the graph once, with descriptions in the
// place of numbers. A tensor that does not depend on the input has its values, and nodes that take
// only such tensors are computed at once. A tensor that does depend on it has a chain: the steps,
// dense or relu or multiply, that lead to it from an input row.
//
// Most nodes append a step to the chain of what they take, or change nothing about a row at all, as
// a Flatten or a Dropout. Where two chains meet, in a Mul or a Concat, the reader looks at the last
// tensor that they share and at the steps that each has taken since. Either they are a pattern in
// which exporters write one function, such as x·sigmoid(x), or columns that were treated apart and
// are laid side by side, or the node is refused by name.
//
// A node that is not understood is an error only if the output depends on it. The chain of the
// output becomes the model; the labels of its classes may come from another output's chain.
package onnx
