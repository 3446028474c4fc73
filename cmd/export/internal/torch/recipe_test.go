package torch

import (
	"slices"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
)

// kept are storages: 0 holds ones, 1 a one and a zero, 2 twos.
var kept = []string{floats(4), "\x00\x00\x80\x3f\x00\x00\x00\x00", "\x00\x00\x00\x40\x00\x00\x00\x40"}

// apart is a parameter of two values that is kept in two.
func apart(name, first, second string) string {
	return text(name+first) + vector("2", 2) + text(name+second) + vector("1", 2)
}

// TestPartsOfLayers has parameters other than weights of Linear kept in two. None may be taken for
// absent.
func TestPartsOfLayers(t *testing.T) {
	weight := text("weight") + tensor("0", 4, 0, numbers(2, 2), numbers(2, 1))
	batchNorm := object("torch.nn.modules.batchnorm", "BatchNorm1d", dict(apart("weight", "_orig", "_mask")),
		dict(text("running_mean"), vector("1", 2), text("running_var"), vector("2", 2)), dict(), text("eps"), "K\x02")
	tests := []struct {
		name, layer, tensor string
		want                []float32
		note                string
	}{
		{"pruned bias", object("torch.nn.modules.linear", "Linear", dict(weight, apart("bias", "_orig", "_mask")), dict(), dict()),
			"0.bias", []float32{2, 0}, "pruning masks are multiplied in (parameters: 1)"},
		{"normed bias", object("torch.nn.modules.linear", "Linear", dict(weight, text("bias_g"), vector("2", 2), text("bias_v"), vector("2", 2)), dict(), dict()),
			"0.bias", []float32{2, 2}, "weight norm is multiplied out, in float64 (parameters: 1)"},
		{"pruned slope", object("torch.nn.modules.activation", "PReLU", dict(apart("weight", "_orig", "_mask")), dict(), dict()),
			"0.slope", []float32{2, 0}, "pruning masks are multiplied in (parameters: 1)"},
		{"pruned scale", batchNorm, "0.multiply", []float32{1, 0}, "pruning masks are multiplied in (parameters: 1)"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f, err := readBytes(file(t, sequential(text("0"), test.layer), kept...))
			if err != nil {
				t.Fatal(err)
			}
			stored := f.Draft.Model.Tensor(test.tensor)
			if stored == nil || !slices.Equal(stored.Float32s(), test.want) {
				t.Errorf("%s is %v, want %v", test.tensor, stored, test.want)
			}
			if !slices.Contains(f.Draft.Notes, test.note) {
				t.Errorf("notes %q lack %q", f.Draft.Notes, test.note)
			}
		})
	}
}

// TestBatchNormApart has batch normalisation among tensors: by a scale that is kept in two, and of a
// class of one's own, whose epsilon the file tells.
func TestBatchNormApart(t *testing.T) {
	statistics := text("running_mean") + vector("1", 2) + text("running_var") + vector("2", 2)
	batchNorm := object("torch.nn.modules.batchnorm", "BatchNorm1d", dict(), dict(statistics), dict(), text("eps"), "K\x02")
	tests := []struct {
		name, value   string
		multiply, add []float32
		notes         []string
	}{
		{"pruned scale", dict(statistics, apart("weight", "_orig", "_mask")), []float32{1.4142101, 0}, []float32{-1.4142101, 0},
			[]string{"pruning masks", "batch normalisation", "taken as the usual 1e-5 (layers: 1)"}},
		{"epsilon of 2", object("__main__", "Net", dict(), dict(), dict(text("bn"), batchNorm)), []float32{0.5, 0.5}, []float32{-0.5, 0},
			[]string{"class __main__.Net", "bn BatchNorm1d", "batch normalisation (layers: 1) is given"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f, err := readBytes(file(t, test.value, kept...))
			if err != nil {
				t.Fatal(err)
			}
			if len(f.Tensors) != 2 {
				t.Fatalf("tensors %v, want a factor and a summand", f.Tensors)
			}
			checkValues(t, f.Tensors[0], test.multiply)
			checkValues(t, f.Tensors[1], test.add)
			checkNotes(t, f.Notes, test.notes)
		})
	}
}

func checkValues(t *testing.T, tensor source.Tensor, want []float32) {
	t.Helper()
	if got := tensor.Array.Float32s(); !slices.Equal(got, want) {
		t.Errorf("%s is %v, want %v", tensor.Name, got, want)
	}
}
