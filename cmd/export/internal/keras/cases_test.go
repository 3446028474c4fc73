package keras

import (
	"archive/zip"
	"bytes"
	"os"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/export/internal/assemble"
	"github.com/edge-infer/edge-infer/cmd/export/internal/casetest"
	"github.com/edge-infer/edge-infer/cmd/internal/arch"
	"github.com/edge-infer/edge-infer/format"
)

// items are what files of Keras are known to hold.
var items = []string{
	"Activation",
	"BatchNormalization",
	"BatchNormalization along another axis",
	"BatchNormalization without scale or center",
	"Dense with a fused activation",
	"Dense without bias",
	"Dropout",
	"ELU",
	"Flatten of a grey picture",
	"Flatten of a grey picture without channels",
	"Flatten of a picture of three colours",
	"InputLayer",
	"LeakyReLU of Keras 2",
	"LeakyReLU of Keras 3",
	"Normalization that adapt() fitted",
	"Normalization that inverts",
	"Normalization with a given mean and variance",
	"Normalization without axis",
	"PReLU",
	"PReLU with shared_axes",
	"ReLU",
	"ReLU with max_value and negative_slope",
	"Rescaling",
	"Rescaling with an offset, by channel",
	"Reshape",
	"Softmax",
	"a .keras archive",
	"a .keras archive, written by Keras 2",
	"a .weights.h5, with --arch",
	"a Sequential whose configuration is a list",
	"a functional model that is a chain",
	"a layer as a fused activation",
	"a model of one's own class, with --arch",
	"a number in an object",
	"a sigmoid for each of several outputs",
	"a single logit decides between two classes",
	"a single sigmoid decides between two classes",
	"a variance of 0",
	"activations by name",
	"an .h5 of a whole model, written by Keras 2",
	"an .h5 of a whole model, written by Keras 3",
	"an archive of Keras 2.12, saved on Windows: renamed by hand to how 2.12 wrote it",
	"an archive of Keras 2.12: renamed by hand to how 2.12 wrote it",
	"an archive packed anew, compressed",
	"arrays that a person saved with h5py, with --arch",
	"attributes in parts: layer_names0, layer_names1",
	"channels in pictures",
	"decisions by the loss",
	"frozen layers in a model within the model",
	"gelu_approximate of keras_hub",
	"hard_sigmoid of Keras 2",
	"hard_sigmoid of Keras 3",
	"layers called otherwise than the paths of their variables",
	"layers that compute in float16",
	"layers that do nothing when a model runs",
	"logits by the loss",
	"models within the model",
	"no InputLayer: the shape that the model was built for",
	"paths by counters alone",
	"pixels of uint8",
	"probabilities of softmax",
	"rows of two dimensions",
	"values by the loss",
	"variables of bfloat16",
	"variables of float16",
	"variables of float64",
	"weights with lists of layers, with --arch",
	"refused: Dense along the last of several dimensions",
	"refused: Keras 1",
	"refused: ReLU with a threshold",
	"refused: a Lambda layer",
	"refused: a call with training=True",
	"refused: a graph that is not a chain",
	"refused: a layer of one's own class",
	"refused: a layer that is called twice",
	"refused: a layer without an equal",
	"refused: an activation of one's own",
	"refused: an activation without an equal",
	"refused: an input of open shape",
	"refused: arithmetic between layers",
	"refused: quantised layers",
	"refused: several inputs or outputs",
}

// readFile reads what a person would give: an archive or HDF5.
func readFile(data []byte) (*File, error) {
	r := bytes.NewReader(data)
	if z, err := zip.NewReader(r, r.Size()); err == nil && IsArchive(z) {
		return ReadArchive(r, r.Size())
	}
	return Read(r, r.Size())
}

func TestCases(t *testing.T) {
	cases := casetest.Load(t, "keras", 60)
	casetest.CheckItems(t, cases, items)
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			data, err := os.ReadFile(c.File)
			if err != nil {
				t.Fatal(err)
			}
			m, err := model(t, c, data)
			if c.Refused != "" {
				t.Log(err)
			}
			c.Check(t, m, err)
		})
	}
}

// model makes the model of a case: with the architecture that the case gives if the file holds
// weights alone.
func model(t *testing.T, c casetest.Case, data []byte) (*format.Model, error) {
	t.Helper()
	f, err := readFile(data)
	if err != nil {
		return nil, err
	}
	if f.Draft != nil {
		for _, l := range f.Draft.Fates {
			t.Log(l)
		}
		for _, l := range f.Draft.Notes {
			t.Log(l)
		}
		return f.Draft.Model, nil
	}
	if len(c.Flags) != 2 || c.Flags[0] != "--arch" {
		t.Fatalf("the file holds tensors, and the case's flags %q no architecture", c.Flags)
	}
	layers, err := arch.Parse(c.Flags[1])
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range f.Tensors {
		t.Log(x.Name, x.Array.Shape, x.Array.DType)
	}
	result, err := assemble.Model(f.Tensors, assemble.Spec{Arch: layers})
	if err != nil {
		return nil, err
	}
	return result.Model, nil
}
