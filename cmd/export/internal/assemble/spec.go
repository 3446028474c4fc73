package assemble

import (
	"fmt"

	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
	"github.com/edge-infer/edge-infer/cmd/internal/arch"
	"github.com/edge-infer/edge-infer/format"
)

// Spec is what a person says of a file of weights. The zero value of a field leaves it to the
// file's tensors or to a default.
type Spec struct {
	Arch      []format.Layer // see package arch; bare layers get their tensors by name
	Shape     []int          // of an input row; from the first layer if nil
	DType     format.DType   // of an input row; F32 if empty
	Layout    format.Layout  // of an input row; Vector if empty
	Features  []string
	Labels    []string
	Output    format.Kind // from the last layer if empty
	Threshold *format.Cut // 0.5 for probabilities and 0 otherwise if nil, where one is needed
	Mean, Std Constant    // of a standardisation: (x − mean) ÷ std
	Transpose Choice      // whether the file's matrices are [outputs, inputs]
	Ignore    []string    // patterns of tensors to leave out

	labelsOf string // the tensor that holds Labels; empty if the person gave them
}

// Choice is a yes, a no, or neither.
type Choice int

// The choices.
const (
	Auto Choice = iota
	Yes
	No
)

// Constant is an operand that a person gives: a tensor of the file, values, or none at all.
type Constant struct {
	None   bool           // explicitly none
	Tensor string         // name of a tensor in the file
	Values *source.Tensor // values from elsewhere
}

func (c Constant) given() bool { return c.None || c.Tensor != "" || c.Values != nil }

// Result is a model, and what a person should know about how it came to be.
type Result struct {
	Model     *format.Model
	Decisions []string // what was decided without being told, a sentence each
	Rounding  source.Rounding
}

func (r *Result) decide(format string, a ...any) {
	r.Decisions = append(r.Decisions, fmt.Sprintf(format, a...))
}

// Model puts a model together. The file's tensors keep their names in it.
func Model(tensors []source.Tensor, s Spec) (*Result, error) {
	r := new(Result)
	p := newPool(tensors)
	if err := p.ignore(s.Ignore); err != nil {
		return nil, err
	}
	if len(s.Arch) == 0 {
		return nil, MissingArch(p.left())
	}
	if err := p.takeNamed(s.Arch); err != nil {
		return nil, err
	}
	if err := r.layout(&s); err != nil {
		return nil, err
	}
	r.names(p, &s)
	preprocessing, operands, err := r.standardisation(p, s)
	if err != nil {
		return nil, err
	}
	candidates, err := r.candidates(p, s.Arch)
	if err != nil {
		return nil, err
	}
	b := &builder{result: r, spec: s, pool: p, preprocessing: preprocessing, operands: operands}
	if err := b.choose(candidates); err != nil {
		return nil, err
	}
	return r, nil
}

// MissingArch is the error of a file without an architecture, with a line to copy.
func MissingArch(tensors []source.Tensor) error {
	s := Suggest(tensors)
	advice := fmt.Sprintf("--arch %q", s.Arch)
	if s.Arch == "" {
		advice = `--arch "dense(WEIGHT,BIAS),softmax"`
	} else if len(s.Rest) > 0 {
		advice += "; " + s.Note()
	}
	return fmt.Errorf("assemble: the file holds weights and does not say which layers they belong to: it holds %s; say it, for example %s", List(tensors), advice)
}

// takeNamed takes the tensors that the architecture names.
func (p *pool) takeNamed(layers []format.Layer) error {
	for i, l := range layers {
		for _, name := range format.TensorNames(l) {
			if _, err := p.take(name); err != nil {
				return fmt.Errorf("assemble: layer %d, %s: %w", i+1, arch.LayerString(l), err)
			}
		}
	}
	return nil
}

// Tensors that name things, where a file holds them.
var (
	labelNames   = []string{"labels", "classes", "classes_"}
	featureNames = []string{"features", "feature_names", "feature_names_in_"}
)

// names takes labels and features from the file where nothing else was said.
func (r *Result) names(p *pool, s *Spec) {
	if t, ok := p.takeFirst(labelNames); ok && len(s.Labels) == 0 {
		s.Labels, s.labelsOf = t.Array.Strings(), t.Name
		r.decide("labels are those of tensor %s", t.Name)
	}
	if t, ok := p.takeFirst(featureNames); ok && len(s.Features) == 0 {
		s.Features = t.Array.Strings()
		r.decide("features are those of tensor %s", t.Name)
	}
}
