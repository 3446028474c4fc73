package arch

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/format"
)

func TestParse(t *testing.T) {
	tests := map[string]struct {
		text string
		want []format.Layer
	}{
		"bare layers": {"dense,relu,dense,softmax", []format.Layer{
			&format.Dense{}, &format.Activation{Function: format.ReLU}, &format.Dense{}, &format.Softmax{}}},
		"spaces":          {" dense ( W1 , b1 ) ,\n\trelu ", []format.Layer{&format.Dense{Weight: "W1", Bias: "b1"}, &format.Activation{Function: format.ReLU}}},
		"no bias":         {"dense(W)", []format.Layer{&format.Dense{Weight: "W"}}},
		"odd names":       {`dense(a b/c.0:w,"x,(y)\"")`, []format.Layer{&format.Dense{Weight: "a b/c.0:w", Bias: `x,(y)"`}}},
		"prelu":           {"prelu,prelu(a)", []format.Layer{&format.PReLU{}, &format.PReLU{Slope: "a"}}},
		"affine":          {"add(a),subtract(b),multiply(c),divide(d)", []format.Layer{&format.Affine{Operator: format.Add, Operand: "a"}, &format.Affine{Operator: format.Subtract, Operand: "b"}, &format.Affine{Operator: format.Multiply, Operand: "c"}, &format.Affine{Operator: format.Divide, Operand: "d"}}},
		"slopes":          {"leaky_relu(0.01),elu(1e-3)", []format.Layer{&format.Activation{Function: format.LeakyReLU, Alpha: 0.01}, &format.Activation{Function: format.ELU, Alpha: 0.001}}},
		"hard sigmoid":    {"hard_sigmoid(0.2,.5)", []format.Layer{&format.Activation{Function: format.HardSigmoid, Alpha: 0.2, Beta: 0.5}}},
		"clip":            {"clip(-1,1),clip(0,Inf)", []format.Layer{&format.Clip{Low: -1, High: 1}, &format.Clip{Low: 0, High: float32(math.Inf(1))}}},
		"normalize":       {"normalize(l1),normalize(l2),normalize(max)", []format.Layer{&format.Normalize{Norm: format.L1}, &format.Normalize{Norm: format.L2}, &format.Normalize{Norm: format.Max}}},
		"threshold":       {"threshold(>=0),threshold(> 0.5)", []format.Layer{&format.Threshold{Cut: format.Cut{Comparison: format.GreaterOrEqual}}, &format.Threshold{Cut: format.Cut{Comparison: format.Greater, Value: 0.5}}}},
		"select, argmax":  {"select(3,0,3),argmax", []format.Layer{&format.Select{Columns: []int{3, 0, 3}}, &format.ArgMax{}}},
		"polynomial":      {"polynomial(2)", []format.Layer{&format.Polynomial{Degree: 2, Bias: true}}},
		"its other forms": {"polynomial(3,no_bias,interaction_only)", []format.Layer{&format.Polynomial{Degree: 3, InteractionOnly: true}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			layers, err := Parse(test.text)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(layers, test.want) {
				t.Errorf("%q is read as %s, want %s", test.text, String(layers), String(test.want))
			}
			again, err := Parse(String(layers))
			if err != nil || !reflect.DeepEqual(again, layers) {
				t.Errorf("%q is written as %q, which is read as %s (%v)", test.text, String(layers), String(again), err)
			}
		})
	}
}

