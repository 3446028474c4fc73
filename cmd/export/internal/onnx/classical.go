package onnx

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/format"
)

// classical evaluates an operator of ai.onnx.ml, the models of before neural networks.
func (c *call) classical() ([]result, error) {
	switch c.op {
	case "Scaler":
		return one(c.scaler())
	case "Normalizer":
		return one(c.normalizer())
	case "Binarizer":
		return one(c.binarizer())
	case "LinearRegressor":
		return one(c.linearRegressor())
	case "LinearClassifier":
		return c.linearClassifier()
	case "ZipMap":
		return one(c.zipMap())
	case "ArrayFeatureExtractor":
		return one(c.extractor())
	case "LabelEncoder":
		return one(c.labelEncoder())
	case "OneHotEncoder":
		return one(c.oneHotEncoder())
	case "FeatureVectorizer":
		return one(c.featureVectorizer())
	}
	return nil, c.refuse()
}

// fused evaluates an operator that onnxruntime puts in the place of several when it saves a model.
func (c *call) fused() ([]result, error) {
	switch c.op {
	case "Gelu":
		v, err := c.floats(0)
		if err != nil {
			return nil, err
		}
		return one(c.after(v, &step{op: "gelu", layer: &format.Activation{Function: format.GELU}}), nil)
	case "FusedGemm":
		return one(c.fusedGemm())
	}
	return nil, c.refuse()
}

// fusedGemm is a Gemm and an activation, which names its operator.
func (c *call) fusedGemm() (*value, error) {
	alpha, _ := c.attributes.find("activation_alpha")
	beta, _ := c.attributes.find("activation_beta")
	name := c.attributes.text("activation", "")
	v, err := c.gemm()
	if err != nil {
		return nil, err
	}
	c.became("dense, %s", name)
	f := *c
	f.node = &node{index: c.index, name: c.name, op: name}
	f.attributes = attributes{{name: "alpha", float: alpha.float}, {name: "beta", float: beta.float}}
	if alpha.name == "" {
		f.attributes = nil
	}
	layer, err := f.function()
	if err != nil {
		return nil, err
	}
	if layer == nil {
		return nil, fmt.Errorf("activation %.64q is not read here", name)
	}
	return c.after(v, &step{op: string(layer.Function), layer: layer}), nil
}

// scaler is (x − offset)·scale.
func (c *call) scaler() (*value, error) {
	v, err := c.wholeOrFloat(0)
	if err != nil {
		return nil, err
	}
	offset, scale := c.attributes.floats("offset"), c.attributes.floats("scale")
	for _, list := range [][]float64{offset, scale} {
		if n := len(list); n > 1 && n != v.chain.width {
			return nil, fmt.Errorf("%d constants where rows have %d values", n, v.chain.width)
		}
	}
	next := *v
	next.integer = false
	v = &next
	if len(offset) > 0 {
		v = c.after(v, &step{op: "subtract", name: "scaler", operand: offset})
	}
	if len(scale) > 0 {
		v = c.after(v, &step{op: "multiply", name: "scaler", operand: scale})
	}
	c.became("subtract, multiply")
	return v, nil
}

func (c *call) normalizer() (*value, error) {
	if v := c.input(0).value; v != nil && v.pair && v.chain.is("sigmoid") && c.attributes.text("norm", "MAX") == "L1" {
		c.became("nothing: two probabilities sum to one")
		return v, nil
	}
	v, err := c.floats(0)
	if err != nil {
		return nil, err
	}
	if len(v.shape) != 1 {
		return nil, fmt.Errorf("rows of shape %v: vectors are read", v.shape)
	}
	s := &step{op: "normalize"}
	switch norm := c.attributes.text("norm", "MAX"); {
	case norm == "L1":
		s.layer = &format.Normalize{Norm: format.L1}
	case norm == "L2":
		s.layer = &format.Normalize{Norm: format.L2}
	case norm == "MAX" && v.chain.positive():
		s.layer = &format.Normalize{Norm: format.Max}
	case norm == "MAX":
		return nil, errors.New("norm MAX divides by the greatest value, which may be negative: here the greatest magnitude is meant by it")
	default:
		return nil, fmt.Errorf("norm %.32q: L1, L2 and MAX are read", norm)
	}
	return c.after(v, s), nil
}

func (c *call) binarizer() (*value, error) {
	v, err := c.floats(0)
	if err != nil {
		return nil, err
	}
	cut := format.Cut{Comparison: format.Greater, Value: float32(c.attributes.float("threshold", 0))}
	return c.after(v, &step{op: "threshold", layer: &format.Threshold{Cut: cut}}), nil
}

// linear reads coefficients, a row for each output, and intercepts, which may be missing.
func (c *call) linear(v *value, outputs int) (draft.Matrix, []float64, error) {
	coefficients, intercepts := c.attributes.floats("coefficients"), c.attributes.floats("intercepts")
	w := draft.Matrix{Rows: outputs, Columns: v.chain.width, Values: coefficients}
	switch {
	case outputs < 1 || len(coefficients) != outputs*w.Columns:
		return w, nil, fmt.Errorf("%d coefficients for %d outputs of rows of %d values", len(coefficients), outputs, w.Columns)
	case intercepts == nil:
		intercepts = make([]float64, outputs)
	case len(intercepts) != outputs:
		return w, nil, fmt.Errorf("%d intercepts for %d outputs", len(intercepts), outputs)
	}
	return w.Transposed(), intercepts, nil
}

func (c *call) linearRegressor() (*value, error) {
	v, err := c.wholeOrFloat(0)
	if err != nil {
		return nil, err
	}
	targets := c.attributes.integer("targets", 1)
	if targets < 1 || targets > maxSize {
		return nil, fmt.Errorf("%d targets", targets)
	}
	w, bias, err := c.linear(v, int(targets))
	if err != nil {
		return nil, err
	}
	if form := c.attributes.text("post_transform", "NONE"); form != "NONE" {
		return nil, fmt.Errorf("post_transform %.32q: NONE is read", form)
	}
	return c.dense(v, "", w, bias)
}

// oneHotEncoder is one column for each of some numbers, in place of a column.
func (c *call) oneHotEncoder() (*value, error) {
	v, err := c.anyValue(0)
	if err != nil {
		return nil, err
	}
	if v.chain.width != 1 || v.pair || v.labels != nil {
		return nil, fmt.Errorf("rows of shape %v: a single column is encoded", v.shape)
	}
	if c.attributes.texts("cats_strings") != nil {
		return nil, errors.New("the categories are texts: numbers are read")
	}
	if v.truncated {
		c.draft.Note("%s cuts off the fractions of its categories: the model takes them to be whole numbers", c.node)
	}
	if c.attributes.integer("zeros", 1) == 0 {
		c.draft.Note("%s fails for a number that is no category: the model gives zeros", c.node)
	}
	categories := c.attributes.integers("cats_int64s")
	order := make([]int, len(categories))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(categories[a], categories[b]) })
	operand := make([]float64, len(order))
	for i, k := range order {
		operand[i] = float64(categories[k])
	}
	next := c.widened(v, &step{op: "one_hot", operand: operand}, len(operand))
	if slices.IsSorted(order) {
		return next, nil
	}
	// The layer's categories ascend; the file's columns have another order.
	places := make([]int, len(order))
	for i, k := range order {
		places[k] = i
	}
	return c.pick(next, places)
}

// featureVectorizer lays its inputs side by side.
func (c *call) featureVectorizer() (*value, error) {
	c.attributes.integers("inputdimensions")
	return c.concat(-1)
}
