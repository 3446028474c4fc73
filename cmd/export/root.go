package main

import (
	"errors"
	"fmt"

	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/spf13/cobra"
)

const rootLong = `Edge-export turns a trained model into one file for edge-infer, and proves it right on the way.

SOURCE is what people have after training. It is known by its content, whatever it is called, and
nothing in it is ever executed. Some files hold a whole model, layers, preprocessing, labels and all:

  scikit-learn   an estimator or a pipeline, saved by joblib or pickle; --scaler for a scaler apart
  PyTorch        an nn.Sequential, saved whole by torch.save
  Keras          .keras, or a whole model as .h5
  ONNX           a chain of layers, from any exporter; also those of skl2onnx
  TFLite         a chain of layers, of float or int8 weights
  JSON           written by hand or by script: edge-export help json

Others hold weights and do not say which layers they belong to: a state_dict, a checkpoint or a
TorchScript file of PyTorch, .safetensors, weights of Keras or other HDF5, an .npz, a folder of .npy
files. There --arch says it, in the words of "edge-export help arch". Weights find their layers by
their names, as W1 and b1, fc1.weight and fc1.bias, layer1/kernel, coefs_0 and intercepts_0, coef
and intercept; a layer with other names is written with them, as dense(m,v), and so is one without
a bias among others that have one, as dense(m). They keep their names in the model file.

Inputs are standardised, (x - mean) / std, if the file holds a pair of tensors called mean and std,
mean and scale, mean_ and scale_, scaler_mean and scaler_std, or scaler_mean and scaler_scale, or
if --mean and --std are given. Labels and features are read from tensors called labels, classes or
classes_, and features, feature_names or feature_names_in_, if they are not given.

The model file holds golden vectors: inputs, the outputs that the training framework computed from
them, and those that every board must compute, to the bit. --golden names a file with the first
two: an .npz with arrays called x and y, a folder with x.npy and y.npy, HDF5 with such datasets or
as FILE.h5:X,Y with others, or a .csv with a column for each feature and for each output. There a
column of outputs is called probability_LABEL, logit_LABEL or decision_LABEL, with the label of the
second class where a single column decides; class for the index of a class; and LABEL for a
quantity. Where there are no labels columns are counted, as in value_0. If the outputs here are
further from the framework's than --tolerance allows, or give another class, nothing is written.

Without --golden, inputs are drawn from a seeded generator: mean + std z for a column that is
standardised, a category for a one-hot column, 0 to 255 for pixels, a text's counts for words, and z
otherwise, where z is nearly normal.

What was found and decided is printed on standard output. The exit code is 0 when the file is
written, 1 when that failed, and 2 when the call was wrong; nothing is left behind in either case.`

const rootExample = `  edge-export inspect testdata/digits/mlp.npz
  edge-export testdata/digits/mlp.npz -o digits.edge --arch dense,relu,dense,softmax \
      --labels @testdata/digits/labels.txt --features @testdata/digits/features.txt \
      --golden testdata/digits/mlp_golden.npz --source "scikit-learn 1.9.1"
  edge-export net.safetensors -o net.edge --arch "dense,leaky_relu(0.01),dense,sigmoid" \
      --labels no,yes --threshold ">0.3"
  edge-export pipeline.joblib -o pipeline.edge --golden golden.npz
  edge-export net.pt -o net.edge --mean @mean.npy --std @std.npy --labels cat,dog
  edge-export xor.json -o xor.edge`

func newRoot() *cobra.Command {
	o := new(options)
	root := &cobra.Command{
		Use:     "edge-export SOURCE -o FILE",
		Short:   "Turn a trained model into one file for edge-infer",
		Long:    rootLong,
		Example: rootExample,
		Version: cli.Version(version),
		Args:    sourceArgument,
		RunE: func(c *cobra.Command, args []string) error {
			return export(c, args[0], o)
		},
	}
	o.define(root)
	root.AddCommand(newInspect(), newDataset(), newVersion(), newArchTopic(), newJSONTopic())
	return root
}

// sourceArgument is the Args of a command that takes one source.
func sourceArgument(_ *cobra.Command, args []string) error {
	switch len(args) {
	case 0:
		return errors.New("no source is named")
	case 1:
		return nil
	}
	return fmt.Errorf("one source is taken, and %d arguments are there: %q", len(args), args)
}
