package main

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// options are the flags as they are written.
type options struct {
	file                      string
	arch                      string
	labels, features          string
	inputShape, inputDType    string
	layout                    string
	outputKind, threshold     string
	mean, std                 string
	transpose                 string
	ignore                    []string
	golden                    string
	goldenCount               int
	seed                      uint64
	tolerance                 string
	name, description, source string
	scaler, onnxOutput        string
	fold                      bool
	json                      bool
}

// drawn is the number of golden vectors without a file of them.
const drawn = 32

// drawnValues is how many input values are drawn at most without being told how many vectors, or
// two vectors: those of a wide model would otherwise be most of its file.
const drawnValues = 1 << 18

// weightsOnly are the flags that say which layers there are. A whole model says it itself.
var weightsOnly = []string{"arch", "transpose", "ignore"}

func (o *options) define(c *cobra.Command) {
	f := c.Flags()
	f.SortFlags = false
	f.StringVarP(&o.file, "output", "o", "", "the model `FILE` to write")
	f.StringVar(&o.arch, "arch", "", "the `LAYERS`, as in dense,relu,dense,softmax; see edge-export help arch")
	f.StringVar(&o.labels, "labels", "", "names of the classes or columns: `A,B,C` or @FILE with one a line")
	f.StringVar(&o.features, "features", "", "names of the inputs: `A,B,C` or @FILE with one a line")
	f.StringVar(&o.mean, "mean", "", "what is subtracted from the inputs: the `NAME` of a tensor, 1,2,3, @FILE.npy or none")
	f.StringVar(&o.std, "std", "", "what they are then divided by: likewise a `NAME`, 1,2,3, @FILE.npy or none")
	f.StringVar(&o.transpose, "transpose", "auto", "whether the file's matrices are [outputs, inputs], as PyTorch has them: `auto|yes|no`")
	f.StringArrayVar(&o.ignore, "ignore", nil, "leave out the tensors of this `NAME`, in which * stands for any letters; may be repeated")
	o.defineReading(f)
	f.StringVar(&o.inputShape, "input-shape", "", "the `SHAPE` of an input row, as 64 or 28x28x1, where the weights do not tell")
	f.StringVar(&o.inputDType, "input-dtype", "f32", "the `TYPE` of input values: f32, or u8 for pixels")
	f.StringVar(&o.layout, "layout", "", "how an input row is arranged, if not as plain columns: `LAYOUT` is words, counts of --features in a text; or for a picture hwc_gray, hwc_rgb, hwc_bgr, chw_gray, chw_rgb or chw_bgr")
	f.StringVar(&o.outputKind, "output-kind", "", "what the outputs are: `KIND` is value, logits, probabilities, decision or class (default: by the last layer)")
	f.StringVar(&o.threshold, "threshold", "", "when a single output decides for the second of two labels: `CUT` is >0.5 or >=0 (default: >0.5 for probabilities, >0 otherwise)")
	f.StringVar(&o.golden, "golden", "", "golden vectors: `FILE` is an .npz with x, and y from the framework; a folder of x.npy and y.npy; HDF5, or HDF5:X,Y; or a .csv with columns for them")
	f.IntVar(&o.goldenCount, "golden-count", drawn, "`N` golden vectors: how many to draw, or to take at most from --golden, which gives all without this flag")
	f.Uint64Var(&o.seed, "seed", 1, "start `N` of the generator that draws golden inputs")
	f.StringVar(&o.tolerance, "tolerance", "1e-5,1e-5", "how far outputs may be from the framework's: `ABS[,REL]`, together ABS + REL |y|; REL is 0 if left out")
	f.BoolVar(&o.fold, "fold", false, "fold steps of + - x ÷ into the dense layers beside them, and dense layers without an activation between them into one: less work, slightly other bits; the difference is measured")
	f.StringVar(&o.name, "name", "", "the model's `NAME` (default: that of the model file)")
	f.StringVar(&o.description, "description", "", "a `TEXT` for those who meet the file later")
	f.StringVar(&o.source, "source", "", "the `SOFTWARE` that trained the model, with its version, as \"scikit-learn 1.9.1\"")
	f.BoolVar(&o.json, "json", false, "print the summary as JSON")
	cobra.CheckErr(c.MarkFlagRequired("output"))
	complete(c, "input-dtype", dtypes)
	complete(c, "layout", layouts)
	complete(c, "output-kind", kinds)
	complete(c, "transpose", transposes)
}

// defineReading defines the flags without which some files cannot be read at all.
func (o *options) defineReading(f *pflag.FlagSet) {
	f.StringVar(&o.scaler, "scaler", "", "the `FILE` of a scikit-learn scaler, or pipeline of them, that runs before the model in SOURCE")
	f.StringVar(&o.onnxOutput, "onnx-output", "", "the `NAME` of the output to take, of an ONNX graph that has several")
}

// onlyForWeights returns the first flag given that a whole model has no use for.
func onlyForWeights(f *pflag.FlagSet) string {
	for _, name := range weightsOnly {
		if f.Changed(name) {
			return name
		}
	}
	return ""
}
