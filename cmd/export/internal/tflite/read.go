package tflite

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
	"github.com/edge-infer/edge-infer/format"
)

// Is tells from the first bytes of a file, of which eight are enough, whether it is of this kind.
func Is(head []byte) bool { return len(head) >= 8 && string(head[4:8]) == "TFL3" }

// Read reads the model in r, which is size bytes long, and returns its first subgraph as a chain of
// layers. An operator that has no equal here, or that makes the graph more than a chain, is an error
// that names it by its index and its name in the schema.
func Read(r io.ReaderAt, size int64) (*draft.Draft, error) {
	data, err := load(r, size)
	if err != nil {
		return nil, fmt.Errorf("tflite: %w", err)
	}
	f := &flatbuffer{data: data}
	d, err := read(f)
	if f.err != nil {
		err = fmt.Errorf("the file is damaged: %w", f.err) // whatever else was found is because of it
	}
	if err != nil {
		return nil, fmt.Errorf("tflite: %w", err)
	}
	return d, nil
}

func load(r io.ReaderAt, size int64) ([]byte, error) {
	if size < 8 || size > source.MaxBytes {
		return nil, fmt.Errorf("a file of %d bytes: from 8 to %d are read", size, source.MaxBytes)
	}
	// Memory is taken once the last byte is seen to be there.
	if _, err := io.ReadFull(io.NewSectionReader(r, size-1, 1), make([]byte, 1)); err != nil {
		return nil, fmt.Errorf("the file ends before its %d bytes: %w", size, err)
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), data); err != nil {
		return nil, err
	}
	return data, nil
}

func read(f *flatbuffer) (*draft.Draft, error) {
	if !Is(f.data) {
		return nil, fmt.Errorf("no TFL3 at byte 4 but %q: it is no TensorFlow Lite model", bytes.ToValidUTF8(f.data[4:8], []byte("?")))
	}
	g, err := newGraph(f)
	if err != nil {
		return nil, err
	}
	chain, err := g.chain()
	if err != nil {
		return nil, err
	}
	c := &converter{graph: g}
	if c.draft, err = g.begin(); err != nil {
		return nil, err
	}
	fates, err := c.layers(chain)
	if err != nil {
		return nil, err
	}
	c.fates(fates)
	c.describe()
	c.explain()
	if f.err != nil {
		return nil, f.err
	}
	return c.draft, c.draft.Finish()
}

// begin makes an empty draft for the graph's input.
func (g *graph) begin() (*draft.Draft, error) {
	in := g.tensor(g.input)
	shape, err := in.dims()
	if err != nil {
		return nil, err
	}
	switch {
	case len(shape) > 1: // the first dimension counts rows
		shape = shape[1:]
	case len(shape) == 0 || shape[0] < 0: // a column of numbers
		shape = []int{1}
	}
	if slices.ContainsFunc(shape, func(n int) bool { return n < 0 }) {
		return nil, fmt.Errorf("its input is open in more than the number of rows: convert the model with rows of a fixed shape, not %v", shape)
	}
	d, err := draft.New(shape...)
	if err != nil {
		return nil, err
	}
	if !in.real() && !in.elements.whole() {
		return nil, fmt.Errorf("its input has elements of %v: float32, quantised or whole numbers are read", in.elements)
	}
	if in.elements == uint8Type && in.scales.len == 0 {
		d.Model.Input.DType = format.U8
	}
	if len(shape) == 3 && shape[2] == 1 {
		d.Model.Input.Layout = format.HWCGray
	}
	return d, nil
}

// layers appends the layers of a chain, and returns what became of the operators in it.
func (c *converter) layers(chain []step) (map[int]string, error) {
	fates := map[int]string{}
	for _, s := range chain {
		became, err := c.apply(s)
		if err != nil {
			return nil, fmt.Errorf("%v: %w", s.last, err)
		}
		for _, o := range s.merged {
			fates[o.index] = fmt.Sprintf("part of %s, which is operator %d as a whole", became, s.last.index)
		}
		fates[s.last.index] = became
	}
	return fates, nil
}

// fates writes down what became of every operator, in the order of the file.
func (c *converter) fates(known map[int]string) {
	for i := range c.operators.len {
		o := c.operator(i)
		name := o.code.String()
		if o.code == opCustom {
			name = o.custom
		}
		became, ok := known[i]
		switch {
		case ok:
		case o.outputs.len > 0 && !c.varies[o.outputs.int32(0)]:
			became = "nothing: a constant, computed here"
		default:
			became = "nothing: it computes a shape, or what the output does not depend on"
		}
		label := ""
		if o.outputs.len > 0 {
			label = c.tensor(o.outputs.int32(0)).label()
		}
		c.draft.Became(fmt.Sprintf("%d: %s%s", i, name, label), "%s", became)
	}
}
