package sklearn

import (
	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
	"github.com/edge-infer/edge-infer/format"
)

// tfidf writes a TfidfTransformer: counts times what each word weighs, divided by the row's norm.
func (w *writer) tfidf(l *draft.List, e estimator) error {
	if e.flag("sublinear_tf") {
		return e.errorf("sublinear_tf: there is no layer for logarithms of counts: fit it with sublinear_tf=False")
	}
	idf, err := e.idf()
	if err != nil {
		return err
	}
	became := ""
	if idf != nil {
		if err := l.Affine(e.name, format.Multiply, idf); err != nil {
			return e.errorf("idf_: %w", err)
		}
		became = ", multiply"
	}
	if e.has("norm") {
		norm := format.Norm(e.text("norm"))
		if norm != format.L1 && norm != format.L2 {
			return e.missing("norm", "l1, l2 or None")
		}
		if err := l.Add(&format.Normalize{Norm: norm}); err != nil {
			return e.errorf("%w", err)
		}
		became += ", normalize(" + string(norm) + ")"
	}
	if became == "" {
		became = ", nothing: neither weighted nor normalised"
	}
	w.Became(e.String(), "%s", became[2:])
	return nil
}

// idf returns what each word weighs, or nil if all weigh the same. Before 1.5 the weights were the
// diagonal of a sparse matrix.
func (e estimator) idf() ([]float64, error) {
	if e.has("idf_") {
		return e.vector("idf_")
	}
	if !e.flag("use_idf") {
		return nil, nil
	}
	record, ok := e.get("_idf_diag").(*pickle.Record)
	if !ok || !isSparse(record) {
		return nil, e.missing("idf_", "an array")
	}
	matrix := estimator{e.reading, record, e.name}
	var parts [3][]float64
	for i, attribute := range []string{"data", "indices", "indptr"} {
		var err error
		if parts[i], err = matrix.vector(attribute); err != nil {
			return nil, err
		}
	}
	data, columns, rows := parts[0], parts[1], parts[2]
	full := len(columns) == len(data) && len(rows) == len(data)+1
	for i := 0; full && i < len(data); i++ {
		full = columns[i] == float64(i) && rows[i] == float64(i)
	}
	if !full {
		return nil, e.errorf("_idf_diag: a diagonal without zeros is read")
	}
	return data, nil
}
