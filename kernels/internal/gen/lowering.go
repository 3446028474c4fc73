package gen

import (
	"fmt"
	"slices"
	"strings"
)

// An instructionSet turns the values of a program into instructions.
type instructionSet interface {
	// name is the last part of a kernel's name.
	name() string
	// file is the name of an assembly file without ".s". A Go file beside that of the elementwise kernels
	// declares what is in it.
	file(stem string) string
	// lanes is how many values a vector register holds, copies is how many of them a kernel may work on at
	// once, as far as registers allow.
	lanes() int
	copies() int
	// registers are the vector registers and those for masks. Masks are vectors where there are none.
	registers() (vectors, masks []string)

	// needsRegister reports whether operand i of v, a constant, must be in a register before v is computed, and
	// keeps whether it is worth one throughout.
	needsRegister(v *value, i int) bool
	keeps(v *value, i int) bool
	// loadConstant and loadParam write the instructions that set a register.
	loadConstant(l *lowering, c *value, register string)
	loadParam(l *lowering, argument, register string)
	// compute writes the instructions of v in one copy, and says where v then is by assign or keep.
	compute(l *lowering, v *value, copy int)

	// constantTable returns the read-only data, in which each constant takes constantBytes.
	constantTable(constants []*value) string
	constantBytes() int
	// kernel returns a whole function around a body.
	kernel(k kernel, b body) string

	// What the network kernel is made of: the registers of a row; where it finds a parameter of a step; the
	// lines above its constants, and these; and the function.
	netRow() []string
	netOperand(param string) string
	netIncludes() string
	netConstants(constants []*value) string
	netKernel(n *net) string
}

// A body is a program in instructions: what is done once, and what is done for each vector.
type body struct {
	once, each []string
	loaded     map[string][]string // the registers that hold a slice's elements at the start of each
	result     []string            // the registers to store at the end, one a copy
	free       []string            // vector registers that nothing is in at the start or at the end
}

// A lowering writes one body.
type lowering struct {
	set     instructionSet
	operand func(param string) string // where a float32 argument is
	offsets map[uint32]int            // of constants, by bits, in the table
	vectors pool
	masks   pool             // empty where masks are vectors
	where   map[place]string // registers; a constant has none while it is only in memory
	left    map[*value]int   // how often each value is still to be used
	lines   []string
}

// A place is a value in one of the copies; what all copies share is in copy 0.
type place struct {
	value *value
	copy  int
}

// lower writes the body of k with as many copies as registers allow, and for that many with as many constants
// in registers throughout. A copy is worth more than a constant, which costs a load in a pipeline of its own.
func lower(set instructionSet, k kernel, known map[string]uint32, offsets map[uint32]int) body {
	for copies := set.copies(); copies > 0; copies-- {
		p, args := define(k, known)
		result := k.define(p, args)
		uses := p.prune(result)
		kept := keepable(set, p)
		for n := len(kept); n >= 0; n-- {
			l := newLowering(set, k, offsets, uses)
			if b := l.body(p, result, kept[:n], copies); !l.vectors.exhausted && !l.masks.exhausted {
				return b
			}
		}
	}
	panic(fmt.Sprintf("gen: %s does not fit into the registers of %s", k.name, set.name()))
}

// define starts a program with the arguments of k: the loads, then the parameters.
func define(k kernel, known map[string]uint32) (p *program, args []*value) {
	p = newProgram(known)
	for _, name := range k.slices {
		args = append(args, p.load(name))
	}
	for _, name := range k.params {
		args = append(args, p.param(name))
	}
	return p, args
}

// keepable returns the constants that are worth a register throughout, those first that are read most.
func keepable(set instructionSet, p *program) []*value {
	reads := map[*value]int{}
	for _, v := range p.values {
		for i, a := range v.args {
			if a.isConstant() && set.keeps(v, i) {
				reads[a]++
			}
		}
	}
	kept := slices.DeleteFunc(slices.Clone(p.constants), func(c *value) bool { return reads[c] == 0 })
	slices.SortStableFunc(kept, func(a, b *value) int { return reads[b] - reads[a] })
	return kept
}

func newLowering(set instructionSet, k kernel, offsets map[uint32]int, uses map[*value]int) *lowering {
	vectors, masks := set.registers()
	l := &lowering{set: set, operand: k.argument, offsets: offsets, vectors: newPool(vectors), masks: newPool(masks)}
	l.where, l.left = map[place]string{}, map[*value]int{}
	for v, n := range uses {
		l.left[v] = n
	}
	return l
}

