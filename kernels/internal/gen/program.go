package gen

import (
	"fmt"
	"math"
	"slices"
)

// An op is what makes a value. All act on each lane alone.
type op uint8

const (
	opConstant op = iota // the same bits in each lane
	opParam              // a float32 argument of the kernel, in each lane
	opLoad               // an element of a slice argument of the kernel
	opAdd
	opSub
	opMul
	opDiv
	opFMA // args[0]·args[1] + args[2], with the product or the addend negated if so marked
	opAnd
	opOr
	opXor
	opAddInt
	opSubInt
	opShiftLeft  // by 23, to the place of an exponent
	opShiftRight // by 1, keeping the sign
	opLess       // a mask; false for NaN
	opLessEqual  // a mask; false for NaN
	opSelect     // args[0], a mask, chooses args[1], else args[2]
)

// A value is the result of one operation. A float and its bit pattern are the same value: vector registers
// do not tell them apart.
type value struct {
	op   op
	args []*value

	bits uint32 // of opConstant
	name string // of opConstant, opParam and opLoad

	// Of opFMA. A sign flip is exact, so flipping an operand and a fused multiply-add with a sign of its own
	// are the same.
	negateProduct bool
	negateAddend  bool
}

const signBit = 1 << 31

func (v *value) isConstant() bool { return v.op == opConstant }

// isZero reports whether v is the constant +0.
func (v *value) isZero() bool { return v.isConstant() && v.bits == 0 }

// isNegation reports whether v is another value with its sign flipped.
func (v *value) isNegation() bool {
	return v.op == opXor && v.args[1].isConstant() && v.args[1].bits == signBit
}

// A program is a straight line of values. Its methods append to it, one an operation.
type program struct {
	values    []*value // all but the constants, in the order of their making
	constants []*value // each pattern once, in the order of their making
	known     map[string]uint32
}

// newProgram returns an empty program. known has the bits of the constants that it may ask for by name.
func newProgram(known map[string]uint32) *program { return &program{known: known} }

func (p *program) append(o op, args ...*value) *value {
	v := &value{op: o, args: args}
	p.values = append(p.values, v)
	return v
}

func (p *program) bits(name string, bits uint32) *value {
	for _, c := range p.constants {
		if c.bits == bits {
			return c
		}
	}
	c := &value{op: opConstant, name: name, bits: bits}
	p.constants = append(p.constants, c)
	return c
}

// constant returns a constant of package kernels.
func (p *program) constant(name string) *value {
	bits, ok := p.known[name]
	if !ok {
		panic(fmt.Sprintf("gen: package kernels has no constant %s", name))
	}
	return p.bits(name, bits)
}

func (p *program) float(f float32) *value { return p.bits(fmt.Sprint(f), math.Float32bits(f)) }
func (p *program) integer(i int32) *value { return p.bits(fmt.Sprint(i), uint32(i)) }

// load returns an element of the slice argument of that name, param the float32 argument.
func (p *program) load(name string) *value  { return p.argument(opLoad, name) }
func (p *program) param(name string) *value { return p.argument(opParam, name) }

func (p *program) argument(o op, name string) *value {
	v := p.append(o)
	v.name = name
	return v
}

func (p *program) add(a, b *value) *value { return p.append(opAdd, a, b) }
func (p *program) sub(a, b *value) *value { return p.append(opSub, a, b) }
func (p *program) mul(a, b *value) *value { return p.append(opMul, a, b) }
func (p *program) div(a, b *value) *value { return p.append(opDiv, a, b) }

// fma returns a·b + c. It takes the operands of negations and marks itself instead: one operation less for
// each. The flip remains for others that use it, or is dropped by prune.
func (p *program) fma(a, b, c *value) *value {
	product, addend := false, false
	for _, operand := range []struct {
		v    **value
		mark *bool
	}{{&a, &product}, {&b, &product}, {&c, &addend}} {
		if (*operand.v).isNegation() {
			*operand.v = (*operand.v).args[0]
			*operand.mark = !*operand.mark
		}
	}
	v := p.append(opFMA, a, b, c)
	v.negateProduct, v.negateAddend = product, addend
	return v
}

func (p *program) and(a, b *value) *value    { return p.append(opAnd, a, b) }
func (p *program) or(a, b *value) *value     { return p.append(opOr, a, b) }
func (p *program) xor(a, b *value) *value    { return p.append(opXor, a, b) }
func (p *program) subInt(a, b *value) *value { return p.append(opSubInt, a, b) }
func (p *program) shl23(a *value) *value     { return p.append(opShiftLeft, a) }
func (p *program) sra1(a *value) *value      { return p.append(opShiftRight, a) }

// addInt returns a + b. Where a is itself a value less a constant, and b is one, it is the value plus one
// constant: integers wrap, so the order of the sums is free.
func (p *program) addInt(a, b *value) *value {
	if b.isConstant() && a.op == opSubInt && a.args[1].isConstant() {
		less := a.args[1]
		return p.append(opAddInt, a.args[0], p.bits(b.name+"-"+less.name, b.bits-less.bits))
	}
	return p.append(opAddInt, a, b)
}

func (p *program) less(a, b *value) *value      { return p.append(opLess, a, b) }
func (p *program) lessEqual(a, b *value) *value { return p.append(opLessEqual, a, b) }

// choose returns a where mask is set and b elsewhere.
func (p *program) choose(mask, a, b *value) *value { return p.append(opSelect, mask, a, b) }

// neg flips the sign of a value; of a constant it makes another constant.
func (p *program) neg(a *value) *value {
	if a.isConstant() {
		return p.bits("-"+a.name, a.bits^signBit)
	}
	return p.xor(a, p.bits("sign", signBit))
}

// prune drops the values that result does not depend on, and returns how often each of the others is used.
// The result itself counts as used once, by the store.
func (p *program) prune(result *value) (uses map[*value]int) {
	uses = map[*value]int{result: 1}
	for _, v := range slices.Backward(p.values) { // a value comes after its operands
		if uses[v] == 0 {
			continue
		}
		for _, a := range v.args {
			uses[a]++
		}
	}
	unused := func(v *value) bool { return uses[v] == 0 }
	p.values = slices.DeleteFunc(p.values, unused)
	p.constants = slices.DeleteFunc(p.constants, unused)
	return uses
}
