package main

import (
	"github.com/edge-infer/edge-infer/cmd/internal/table"
	"github.com/edge-infer/edge-infer/cmd/internal/words"
	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

// rows are the rows of an input, a batch at a time, and a session that runs them.
type rows interface {
	table.Remarks

	// run reads and runs the next rows, at most so many, and returns their number as
	// table.Reader.Read does. It fills outputs, and labels if labels are wanted.
	run(rows int, outputs []float32, labels []table.Label) (int, error)

	// nanRows is the number of rows that held a NaN, so far.
	nanRows() int64
}

// session is what rows are run on.
type session interface {
	Inputs() int
	Outputs() int
	Run(dst, src []float32) error
	RunSparse(dst []float32, src runtime.SparseRows) error
}

// newRows returns the rows of an input. The label names their column of labels, if that is wanted.
// The vocabulary is nil where no words are counted.
func newRows(m *format.Model, s session, in *input, label string) (r rows, vocabulary *words.Counter, err error) {
	flags := in.flags
	opts := table.ReadOptions{
		Width:      s.Inputs(),
		Features:   m.Input.Features,
		Label:      label,
		Pixels:     m.Input.DType == format.U8,
		FirstIndex: flags.first.FirstIndex,
		TextColumn: flags.text,
	}
	if in.texts() {
		opts.Words = words.New(m.Input.Features)
	}
	if !in.sparse() {
		reader, err := table.NewReader(in, in.name, in.format, opts)
		return &denseRows{Reader: reader, session: s}, nil, err
	}
	var reader table.SparseReader
	if in.format == table.Document {
		reader, err = table.NewDocumentReader(flags.names, in.openDocument, opts)
	} else {
		reader, err = table.NewSparseReader(in, in.name, in.format, opts)
	}
	return &sparseRows{SparseReader: reader, session: s}, opts.Words, err
}

// denseRows are rows that give every value.
type denseRows struct {
	table.Reader
	session session
	values  []float32
	nans    int64 // rows with one
}

func (d *denseRows) nanRows() int64 { return d.nans }

func (d *denseRows) run(rows int, outputs []float32, labels []table.Label) (int, error) {
	in, out := d.session.Inputs(), d.session.Outputs()
	rows = min(rows, max(1, maxBatchValues/in))
	if len(d.values) < rows*in {
		d.values = make([]float32, rows*in)
	}
	before := d.NaNs()
	n, err := d.Read(d.values[:rows*in], labels)
	values := d.values[:n*in]
	if d.NaNs() > before {
		for row := range n {
			d.nans += oneIfNaN(values[row*in:][:in])
		}
	}
	if n > 0 {
		if failed := d.session.Run(outputs[:n*out], values); failed != nil {
			return 0, failed
		}
	}
	return n, err
}

// sparseRows are rows that give the values that are not 0.
type sparseRows struct {
	table.SparseReader
	session session
	batch   table.Sparse
	nans    int64 // rows with one
}

func (s *sparseRows) nanRows() int64 { return s.nans }

func (s *sparseRows) run(rows int, outputs []float32, labels []table.Label) (int, error) {
	before := s.NaNs()
	n, err := s.ReadSparse(&s.batch, rows, labels)
	if s.NaNs() > before {
		for row := range n {
			_, values := s.batch.Row(row)
			s.nans += oneIfNaN(values)
		}
	}
	if n > 0 {
		if failed := s.session.RunSparse(outputs[:n*s.session.Outputs()], runtime.SparseRows(s.batch)); failed != nil {
			return 0, failed
		}
	}
	return n, err
}

// oneIfNaN returns 1 if a NaN is among the values, else 0.
func oneIfNaN(values []float32) int64 {
	for _, v := range values {
		if v != v {
			return 1
		}
	}
	return 0
}
