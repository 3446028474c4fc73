package onnx

import (
	"fmt"
	"io"
	"slices"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
	"github.com/edge-infer/edge-infer/format"
)

// Options are what a person may have to say about a file.
type Options struct {
	// Output is the name of the graph's value that becomes the model's output. Empty stands for the
	// graph's only output, or for the probabilities of a classifier beside its label.
	Output string
}

// maxFile bounds the size of a file in bytes, which is read into memory.
const maxFile = source.MaxBytes + 64<<20

// Read reads the ONNX model in r, which is size bytes long. The folder is that of the file, in which
// weights may lie that the model keeps apart; it is empty if there is none.
//
// It returns an error for a file that is no ONNX model, and for a graph that is not a chain of layers
// of a model file: the error then names the first node of the graph that is not understood. Errors
// of the file system are wrapped.
func Read(r io.ReaderAt, size int64, folderPath string, o Options) (*draft.Draft, error) {
	d, err := read(r, size, folderPath, o)
	if err != nil {
		return nil, fmt.Errorf("onnx: %w", err)
	}
	return d, nil
}

func read(r io.ReaderAt, size int64, folderPath string, o Options) (*draft.Draft, error) {
	if size > maxFile {
		return nil, fmt.Errorf("a file of %d bytes: at most %d are read", size, int64(maxFile))
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), data); err != nil {
		return nil, err
	}
	m, err := parseModel(data)
	if err != nil {
		return nil, err
	}
	e := &evaluation{
		model:   m,
		folder:  folder{path: folderPath, taken: map[string]int64{}},
		results: map[string]result{},
		fates:   make([]string, len(m.graph.nodes)),
		budget:  1<<22 + 8*int(min(size, 1<<26)),
	}
	for _, t := range m.graph.initializers {
		e.results[t.name] = result{lazy: t}
	}
	if err := e.begin(); err != nil {
		return nil, err
	}
	e.run()
	v, name, err := e.choose(o.Output)
	if err != nil {
		return nil, err
	}
	return e.draft, e.finish(v, name)
}

// finish writes the chain of the output into the draft.
func (e *evaluation) finish(v *value, name string) error {
	d := e.draft
	if v.truncated {
		return fmt.Errorf("output %.128q is cut to whole numbers, which no layer does", name)
	}
	if v.pair {
		d.Note("output %q has a column for each of two classes: the model gives the second's, which decides between them", name)
	}
	steps := v.chain.steps()
	first := slices.IndexFunc(steps, func(s *step) bool { return !s.prepares() })
	for i, s := range steps {
		list := d.Layers
		if i < first {
			list = d.Preprocessing
		}
		if err := e.spend(s.size()); err != nil {
			return fmt.Errorf("%s: %w", s.nodes[0], err)
		}
		if err := s.add(list); err != nil {
			return fmt.Errorf("%s: %w", s.nodes[0], err)
		}
	}
	d.Model.Source = format.Software{Name: e.model.producer, Version: e.model.producerVersion}
	d.Model.Description = e.model.description
	e.describe(v)
	e.tell(name)
	return d.Finish()
}

// prepares reports whether a step before all others is preprocessing, not yet the model.
func (s *step) prepares() bool {
	return slices.Contains([]string{"add", "subtract", "multiply", "divide", "clip", "normalize", "select", "columns", "one_hot", "polynomial"}, s.op)
}

// tell writes a line for each node. Those that the output does not need have nothing to say.
func (e *evaluation) tell(output string) {
	nodes := e.model.graph.nodes
	needed := map[string]bool{output: true}
	used := make([]bool, len(nodes))
	for i, n := range slices.Backward(nodes) {
		used[i] = slices.ContainsFunc(n.outputs, func(name string) bool { return name != "" && needed[name] })
		for _, name := range n.inputs {
			needed[name] = needed[name] || used[i]
		}
	}
	for i, n := range nodes {
		fate := e.fates[i]
		if !used[i] {
			fate = fmt.Sprintf("nothing: the output %q does not need it", output)
		}
		e.draft.Became(n.String(), "%s", fate)
	}
}
