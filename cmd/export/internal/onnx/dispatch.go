package onnx

import (
	"errors"
	"fmt"
)

// run evaluates the node by its operator.
func (c *call) run() ([]result, error) {
	if c.model.functions[c.domain+" "+c.op] {
		return nil, errors.New("it is a function that the file itself defines: export with a current version, or inline it with onnx.inliner.inline_local_functions")
	}
	switch c.domain {
	case "":
		if v := c.opset(); v < oldestOpset {
			return nil, fmt.Errorf("operator set %d: from %d on they are read", v, oldestOpset)
		}
	case "ai.onnx.ml":
		return c.classical()
	case "com.microsoft":
		return c.fused()
	default:
		return nil, fmt.Errorf("operators of the domain %.64q are not read", c.domain)
	}
	if x := c.input(0).constant; c.op == "ConstantOfShape" && x != nil && x.of != nil {
		return one(c.ones(x.of))
	}
	if c.op == "Constant" || c.op == "Shape" || c.op == "Size" || c.allConstant() {
		folded, err := c.fold()
		if err != nil {
			return nil, err
		}
		c.became("a constant")
		return []result{{constant: folded}}, nil
	}
	return c.neural()
}

// oldestOpset is the first version in which the arithmetic operators broadcast as they do today.
const oldestOpset = 7

// allConstant reports whether nothing that the node takes depends on the graph's input.
func (c *call) allConstant() bool {
	for _, r := range c.inputs {
		if r.value != nil {
			return false
		}
	}
	return true
}

// neural evaluates an operator of the neural domain that takes a computed value.
func (c *call) neural() ([]result, error) {
	switch c.op {
	case "Gemm":
		return one(c.gemm())
	case "MatMul":
		return one(c.matMul())
	case "Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Sum":
		return one(c.arithmetic())
	case "Neg":
		return one(c.scaled("multiply", -1))
	case "Greater", "GreaterOrEqual", "Not", "Reciprocal", "Erfc", "ReduceSum", "ReduceProd", "ReduceL2":
		return one(c.part())
	case "Where":
		return one(c.where())
	case "Identity", "Dropout", "Cast", "Expand":
		return one(c.passed())
	case "Flatten", "Reshape", "Squeeze", "Unsqueeze":
		return one(c.shaped())
	case "Transpose", "Slice", "Gather":
		return one(c.selected())
	case "Split":
		return c.split()
	case "Concat":
		return one(c.concat(c.attributes.integer("axis", 0)))
	case "BatchNormalization":
		return one(c.batchNormalization())
	case "LpNormalization":
		return one(c.lpNormalization())
	case "Softmax":
		return one(c.softmax())
	case "ArgMax":
		return one(c.argMax())
	}
	return one(c.activation())
}

// refuse is the error of an operator that is known and cannot be expressed.
func (c *call) refuse() error {
	switch c.op {
	case "HardSwish":
		return errors.New("hard_swish is not defined here: train with SiLU")
	case "Mish":
		return errors.New("mish is not defined here: train with SiLU")
	case "If", "Loop", "Scan":
		return errors.New("control flow: a chain of layers is read")
	case "Conv", "ConvTranspose", "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool":
		return errors.New("convolutions and pooling are not read: dense networks are")
	case "LSTM", "GRU", "RNN":
		return errors.New("recurrent layers are not read: dense networks are")
	case "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "MatMulInteger", "QLinearMatMul", "QLinearConv", "QGemm", "QLinearAdd", "QLinearSigmoid":
		return errors.New("activations quantized to integers are not read: export the float model")
	case "LayerNormalization", "InstanceNormalization", "GroupNormalization", "RMSNormalization", "MeanVarianceNormalization":
		return errors.New("a normalisation over the values of each row is not read: batch normalisation is")
	case "TreeEnsembleClassifier", "TreeEnsembleRegressor", "TreeEnsemble", "SVMClassifier", "SVMRegressor":
		return errors.New("trees and kernel machines are not read: linear models and perceptrons are")
	case "Imputer":
		return errors.New("missing values are replaced, which no layer does: replace them before the model, and export it without the imputer")
	case "StringNormalizer", "TfIdfVectorizer", "Tokenizer", "CategoryMapper", "DictVectorizer":
		return errors.New("text is not read: numbers are")
	}
	return errors.New("this operator is not read: dense layers, activations, scalers and what surrounds them are")
}
