// Package arch reads and writes the short language in which a person says what a file of weights
// does not: which layers there are, and in which order.
//
//	dense,relu,dense,softmax
//	dense(W1,b1),leaky_relu(0.01),dense(W2),softmax
//	subtract(mean),divide(std),normalize(l2),dense,threshold(>=0)
//
// A layer is a word, and its parameters stand in parentheses behind it. Names of tensors are
// parameters too: a layer that has them says which tensors are its own, and a bare dense or prelu
// leaves that to whoever has the tensors at hand. Nothing has a hidden default, because frameworks
// differ in theirs: leaky_relu without a slope is an error.
//
// The result is the list of layers of package format that it describes, with empty names where the
// text gives none. One-hot columns and groups of columns are left to the JSON form of a model: they
// need more structure than fits into a line.
package arch
