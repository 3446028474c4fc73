package tflite

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/export/internal/casetest"
	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/runtime"
)

func readBytes(data []byte) (*draft.Draft, error) {
	return Read(bytes.NewReader(data), int64(len(data)))
}

// answer runs what is read from a model on one row.
func answer(t *testing.T, data []byte, x ...float32) []float32 {
	t.Helper()
	d, err := readBytes(data)
	if err != nil {
		t.Fatal(err)
	}
	s, err := runtime.New(d.Model, runtime.Options{Backend: runtime.Reference})
	if err != nil {
		t.Fatal(err)
	}
	y := make([]float32, s.Outputs())
	if err := s.Run(y, x); err != nil {
		t.Fatal(err)
	}
	return y
}

var row2, one = []int32{1, 2}, []int32{}

// TestOperators computes what no converter at hand writes.
func TestOperators(t *testing.T) {
	type op struct {
		code      opcode
		options   fields
		shape     []int32 // of the constant, if there is one
		constants []float32
	}
	tests := map[string]struct {
		ops    []op
		layers string
		want   []float32 // for the row −1, 2
	}{
		"dense, fused":         {[]op{{opFullyConnected, fields{0: byte(2)}, row2, []float32{1, 1}}}, "dense,clip(-1,1)", []float32{1}},
		"dense, keep_num_dims": {[]op{{opFullyConnected, fields{2: true}, row2, []float32{1, 3}}}, "dense", []float32{5}},
		"batch matmul":         {[]op{{opBatchMatMul, fields{}, []int32{1, 2, 1}, []float32{1, 3}}}, "dense", []float32{5}},
		"batch matmul, adj_y":  {[]op{{opBatchMatMul, fields{1: true}, row2, []float32{1, 3}}}, "dense", []float32{5}},
		"options of another":   {[]op{{opSub, nil, one, []float32{1}}}, "subtract", []float32{-2, 1}},
		"greater":              {[]op{{opGreater, nil, one, []float32{2}}}, "threshold(>2)", []float32{0, 0}},
		"greater or equal":     {[]op{{opGreaterEqual, nil, one, []float32{2}}}, "threshold(>=2)", []float32{0, 1}},
		"less":                 {[]op{{opLess, nil, one, []float32{2}}}, "multiply,threshold(>-2)", []float32{1, 0}},
		"less or equal":        {[]op{{opLessEqual, nil, one, []float32{2}}}, "multiply,threshold(>=-2)", []float32{1, 1}},
		"prelu for all":        {[]op{{opPReLU, nil, []int32{1}, []float32{0.5}}}, "prelu", []float32{-0.5, 2}},
		"division by constant": {[]op{{opDiv, fields{0: byte(1)}, row2, []float32{4, 8}}}, "divide,relu", []float32{0, 0.25}},
		"exp, negated":         {[]op{{opNeg, nil, nil, nil}, {opAbs, nil, nil, nil}}, "multiply,leaky_relu(-1)", []float32{1, 2}},
		"gelu, two forms":      {[]op{{opGELU, fields{0: true}, nil, nil}, {opGELU, nil, nil, nil}}, "gelu_tanh,gelu", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newSketch(1, 2)
			for _, o := range test.ops {
				var constants []int32
				if o.shape != nil {
					constants = append(constants, s.constant(o.shape, o.constants...))
				}
				s.operator(o.code, o.options, row2, constants...)
			}
			d, err := readBytes(s.bytes())
			if err != nil {
				t.Fatal(err)
			}
			if got := casetest.Layers(d.Model); got != test.layers {
				t.Errorf("layers %s, want %s", got, test.layers)
			}
			if got := answer(t, s.bytes(), -1, 2); test.want != nil && !slices.Equal(got, test.want) {
				t.Errorf("answer %v, want %v", got, test.want)
			}
		})
	}
}

// TestDequantized reads weights of 8 bits with scales and zero points along either dimension.
func TestDequantized(t *testing.T) {
	tests := map[string]struct {
		elements     elementType
		quantisation fields
		want         []float32 // for the row 1, 10
	}{
		"one scale":      {int8Type, fields{2: []float32{0.5}}, []float32{10.5, -21}},
		"a zero point":   {int8Type, fields{2: []float32{0.5}, 3: []int64{1}}, []float32{5, -26.5}},
		"uint8":          {uint8Type, fields{2: []float32{0.5}, 3: []int64{2}}, []float32{-0.5, 0.5*252 + 10*0.5*250}},
		"by output":      {int8Type, fields{2: []float32{0.5, 2}, 3: []int64{0, 1}, 6: int32(0)}, []float32{10.5, -106}},
		"by input":       {int8Type, fields{2: []float32{0.5, 2}, 3: []int64{0, 0}, 6: int32(1)}, []float32{40.5, -81}},
		"no zero points": {int8Type, fields{2: []float32{0.5, 2}}, []float32{10.5, -84}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newSketch(1, 2)
			w := s.tensor([]byte{1, 2, 0xfe, 0xfc}, test.elements, 2, 2) // [outputs, inputs]
			s.tensors[w][4] = test.quantisation
			s.operator(opFullyConnected, nil, row2, w)
			if got := answer(t, s.bytes(), 1, 10); !slices.Equal(got, test.want) {
				t.Errorf("answer %v, want %v", got, test.want)
			}
		})
	}
}

