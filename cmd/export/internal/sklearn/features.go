package sklearn

import (
	"math"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
	"github.com/edge-infer/edge-infer/format"
)

// polynomial writes PolynomialFeatures. If degrees do not begin at 1, the terms of lower ones are
// computed and left out.
func (w *writer) polynomial(l *draft.List, e estimator) error {
	least, most, err := e.degrees()
	if err != nil {
		return err
	}
	p := &format.Polynomial{Degree: most, InteractionOnly: e.flag("interaction_only"), Bias: e.flag("include_bias")}
	in := l.Width()
	if err := l.Add(p); err != nil {
		return e.errorf("%w", err)
	}
	if least > 1 {
		if err := e.spend(4 * l.Width()); err != nil {
			return e.errorf("%w", err)
		}
		var kept []int
		for i, term := range p.Terms(in) {
			if len(term) == 0 || len(term) >= least {
				kept = append(kept, i)
			}
		}
		if err := l.Add(&format.Select{Columns: kept}); err != nil {
			return e.errorf("%w", err)
		}
	}
	w.Became(e.String(), "polynomial, %d terms of %d columns", l.Width(), in)
	return nil
}

// degrees returns the least and the greatest degree.
func (e estimator) degrees() (least, most int, err error) {
	limits, ok := elements(e.get("degree"))
	if !ok {
		limits = []any{int64(0), e.scalar("degree")}
	}
	if len(limits) == 2 {
		low, ok1 := pickle.Scalar(limits[0]).(int64)
		high, ok2 := pickle.Scalar(limits[1]).(int64)
		if ok1 && ok2 && low >= 0 && low <= high && high <= format.MaxDegree {
			return int(low), int(high), nil
		}
	}
	return 0, 0, e.missing("degree", "a number of at most 16, or a pair")
}

// projection writes a projection on components: those of PCA on centred columns, and whitened if so
// fitted.
func (w *writer) projection(l *draft.List, e estimator) error {
	components, err := e.matrix("components_", e.get("components_"))
	if err != nil {
		return err
	}
	became := "dense"
	if e.class() != "TruncatedSVD" && e.has("mean_") {
		mean, err := e.vector("mean_")
		if err != nil {
			return err
		}
		if err := l.Affine(e.name, format.Subtract, mean); err != nil {
			return e.errorf("mean_: %w", err)
		}
		became = "subtract, dense"
	}
	if err := l.Dense(e.name, components.Transposed(), nil); err != nil {
		return e.errorf("components_: %w", err)
	}
	if e.flag("whiten") {
		scale, err := e.vector("explained_variance_")
		if err != nil {
			return err
		}
		const least = 0x1p-52 // as scikit-learn has it, lest a component without variance blow up
		for i, v := range scale {
			scale[i] = max(math.Sqrt(v), least)
		}
		if err := l.Affine(e.name, format.Divide, scale); err != nil {
			return e.errorf("explained_variance_: %w", err)
		}
		became += ", divide"
	}
	w.Became(e.String(), "%s", became)
	return nil
}

// discriminants writes the projection of a LinearDiscriminantAnalysis that comes before a model.
func (w *writer) discriminants(l *draft.List, e estimator) error {
	solver := e.text("solver")
	if solver != "svd" && solver != "eigen" {
		return e.errorf("solver %q has no transformation", solver)
	}
	scalings, err := e.matrix("scalings_", e.get("scalings_"))
	if err != nil {
		return err
	}
	most, err := e.number("_max_components")
	if err != nil {
		return err
	}
	if solver == "svd" {
		centre, err := e.vector("xbar_")
		if err != nil {
			return err
		}
		if err := l.Affine(e.name, format.Subtract, centre); err != nil {
			return e.errorf("xbar_: %w", err)
		}
	}
	// A column a component; those beyond the number asked for are left out.
	kept := scalings.Columns
	if most < float64(kept) {
		kept = int(max(most, 0))
	}
	narrow := draft.Matrix{Rows: scalings.Rows, Columns: kept}
	for row := range scalings.Rows {
		narrow.Values = append(narrow.Values, scalings.Values[row*scalings.Columns:][:kept]...)
	}
	if err := l.Dense(e.name, narrow, nil); err != nil {
		return e.errorf("scalings_: %w", err)
	}
	w.Became(e.String(), "a projection on %d discriminants", kept)
	return nil
}
