package tflite

import (
	"os"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/export/internal/casetest"
	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/format"
)

// items is what the reader is known to meet: each is shown by a case.
var items = []string{
	"float32 weights",
	"Normalization as SUB and MUL",
	"BatchNormalization and Dropout, which the converter folds",
	"a plain dense layer at the end",
	"a dense layer without bias",
	"one sigmoid output",
	"several sigmoid outputs",
	"RELU, RELU6, RELU_N1_TO_1 and TANH, fused or not",
	"LEAKY_RELU, PRELU, ELU, LOGISTIC, EXP, GELU",
	"silu, softplus, selu and a scaled elu as several operators",
	"UnitNormalization as five operators",
	"hard_sigmoid as a fused RELU6 and MUL",
	"SHAPE, STRIDED_SLICE and PACK before RESHAPE",
	"GATHER, REDUCE_PROD and CONCATENATION before RESHAPE",
	"a RESHAPE of open shape",
	"EXPAND_DIMS and SQUEEZE, RESHAPE to a constant",
	"a picture's shape is kept",
	"constants that are spread over a row",
	"a model for a single row, without a dimension of rows",
	"a batch of fixed size",
	"BATCH_MATMUL with a constant",
	"ADD, SUB and MUL with constants, on either side",
	"DIV by a constant",
	"fused activations of ADD and MUL",
	"NEG and ABS",
	"MINIMUM and MAXIMUM",
	"RELU_0_TO_1",
	"ARG_MAX at the end",
	"GREATER and CAST, as of a perceptron",
	"LESS, turned round",
	"SOFTMAX with a factor beta",
	"int8 weights, a scale for each output",
	"int8 weights, one scale for all",
	"QUANTIZE and DEQUANTIZE at the ends",
	"uint8 inputs and int8 outputs",
	"int16 activations with int8 weights",
	"dynamic range: int8 weights with float32 rows",
	"float16 weights behind DEQUANTIZE",
	"uint8 inputs that are not quantised, and CAST",
	"labels.txt behind the model, named by its metadata",
	"labels without metadata",
	"labels that do not fit are left out",
	"buffers behind the flatbuffer",
	"operator codes of one byte, as before TensorFlow 2.4",
	"several signatures: the first subgraph is read",
	"refused: an operator without an equal, by index and name",
	"refused: HARD_SWISH, with a way out",
	"refused: branches",
	"refused: several inputs, by name",
	"refused: several outputs",
	"refused: a dense layer at each of several positions",
	"refused: softmax along a part of a row",
	"refused: arithmetic of integers",
	"refused: operators of TensorFlow itself",
	"refused: a constant divided by the row",
}

func readFile(t testing.TB, name string) (*draft.Draft, error) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	return Read(f, info.Size())
}

func TestCases(t *testing.T) {
	cases := casetest.Load(t, "tflite", 44)
	casetest.CheckItems(t, cases, items)
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			d, err := readFile(t, c.File)
			var m *format.Model
			if err == nil {
				m = d.Model
			}
			c.Check(t, m, err)
		})
	}
}
