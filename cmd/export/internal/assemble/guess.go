package assemble

import (
	"slices"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
)

// Suggest writes an architecture with as many dense layers as the names of the tensors tell, and
// the commonest activations, for a person to correct. It is empty if the names tell of none.
func Suggest(tensors []source.Tensor) string {
	p := newPool(tensors)
	p.takeFirst(labelNames)
	p.takeFirst(featureNames)
	p.takePair()
	g, err := groupByName(p.left(), false)
	if err != nil || len(g.dense) == 0 {
		return ""
	}
	return strings.Repeat("dense,relu,", len(g.dense)-1) + "dense,softmax"
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
