package onnx

import (
	"fmt"
	"testing"

	"github.com/edge-infer/edge-infer/runtime"
)

// FuzzGraph draws whole graphs, which bytes changed at random would rarely be: operators, what they
// take, and an attribute each. Whatever is read has to run.
func FuzzGraph(f *testing.F) {
	operators := []string{
		"Gemm", "MatMul", "Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Neg", "Greater", "Where", "Not", "Reciprocal", "ReduceSum", "ReduceProd",
		"ReduceL2", "Identity", "Dropout", "Cast", "Expand", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Transpose", "Slice", "Gather", "Split", "Concat",
		"BatchNormalization", "LpNormalization", "Softmax", "ArgMax", "Relu", "Sigmoid", "Tanh", "Exp", "Erf", "Erfc", "Clip", "PRelu", "Shape", "ConstantOfShape",
		"DequantizeLinear", "Constant", "Softplus", "Gelu", "HardSigmoid", "Sqrt",
		"ml.Scaler", "ml.Normalizer", "ml.Binarizer", "ml.LinearRegressor", "ml.LinearClassifier", "ml.ZipMap", "ml.ArrayFeatureExtractor", "ml.LabelEncoder",
		"ml.OneHotEncoder", "ml.FeatureVectorizer", "ms.FusedGemm", "ms.Gelu",
	}
	attributes := []message{
		nil, integer("axis", 0), integer("axis", 1), integer("axis", -1), integer("keepdims", 0), integer("transB", 1), integer("to", 1), integer("to", 7), integer("to", 9),
		message{}.text(1, "axes").varint(8, 1), message{}.text(1, "perm").varint(8, 0).varint(8, 2).varint(8, 1), message{}.text(1, "value_ints").varint(8, 1).varint(8, 2),
		message{}.text(1, "coefficients").bytes(7, make([]byte, 24)), message{}.text(1, "cats_int64s").varint(8, 3).varint(8, 1), message{}.text(1, "classlabels_ints").varint(8, 1).varint(8, 2),
		message{}.text(1, "post_transform").text(4, "LOGISTIC"), message{}.text(1, "norm").text(4, "L1"), message{}.text(1, "classlabels_int64s").varint(8, 1).varint(8, 2),
		message{}.text(1, "activation").text(4, "Relu"), message{}.text(1, "keys_int64s").varint(8, 0).varint(8, 1), message{}.text(1, "values_strings").text(9, "a").text(9, "b"),
		message{}.text(1, "split").varint(8, 2).varint(8, 1),
	}
	constants := []message{
		floats("s", nil, 0.5), floats("v", []uint64{3}, 1, 2, 3), floats("w", []uint64{3, 3}, 1, 0, 2, 0, 1, 0, 3, 0, 1), floats("u", []uint64{3, 1}, 1, 2, 3),
		floats("c", []uint64{3, 1, 1}, 1, 2, 3), floats("e", []uint64{0}), integers("i", 1), integers("j", 2, 0), integers("k", -1, 3), integers("l"),
		message{}.varint(2, 7).text(8, "o").bytes(9, make([]byte, 8)), message{}.varint(1, 2).varint(2, 8).text(8, "t").text(6, "p").text(6, "q"),
	}
	names := []string{"x", "", "s", "v", "w", "u", "c", "e", "i", "j", "k", "l", "o", "t"}
	f.Add([]byte{1, 0, 4, 1, 0, 36, 14, 1, 1, 0})
	f.Add([]byte{26, 0, 8, 9, 1, 35, 14, 1, 1, 0, 29, 14, 15, 1, 3})
	f.Add([]byte{35, 0, 1, 1, 0, 3, 2, 14, 1, 0, 29, 15, 14, 1, 3, 33, 16, 1, 1, 2})
	f.Add([]byte{54, 0, 1, 1, 14, 26, 14, 8, 1, 1, 29, 14, 15, 1, 2, 55, 16, 1, 1, 17})
	f.Fuzz(func(t *testing.T, data []byte) {
		var nodes []message
		known := names
		for n := 0; len(data) >= 5 && n < 40; n, data = n+1, data[5:] {
			op := operators[int(data[0])%len(operators)]
			var node message
			for _, k := range data[1:4] {
				if name := known[int(k)%len(known)]; name != "" {
					node = node.text(1, name)
				}
			}
			out := fmt.Sprint(n)
			known = append(known[:len(known):len(known)], out)
			if len(data) < 10 {
				out = "y"
			}
			switch op[:min(3, len(op))] {
			case "ml.":
				node = node.text(4, op[3:]).text(7, "ai.onnx.ml")
			case "ms.":
				node = node.text(4, op[3:]).text(7, "com.microsoft")
			default:
				node = node.text(4, op)
			}
			node = node.text(2, out).text(2, out+"b")
			if a := attributes[int(data[4])%len(attributes)]; a != nil {
				node = node.bytes(5, a)
			}
			nodes = append(nodes, node)
		}
		d, err := readBytes(wide(3, nodes, constants), Options{})
		if err != nil {
			return
		}
		s, err := runtime.New(d.Model, runtime.Options{Backend: runtime.Reference})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Run(make([]float32, s.Outputs()), []float32{0.5, -1, 2}); err != nil {
			t.Fatal(err)
		}
	})
}
