package torch

import (
	"errors"
	"fmt"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
	"github.com/edge-infer/edge-infer/cmd/internal/npy"
	"github.com/edge-infer/edge-infer/format"
)

// writer writes layers into a draft.
type writer struct {
	*content
	*draft.Draft
	rest       []*module // the layers after the one under way
	classifies bool      // the file says that outputs decide for a class
	made       made
}

// layer writes one layer, and notes what became of it.
func (w *writer) layer(m *module) error {
	switch {
	case m.is("Linear"):
		return w.linear(m)
	case isBatchNorm(m):
		return w.batchNorm(m)
	case m.is("PReLU"):
		slope, err := w.floats(m, "weight")
		if err != nil {
			return err
		}
		w.became(m, fmt.Sprint(len(slope)), "prelu")
		return w.Layers.PReLU(m.path, slope)
	case m.is("Softmax"), m.is("LogSoftmax"):
		return w.softmax(m)
	case m.is("Flatten"):
		return w.flatten(m)
	case m.is("Identity"):
		w.became(m, "", "nothing: it changes nothing")
		return nil
	case isDropout(m):
		w.became(m, "", "nothing: it is for training")
		return nil
	}
	return w.activation(m)
}

func (w *writer) became(m *module, parameters, what string) {
	layer := fmt.Sprintf("%s(%s)", m.class(), parameters)
	if m.path != "" {
		layer = m.path + ": " + layer
	}
	w.Became(layer, "%s", what)
}

func isDropout(m *module) bool {
	return m.known() && m.record.Class.Module == "torch.nn.modules.dropout"
}

func isBatchNorm(m *module) bool { return m.is("BatchNorm1d") || m.is("SyncBatchNorm") }

// array reads a parameter, or makes it of the two that it is kept in.
func (w *writer) array(m *module, name string) (*npy.Array, error) {
	v := m.parameter(name)
	if v == nil {
		return nil, fmt.Errorf("it has no %s", name)
	}
	w.made.count(v)
	a, err := w.content.array(v)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return a, nil
}

// floats returns the values of a parameter or buffer that has one dimension.
func (w *writer) floats(m *module, name string) ([]float64, error) {
	a, err := w.array(m, name)
	if err != nil {
		return nil, err
	}
	if len(a.Shape) != 1 {
		return nil, fmt.Errorf("%s has shape %v: one dimension is needed", name, a.Shape)
	}
	return a.Float64s(), nil
}

// linear writes y = x·Wᵀ + b, W having a row for each output.
func (w *writer) linear(m *module) error {
	weight, err := w.array(m, "weight")
	if err != nil {
		return err
	}
	if len(weight.Shape) != 2 {
		return fmt.Errorf("weight has shape %v: outputs and inputs are needed", weight.Shape)
	}
	out, in := weight.Shape[0], weight.Shape[1]
	var bias []float64
	if m.parameter("bias") != nil {
		if bias, err = w.floats(m, "bias"); err != nil {
			return err
		}
	}
	w.became(m, fmt.Sprintf("%d, %d", in, out), "dense")
	return w.Layers.Dense(m.path, draft.Matrix{Rows: out, Columns: in, Values: weight.Float64s()}.Transposed(), bias)
}

// batchNorm writes the normalisation by running statistics.
func (w *writer) batchNorm(m *module) error {
	if m.value("running_mean") == nil || m.value("running_var") == nil {
		return errors.New("it has no running statistics, so that its answers depend on the batch")
	}
	epsilon, err := m.number("eps", 1e-5)
	if err != nil {
		return err
	}
	var vectors [4][]float64
	for i, name := range []string{"running_mean", "running_var", "weight", "bias"} {
		if m.parameter(name) == nil {
			continue // without affine parameters
		}
		if vectors[i], err = w.floats(m, name); err != nil {
			return err
		}
	}
	w.became(m, fmt.Sprint(len(vectors[0])), "multiply, add, with its running statistics")
	return w.Layers.BatchNorm(m.path, vectors[0], vectors[1], vectors[2], vectors[3], epsilon)
}

// softmax writes a softmax over the columns of a row. Its logarithm, at the end of a model, is left
// out: what remains are logits, and the same class.
func (w *writer) softmax(m *module) error {
	dim := ""
	if v, _ := m.record.Attribute("dim"); v != nil { // None means 1 for rows
		n, ok := pickle.Number(v)
		if !ok || n != 1 && n != -1 {
			return fmt.Errorf("dim is %s: the columns of a row, dim=1, are needed", pickle.Describe(v))
		}
		dim = fmt.Sprintf("dim=%v", n)
	}
	if m.is("Softmax") {
		w.became(m, dim, "softmax")
		return w.Layers.Add(&format.Softmax{})
	}
	for _, next := range w.rest {
		if !next.is("Identity") && !isDropout(next) {
			return errors.New("it is not the last layer, and no layer of a model file computes it")
		}
	}
	w.became(m, dim, "nothing: outputs are the logits before it")
	w.Note("LogSoftmax at the end is left out: outputs are logits, which differ from the file's outputs by one constant a row, and decide for the same class")
	w.Model.Output.Kind, w.classifies = format.Logits, true
	return nil
}

// flatten checks that rows stay rows. Here they are flat from the start.
func (w *writer) flatten(m *module) error {
	start, err := m.number("start_dim", 1)
	if err != nil {
		return err
	}
	end, err := m.number("end_dim", -1)
	if err != nil {
		return err
	}
	if start != 1 && start != -1 || end != -1 && end != 1 {
		return fmt.Errorf("dimensions %g to %g: 1 to -1 are needed, a row each", start, end)
	}
	if w.Layers.Len() == 0 {
		w.Note("inputs are taken as flat rows, in the order in which %s has them", m.class())
	}
	w.became(m, "", "nothing: rows are flat")
	return nil
}
