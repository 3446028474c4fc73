package metric

import "math"

// Regression accumulates the answers of a regression with one target.
type Regression struct {
	rows     int64
	squared  sum // of the squared errors
	absolute sum // of their magnitudes

	// Mean of the targets and sum of their squared distances from it, kept by Welford's method: the
	// difference of two large sums of squares would lose what R² is about.
	mean   float64
	spread float64
}

// Add counts a row with the target truth, for which the model said predicted.
func (r *Regression) Add(truth, predicted float64) {
	r.rows++
	e := predicted - truth
	r.squared.add(float64(e * e))
	r.absolute.add(math.Abs(e))
	d := truth - r.mean
	r.mean += d / float64(r.rows)
	r.spread += float64(d * (truth - r.mean))
}

// Rows is the number of rows.
func (r *Regression) Rows() int64 { return r.rows }

// MeanSquared is the mean squared error, NaN without rows.
func (r *Regression) MeanSquared() float64 { return r.squared.value() / float64(r.rows) }

// RootMeanSquared is the root of the mean squared error, in the target's unit.
func (r *Regression) RootMeanSquared() float64 { return math.Sqrt(r.MeanSquared()) }

// MeanAbsolute is the mean magnitude of the errors, in the target's unit, NaN without rows.
func (r *Regression) MeanAbsolute() float64 { return r.absolute.value() / float64(r.rows) }

// R2 is 1 − Σ(error²) / Σ((target − mean target)²): 1 for a perfect model, 0 for one that always
// says the mean, less for a worse one. It is NaN where all targets are equal.
func (r *Regression) R2() float64 {
	if r.spread == 0 {
		return math.NaN()
	}
	return 1 - r.squared.value()/r.spread
}
