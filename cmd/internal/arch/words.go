package arch

import (
	"fmt"
	"strings"
)

// Words lists the layers as they are written, with examples of their parameters.
func Words() []string {
	return []string{
		"dense", "prelu",
		"relu", "relu6", "sigmoid", "tanh", "softplus", "exp", "erf", "gelu", "gelu_tanh", "silu", "selu", "step",
		"elu(1)", "leaky_relu(0.01)", "hard_sigmoid(0.2,0.5)",
		"softmax", "argmax", "threshold(>=0)",
		"add(NAME)", "subtract(NAME)", "multiply(NAME)", "divide(NAME)",
		"normalize(l2)", "clip(0,1)", "select(0,3)", "polynomial(2)",
	}
}

// unknown is the error of a word that is no layer. Words that other frameworks use are answered
// with ours.
func (c call) unknown() error {
	switch strings.ReplaceAll(strings.ToLower(c.word), "_", "") {
	case "linear", "fc", "gemm", "fullyconnected":
		return fmt.Errorf("it is called dense here")
	case "swish":
		return fmt.Errorf("it is called silu here")
	case "logistic":
		return fmt.Errorf("it is called sigmoid here")
	case "logsoftmax":
		return fmt.Errorf("it is not defined here yet: write softmax for probabilities, or leave it out for logits, which decide for the same class")
	case "logsigmoid":
		return fmt.Errorf("it is not defined here yet: write sigmoid for the probability, or leave it out for the logit, which decide for the same class")
	case "mish", "hardswish":
		return fmt.Errorf("it is not defined here yet, and no other layer gives its values: train with silu, which is close to it")
	case "heaviside", "sign":
		return fmt.Errorf("write step (1 where x >= 0) or threshold(>0)")
	case "identity", "dropout", "flatten", "input":
		return fmt.Errorf("it changes nothing when a model runs: leave it out")
	case "batchnorm", "batchnormalization", "batchnorm1d", "layernorm":
		return fmt.Errorf("it is no layer here: write subtract, divide, multiply and add with the names of tensors that hold its constants")
	case "onehot", "columns":
		return fmt.Errorf("it needs more than a line: describe the model in JSON, see edge-export help json")
	}
	if word := strings.ToLower(c.word); word != c.word {
		lower := call{word: word, args: c.args}
		if l, err := lower.layer(); l != nil && err == nil {
			return fmt.Errorf("write %s: layers are in lower case", lower)
		}
	}
	return fmt.Errorf("it is no layer: the layers are %s", strings.Join(Words(), ", "))
}
