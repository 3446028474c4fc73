// Package metric measures how good a model's answers are, row by row, as they stream past.
//
// A classifier is judged by how often it names the right class ([Classification.Accuracy]), by
// which classes it mixes up (the confusion matrix) and by how much probability it gives to the
// truth: the loss of a row is −ln p, p being the probability of its true class, and the mean over
// the rows is the categorical cross-entropy, for two classes the binary one. The Loss functions
// give a row's loss from probabilities or from logits. The Squared functions give its squared error:
// how far the probabilities are from 1 for the true class and 0 for the others. Its mean is also
// known as the Brier score.
//
// A regression is judged by its errors: their mean square and its root, their mean magnitude, and
// R², the part of the targets' variance that the model explains.
//
// An accumulator takes memory for classes, not for rows, and adds up in float64 with compensation,
// so that the millionth row counts as much as the first. A NaN is not hidden: it makes the means
// that it belongs to NaN.
package metric
