package ptxsim

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/kernels"
)

// runArrays runs an entry with two parameters, arrays of 64-bit numbers, and returns the second one.
func runArrays(t testing.TB, m *Module, entry string, in []uint64, results, blocks, threads int) []uint64 {
	t.Helper()
	memory := NewMemory(1 << 24)
	data := make([]byte, 0, 8*len(in))
	for _, x := range in {
		data = binary.LittleEndian.AppendUint64(data, x)
	}
	from, to := allocate(t, memory, data), allocate(t, memory, make([]byte, 8*results))
	e, _ := m.Entry(entry)
	params, err := PackParams(e, from, to)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := memory.Launch(m, Launch{Entry: entry, Grid: [3]int{blocks, 1, 1}, Block: [3]int{threads, 1, 1}, Params: params}); err != nil {
		t.Fatal(err)
	}
	out := make([]byte, 8*results)
	if err := memory.Read(to, out); err != nil {
		t.Fatal(err)
	}
	numbers := make([]uint64, results)
	for i := range numbers {
		numbers[i] = binary.LittleEndian.Uint64(out[8*i:])
	}
	return numbers
}

// allocate returns memory that holds data.
func allocate(t testing.TB, m *Memory, data []byte) uint64 {
	t.Helper()
	at, err := m.Alloc(len(data))
	if err == nil {
		err = m.Write(at, data)
	}
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func floatBytes(x []float32) []byte {
	var data []byte
	for _, v := range x {
		data = binary.LittleEndian.AppendUint32(data, math.Float32bits(v))
	}
	return data
}

// A denseCase is a launch of testdata/dense.ptx.
type denseCase struct {
	memory           *Memory
	module           *Module
	launch           Launch
	weights, x, bias []float32
	y                uint64
	outputs          int
}

func newDenseCase(t testing.TB, inputs, outputs, activation, threads int) *denseCase {
	t.Helper()
	text, err := os.ReadFile("testdata/dense.ptx")
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(uint64(inputs), uint64(outputs)))
	numbers := func(n int) []float32 {
		x := make([]float32, n)
		for i := range x {
			x[i] = float32(random.NormFloat64())
		}
		return x
	}
	c := &denseCase{
		memory: NewMemory(1 << 26), module: mustParse(t, string(text)), outputs: outputs,
		weights: numbers(inputs * outputs), x: numbers(inputs), bias: numbers(outputs),
	}
	if c.y, err = c.memory.Alloc(4 * outputs); err != nil {
		t.Fatal(err)
	}
	e, _ := c.module.Entry("dense")
	c.launch = Launch{
		Entry: "dense", Grid: [3]int{(outputs + threads - 1) / threads, 1, 1}, Block: [3]int{threads, 1, 1}, Shared: 4 * inputs,
	}
	c.launch.Params, err = PackParams(e, allocate(t, c.memory, floatBytes(c.weights)), allocate(t, c.memory, floatBytes(c.x)),
		allocate(t, c.memory, floatBytes(c.bias)), c.y, uint64(inputs), uint64(outputs), uint64(activation))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *denseCase) want(activation int) []float32 {
	y := make([]float32, c.outputs)
	for o := range y {
		sum := c.bias[o]
		for k, x := range c.x {
			sum = kernels.FMA(c.weights[o*len(c.x)+k], x, sum)
		}
		switch activation {
		case 1:
			sum = max(sum, 0)
		case 2:
			sum = 1 / (1 + sum)
		}
		y[o] = sum
	}
	return y
}

func TestDenseKernel(t *testing.T) {
	for _, test := range []struct{ inputs, outputs, activation, threads int }{
		{1, 1, 0, 1}, {7, 5, 1, 4}, {64, 33, 2, 32}, {100, 10, 0, 96}, {33, 257, 1, 64},
	} {
		t.Run(fmt.Sprint(test), func(t *testing.T) {
			c := newDenseCase(t, test.inputs, test.outputs, test.activation, test.threads)
			counts, err := c.memory.Launch(c.module, c.launch)
			if err != nil {
				t.Fatal(err)
			}
			out := make([]byte, 4*test.outputs)
			if err := c.memory.Read(c.y, out); err != nil {
				t.Fatal(err)
			}
			for i, w := range c.want(test.activation) {
				if got := binary.LittleEndian.Uint32(out[4*i:]); got != math.Float32bits(w) {
					t.Fatalf("output %d is %#x, want %#x", i, got, math.Float32bits(w))
				}
			}
			if want := int64(test.inputs * test.outputs); counts.FMA != want {
				t.Errorf("%d multiply-adds, want %d", counts.FMA, want)
			}
		})
	}
}

