package assemble

import (
	"fmt"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/plural"
	"github.com/edge-infer/edge-infer/cmd/internal/arch"
	"github.com/edge-infer/edge-infer/format"
)

// candidates gives what the names of the tensors tell to the architecture's bare layers: one
// architecture for each order in which the layers may stand.
func (r *Result) candidates(p *pool, layers []format.Layer) ([][]format.Layer, error) {
	dense, prelus := count(layers, isBareDense), count(layers, isBarePReLU)
	g, err := groupByName(p.left(), prelus > 0)
	if err != nil {
		return nil, err
	}
	switch {
	case len(g.dense) != dense:
		return nil, fmt.Errorf("assemble: the architecture has %s to fill, and the tensors are those of %d: %s; say --arch %q, or name the tensors, as in dense(WEIGHT,BIAS)",
			plural.Count(dense, "dense layer"), len(g.dense), List(p.left()), p.suggest(g, nil))
	case len(g.slopes) != prelus:
		return nil, fmt.Errorf("assemble: the architecture has %s to fill, and the file has %s among %s; name the tensor, as in prelu(SLOPE)",
			plural.Count(prelus, "prelu layer"), plural.Count(len(g.slopes), "slope"), List(p.left()))
	case len(g.others) > 0:
		return nil, fmt.Errorf("assemble: nothing needs %s: name tensors in --arch, as in dense(WEIGHT,BIAS), prelu(SLOPE) or multiply(VECTOR), or leave them out with --ignore %s", List(g.others), g.others[0].Name)
	}
	if err := r.biases(g.dense); err != nil {
		return nil, err
	}
	all := orders(g.dense)
	if all == nil {
		return nil, fmt.Errorf("assemble: the names leave the order of the layers open: say it, in your order, as in --arch %q", named(g.dense))
	}
	candidates := make([][]format.Layer, len(all))
	for i, order := range all {
		candidates[i] = assign(layers, order, g.slopes)
	}
	return candidates, nil
}

// biases checks that either all layers have a bias or none has one. One that is missing beside
// others was more likely lost on the way than never there.
func (r *Result) biases(dense []group) error {
	var with, without []group
	for _, g := range dense {
		if g.bias != "" {
			with = append(with, g)
		} else {
			without = append(without, g)
		}
	}
	switch {
	case len(without) == 0:
		return nil
	case len(with) == 0:
		r.decide("weights %s go without a bias, because the file holds none", weightsOf(without))
		return nil
	}
	bare, like := without[0].weight, with[0]
	return fmt.Errorf("assemble: the file holds no %s, the bias of %s, as %s is that of %s: if the layer has none, write it as %s in --arch",
		parseName(bare).missing(parseName(like.bias)), bare, like.bias, like.weight, arch.LayerString(&format.Dense{Weight: bare}))
}

func weightsOf(dense []group) string {
	names := make([]string, len(dense))
	for i, g := range dense {
		names[i] = g.weight
	}
	return strings.Join(names, ", ")
}
