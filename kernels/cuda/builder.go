package cuda

import (
	"errors"
	"fmt"
	"math"

	"github.com/edge-infer/edge-infer/kernels"
)

// Traits are what a program is planned for.
type Traits struct {
	Compute         int // 53 is compute capability 5.3, 110 is 11.0
	Multiprocessors int
	SharedBytes     int // shared memory of a block, without asking for more than is usual: 49152 on every board
}

// A Builder compiles a network step by step. Each method appends a step that takes the rows of the one before; slices
// are copied. The first thing that does not fit is the error of [Builder.Program].
//
// A columns step is a call of Columns, then for each group Group, the group's steps and EndGroup, then EndColumns.
type Builder struct {
	traits   Traits
	heavy    int // bytes of weights from which on a dense layer has a launch of its own
	inputs   int
	width    int // values in a row after the steps so far
	image    image
	items    []item
	err      error
	grouping bool // between Group and EndGroup
	around   int  // the width that all groups of a columns step take
	placed   int  // what they have given so far
	begun    int  // the first item of the columns step
}

// An item is a step before it is known in which launch it runs, and where its rows lie.
type item struct {
	record
	where    place
	elements bool // it acts on each value alone
	weights  int  // bytes
	scratch  int  // floats that it may write in a row's frame
}

// A place says which buffers an item reads and writes: those that the steps of a model alternate between, or those
// that the steps of a group do.
type place uint8

const (
	top        place = iota
	enter            // from top into a group
	inside           // of a group
	leave            // from a group into the top buffer that is not in use
	endColumns       // no step: the two top buffers change places
)

// NewBuilder begins a network of so many inputs.
func NewBuilder(inputs int, t Traits) *Builder {
	b := &Builder{traits: t, heavy: heavy, inputs: inputs, width: inputs}
	if t.Multiprocessors <= 2 {
		b.heavy = heavyForFew
	}
	if inputs < 1 || t.Multiprocessors < 1 || t.SharedBytes < leastShared {
		b.fail(fmt.Errorf("cuda: %d inputs on a device of %d multiprocessors and %d bytes of shared memory", inputs, t.Multiprocessors, t.SharedBytes))
	}
	return b
}

// leastShared is what the dense kernels take.
const leastShared = 48 << 10

func (b *Builder) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

// Dense appends a dense layer in the order of [kernels.OrderFor]: w is [inputs][outputs] row-major, bias is [outputs]
// and holds no −0 (see [kernels.NormalizeBias]).
func (b *Builder) Dense(w, bias []float32, outputs int) {
	if !b.holds("dense", len(w), b.width*outputs) || !b.holds("dense", len(bias), outputs) {
		return
	}
	it := item{weights: 4 * len(w)}
	it.record = record{op: stepDensePanel, out: uint32(outputs)}
	if kernels.OrderFor(b.width, outputs) == kernels.DotOrder {
		it.op, it.scratch = stepDenseDot, outputs*sums
		it.record.weights = b.image.chains(w, b.width, outputs)
	} else {
		blocks, panels := whole(b.width, panelBlock), whole(outputs, lanes)
		it.record.weights = b.image.panels(w, b.width, outputs)
		if blocks > 1 && panels < mostWarps { // too few outputs to keep a block's warps busy one block of inputs at a time
			it.parallel, it.scratch = 1, blocks*panels*lanes
		}
	}
	it.bias = b.image.floats(bias, lanes)
	b.add(it)
}

// DenseInt8 appends a dense layer as [kernels.DenseInt8] defines it: w is [inputs][outputs], scale and bias are
// [outputs].
func (b *Builder) DenseInt8(w []int8, scale, bias []float32, outputs int) {
	if !b.holds("int8 dense", len(w), b.width*outputs) || !b.holds("int8 dense", len(bias), outputs) || !b.holds("int8 dense", len(scale), outputs) {
		return
	}
	it := item{weights: len(w), scratch: lanes + whole(b.width, int8Chunk)*int8Chunk/4}
	it.record = record{op: stepDenseInt8, out: uint32(outputs)}
	it.record.weights = b.image.int8Panels(w, b.width, outputs)
	it.scale, it.bias = b.image.floats(scale, lanes), b.image.floats(bias, lanes)
	b.add(it)
}

// Map appends a function of each value.
func (b *Builder) Map(f kernels.Func, alpha, beta float32) {
	b.element(record{op: uint32(f), alpha: alpha, beta: beta})
}

