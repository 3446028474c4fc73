// Package assemble puts a model together from what two parties know: a file of weights, which holds
// named arrays, and a person, who says which layers they belong to.
//
// The names people give to weights follow few customs: W1 and b1, fc1.weight and fc1.bias,
// coefs_0 and intercepts_0. A name is taken apart into words and numbers; one word tells the role
// (weight, bias, slope), and the rest tells the layer. Layers stand in the order of their numbers.
// Where the customs do not reach, the architecture names its tensors: dense(m,v).
//
// Two things are decided by shapes, checked by the rules of package format and reported, never
// guessed: in which order layers of different names stand (hidden, head), and whether matrices are
// [inputs, outputs] as NumPy and Keras have them or [outputs, inputs] as PyTorch has them. A name's
// custom comes first; shapes that contradict it win; shapes that leave both open where there is no
// custom are an error, which says the flag to write. Shapes are followed through every order that
// is possible; values are converted for the one that fits.
//
// A tensor too many is an error, and so is a bias too few: one that a layer lacks and others have.
//
// Errors about tensors list them as the file has them, because whoever reads one usually sees
// the inside of the file for the first time.
package assemble
