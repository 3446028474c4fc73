package torch

import (
	"fmt"
	"math"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// A state_dict has batch normalisation as mean, variance, and what scales and shifts. No layer of
// --arch takes those; it takes what they come to, one factor and one summand for each column, which
// are called after the operations, as in 1.multiply and 1.add.

// epsilon is what batch normalisation adds to a variance. An object of a class of one's own holds it,
// as an attribute of its layer: it stands among the values, called after the attribute. A state_dict
// does not hold it.
type epsilon float64

const epsilonName = "eps"

// usualEpsilon is what PyTorch adds unless told otherwise.
const usualEpsilon epsilon = 1e-5

// statistics returns the recipes for batch normalisation if v is one of its values, and whether it is.
func statistics(v named, byName map[string]any) (list []recipe, ok bool) {
	prefix := v.name[:strings.LastIndexByte(v.name, '.')+1]
	mean, variance := byName[prefix+"running_mean"], byName[prefix+"running_var"]
	if mean == nil || variance == nil {
		return nil, false
	}
	switch v.name[len(prefix):] {
	case "running_mean":
		inputs := [4]any{mean, variance, byName[prefix+"weight"], byName[prefix+"bias"]}
		var told *epsilon
		if e, ok := byName[prefix+epsilonName].(epsilon); ok {
			told = &e
		}
		return []recipe{{prefix + "multiply", factor, inputs, told}, {prefix + "add", summand, inputs, told}}, true
	case "running_var", "weight", "bias":
		return nil, true
	}
	return nil, false
}

// normalisation makes the factor or the summand.
func (c *content) normalisation(r recipe) (*npy.Array, error) {
	var vectors [4][]float64
	for i, v := range r.inputs {
		if v == nil {
			continue // without affine parameters
		}
		a, err := c.array(v)
		if err != nil {
			return nil, err
		}
		if vectors[i] = a.Float64s(); len(a.Shape) != 1 || len(vectors[i]) != len(vectors[0]) {
			return nil, fmt.Errorf("batch normalisation by vectors of shape %v and of %d values", a.Shape, len(vectors[0]))
		}
	}
	e := usualEpsilon
	if r.epsilon != nil {
		e = *r.epsilon
	}
	values := make([]float64, len(vectors[0]))
	for i := range values {
		scale := 1 / math.Sqrt(vectors[1][i]+float64(e))
		if vectors[2] != nil {
			scale *= vectors[2][i]
		}
		values[i] = scale
		if r.how == summand {
			values[i] = -float64(vectors[0][i] * scale)
			if vectors[3] != nil {
				values[i] += vectors[3][i]
			}
		}
	}
	return float64Array([]int{len(values)}, values)
}
