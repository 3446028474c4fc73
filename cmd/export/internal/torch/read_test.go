package torch

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/export/internal/assemble"
)

const models = "../../../../testdata/models/torch"

func readCase(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(models, name, "model.pt"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestFates holds against the files what is said of their layers.
func TestFates(t *testing.T) {
	tests := []struct {
		name  string
		fates []string // "layer → what became of it"
		notes []string // in this order, each a part of one
	}{
		{"1_nested_older_file", []string{
			"encoder.lift: Linear(5, 12) → dense", "encoder.act: Tanh() → tanh", "head.0: Identity() → nothing: it changes nothing",
			"head.1: Linear(12, 1) → dense", "head.2: Sigmoid() → sigmoid",
		}, []string{"the second of two classes, called 0 and 1"}},
		{"1_batch_norm_training_mode", []string{
			"0: Linear(6, 16) → dense", "1: ReLU() → relu", "2: BatchNorm1d(16) → multiply, add, with its running statistics",
			"3: Dropout() → nothing: it is for training", "4: Linear(16, 8) → dense", "5: BatchNorm1d(8) → multiply, add, with its running statistics",
			"6: LeakyReLU(0.1) → leaky_relu", "7: Linear(8, 2) → dense",
		}, []string{"training mode", "taken as values"}},
		{"2_nested_log_softmax", []string{
			"stem: Linear(7, 10) → dense", "block.norm: BatchNorm1d(10) → multiply, add, with its running statistics",
			"block.act: GELU(approximate='tanh') → gelu_tanh", "flat: Flatten() → nothing: rows are flat", "head: Linear(10, 5) → dense",
			"log: LogSoftmax(dim=1) → nothing: outputs are the logits before it",
		}, []string{"LogSoftmax at the end is left out"}},
		{"2_sequential_training_mode", []string{
			"0: Flatten() → nothing: rows are flat", "1: Linear(12, 16) → dense", "2: GELU() → gelu", "3: Dropout() → nothing: it is for training",
			"4: Linear(16, 4) → dense", "5: Softmax(dim=-1) → softmax",
		}, []string{"inputs are taken as flat rows", "training mode"}},
		{"2_linear_alone", []string{"Linear(9, 3) → dense"}, []string{"taken as values"}},
		{"2_data_parallel", []string{"module.0: Linear(6, 16) → dense", "module.1: ReLU() → relu", "module.2: Linear(16, 3) → dense"}, []string{"taken as values"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f, err := readBytes(readCase(t, test.name))
			if err != nil {
				t.Fatal(err)
			}
			var fates []string
			for _, fate := range f.Draft.Fates {
				fates = append(fates, fate.Layer+" → "+fate.Became)
			}
			if !slices.Equal(fates, test.fates) {
				t.Errorf("layers\n%s\nwant\n%s", strings.Join(fates, "\n"), strings.Join(test.fates, "\n"))
			}
			checkNotes(t, f.Draft.Notes, test.notes)
			if f.Draft.Model.Source.Name != "PyTorch" {
				t.Errorf("the source is %q", f.Draft.Model.Source.Name)
			}
		})
	}
}

func checkNotes(t *testing.T, got, want []string) {
	t.Helper()
	ok := len(got) == len(want)
	for i := 0; ok && i < len(want); i++ {
		ok = strings.Contains(got[i], want[i])
	}
	if !ok {
		t.Errorf("notes %q, want them with %q", got, want)
	}
}

// TestTensors holds names, dtypes and shapes against the files, in their order.
func TestTensors(t *testing.T) {
	tests := []struct {
		name    string
		tensors []string
		notes   []string
	}{
		{"1_custom_module", []string{"hidden.weight <f4 16×6", "hidden.bias <f4 16", "out.weight <f4 3×16", "out.bias <f4 3"},
			[]string{"class __main__.Net", "hidden Linear, act ReLU, drop Dropout, out Linear"}},
		{"1_torchscript", []string{"0.weight <f4 16×6", "0.bias <f4 16", "2.weight <f4 3×16", "2.bias <f4 3"},
			[]string{"0 Linear, 1 ReLU, 2 Linear, 3 Softmax"}},
		{"1_state_dict_older_file", []string{"0.weight <f4 10×6", "0.bias <f4 10", "1.multiply <f8 10", "1.add <f8 10", "3.weight <f4 3×10", "3.bias <f4 3"},
			[]string{"multiply(NAME.multiply),add(NAME.add)", "taken as the usual 1e-5 (layers: 1)"}},
		{"1_weight_norm_state_dict", []string{"0.bias <f4 12", "0.weight <f8 12×6", "2.bias <f4 9", "2.weight <f8 9×12", "4.bias <f4 2", "4.weight <f8 2×9"},
			[]string{"weight norm is multiplied out, in float64 (parameters: 3)"}},
		{"1_checkpoint_parallel", []string{"0.weight <f4 16×6", "0.bias <f4 16", "2.weight <f4 3×16", "2.bias <f4 3"},
			[]string{`entry "model_state_dict"`}},
		{"2_checkpoint_with_scaling", []string{"model.0.weight <f4 16×6", "model.0.bias <f4 16", "model.2.multiply <f8 16", "model.2.add <f8 16",
			"model.3.weight <f4 3×16", "model.3.bias <f4 3", "mean <f4 6", "std <f8 6"}, []string{`entry "state_dict"`, "batch normalisation", "usual 1e-5"}},
		{"2_compiled_state_dict", []string{"0.weight <f4 16×6", "0.bias <f4 16", "2.weight <f4 3×16", "2.bias <f4 3"}, nil},
		{"2_tensors_with_attributes", []string{"0.weight <f4 16×6", "0.bias <f4 16", "2.weight <f4 3×16", "2.bias <f4 3", "count <u2 3"}, nil},
		{"2_block_of_own_class", []string{"0.weight <f4 4×6", "0.bias <f4 4", "2.inner.weight <f4 4×4", "2.inner.bias <f4 4"},
			[]string{`layer "2" is of class __main__.Residual`, "0 Linear, 1 ReLU, 2.inner Linear"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f, err := readBytes(readCase(t, test.name))
			if err != nil {
				t.Fatal(err)
			}
			var tensors []string
			for _, tensor := range f.Tensors {
				tensors = append(tensors, tensor.Name+" "+string(tensor.Array.DType)+" "+assemble.ShapeString(tensor.Array.Shape))
			}
			if !slices.Equal(tensors, test.tensors) {
				t.Errorf("tensors %q, want %q", tensors, test.tensors)
			}
			checkNotes(t, f.Notes, test.notes)
		})
	}
}

// TestNested takes tensors from dicts, lists and modules within each other, and no optimizer's.
func TestNested(t *testing.T) {
	tests := []struct {
		name, value string
		want        []string
	}{
		{"dicts", dict(text("a"), dict(text("b"), vector("0", 2), "K\x01", vector("0", 2))), []string{"a.b", "a.1"}},
		{"an optimizer", dict(text("net"), "N", text("opt"), dict(text("param_groups"), list(), text("w"), vector("0", 2)), text("w"), vector("0", 2)), []string{"w"}},
		{"a list", list(vector("0", 2), "N", vector("0", 2)), []string{"0", "2"}},
		{"a module among others", dict(text("actor"), linear("0", 1, 2), text("log_std"), vector("0", 2)), []string{"actor.weight", "log_std"}},
		{"a tensor alone", vector("0", 2), []string{"tensor"}},
		{"averaged", dict(text("n_averaged"), vector("0", 2), text("module.w"), vector("0", 2)), []string{"w"}},
		{"averaged, and nothing else", dict(text("n_averaged"), vector("0", 2), text("w"), vector("0", 2)), []string{"w"}},
		{"wrapped twice", dict(text("module._orig_mod.module.w"), vector("0", 2)), []string{"w"}},
		{"a child called module", dict(text("module.w"), vector("0", 2), text("head.w"), vector("0", 2)), []string{"module.w", "head.w"}},
		{"a mask of no weight", dict(text("w_mask"), vector("0", 2)), []string{"w_mask"}},
		{"a magnitude alone", dict(text("weight_g"), vector("0", 2)), []string{"weight_g"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f, err := readBytes(file(t, test.value, floats(2)))
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, tensor := range f.Tensors {
				names = append(names, tensor.Name)
			}
			if !slices.Equal(names, test.want) {
				t.Errorf("tensors %q, want %q", names, test.want)
			}
		})
	}
}

// TestParts reads a file of PyTorch 0.3, where a storage may be a part of another.
func TestParts(t *testing.T) {
	storage := tuple(text("storage"), global("torch", "FloatStorage"), text("0"), text("cpu"), number(4),
		tuple(text("1"), number(1), number(2))) + "Q"
	value := dict(text("w"), call("torch._utils", "_rebuild_tensor", storage, number(1), numbers(1), numbers(1)))
	data := olderFile(1001, value, list(text("0")), "\x04\x00\x00\x00\x00\x00\x00\x00"+"\x00\x00\x80\x3f\x00\x00\x00\x40\x00\x00\x40\x40\x00\x00\x80\x40")
	f, err := readBytes(data)
	if err != nil {
		t.Fatal(err)
	}
	if got := f.Tensors[0].Array.Float32s(); !slices.Equal(got, []float32{3}) {
		t.Errorf("%v, want the third value", got)
	}
	beyond := strings.Replace(string(data), number(1)+number(2), number(3)+number(2), 1)
	if _, err := readBytes([]byte(beyond)); err == nil || !strings.Contains(err.Error(), "a part that does not lie in it") {
		t.Errorf("a part beyond the storage: error %v", err)
	}
}

func TestRecognise(t *testing.T) {
	archives := []struct {
		name string
		data []byte
		want bool
	}{
		{"saved", readCase(t, "1_sequential"), true},
		{"TorchScript", readCase(t, "2_torchscript_traced"), true},
		{"npz", zipOf(t, zip.Store, entry{"w.npy", ""}), false},
		{"empty", zipOf(t, zip.Store), false},
		{"a pickle deeper", zipOf(t, zip.Store, entry{"a/b/data.pkl", ""}), false},
	}
	for _, test := range archives {
		z, err := zip.NewReader(bytes.NewReader(test.data), int64(len(test.data)))
		if err != nil {
			t.Fatal(err)
		}
		if got := IsArchive(z); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
	for name, want := range map[string]bool{"1_state_dict_older_file": true, "2_sigmoids_protocol_4_older_file": true, "1_sequential": false} {
		data := readCase(t, name)
		if IsLegacy(data[:32]) != want {
			t.Errorf("%s: %v, want %v", name, !want, want)
		}
		for n := range 15 {
			if IsLegacy(data[:n]) {
				t.Errorf("%d bytes of %s are taken for a file", n, name)
			}
		}
	}
	if IsLegacy([]byte("\x80\x04\x95\x0a\x00\x00\x00\x00\x00\x00\x00\x8c\x06pickle.......................")) {
		t.Error("a pickle of something else is taken for a file")
	}
}

// TestHalves decodes bfloat16 in both byte orders.
func TestHalves(t *testing.T) {
	little, big := []byte{0x80, 0x3f, 0x00, 0xc0}, []byte{0x3f, 0x80, 0xc0, 0x00}
	want := []byte{0, 0, 0x80, 0x3f, 0, 0, 0x00, 0xc0}
	if got := widen(little, false); !bytes.Equal(got, want) {
		t.Errorf("% x, want % x", got, want)
	}
	if got := widen(big, true); !bytes.Equal(got, want) {
		t.Errorf("% x, want % x", got, want)
	}
}

// TestEveryActivation writes each activation that a file may name, without the parameters that older
// versions lack.
func TestEveryActivation(t *testing.T) {
	for _, name := range classes["torch.nn.modules.activation"] {
		value := sequential(text("0"), linear("0", 2, 2), text("1"), activation(name))
		if name == "PReLU" {
			value = sequential(text("0"), linear("0", 2, 2), text("1"), object("torch.nn.modules.activation", name, dict(text("weight"), vector("1", 2)), dict(), dict()))
		}
		f, err := readBytes(file(t, value, floats(4), floats(2)))
		if err != nil || f.Draft == nil || len(f.Draft.Fates) != 2 {
			t.Errorf("%s: %v", name, err)
		}
	}
}