// TestSaturated: a range that begins at 0 limits a row as a relu does.
func TestSaturated(t *testing.T) {
	tests := map[string]struct {
		elements elementType
		scale    float32
		zero     int64
		options  fields
		layers   string
	}{
		"int8":       {int8Type, 0.1, -128, nil, "multiply,relu"},
		"uint8":      {uint8Type, 0.1, 0, nil, "multiply,relu"},
		"int16":      {int16Type, 0.1, math.MinInt16, nil, "multiply,relu"},
		"up to 6":    {int8Type, 6.0 / 255, -128, nil, "multiply,relu6"},
		"fused":      {int8Type, 6.0 / 255, -128, fields{0: byte(3)}, "multiply,relu6"},
		"on below 0": {int8Type, 0.1, -127, nil, "multiply"},
		"float32":    {float32Type, 0.1, -128, nil, "multiply"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newSketch(1, 2)
			s.operator(opMul, test.options, row2, s.constant(one, 2))
			s.tensors[s.last][1] = byte(test.elements)
			s.tensors[s.last][4] = fields{2: []float32{test.scale}, 3: []int64{test.zero}}
			if got := casetest.Layers(draftOf(t, s).Model); got != test.layers {
				t.Errorf("layers %s, want %s", got, test.layers)
			}
		})
	}
}

