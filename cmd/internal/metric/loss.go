package metric

import "math"

// Epsilon is how near to 0 and to 1 a probability is taken: a certain answer that is wrong would
// cost an infinite loss, and drown every other row. scikit-learn's log_loss takes the same for
// probabilities in float64.
const Epsilon = 0x1p-52

// LossOfProbabilities is the loss of a row with a probability for each class: −ln of the true
// class's, which is taken as it is, whatever the others add up to, limited to
// [Epsilon, 1 − Epsilon].
func LossOfProbabilities(p []float32, truth int) float64 {
	return lossOf(float64(p[truth]))
}

// LossOfProbability is the loss of a row with the probability of the second of two classes.
func LossOfProbability(p float32, truth int) float64 {
	if truth == 0 {
		return lossOf(1 - float64(p))
	}
	return lossOf(float64(p))
}

func lossOf(p float64) float64 {
	return -math.Log(min(max(p, Epsilon), 1-Epsilon)) // min and max keep a NaN
}

// LossOfLogits is the loss of a row with a logit for each class, −ln softmax(z) of the true one.
// It is computed without the probability in between, and so needs no limit.
func LossOfLogits(z []float32, truth int) float64 {
	greatest, total := softmaxParts(z)
	return math.Log(total) + (greatest - float64(z[truth]))
}

// softmaxParts returns the greatest logit, and the sum of exp(z − greatest), which cannot overflow.
func softmaxParts(z []float32) (greatest, total float64) {
	greatest = math.Inf(-1)
	for _, v := range z {
		greatest = max(greatest, float64(v))
	}
	for _, v := range z {
		total += math.Exp(float64(v) - greatest)
	}
	return greatest, total
}

// LossOfLogit is the loss of a row with one logit, −ln sigmoid(z) if the second of two classes is
// the true one, else −ln sigmoid(−z).
func LossOfLogit(z float32, truth int) float64 {
	x := float64(z)
	if truth == 0 {
		x = -x
	}
	// −ln sigmoid(x) = ln(1 + exp(−x)), with an exponent that cannot overflow.
	return max(-x, 0) + math.Log1p(math.Exp(-math.Abs(x)))
}
