package assemble

import (
	"fmt"
	"slices"

	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
	"github.com/edge-infer/edge-infer/cmd/internal/arch"
	"github.com/edge-infer/edge-infer/format"
)

// A group is the tensors of one dense layer.
type group struct {
	layer        []string // of the names, without the role
	weight, bias string   // names; bias may be empty
}

// groups are the layers that the names of some tensors tell.
type groups struct {
	dense  []group
	slopes []string // of prelu layers
	others []source.Tensor
}

// groupByName sorts tensors into layers, in natural order.
//
// Not every vector called weight is that of a dense layer with a single output. Without a bias
// beside it, it is a slope if there are prelu layers to want it: so PyTorch names them. Beside
// matrices it needs a bias of one value to be a dense layer's: PyTorch's normalisations have
// weights and biases too.
func groupByName(tensors []source.Tensor, prelus bool) (groups, error) {
	type slot struct {
		layer []string
		role  [slope + 1][]source.Tensor
	}
	var slots []slot
	var g groups
	matrices := slices.ContainsFunc(tensors, func(t source.Tensor) bool { return parseName(t.Name).role == weight && !isVector(t) })
	for _, t := range tensors {
		name := parseName(t.Name)
		if name.role == noRole {
			g.others = append(g.others, t)
			continue
		}
		i := slices.IndexFunc(slots, func(s slot) bool { return slices.Equal(s.layer, name.layer) })
		if i < 0 {
			slots, i = append(slots, slot{layer: name.layer}), len(slots)
		}
		slots[i].role[name.role] = append(slots[i].role[name.role], t)
	}
	slices.SortStableFunc(slots, func(a, b slot) int { return compareNatural(a.layer, b.layer) })
	for _, s := range slots {
		weights, biases, slopes := s.role[weight], s.role[bias], s.role[slope]
		for _, same := range s.role {
			if len(same) > 1 {
				return groups{}, fmt.Errorf("assemble: %s and %s are named alike: say which belongs to which layer, as in --arch %q", same[0].Name, same[1].Name, "dense("+same[0].Name+"),…")
			}
		}
		if prelus && len(biases) == 0 && len(slopes) == 0 && len(weights) == 1 && isVector(weights[0]) {
			weights, slopes = nil, weights
		}
		for _, t := range slopes {
			g.slopes = append(g.slopes, t.Name)
		}
		switch {
		case len(weights) == 0:
			g.others = append(g.others, biases...)
		case matrices && isVector(weights[0]) && (len(biases) == 0 || biases[0].Array.Len() != 1):
			g.others = append(append(g.others, weights...), biases...)
		case len(biases) == 0:
			g.dense = append(g.dense, group{s.layer, weights[0].Name, ""})
		default:
			g.dense = append(g.dense, group{s.layer, weights[0].Name, biases[0].Name})
		}
	}
	return g, nil
}

func isVector(t source.Tensor) bool { return len(t.Array.Shape) < 2 }

// maxFamilies bounds the orders of families that are tried: four have 24.
const maxFamilies = 4

// orders returns the orders in which the layers may stand. Within a family it is the natural one;
// how families follow each other no name tells.
func orders(dense []group) [][]group {
	var families [][]group
	at := map[string]int{}
	for _, g := range dense {
		name := family(g.layer)
		i, ok := at[name]
		if !ok {
			i = len(families)
			at[name], families = i, append(families, nil)
		}
		families[i] = append(families[i], g)
	}
	if len(families) > maxFamilies {
		return nil
	}
	var all [][]group
	var extend func(order []group, used int)
	extend = func(order []group, used int) {
		if len(order) == len(dense) {
			all = append(all, slices.Clone(order))
			return
		}
		for i, f := range families {
			if used&(1<<i) == 0 {
				extend(append(slices.Clip(order), f...), used|1<<i)
			}
		}
	}
	extend(nil, 0)
	return all
}

// assign gives the tensors of groups to the bare layers of an architecture, which it leaves as it
// is.
func assign(layers []format.Layer, dense []group, slopes []string) []format.Layer {
	assigned := slices.Clone(layers)
	for i, l := range layers {
		switch {
		case isBareDense(l):
			assigned[i] = &format.Dense{Weight: dense[0].weight, Bias: dense[0].bias}
			dense = dense[1:]
		case isBarePReLU(l):
			assigned[i] = &format.PReLU{Slope: slopes[0]}
			slopes = slopes[1:]
		}
	}
	return assigned
}

func isBareDense(l format.Layer) bool {
	d, ok := l.(*format.Dense)
	return ok && d.Weight == ""
}

func isBarePReLU(l format.Layer) bool {
	p, ok := l.(*format.PReLU)
	return ok && p.Slope == ""
}

func count(layers []format.Layer, is func(format.Layer) bool) int {
	n := 0
	for _, l := range layers {
		if is(l) {
			n++
		}
	}
	return n
}

// named writes the dense layers of an order with their tensors, for a flag to copy.
func named(dense []group) string {
	layers := make([]format.Layer, 0, len(dense))
	for _, g := range dense {
		layers = append(layers, &format.Dense{Weight: g.weight, Bias: g.bias})
	}
	return arch.String(layers)
}
