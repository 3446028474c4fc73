package assemble

import (
	"fmt"
	"slices"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
	"github.com/edge-infer/edge-infer/cmd/internal/arch"
	"github.com/edge-infer/edge-infer/format"
)

// Suggestion is an architecture for a person to correct.
type Suggestion struct {
	Arch string          // empty if the names of the tensors tell of no dense layer
	Rest []source.Tensor // that it leaves without a use
}

// Note tells what to do with the rest.
func (s Suggestion) Note() string {
	return fmt.Sprintf("it has no words yet for %s: each needs one, such as prelu(NAME) or multiply(NAME), or --ignore NAME", List(s.Rest))
}

// Suggest writes an architecture with as many dense layers as the names of the tensors tell, and
// the commonest activations.
func Suggest(tensors []source.Tensor) Suggestion {
	p := newPool(tensors)
	p.takeFirst(labelNames)
	p.takeFirst(featureNames)
	p.takePair()
	g, err := groupByName(p.left(), false)
	if err != nil || len(g.dense) == 0 {
		return Suggestion{Rest: p.left()}
	}
	steps, rest := splitSteps(g.others)
	return Suggestion{p.suggest(g, steps), rest}
}

// suggest writes an architecture of as many dense layers as there are groups, each followed by the
// steps that stand behind it in the order of names. It ends in the activation of a classifier.
func (p *pool) suggest(g groups, steps []namedStep) string {
	if len(g.dense) == 0 {
		return "dense,softmax"
	}
	var words []string
	for i := range g.dense {
		words = append(words, "dense")
		for len(steps) > 0 && (i == len(g.dense)-1 || compareNatural(steps[0].layer, g.dense[i+1].layer) < 0) {
			words, steps = append(words, steps[0].word), steps[1:]
		}
		if i < len(g.dense)-1 {
			words = append(words, "relu")
		} else if p.outputs(g.dense) == 1 {
			words = append(words, "sigmoid")
		} else {
			words = append(words, "softmax")
		}
	}
	return strings.Join(words, ",")
}

// A namedStep is a tensor whose name says which step it is the operand of, as readers call what
// they make of a batch normalisation: 1.multiply and 1.add.
type namedStep struct {
	layer []string
	word  string // of an architecture
}

// splitSteps finds the operands of steps among tensors, in natural order, and returns the rest.
func splitSteps(tensors []source.Tensor) (steps []namedStep, rest []source.Tensor) {
	for _, t := range tensors {
		dot := strings.LastIndexByte(t.Name, '.')
		operator := format.Operator(t.Name[dot+1:])
		if dot < 0 || operator != format.Multiply && operator != format.Add || !isVector(t) {
			rest = append(rest, t)
			continue
		}
		word := arch.LayerString(&format.Affine{Operator: operator, Operand: t.Name})
		steps = append(steps, namedStep{split(t.Name[:dot]), word})
	}
	slices.SortStableFunc(steps, func(a, b namedStep) int { return compareNatural(a.layer, b.layer) })
	return steps, rest
}

// outputs returns the number of outputs of the last dense layer, or 0 if the shapes do not tell
// which one that is.
func (p *pool) outputs(dense []group) int {
	layers := make([]format.Layer, len(dense))
	for i := range layers {
		layers[i] = new(format.Dense)
	}
	b := &builder{pool: p}
	for _, turned := range []bool{false, true} {
		for _, order := range orders(dense) {
			if a, err := b.fit(assign(layers, order, nil), turned); err == nil {
				return a.model.OutputSize()
			}
		}
	}
	return 0
}

// Uses tells for each tensor what it would be used for, going by its name: "weight of layer fc 1".
// It is empty where the name says nothing.
func Uses(tensors []source.Tensor) []string {
	p := newPool(tensors)
	mean, std := p.takePair()
	uses := make([]string, len(tensors))
	for i, t := range tensors {
		n := parseName(t.Name)
		switch {
		case slices.Contains(labelNames, t.Name):
			uses[i] = "labels"
		case slices.Contains(featureNames, t.Name):
			uses[i] = "features"
		case t.Name == mean:
			uses[i] = "mean of the inputs"
		case t.Name == std:
			uses[i] = "standard deviation of the inputs"
		case n.role == weight:
			uses[i] = "weight" + ofLayer(n.layer)
		case n.role == bias:
			uses[i] = "bias" + ofLayer(n.layer)
		case n.role == slope:
			uses[i] = "slope" + ofLayer(n.layer)
		}
	}
	return uses
}

func ofLayer(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return " of layer " + strings.Join(words, " ")
}
