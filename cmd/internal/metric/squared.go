package metric

import "math"

// SquaredOfProbabilities is the squared error of a row with a probability for each class: the sum
// over the classes of (p − y)², where y is 1 for the true class and 0 for the others.
func SquaredOfProbabilities(p []float32, truth int) float64 {
	total := 0.0
	for class, v := range p {
		total += square(float64(v) - target(class, truth))
	}
	return total
}

// SquaredOfProbability is the squared error of a row with the probability of the second of two
// classes, (p − y)², where y is 1 if that is the true one, else 0.
func SquaredOfProbability(p float32, truth int) float64 {
	return square(float64(p) - target(1, truth))
}

// SquaredOfLogits is SquaredOfProbabilities of softmax(z).
func SquaredOfLogits(z []float32, truth int) float64 {
	greatest, total := softmaxParts(z)
	sum := 0.0
	for class, v := range z {
		sum += square(math.Exp(float64(v)-greatest)/total - target(class, truth))
	}
	return sum
}

// SquaredOfLogit is SquaredOfProbability of sigmoid(z).
func SquaredOfLogit(z float32, truth int) float64 {
	return square(1/(1+math.Exp(-float64(z))) - target(1, truth))
}

// target is what the output for a class should be.
func target(class, truth int) float64 {
	if class == truth {
		return 1
	}
	return 0
}

func square(v float64) float64 { return float64(v * v) }
