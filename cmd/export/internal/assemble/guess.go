package assemble

import (
	"fmt"
	"slices"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
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
	return Suggestion{p.suggest(g), g.others}
}

// suggest writes an architecture of as many dense layers as there are groups. It ends in the
// activation of a classifier.
func (p *pool) suggest(g groups) string {
	if len(g.dense) == 0 {
		return "dense,softmax"
	}
	hidden := strings.Repeat("dense,relu,", len(g.dense)-1)
	if p.outputs(g.dense) == 1 {
		return hidden + "dense,sigmoid"
	}
	return hidden + "dense,softmax"
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