// The order of threads and blocks shows neither in the results nor in the counts.
func TestSeedsAgree(t *testing.T) {
	var first string
	for seed := range uint64(5) {
		c := newDenseCase(t, 50, 70, 2, 32)
		c.launch.Seed, c.launch.Trace = seed, true
		counts, err := c.memory.Launch(c.module, c.launch)
		if err != nil {
			t.Fatal(err)
		}
		out := make([]byte, 4*70)
		if err := c.memory.Read(c.y, out); err != nil {
			t.Fatal(err)
		}
		if result := fmt.Sprint(out, *counts); first == "" {
			first = result
		} else if result != first {
			t.Errorf("seed %d gives\n%s\nseed 0 gives\n%s", seed, result, first)
		}
	}
}

// Programs of random arithmetic give what the same operations of package kernels and of Go give.
func TestRandomFloatPrograms(t *testing.T) {
	const values, steps = 8, 40
	same := func(x float32) float32 { return x }
	operations := []struct {
		opcode   string
		operands int
		fn       func(x, y, z float32) float32
	}{
		{"add.rn.f32", 2, func(x, y, _ float32) float32 { return same(x + y) }},
		{"sub.rn.f32", 2, func(x, y, _ float32) float32 { return same(x - y) }},
		{"mul.rn.f32", 2, func(x, y, _ float32) float32 { return float32(x * y) }},
		{"fma.rn.f32", 3, kernels.FMA},
		{"div.rn.f32", 2, func(x, y, _ float32) float32 { return x / y }},
		{"sqrt.rn.f32", 1, func(x, _, _ float32) float32 { return float32(math.Sqrt(float64(x))) }},
		{"abs.f32", 1, func(x, _, _ float32) float32 { return float32(math.Abs(float64(x))) }},
		{"neg.f32", 1, func(x, _, _ float32) float32 { return -x }},
	}
	for seed := range uint64(40) {
		random := rand.New(rand.NewPCG(seed, 7))
		var reference [values]float32
		var in []uint64
		text := header + ".entry p(.param .u64 a, .param .u64 b)\n{\n.reg .f32 %f<8>; .reg .b64 %a, %b;\nld.param.u64 %a, [a]; ld.param.u64 %b, [b];\n"
		for i := range reference {
			x := randomFloat(random)
			reference[i] = toFloat32(x)
			in = append(in, x)
			text += fmt.Sprintf("ld.global.f32 %%f%d, [%%a+%d];\n", i, 8*i)
		}
		for range steps {
			o := operations[random.IntN(len(operations))]
			d, x, y, z := random.IntN(values), random.IntN(values), random.IntN(values), random.IntN(values)
			text += fmt.Sprintf("%s %%f%d", o.opcode, d)
			for _, operand := range []int{x, y, z}[:o.operands] {
				text += fmt.Sprintf(", %%f%d", operand)
			}
			text += ";\n"
			reference[d] = o.fn(reference[x], reference[y], reference[z])
		}
		for i := range reference {
			text += fmt.Sprintf("st.global.f32 [%%b+%d], %%f%d;\n", 8*i, i)
		}
		out := runArrays(t, mustParse(t, text+"ret;\n}\n"), "p", in, values, 1, 1)
		for i, want := range reference {
			if got := toFloat32(out[i]); math.Float32bits(got) != math.Float32bits(want) && (got == got || want == want) {
				t.Fatalf("seed %d: value %d is %v, want %v, after\n%s", seed, i, got, want, strings.ReplaceAll(text, ";", ""))
			}
		}
	}
}

func BenchmarkDense(b *testing.B) {
	c := newDenseCase(b, 1024, 256, 0, 128)
	instructions := int64(0)
	for b.Loop() {
		counts, err := c.memory.Launch(c.module, c.launch)
		if err != nil {
			b.Fatal(err)
		}
		instructions += counts.Instructions
	}
	b.ReportMetric(float64(instructions)/b.Elapsed().Seconds()/1e6, "Minstructions/s")
}
