package runtime

import (
	"fmt"
)

// SparseRows is a batch of rows given by the elements that are present, in
// compressed sparse rows as SciPy's csr_matrix has them. An absent element is +0.
type SparseRows struct {
	Offsets []int32   // [rows + 1]: row r is elements Offsets[r] to Offsets[r+1]; the first is 0, the last counts all
	Columns []int32   // [elements], ascending within a row
	Values  []float32 // [elements]
}

// RunSparse is Run for rows that are mostly zeros, such as words counted or
// categories one-hot. It gives the same bits. Where the first step of the model is
// a dense layer of finite f32 or f16 weights, that layer takes time in proportion
// to the elements; other models get each row made dense.
//
// dst is [rows][Outputs]. The first call of a session prepares for it; later ones
// do not allocate. An error names the row that is at fault, and means that nothing
// was written.
func (s *Session) RunSparse(dst []float32, src SparseRows) error {
	rows, err := src.check(s.plan.inputs)
	if err != nil {
		return err
	}
	if out := s.plan.outputs; int64(len(dst)) != int64(rows)*int64(out) {
		return fmt.Errorf("runtime: room for %d results: %d sparse rows give %d each", len(dst), rows, out)
	}
	if s.sparse == nil {
		s.sparse = newSparsePath(s.plan)
	}
	if s.sparse.direct {
		s.run(&batch{dst: dst, sparse: src, rows: rows})
	} else {
		s.runScattered(dst, src, rows)
	}
	return nil
}

// row returns the elements of one row.
func (x SparseRows) row(r int) (columns []int32, values []float32) {
	first, end := x.Offsets[r], x.Offsets[r+1]
	return x.Columns[first:end], x.Values[first:end]
}

// check returns the number of rows, if all of them fit a model of so many inputs.
func (x SparseRows) check(inputs int) (int, error) {
	rows, elements := len(x.Offsets)-1, len(x.Columns)
	switch {
	case rows < 0:
		return 0, fmt.Errorf("runtime: sparse rows without offsets: one more than there are rows expected")
	case len(x.Values) != elements:
		return 0, fmt.Errorf("runtime: sparse rows of %d columns and %d values: one value for each column expected", elements, len(x.Values))
	case x.Offsets[0] != 0:
		return 0, fmt.Errorf("runtime: sparse row 0 starts at element %d: 0 expected", x.Offsets[0])
	case int(x.Offsets[rows]) != elements:
		return 0, fmt.Errorf("runtime: %d sparse rows end at element %d: there are %d", rows, x.Offsets[rows], elements)
	}
	for r := range rows {
		first, end := x.Offsets[r], x.Offsets[r+1]
		if end < first || int(end) > elements {
			return 0, fmt.Errorf("runtime: sparse row %d is elements %d to %d: an end from %d to %d expected", r, first, end, first, elements)
		}
		before := int32(-1)
		for _, column := range x.Columns[first:end] {
			if column <= before || int(column) >= inputs {
				return 0, columnError(r, column, before, inputs)
			}
			before = column
		}
	}
	return rows, nil
}

func columnError(row int, column, before int32, inputs int) error {
	if column < 0 || int(column) >= inputs {
		return fmt.Errorf("runtime: sparse row %d: column %d: the model takes columns 0 to %d", row, column, inputs-1)
	}
	return fmt.Errorf("runtime: sparse row %d: column %d follows %d: they must ascend", row, column, before)
}

// A sparsePath is how a session takes sparse rows.
type sparsePath struct {
	direct    bool      // the first step takes them
	scattered []float32 // [rows of a chunk][inputs], all zeros between calls; nil if direct
}

// newSparsePath looks at every weight of the first step, or takes memory for dense
// rows, as little as an arena's.
func newSparsePath(p *plan) *sparsePath {
	// No later step reads the input: the first one is not in a group of columns,
	// since those begin with a select.
	if first := &p.steps[0]; first.op == opDense && first.dense.Finite() {
		return &sparsePath{direct: true}
	}
	rows := min(max(arenaBytes/(4*p.inputs), 1), chunkRows)
	return &sparsePath{scattered: make([]float32, rows*p.inputs)}
}

// sparseChunk runs sparse rows that the arena can hold, the first step row by row.
func (a *arena) sparseChunk(dst []float32, src SparseRows, rows int, pl *pool) {
	first := &a.plan.steps[0]
	y := dst
	if first.dst != output {
		y = a.buffers[first.dst]
	}
	for r := range rows {
		columns, values := src.row(r)
		first.dense.RunSparse(y[r*first.out:][:first.out], columns, values, first.relu)
	}
	a.walk(1, dst, nil, rows, pl)
}

// runScattered makes rows dense, as many at a time as there is room for, and runs
// those. Afterwards it clears only what it wrote.
func (s *Session) runScattered(dst []float32, src SparseRows, rows int) {
	in, out, dense := s.plan.inputs, s.plan.outputs, s.sparse.scattered
	for first := 0; first < rows; first += len(dense) / in {
		n := min(len(dense)/in, rows-first)
		for r := range n {
			columns, values := src.row(first + r)
			for i, column := range columns {
				dense[r*in+int(column)] = values[i]
			}
		}
		s.run(&batch{dst: dst[first*out:][:n*out], src: dense[:n*in], rows: n})
		for r := range n {
			columns, _ := src.row(first + r)
			for _, column := range columns {
				dense[r*in+int(column)] = 0
			}
		}
	}
}