// TestRefused names the operator, or what else is wrong.
func TestRefused(t *testing.T) {
	quantised := func(w fields, data ...byte) *sketch {
		s := newSketch(1, 2)
		i := s.tensor(data, int8Type, 2, 2)
		s.tensors[i][4] = w
		return s.operator(opFullyConnected, nil, row2, i)
	}
	dense := func(shape []int32, values ...float32) *sketch {
		s := newSketch(1, 2)
		return s.operator(opFullyConnected, fields{}, row2, s.constant(shape, values...))
	}
	with := func(s *sketch, change func(s *sketch)) []byte {
		change(s)
		return s.bytes()
	}
	unary := func(code opcode, options fields) *sketch { return newSketch(1, 2).operator(code, options, row2) }
	tests := map[string]struct {
		data []byte
		want string
	}{
		"no model":          {[]byte("\x08\x00\x00\x00TFL2...."), `no TFL3 at byte 4 but "TFL2"`},
		"seven bytes":       {make([]byte, 7), "a file of 7 bytes"},
		"version":           {build(fields{0: uint32(4)}), "schema version 4: version 3 is read"},
		"no subgraph":       {build(fields{0: uint32(3)}), "no subgraph"},
		"no input":          {build(fields{0: uint32(3), 2: []fields{{}}}), "0 inputs ()"},
		"input nowhere":     {build(fields{0: uint32(3), 2: []fields{{1: []int32{7}}}}), "the input is tensor 7 of 0"},
		"custom":            {with(unary(opCustom, nil), func(s *sketch) { s.codes[0][1] = "Mine" }), `operator 0 (custom "Mine")`},
		"beyond the schema": {unary(1000, nil).bytes(), "operator 0 (operator of code 1000): there is no layer"},
		"log":               {unary(opLog, nil).bytes(), "it may be part of log_sigmoid"},
		"log_softmax":       {unary(opLogSoftmax, nil).bytes(), "convert the model with softmax"},
		"a constant output": {with(newSketch(1, 2), func(s *sketch) { s.last = s.constant(row2, 1, 2) }), "does not depend on the input"},
		"fused sign bit":    {with(newSketch(1, 2), func(s *sketch) { s.operator(opAdd, fields{0: byte(5)}, row2, s.constant(one, 1)) }), "fused activation of code 5"},
		"shuffled weights":  {with(newSketch(1, 2), func(s *sketch) { s.operator(opFullyConnected, fields{1: byte(1)}, row2, s.constant(row2, 1, 2)) }), "layout 1"},
		"no weights":        {unary(opFullyConnected, nil).bytes(), "an operand is left out"},
		"weights of 3-D":    {dense([]int32{1, 1, 2}, 1, 2).bytes(), "shape [1 1 2]: two dimensions"},
		"too few values":    {dense([]int32{2, 2}, 1, 2).bytes(), "8 bytes for the shape [2 2] of float32"},
		"too many sizes":    {dense([]int32{1 << 30, 1 << 30, 1 << 30}, 1, 2).bytes(), "8 bytes for the shape"},
		"negative sizes":    {dense([]int32{-1, -2}, 1, 2).bytes(), "8 bytes for the shape"},
		"nine dimensions":   {dense(make([]int32, 9), 1, 2).bytes(), "9 dimensions"},
		"no scale":          {quantised(fields{}, 1, 2, 3, 4).bytes(), "weights are int8 without a scale"},
		"three scales":      {quantised(fields{2: []float32{1, 2, 3}}, 1, 2, 3, 4).bytes(), "3 scales along dimension 0 of the shape [2 2]"},
		"dimension":         {quantised(fields{2: []float32{1, 2}, 6: int32(-1)}, 1, 2, 3, 4).bytes(), "2 scales along dimension -1"},
		"zero points":       {quantised(fields{2: []float32{1, 2}, 3: []int64{1, 2, 3}}, 1, 2, 3, 4).bytes(), "2 scales and 3 zero points"},
		"blockwise":         {quantised(fields{2: []float32{1}, 4: byte(2)}, 1, 2, 3, 4).bytes(), "blockwise"},
		"sparse":            {with(dense(row2, 1, 2), func(s *sketch) { s.tensors[1][6] = fields{} }), "sparse storage"},
		"strings":           {with(dense(row2, 1, 2), func(s *sketch) { s.tensors[1][1] = byte(5) }), "elements of string are not read"},
		"a strange type":    {with(dense(row2, 1, 2), func(s *sketch) { s.tensors[1][1] = byte(200) }), "elements of type 200"},
		"a string input":    {with(dense(row2, 1, 2), func(s *sketch) { s.tensors[0][1] = byte(5) }), "its input has elements of string"},
		"an open input":     {newSketch(-1, -1).operator(opReLU, nil, row2).bytes(), "its input is open in more than the number of rows"},
		"integers":          {with(unary(opReLU, nil), func(s *sketch) { s.tensors[0][1] = byte(int32Type) }), "it computes with elements of int32"},
		"integers after":    {with(unary(opReLU, nil), func(s *sketch) { s.tensors[1][1] = byte(int32Type) }), "it gives elements of int32"},
		"cast of reals":     {with(unary(opCast, nil), func(s *sketch) { s.tensors[1][1] = byte(int32Type) }), "it gives elements of int32"},
		"two of one":        {with(unary(opReLU, nil), func(s *sketch) { s.join(opReLU, nil, []int32{0}, 1) }), "operator 1 (RELU) writes tensor 1"},
		"writes the input":  {with(unary(opReLU, nil), func(s *sketch) { s.join(opReLU, nil, []int32{1}, 0) }), "operator 1 (RELU) writes tensor 0"},
		"reads too far":     {with(unary(opReLU, nil), func(s *sketch) { s.operators[0][1] = []int32{9} }), "operator 0 (RELU) reads tensor 9 of 2"},
		"a cycle":           {with(unary(opAdd, nil), func(s *sketch) { s.operators[0][1] = []int32{0, 1} }), "operator 0 (ADD) reads tensor 1, which operator 0 has yet to write"},
		"order":             {with(unary(opReLU, nil), func(s *sketch) { s.operator(opReLU, nil, row2); slices.Reverse(s.operators) }), "has yet to write"},
		"many operands":     {with(unary(opReLU, nil), func(s *sketch) { s.operators[0][1] = make([]int32, 65) }), "reads 65 tensors"},
		"a wide constant":   {with(newSketch(1, 2), func(s *sketch) { s.operator(opAdd, nil, row2, s.constant([]int32{3}, 1, 2, 3)) }), "shape [3], which does not fit onto rows of [2]"},
		"a constant batch":  {with(newSketch(1, 2), func(s *sketch) { s.operator(opAdd, nil, row2, s.constant([]int32{2, 2}, 1, 2, 3, 4)) }), "shape [2 2], which does not fit"},
		"a tall constant":   {with(newSketch(1, 2), func(s *sketch) { s.operator(opMaximum, nil, row2, s.constant([]int32{2}, 1, 2)) }), "limits columns by 2 constants"},
		"adj_x":             {with(newSketch(1, 2), func(s *sketch) { s.operator(opBatchMatMul, fields{0: true}, row2, s.constant(row2, 1, 2)) }), "turns its first factor round"},
		"no beta":           {unary(opSoftmax, nil).bytes(), "factor beta is missing"},
		"softmax of one":    {newSketch(1, 1).operator(opSoftmax, fields{0: float32(1)}, []int32{1, 1}).bytes(), "softmax of a single column"},
		"argmax, axis":      {with(newSketch(1, 2), func(s *sketch) { s.operator(opArgMax, nil, row2, s.constant(one, 0)) }), "along dimension [0] of [1 2]"},
		"a NaN":             {with(newSketch(1, 2), func(s *sketch) { s.operator(opGreater, nil, row2, s.constant(one, float32(math.NaN()))) }), "a comparison with NaN"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := readBytes(test.data)
			if err == nil || !strings.HasPrefix(err.Error(), "tflite: ") || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

func draftOf(t *testing.T, s *sketch) *draft.Draft {
	t.Helper()
	d, err := readBytes(s.bytes())
	if err != nil {
		t.Fatal(err)
	}
	return d
}