func TestParseErrors(t *testing.T) {
	tests := map[string]struct {
		text string
		want []string // in the message
	}{
		"empty":              {"", []string{"character 1", "the end where a layer is needed"}},
		"a comma too many":   {"dense,,relu", []string{"character 7", `"," where a layer`}},
		"no comma":           {"dense relu", []string{"character 7", `"r" where a comma or the end`}},
		"a comma at the end": {"dense,", []string{"character 7", "the end where a layer"}},
		"not closed":         {"clip(0,1", []string{"character 9", "the end where a comma or a closing parenthesis"}},
		"an empty parameter": {"clip(0,)", []string{"character 8", `")" where a parameter`}},
		"an open quote":      {`dense("W)`, []string{"character 7", "without its end"}},
		"an empty name":      {`dense("")`, []string{`"" is no name`}},
		"nested":             {"clip(clip(0,1),2)", []string{`"(" where a comma`}},
		"characters":         {"dense,é", []string{"character 7", `"é"`}},
		"not UTF-8":          {"dense\xff", []string{"not UTF-8"}},
		"too long":           {strings.Repeat(" ", maxText+1), []string{"65537 bytes", "65536"}},
		"too many layers":    {strings.Repeat("exp,", format.MaxLayers) + "exp", []string{"4097 layers"}},
		"unknown":            {"dense,rellu", []string{"layer 2 of 2, rellu", "relu6", "dense"}},
		"another word":       {"linear", []string{"called dense"}},
		"swish":              {"swish", []string{"called silu"}},
		"logistic":           {"logistic", []string{"called sigmoid"}},
		"sign":               {"sign", []string{"threshold(>0)"}},
		"log_softmax":        {"dense,log_softmax", []string{"layer 2 of 2, log_softmax: it is not defined here yet", "softmax for probabilities", "for logits"}},
		"LogSoftmax":         {"LogSoftmax", []string{"not defined here yet"}},
		"log_sigmoid":        {"log_sigmoid", []string{"not defined here yet", "write sigmoid"}},
		"mish":               {"mish", []string{"not defined here yet", "train with silu"}},
		"hard_swish":         {"hard_swish", []string{"not defined here yet", "train with silu"}},
		"dropout":            {"dense,dropout(0.5)", []string{"leave it out"}},
		"batch norm":         {"BatchNorm1d", []string{"multiply"}},
		"one-hot":            {"one_hot", []string{"help json"}},
		"upper case":         {"ReLU", []string{"write relu"}},
		"upper, parameter":   {"ELU(1)", []string{"write elu(1)"}},
		"no slope":           {"leaky_relu", []string{"its slope", "leaky_relu(0.01)"}},
		"a NaN slope":        {"elu(nan)", []string{"elu(0.01)"}},
		"one of two":         {"hard_sigmoid(0.2)", []string{"hard_sigmoid(0.2,0.5)"}},
		"relu with one":      {"relu(6)", []string{"takes no parameters"}},
		"softmax with one":   {"softmax(1)", []string{"takes no parameters"}},
		"three tensors":      {"dense(a,b,c)", []string{"dense(W1,b1)"}},
		"two slopes":         {"prelu(a,b)", []string{"prelu(slope)"}},
		"add what":           {"add", []string{"add(mean)"}},
		"norm":               {"normalize(l3)", []string{"l1, l2, max"}},
		"clip, reversed":     {"clip(1,0)", []string{"clip(0,1)"}},
		"clip, NaN":          {"clip(nan,1)", []string{"clip(0,1)"}},
		"threshold":          {"threshold(<0)", []string{"threshold(>=0)"}},
		"threshold, NaN":     {"threshold(>nan)", []string{"threshold(>=0)"}},
		"select nothing":     {"select", []string{"select(0,3,5)"}},
		"select a negative":  {"select(-1)", []string{"select(0,3,5)"}},
		"degree":             {"polynomial(17)", []string{"from 1 to 16"}},
		"said twice":         {"polynomial(2,no_bias,no_bias)", []string{"polynomial(2,no_bias)"}},
		"beyond float32":     {"clip(0,1e39)", []string{"clip(0,1)"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			layers, err := Parse(test.text)
			if err == nil {
				t.Fatalf("it is read as %s", String(layers))
			}
			for _, want := range append(test.want, "arch: ") {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q has no %q", err, want)
				}
			}
		})
	}
}

// TestWords: every example in the list of layers is a layer.
func TestWords(t *testing.T) {
	for _, word := range Words() {
		if _, err := Parse(word); err != nil {
			t.Errorf("%s: %v", word, err)
		}
	}
}

// TestLayerStringOfOthers: a layer that the language lacks is written by its name.
func TestLayerStringOfOthers(t *testing.T) {
	if got := String([]format.Layer{&format.OneHot{Categories: "c"}, &format.Columns{}}); got != "one_hot,columns" {
		t.Errorf("got %s", got)
	}
}

// FuzzParse: what is read is written so that it is read the same.
func FuzzParse(f *testing.F) {
	for _, seed := range append(Words(),
		"dense(W1,b1),leaky_relu(0.01),dense(W2),softmax",
		`dense("a,b","\x00é"),threshold(> -1e-3)`,
		"polynomial(3,interaction_only,no_bias),select(0,1),clip(-inf,inf)",
		"dense(", `dense("`, ",", "é", "relu)") {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		layers, err := Parse(text)
		if err != nil {
			return
		}
		written := String(layers)
		again, err := Parse(written)
		if err != nil {
			t.Fatalf("%q is written as %q: %v", text, written, err)
		}
		if String(again) != written || !reflect.DeepEqual(again, layers) {
			t.Errorf("%q is written as %q, and that as %q", text, written, String(again))
		}
	})
}
