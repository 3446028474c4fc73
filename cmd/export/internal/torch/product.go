package torch

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// normalised returns the weight that torch.nn.utils.weight_norm keeps in two: direction·magnitude/‖direction‖.
// The norm is taken over all dimensions but the one that the magnitude has, which may be none.
func normalised(magnitude, direction *npy.Array) (*npy.Array, error) {
	groups, inner := 1, 1
	if len(magnitude.Shape) > 0 && len(magnitude.Shape) != len(direction.Shape) {
		return nil, shapes("weight norm", magnitude, direction)
	}
	for i, n := range magnitude.Shape {
		switch {
		case n == 1:
			inner *= direction.Shape[i]
		case groups == 1 && n == direction.Shape[i]:
			groups, inner = n, 1
		default:
			return nil, shapes("weight norm", magnitude, direction)
		}
	}
	values, sizes := direction.Float64s(), magnitude.Float64s()
	if len(sizes) != groups || len(values) == 0 {
		return nil, shapes("weight norm", magnitude, direction)
	}
	squares := make([]float64, groups)
	for i, v := range values {
		squares[i/inner%groups] += float64(v * v)
	}
	for i := range values {
		g := i / inner % groups
		values[i] *= sizes[g] / math.Sqrt(squares[g])
	}
	return float64Array(direction.Shape, values)
}

// masked returns the weight that torch.nn.utils.prune keeps in two.
func masked(weight, mask *npy.Array) (*npy.Array, error) {
	if !slices.Equal(weight.Shape, mask.Shape) {
		return nil, shapes("pruning mask", mask, weight)
	}
	values := weight.Float64s()
	for i, keep := range mask.Float64s() {
		values[i] *= keep
	}
	return float64Array(weight.Shape, values)
}

func shapes(what string, a, b *npy.Array) error {
	return fmt.Errorf("%s of shape %v for a weight of %v", what, a.Shape, b.Shape)
}

func float64Array(shape []int, values []float64) (*npy.Array, error) {
	data := make([]byte, 0, 8*len(values))
	for _, v := range values {
		data = binary.LittleEndian.AppendUint64(data, math.Float64bits(v))
	}
	return npy.New("<f8", shape, data)
}
