package main

import "github.com/spf13/cobra"

// newArchTopic is the help topic "arch". A command that does nothing is a topic to cobra.
func newArchTopic() *cobra.Command {
	return &cobra.Command{
		Use:   "arch",
		Short: "The words in which --arch says which layers there are",
		Long: `An architecture is a list of layers with commas between them, in the order in which they run:

  dense,relu,dense,softmax

Parameters stand in parentheses. None has a default, because frameworks differ in theirs.

  dense  dense(W)  dense(W,b)         x·W + b; tensors are found by name, or named here
  prelu  prelu(a)                     a·x below zero, one a for each column or one for all
  relu relu6 sigmoid tanh softplus    activations without a parameter
  exp erf gelu gelu_tanh silu selu
  step                                1 where x >= 0, else 0
  leaky_relu(0.01)  elu(1)            slope, or scale, below zero
  hard_sigmoid(0.2,0.5)               0.2·x + 0.5, limited to [0, 1]
  softmax                             logits to probabilities
  argmax                              the index of the greatest value
  threshold(>=0)  threshold(>0.5)     1 where it holds, else 0
  add(t) subtract(t)                  one operation with tensor t, a value for each column or one for all
  multiply(t) divide(t)
  normalize(l2)                       each row divided by its norm: l1, l2 or max
  clip(0,1)                           limited to a range
  select(0,3,5)                       some columns, counted from 0
  polynomial(2)                       products of columns up to a degree, with a leading 1
  polynomial(3,interaction_only)      products of different columns only
  polynomial(2,no_bias)               without the leading 1

Names of tensors may be quoted, as in dense("fc (1).weight"). One-hot columns and groups of columns
need the JSON form: edge-export help json.`,
	}
}

// newJSONTopic is the help topic "json".
func newJSONTopic() *cobra.Command {
	return &cobra.Command{
		Use:   "json",
		Short: "The JSON form of a whole model, for writing one by hand or by script",
		Long: `A model in JSON has the words of the model file, with the numbers in place:

  {
    "name": "xor",
    "description": "whether two inputs differ",
    "source": {"name": "by hand", "version": "1"},
    "input": {
      "features": ["a", "b"],
      "preprocessing": [{"op": "clip", "low": 0, "high": 1}]
    },
    "layers": [
      {"op": "dense", "weight": [[1, 1], [1, 1]], "bias": [0, -1]},
      {"op": "relu"},
      {"op": "dense", "weight": [[1], [-2]]}
    ],
    "output": {"kind": "decision", "labels": ["same", "different"],
               "threshold": {"comparison": ">", "value": 0.5}}
  }

name, description and source may be left out. input has a shape, [2] or [28, 28, 1], or as many
features; and perhaps dtype (f32 or u8), layout (vector, words, hwc_gray, hwc_rgb, hwc_bgr,
chw_gray, chw_rgb, chw_bgr) and preprocessing, a list of layers. output has a kind (value, logits,
probabilities, decision, class), and perhaps labels and, where one column decides between two of
them, a threshold.

A layer has its op and these keys:

  dense                            weight (a row for each input, in it a number for each output),
                                   bias (may be left out)
  add subtract multiply divide     operand (a list: one number for each column, or one for all)
  prelu                            slope (likewise)
  relu relu6 sigmoid tanh softplus exp erf gelu gelu_tanh silu selu step
  elu leaky_relu                   alpha
  hard_sigmoid                     alpha (slope), beta (offset)
  softmax argmax
  normalize                        norm (l1, l2 or max)
  clip                             low, high
  threshold                        comparison (> or >=), value
  one_hot                          categories (ascending), unknown (zeros or nan)
  select                           columns (counted from 0)
  polynomial                       degree, interaction_only, bias (both true or false)
  columns                          groups: a list of {"columns": [...], "layers": [...]}, each run
                                   on its columns, the results side by side

A number may be "NaN", "Infinity" or "-Infinity". Whatever is unknown, stands twice or does not
belong is an error with its line.`,
	}
}