// Affine appends an operation with a constant for each column, or with one for all.
func (b *Builder) Affine(op kernels.Arithmetic, operand []float32) {
	b.operand(stepArithmetic+uint32(op), operand)
}

// PReLU appends a leaky ReLU with a slope for each column, or with one for all.
func (b *Builder) PReLU(slope []float32) { b.operand(stepPReLU, slope) }

func (b *Builder) operand(op uint32, operand []float32) {
	if len(operand) != 1 && !b.holds("operand", len(operand), b.width) {
		return
	}
	b.element(record{op: op, operands: uint32(len(operand)), weights: b.image.floats(operand, 1)})
}

func (b *Builder) element(r record) {
	r.out = uint32(b.width)
	b.add(item{record: r, elements: true})
}

// Softmax appends a softmax of each row.
func (b *Builder) Softmax() {
	b.add(item{record: record{op: stepSoftmax, out: uint32(b.width)}, scratch: 2 * sums})
}

// Normalize appends a division of each row by its norm.
func (b *Builder) Normalize(n kernels.Norm) {
	b.add(item{record: record{op: stepNormalize + uint32(n), out: uint32(b.width)}, scratch: sums})
}

// ArgMax appends the index of each row's greatest value.
func (b *Builder) ArgMax() { b.add(item{record: record{op: stepArgMax, out: 1}, scratch: 2 * sums}) }

// Select appends a choice of columns.
func (b *Builder) Select(columns []int) {
	b.add(item{record: record{op: stepSelect, out: uint32(len(columns)), weights: b.image.words(indices(columns))}})
}

// OneHot appends a one-hot encoding of rows of a single value.
func (b *Builder) OneHot(categories []float32, unknown float32) {
	b.add(item{record: record{op: stepOneHot, out: uint32(len(categories)), alpha: unknown, weights: b.image.floats(categories, 1)}, scratch: lanes})
}

// Polynomial appends products of columns, a term each.
func (b *Builder) Polynomial(terms [][]int) {
	var ends, columns []uint32
	for _, term := range terms {
		columns = append(columns, indices(term)...)
		ends = append(ends, uint32(len(columns)))
	}
	b.add(item{record: record{op: stepPolynomial, out: uint32(len(terms)), weights: b.image.words(append(ends, columns...))}})
}

func indices(columns []int) []uint32 {
	list := make([]uint32, len(columns))
	for i, c := range columns {
		list[i] = uint32(c)
	}
	return list
}

// Columns begins a columns step.
func (b *Builder) Columns() { b.around, b.placed, b.begun = b.width, 0, len(b.items) }

// Group begins a group, with its columns of the rows before the columns step.
func (b *Builder) Group(columns []int) {
	b.width, b.grouping = b.around, true
	b.Select(columns)
	b.items[len(b.items)-1].where = enter
}

// EndGroup puts the group's results beside those of the groups before.
func (b *Builder) EndGroup() {
	b.add(item{record: record{op: stepPlace, operands: uint32(b.placed)}, where: leave})
	b.placed += int(b.items[len(b.items)-1].in)
	b.grouping = false
}

// EndColumns ends the columns step, whose rows are as wide as all groups' results.
func (b *Builder) EndColumns() {
	for i := b.begun; i < len(b.items); i++ {
		if b.items[i].where == leave {
			b.items[i].out = uint32(b.placed)
		}
	}
	b.items = append(b.items, item{where: endColumns})
	b.width = b.placed
}

func (b *Builder) add(it item) {
	if b.grouping && it.where == top {
		it.where = inside
	}
	it.in = uint32(b.width)
	b.items = append(b.items, it)
	b.width = int(it.out)
}

func (b *Builder) holds(what string, got, want int) bool {
	if got != want {
		b.fail(fmt.Errorf("cuda: %s: %d values where a row of %d takes %d", what, got, b.width, want))
	}
	return got == want
}

// Program returns the network, or the error of the first step that did not fit. The builder is of no use afterwards.
func (b *Builder) Program() (*Program, error) {
	if b.err == nil && b.width < 1 {
		b.fail(errors.New("cuda: a network without outputs"))
	}
	if b.err != nil {
		return nil, b.err
	}
	p := &Program{Inputs: b.inputs, Outputs: b.width, traits: b.traits}
	p.InputStride, p.OutputStride = padded(p.Inputs), padded(p.Outputs)
	newPlanner(b, p).plan()
	if len(b.image)/imageUnit > math.MaxUint32 {
		return nil, fmt.Errorf("cuda: %d bytes of weights: the device's records reach 64 GiB", len(b.image))
	}
	p.Image = b.image
	return p, nil
}
