package onnx

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// repeated returns n nodes that lead from one name to the next.
func repeated(n int, node func(i int, from, to string) message) []message {
	nodes := make([]message, n)
	name := "x"
	for i := range nodes {
		next := fmt.Sprint(i)
		if i == n-1 {
			next = "y"
		}
		nodes[i] = node(i, name, next)
		name = next
	}
	return nodes
}

// square is an initializer of n × n ones.
func square(name string, n int) message {
	return floats(name, []uint64{uint64(n), uint64(n)}, slices.Repeat([]float32{1}, n*n)...)
}

// TestHostile: what small files can claim ends in an error, soon and with little memory.
func TestHostile(t *testing.T) {
	doubled := func(from, to string) message { return operator("Concat", []string{from, from}, to, integer("axis", 0)) }
	half := floats("half", nil, 0.5)
	nested := message{}
	for range 2000 {
		nested = message{}.bytes(1, message{}.bytes(5, message{}.text(1, "g").bytes(6, nested)))
	}
	tests := map[string]struct {
		data []byte
		want string
	}{
		"nothing":              {nil, "a model without a graph"},
		"no graph":             {message{}.varint(1, 8), "a model without a graph"},
		"two graphs":           {message{}.bytes(7, nil).bytes(7, nil), "two graphs"},
		"no input":             {message{}.bytes(7, nil), "no input"},
		"groups":               {bytes.Repeat([]byte{0x0b}, 1<<20), "wire type 3"},
		"a length beyond":      {message{}.bytes(7, make([]byte, 100))[:50], "unexpected EOF"},
		"a graph as a number":  {message{}.varint(7, 1), "wire type 0"},
		"nested graphs":        {build([]message{operator("If", []string{"x"}, "y", message{}.text(1, "then_branch").bytes(6, nested))}, nil), "a graph of its own"},
		"too many nodes":       {build(slices.Repeat([]message{{}}, maxNodes+1), nil), "more than 65536 nodes"},
		"too many attributes":  {build([]message{operator("Relu", []string{"x"}, "y", slices.Repeat([]message{{}}, maxAttributes+1)...)}, nil), "more than 64 attributes"},
		"too many layers":      {build(repeated(60000, func(_ int, from, to string) message { return operator("Tanh", []string{from}, to) }), nil), "more than 4096 layers"},
		"many identities":      {build(repeated(60000, func(_ int, from, to string) message { return operator("Identity", []string{from}, to) }), []message{half}), ""},
		"a cycle":              {build([]message{operator("Add", []string{"x", "y"}, "y")}, nil), `"y" is used and nothing before computes it`},
		"computed twice":       {build([]message{operator("Tanh", []string{"x"}, "y"), operator("Relu", []string{"x"}, "y")}, nil), "computed a second time"},
		"the input computed":   {build([]message{operator("Tanh", []string{"x"}, "x"), operator("Relu", []string{"x"}, "y")}, nil), "computed a second time"},
		"a huge tensor":        {build([]message{operator("MatMul", []string{"x", "w"}, "y")}, []message{floats("w", []uint64{2, 1 << 27})}), "0 bytes of data where the shape"},
		"an overflowing shape": {build([]message{operator("MatMul", []string{"x", "w"}, "y")}, []message{floats("w", []uint64{1 << 33, 1 << 33})}), "more than 1073741824 values"},
		"a negative shape":     {build([]message{operator("MatMul", []string{"x", "w"}, "y")}, []message{floats("w", []uint64{1<<64 - 1, 4})}), "more than 1073741824 values"},
		"17 dimensions":        {build(nil, []message{floats("w", slices.Repeat([]uint64{1}, 17))}), "17 dimensions"},
		"a typed list of none": {build([]message{operator("MatMul", []string{"x", "w"}, "y")}, []message{message{}.varint(1, 2).varint(1, 1<<27).varint(2, 1).text(8, "w")}), "at most 0 values"},
		"an unread type":       {build([]message{operator("MatMul", []string{"x", "w"}, "y")}, []message{message{}.varint(2, 22).text(8, "w")}), "values of type int4"},
		"a fill":               {build([]message{operator("ConstantOfShape", []string{"s"}, "c"), operator("Mul", []string{"x", "c"}, "y")}, []message{integers("s", 1<<29, 1<<29)}), "beyond all proportion"},
		"an expansion":         {build([]message{operator("Expand", []string{"half", "s"}, "c"), operator("Mul", []string{"x", "c"}, "y")}, []message{half, integers("s", 1<<20, 1<<20)}), "beyond all proportion"},
		"a broadcast": {build([]message{operator("Mul", []string{"a", "b"}, "c"), operator("Mul", []string{"x", "c"}, "y")},
			[]message{floats("a", []uint64{4000, 1}, make([]float32, 4000)...), floats("b", []uint64{1, 4000}, make([]float32, 4000)...)}), "beyond all proportion"},
		"products of all columns": {wide(1<<21, []message{operator("ReduceProd", []string{"x"}, "p", message{}.text(1, "axes").varint(8, 1)),
			operator("ReduceProd", []string{"x"}, "q", message{}.text(1, "axes").varint(8, 1)), operator("Concat", []string{"p", "q"}, "y", integer("axis", 1))}, nil), "a product of more than 16 columns"},
		"a doubled constant": {build(append(repeated(60, func(i int, from, to string) message {
			if i == 0 {
				from = "s"
			}
			return doubled(from, to)
		})[:59], operator("Mul", []string{"x", "58"}, "y")), []message{integers("s", 1)}), "beyond all proportion"},
		"doubled columns": {build(repeated(60, func(_ int, from, to string) message {
			return operator("Concat", []string{from, from}, to, integer("axis", 1))
		}), nil), "beyond all proportion"},
		"doubled functions": {build(repeated(60, func(i int, from, to string) message {
			if i%2 == 0 {
				return operator("Tanh", []string{from}, to)
			}
			return operator("Concat", []string{from, "x"}, to, integer("axis", 1))
		}), nil), "do not nest"},
		"one weight for thousands": {wide(64, repeated(3000, func(_ int, from, to string) message { return operator("MatMul", []string{from, "w"}, to) }), []message{square("w", 64)}), "beyond all proportion"},
		"and by Gemm": {wide(64, repeated(3000, func(_ int, from, to string) message {
			return operator("Gemm", []string{from, "w"}, to, integer("transB", 1))
		}), []message{square("w", 64)}), "beyond all proportion"},
		"columns of a weight": {wide(64, append([]message{operator("MatMul", []string{"x", "w"}, "h")}, repeated(3000, func(i int, from, to string) message {
			if i == 0 {
				from = "h"
			}
			return operator("Gather", []string{from, "order"}, to, integer("axis", 1))
		})...), []message{square("w", 64), integers("order", func() (list []int64) {
			for i := range int64(64) {
				list = append(list, 63-i)
			}
			return list
		}()...)}), "beyond all proportion"},
		"a turned picture of 16 million": {wide(1<<24, repeated(50, func(_ int, from, to string) message {
			return operator("Transpose", []string{from}, to)
		}), nil), "moves the batch"},
		"a row of 16 million taken":  {wide(1<<24, []message{operator("Slice", []string{"x", "from", "to", "axis"}, "y")}, []message{integers("from", 1), integers("to", 1<<24), integers("axis", 1)}), "beyond all proportion"},
		"a row too wide":             {wide(1<<25, []message{operator("Tanh", []string{"x"}, "y")}, nil), "at most 16777216 values"},
		"a constant for 16 million":  {wide(1<<24, []message{operator("Mul", []string{"x", "a"}, "y")}, []message{floats("a", []uint64{1, 1, 1}, 1)}), "beyond all proportion"},
		"a split into nothing":       {build([]message{message{}.text(1, "x").text(4, "Split").bytes(5, integer("axis", 1))}, nil), `none of the outputs`},
		"a split of extremes":        {build([]message{operator("Split", []string{"x", "s"}, "y", integer("axis", 1))}, []message{integers("s", 1<<62, 1<<62)}), "of 2 columns"},
		"an axis of extremes":        {build([]message{operator("ArgMax", []string{"x"}, "y", integer("axis", -1<<63))}, nil), "axis -9223372036854775808"},
		"an index of extremes":       {build([]message{operator("Gather", []string{"x", "i"}, "y", integer("axis", 1))}, []message{integers("i", -1<<63)}), "index -9223372036854775808 of 2"},
		"a cut of extremes":          {build([]message{operator("Slice", []string{"x", "a", "b", "one"}, "y")}, []message{integers("a", 1<<62), integers("b", -1<<63), integers("one", 1)}), "no columns are taken"},
		"a shape of extremes":        {build([]message{operator("Reshape", []string{"x", "s"}, "y")}, []message{integers("s", -1, 1<<62, 1<<62)}), "the new shape"},
		"a flattening of extremes":   {build([]message{operator("Flatten", []string{"x"}, "y", integer("axis", 1<<62))}, nil), "axis 4611686018427387904"},
		"an attribute not known":     {build([]message{operator("Tanh", []string{"x"}, "y", integer("twice", 1))}, nil), `attribute "twice" is not understood`},
		"an operator without inputs": {build([]message{operator("Tanh", nil, "y")}, nil), "a node without inputs"},
		"a Gemm without a weight":    {build([]message{operator("Gemm", []string{"x"}, "y")}, nil), "a weight of floats is needed"},
		"a weight of integers":       {build([]message{operator("MatMul", []string{"x", "w"}, "y")}, []message{integers("w", 1, 2)}), "a weight of floats is needed"},
		"a weight that does not fit": {build([]message{operator("MatMul", []string{"x", "w"}, "y")}, []message{floats("w", []uint64{3, 1}, 1, 2, 3)}), "a weight for 3 inputs where rows have 2 values"},
		"a weight without outputs":   {build([]message{operator("MatMul", []string{"x", "w"}, "y")}, []message{floats("w", []uint64{2, 0})}), "a weight without outputs"},
		"a constant that widens":     {build([]message{operator("Mul", []string{"x", "a"}, "y")}, []message{floats("a", []uint64{3, 2}, make([]float32, 6)...)}), "does not fit"},
		"segments":                   {build([]message{operator("MatMul", []string{"x", "w"}, "y")}, []message{floats("w", []uint64{2, 1}, 1, 2).bytes(3, nil)}), "segments"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if len(test.data) > 4<<20 {
				t.Fatalf("a file of %d bytes is not small", len(test.data))
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			_, err := readBytes(test.data, Options{})
			if took := time.Since(start); took > time.Minute { // a second at most, but for an emulator, the race detector, a busy machine
				t.Errorf("it took %v", took)
			}
			runtime.ReadMemStats(&after)
			if got := after.TotalAlloc - before.TotalAlloc; got > 256<<20 {
				t.Errorf("%d MiB were allocated", got>>20)
			}
			if test.want == "" && err == nil {
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "onnx: ") {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}

// TestTruncated: a file that ends too early is an error or, behind its graph, still whole.
func TestTruncated(t *testing.T) {
	data := build([]message{operator("MatMul", []string{"x", "w"}, "h"), operator("Tanh", []string{"h"}, "y")}, []message{floats("w", []uint64{2, 2}, 1, 2, 3, 4)})
	for n := range data {
		if _, err := readBytes(data[:n], Options{}); err == nil {
			t.Errorf("the first %d bytes of %d are read", n, len(data))
		}
	}
	if _, err := Read(bytes.NewReader(data), int64(len(data))+1, "", Options{}); err == nil {
		t.Error("a file that is shorter than said is read")
	}
}

// TestExternal: external data lie in regular files of the model's own folder.
func TestExternal(t *testing.T) {
	outer := t.TempDir()
	inner := filepath.Join(outer, "model")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.MkdirAll(filepath.Join(inner, "folder"), 0o700))
	must(os.WriteFile(filepath.Join(outer, "secret"), make([]byte, 64), 0o600))
	must(os.WriteFile(filepath.Join(inner, "data"), make([]byte, 64), 0o600))
	must(os.Symlink(filepath.Join(outer, "secret"), filepath.Join(inner, "link")))
	must(os.Symlink("data", filepath.Join(inner, "inside")))
	pair := func(key, value string) message { return message{}.text(1, key).text(2, value) }
	outside := func(name string, properties ...message) message {
		w := message{}.varint(1, 2).varint(1, 8).varint(2, 1).text(8, name).varint(14, 1)
		for _, p := range properties {
			w = w.bytes(13, p)
		}
		return w
	}
	tests := map[string]struct {
		folder     string
		properties []message
		want       string
	}{
		"beside":           {inner, []message{pair("location", "data")}, ""},
		"said in full":     {inner, []message{pair("location", "data"), pair("offset", "0"), pair("length", "64"), pair("checksum", "x")}, ""},
		"no folder":        {"", []message{pair("location", "data")}, "the model's folder is not known"},
		"no name":          {inner, nil, "only a bare name"},
		"itself":           {inner, []message{pair("location", ".")}, "only a bare name"},
		"above":            {inner, []message{pair("location", "..")}, "only a bare name"},
		"a path up":        {inner, []message{pair("location", "../secret")}, "only a bare name"},
		"a path down":      {inner, []message{pair("location", "folder/data")}, "only a bare name"},
		"a path from here": {inner, []message{pair("location", "./data")}, "only a bare name"},
		"an absolute path": {inner, []message{pair("location", "/etc/hostname")}, "only a bare name"},
		"a backslash":      {inner, []message{pair("location", `..\secret`)}, "only a bare name"},
		"a drive":          {inner, []message{pair("location", "c:data")}, "only a bare name"},
		"a zero byte":      {inner, []message{pair("location", "data\x00")}, "only a bare name"},
		"a link out":       {inner, []message{pair("location", "link")}, "not a regular file"},
		"a link within":    {inner, []message{pair("location", "inside")}, "not a regular file"},
		"a folder":         {inner, []message{pair("location", "folder")}, "not a regular file"},
		"missing":          {inner, []message{pair("location", "nowhere")}, "belongs beside the model"},
		"a bad offset":     {inner, []message{pair("location", "data"), pair("offset", "-1")}, "not a number of bytes"},
		"no number":        {inner, []message{pair("location", "data"), pair("length", "all")}, "not a number of bytes"},
		"an offset beyond": {inner, []message{pair("location", "data"), pair("offset", "9223372036854775807")}, "of a file of 64"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			data := build([]message{operator("MatMul", []string{"x", "w"}, "y")}, []message{outside("w", test.properties...)})
			_, err := Read(bytes.NewReader(data), int64(len(data)), test.folder, Options{})
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("error %v, want %q", err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), outer) {
				t.Errorf("the error shows the path of the folder: %v", err)
			}
		})
	}
	t.Run("shared a thousand times", func(t *testing.T) {
		var weights, nodes []message
		for i := range 1000 {
			weights = append(weights, outside(fmt.Sprint("w", i), pair("location", "data")))
			nodes = append(nodes, operator("Tanh", []string{fmt.Sprint("w", i)}, fmt.Sprint("t", i)))
		}
		nodes = append(nodes, operator("MatMul", []string{"x", "w999"}, "y"))
		data := build(nodes, weights)
		if _, err := Read(bytes.NewReader(data), int64(len(data)), inner, Options{}); err == nil || !strings.Contains(err.Error(), "tensors take more than") {
			t.Errorf("error %v", err)
		}
	})
}
