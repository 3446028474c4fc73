package sklearn

import (
	"cmp"
	"math"
	"slices"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/format"
)

// selection writes the columns that a feature selection keeps.
func (w *writer) selection(l *draft.List, e estimator) error {
	kept, err := e.support()
	if err != nil {
		return err
	}
	if len(kept) != l.Width() {
		return e.errorf("a selection among %d columns where there are %d", len(kept), l.Width())
	}
	var columns []int
	for i, keep := range kept {
		if keep {
			columns = append(columns, i)
		}
	}
	w.Became(e.String(), "select, %d of %d columns", len(columns), len(kept))
	if len(columns) == len(kept) {
		return nil
	}
	if err := l.Add(&format.Select{Columns: columns}); err != nil {
		return e.errorf("%w", err)
	}
	return nil
}

// support returns for each column whether it is kept. Most selections store what they were decided
// by, and decide anew whenever they are used.
func (e estimator) support() ([]bool, error) {
	switch e.class() {
	case "VarianceThreshold":
		return e.compared("variances_", "threshold", func(variance, threshold float64) bool { return variance > threshold })
	case "SelectFpr":
		return e.compared("pvalues_", "alpha", func(p, alpha float64) bool { return p < alpha })
	case "SelectFwe":
		p, err := e.vector("pvalues_")
		if err != nil {
			return nil, err
		}
		return e.compared("pvalues_", "alpha", func(v, alpha float64) bool { return v < alpha/float64(len(p)) })
	case "SelectKBest":
		return e.best()
	case "SelectPercentile":
		return e.percentile()
	}
	support, err := e.vector("support_") // RFE, RFECV, SequentialFeatureSelector
	if err != nil {
		return nil, err
	}
	return where(support, func(v float64) bool { return v != 0 }), nil
}

// compared holds learned values against a parameter.
func (e estimator) compared(values, parameter string, keep func(value, parameter float64) bool) ([]bool, error) {
	v, err := e.vector(values)
	if err != nil {
		return nil, err
	}
	p, err := e.number(parameter)
	if err != nil {
		return nil, err
	}
	return where(v, func(v float64) bool { return keep(v, p) }), nil
}

func where(values []float64, keep func(float64) bool) []bool {
	kept := make([]bool, len(values))
	for i, v := range values {
		kept[i] = keep(v)
	}
	return kept
}

// scores returns what columns were judged by; a NaN counts as the lowest.
func (e estimator) scores() ([]float64, error) {
	scores, err := e.vector("scores_")
	for i, s := range scores {
		if math.IsNaN(s) {
			scores[i] = -math.MaxFloat64
		}
	}
	return scores, err
}

// best keeps the k highest scores; of equal ones the later columns.
func (e estimator) best() ([]bool, error) {
	scores, err := e.scores()
	if err != nil {
		return nil, err
	}
	kept := make([]bool, len(scores))
	k := len(scores)
	if e.text("k") != "all" {
		n, err := e.number("k")
		if err != nil {
			return nil, err
		}
		if !(n >= 0) {
			return nil, e.missing("k", "a number from 0")
		}
		k = int(min(n, float64(k)))
	}
	order := all(len(scores))
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[a], scores[b]) })
	for _, column := range order[len(order)-k:] {
		kept[column] = true
	}
	return kept, nil
}

// percentile keeps the scores above a percentile, which lies between two of them, and of those
// equal to it the first few.
func (e estimator) percentile() ([]bool, error) {
	scores, err := e.scores()
	if err != nil {
		return nil, err
	}
	p, err := e.number("percentile")
	switch {
	case err != nil:
		return nil, err
	case p == 0 || p == 100 || len(scores) == 0:
		return where(scores, func(float64) bool { return p == 100 }), nil
	case !(p > 0 && p < 100):
		return nil, e.missing("percentile", "a number from 0 to 100")
	}
	sorted := slices.Sorted(slices.Values(scores))
	place := float64((100 - p) / 100 * float64(len(sorted)-1))
	low := int(place)
	threshold := between(sorted[low], sorted[min(low+1, len(sorted)-1)], place-float64(low))
	kept := where(scores, func(s float64) bool { return s > threshold })
	left := int(float64(len(scores))*p/100) - count(kept)
	for i, s := range scores {
		if s == threshold && left > 0 {
			kept[i] = true
			left--
		}
	}
	return kept, nil
}

// between interpolates as NumPy does, from the nearer end.
func between(a, b, t float64) float64 {
	if t >= 0.5 {
		return b - float64((b-a)*(1-t))
	}
	return a + float64((b-a)*t)
}