func (l *lowering) body(p *program, result *value, kept []*value, copies int) body {
	b := body{loaded: map[string][]string{}}
	for _, v := range p.values {
		if v.op == opParam {
			l.share(v)
			l.set.loadParam(l, l.operand(v.name), l.where[place{v, 0}])
		}
	}
	for _, c := range p.constants { // in the order in which they will be waited for
		if slices.Contains(kept, c) {
			l.share(c)
			l.set.loadConstant(l, c, l.where[place{c, 0}])
		}
	}
	b.once, l.lines = l.lines, nil

	for _, v := range p.values {
		if v.op == opLoad {
			for c := range copies {
				l.where[place{v, c}] = l.vectors.take()
				b.loaded[v.name] = append(b.loaded[v.name], l.where[place{v, c}])
			}
		}
	}
	b.free = l.vectors.free()
	for _, v := range p.values {
		if v.op != opLoad && v.op != opParam {
			l.step(v, copies)
		}
	}
	for c := range copies {
		b.result = append(b.result, l.where[place{result, c}])
	}
	free := l.vectors.free()
	b.free = slices.DeleteFunc(b.free, func(r string) bool { return !slices.Contains(free, r) })
	b.each = l.lines
	return b
}

// share takes a register for a value that all copies share and that stays for good.
func (l *lowering) share(v *value) { l.where[place{v, 0}] = l.vectors.take() }

// step computes v in each copy, with the constants that it needs in registers.
func (l *lowering) step(v *value, copies int) {
	var passing []*value
	for i, a := range v.args {
		if a.isConstant() && l.set.needsRegister(v, i) && l.where[place{a, 0}] == "" {
			passing = append(passing, a)
			l.where[place{a, 0}] = l.vectors.take()
			l.set.loadConstant(l, a, l.where[place{a, 0}])
		}
	}
	for c := range copies {
		l.set.compute(l, v, c)
	}
	for _, a := range passing {
		l.vectors.give(l.where[place{a, 0}])
		delete(l.where, place{a, 0})
	}
	for _, a := range v.args {
		l.left[a]--
	}
}

// register returns where an operand is: "" for a constant that is in no register.
func (l *lowering) register(v *value, copy int) string {
	if v.isConstant() || v.op == opParam {
		copy = 0
	}
	return l.where[place{v, copy}]
}

// inMemory reports whether v is a constant that is in no register.
func (l *lowering) inMemory(v *value) bool { return v.isConstant() && l.where[place{v, 0}] == "" }

// dies reports whether v is the last to use its operand a, and its register may be overwritten.
func (l *lowering) dies(a, v *value) bool {
	if a.isConstant() || a.op == opParam {
		return false
	}
	here := 0
	for _, operand := range v.args {
		if operand == a {
			here++
		}
	}
	return l.left[a] == here
}

// release gives back the registers of the operands that die in v.
func (l *lowering) release(v *value, copy int) {
	for i, a := range v.args {
		if l.dies(a, v) && !slices.Contains(v.args[:i], a) {
			l.registersFor(a).give(l.where[place{a, copy}])
		}
	}
}

// assign releases the operands that die in v and returns a register for it.
func (l *lowering) assign(v *value, copy int) string {
	l.release(v, copy)
	r := l.registersFor(v).take()
	l.where[place{v, copy}] = r
	return r
}

// keep is assign where v must be in a register that an operand leaves, or in one that has been taken for it.
func (l *lowering) keep(v *value, copy int, register string) {
	l.release(v, copy)
	l.registersFor(v).claim(register)
	l.where[place{v, copy}] = register
}

func (l *lowering) registersFor(v *value) *pool {
	if (v.op == opLess || v.op == opLessEqual) && len(l.masks.names) > 0 {
		return &l.masks
	}
	return &l.vectors
}

// emit writes an instruction with the operands in the order of Go's assembler, destination last, and names
// the constants that it reads.
func (l *lowering) emit(mnemonic string, operands []string, constants ...*value) {
	line := fmt.Sprintf("\t%s %s", mnemonic, strings.Join(operands, ", "))
	for _, c := range constants {
		line = fmt.Sprintf("%-44s // %s", line, c.name)
	}
	l.lines = append(l.lines, line)
}
