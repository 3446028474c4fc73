package torch

import (
	"bytes"
	"os"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/export/internal/assemble"
	"github.com/edge-infer/edge-infer/cmd/export/internal/casetest"
	"github.com/edge-infer/edge-infer/cmd/internal/arch"
	"github.com/edge-infer/edge-infer/format"
)

// items are what files of PyTorch are known to hold; each has a case.
var items = []string{
	"zip file",
	"older file that is no zip",
	"Sequential",
	"nested Sequential with named children",
	"ReLU before BatchNorm",
	"BatchNorm before the activation",
	"batch normalisation of a state_dict",
	"saved in training mode",
	"every activation",
	"state_dict",
	"checkpoint with model_state_dict",
	"prefix module. of DataParallel",
	"weight_norm of a Sequential",
	"weight_norm of a state_dict",
	"float16",
	"float64",
	"module of a class of one's own",
	"TorchScript",
	"strided views of one storage",
	"pruned with masks",
	"LogSoftmax at the end",
	"one sigmoid",
	"several sigmoids",
	"pickle of protocol 5",
	"a layer alone",
	"prefix _orig_mod. of torch.compile",
	"DataParallel around a Sequential",
	"weight_norm of torch.nn.utils.parametrizations",
	"bfloat16",
	"checkpoint with state_dict",
	"checkpoint with a whole model",
	"tensors beside the state_dict",
	"tensors with attributes",
	"most significant byte first",
	"code in the pickle is never executed",
	"refused by name",
}

func TestCases(t *testing.T) {
	cases := casetest.Load(t, "torch", 40)
	casetest.CheckItems(t, cases, items)
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			data, err := os.ReadFile(c.File)
			if err != nil {
				t.Fatal(err)
			}
			m, err := convert(t, &c, data)
			c.Check(t, m, err)
		})
	}
}

// convert makes a model of a file: with the architecture that the case gives if it holds tensors.
func convert(t *testing.T, c *casetest.Case, data []byte) (*format.Model, error) {
	t.Helper()
	f, err := Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	if (f.Draft == nil) == (f.Tensors == nil) {
		t.Fatal("a file is either a model or tensors")
	}
	if (len(c.Flags) > 0) != (f.Draft == nil) {
		t.Fatalf("tensors %v, and flags %q", f.Tensors, c.Flags)
	}
	if f.Draft != nil {
		return f.Draft.Model, nil
	}
	spec := assemble.Spec{}
	for i := 0; i+1 < len(c.Flags); i += 2 {
		switch c.Flags[i] {
		case "--arch":
			if spec.Arch, err = arch.Parse(c.Flags[i+1]); err != nil {
				t.Fatal(err)
			}
		case "--ignore":
			spec.Ignore = append(spec.Ignore, c.Flags[i+1])
		default:
			t.Fatalf("flag %s", c.Flags[i])
		}
	}
	result, err := assemble.Model(f.Tensors, spec)
	if err != nil {
		return nil, err
	}
	return result.Model, nil
}
