package gen

import (
	"fmt"
	"strings"
)

// An x86 is AVX2 with FMA or AVX-512. Nearly every instruction takes a constant from memory, which costs AVX2
// nothing beside the arithmetic. AVX-512 has the registers to keep most constants, and should: some processors
// load one vector of 512 bits a cycle.
type x86 struct {
	wide bool // AVX-512: 16 lanes, 32 registers, masks apart, constants broadcast by the instruction
}

func (x x86) name() string {
	if x.wide {
		return "AVX512"
	}
	return "AVX2"
}

func (x x86) file(stem string) string {
	return stem + "_f32_" + strings.ToLower(x.name()) + "_amd64"
}

func (x x86) lanes() int {
	if x.wide {
		return 16
	}
	return 8
}

func (x x86) bytes() int { return 4 * x.lanes() }

// copies: these processors look far enough ahead to work on several turns of a loop at once.
func (x x86) copies() int { return 1 }

// registers leaves K1 to the mask of the last vector, and K0 because it cannot mask.
func (x x86) registers() (vectors, masks []string) {
	if x.wide {
		return numbered("Z", 0, 32), numbered("K", 2, 8)
	}
	return numbered("Y", 0, 16), nil
}

func numbered(prefix string, first, end int) []string {
	var names []string
	for i := first; i < end; i++ {
		names = append(names, fmt.Sprint(prefix, i))
	}
	return names
}

func (x x86) needsRegister(*value, int) bool { return false }

func (x x86) keeps(*value, int) bool { return x.wide }

func (x x86) loadConstant(l *lowering, c *value, register string) {
	mnemonic := "VMOVUPS"
	if x.wide {
		mnemonic = "VBROADCASTSS"
	}
	l.emit(mnemonic, []string{x.memory(l, c), register}, c)
}

func (x x86) loadParam(l *lowering, argument, register string) {
	l.emit("VBROADCASTSS", []string{argument, register})
}

func (x x86) memory(l *lowering, c *value) string { return fmt.Sprintf("%d(R8)", l.offsets[c.bits]) }

// source returns an operand that may be in memory.
func (x x86) source(l *lowering, v *value, copy int) string {
	if l.inMemory(v) {
		return x.memory(l, v)
	}
	return l.register(v, copy)
}

// emit writes an instruction whose operand from may be a constant in memory.
func (x x86) emit(l *lowering, mnemonic string, from *value, operands ...string) {
	if !l.inMemory(from) {
		l.emit(mnemonic, operands)
		return
	}
	if x.wide {
		mnemonic += ".BCST"
	}
	l.emit(mnemonic, operands, from)
}

func (x x86) compute(l *lowering, v *value, copy int) {
	switch v.op {
	case opAdd:
		x.commutative(l, v, copy, "VADDPS")
	case opSub:
		x.binary(l, v, copy, "VSUBPS", v.args[0], v.args[1])
	case opMul:
		x.commutative(l, v, copy, "VMULPS")
	case opDiv:
		x.binary(l, v, copy, "VDIVPS", v.args[0], v.args[1])
	case opFMA:
		x.fma(l, v, copy)
	case opAnd:
		x.commutative(l, v, copy, "VANDPS")
	case opOr:
		x.commutative(l, v, copy, "VORPS")
	case opXor:
		x.commutative(l, v, copy, "VXORPS")
	case opAddInt:
		x.commutative(l, v, copy, "VPADDD")
	case opSubInt:
		x.binary(l, v, copy, "VPSUBD", v.args[0], v.args[1])
	case opShiftLeft:
		x.shift(l, v, copy, "VPSLLD", 23)
	case opShiftRight:
		x.shift(l, v, copy, "VPSRAD", 1)
	case opLess:
		x.compare(l, v, copy, lessThan, greaterThan)
	case opLessEqual:
		x.compare(l, v, copy, lessOrEqual, greaterOrEqual)
	case opSelect:
		x.choose(l, v, copy)
	}
}

func (x x86) commutative(l *lowering, v *value, copy int, mnemonic string) {
	a, b := v.args[0], v.args[1]
	if l.inMemory(a) {
		a, b = b, a
	}
	x.binary(l, v, copy, mnemonic, a, b)
}

// binary writes an instruction whose second operand may be in memory, not the first.
func (x x86) binary(l *lowering, v *value, copy int, mnemonic string, a, b *value) {
	if l.inMemory(a) {
		dst := l.vectors.take()
		x.loadConstant(l, a, dst)
		x.emit(l, mnemonic, b, x.source(l, b, copy), dst, dst)
		l.keep(v, copy, dst)
		return
	}
	first, second := l.register(a, copy), x.source(l, b, copy)
	x.emit(l, mnemonic, b, second, first, l.assign(v, copy))
}

func (x x86) shift(l *lowering, v *value, copy int, mnemonic string, by int) {
	from := l.register(v.args[0], copy)
	l.emit(mnemonic, []string{fmt.Sprint("$", by), from, l.assign(v, copy)})
}

// The predicates of VCMPPS: ordered, and quiet, so that a NaN raises no exception.
const (
	lessThan       = "$0x11"
	lessOrEqual    = "$0x12"
	greaterOrEqual = "$0x1d"
	greaterThan    = "$0x1e"
)

// compare turns a compare round, to the predicate reversed, if its first operand is in memory.
func (x x86) compare(l *lowering, v *value, copy int, predicate, reversed string) {
	a, b := v.args[0], v.args[1]
	if l.inMemory(a) {
		a, b, predicate = b, a, reversed
	}
	first, second := l.register(a, copy), x.source(l, b, copy)
	x.emit(l, "VCMPPS", b, predicate, second, first, l.assign(v, copy))
}

// choose writes a blend, or, with a mask of whole vectors and a zero, an and.
func (x x86) choose(l *lowering, v *value, copy int) {
	mask, a, b := l.register(v.args[0], copy), v.args[1], v.args[2]
	yes := x.source(l, a, copy)
	switch {
	case a.isZero() && !x.wide:
		no := l.register(b, copy)
		l.emit("VANDNPS", []string{no, mask, l.assign(v, copy)})
	case b.isZero() && !x.wide:
		l.emit("VANDPS", []string{yes, mask, l.assign(v, copy)})
	case l.inMemory(b):
		dst := l.vectors.take()
		x.loadConstant(l, b, dst)
		x.blend(l, a, mask, yes, dst, dst)
		l.keep(v, copy, dst)
	default:
		no := l.register(b, copy)
		x.blend(l, a, mask, yes, no, l.assign(v, copy))
	}
}

func (x x86) blend(l *lowering, a *value, mask, yes, no, dst string) {
	if x.wide {
		x.emit(l, "VBLENDMPS", a, yes, no, mask, dst)
	} else {
		x.emit(l, "VBLENDVPS", a, mask, yes, no, dst)
	}
}

// fma writes a fused multiply-add. The instruction overwrites one of its three operands, and one of the others
// may be in memory. Its three forms differ in which: 231 overwrites the addend; 213 overwrites a factor and
// may have the addend in memory; 132 overwrites a factor and may have the other one there.
func (x x86) fma(l *lowering, v *value, copy int) {
	a, b, c := v.args[0], v.args[1], v.args[2]
	if l.inMemory(a) || !l.inMemory(b) && !l.dies(a, v) && l.dies(b, v) {
		a, b = b, a // a factor in memory is b, and the factor that dies is a
	}
	mnemonic := "VF" + map[bool]string{true: "N"}[v.negateProduct] + "M" +
		map[bool]string{false: "ADD", true: "SUB"}[v.negateAddend]
	overwriteAddend := func(dst string) {
		x.emit(l, mnemonic+"231PS", b, x.source(l, b, copy), l.register(a, copy), dst)
		l.keep(v, copy, dst)
	}
	switch {
	case l.inMemory(b) && l.inMemory(c): // one of them must be in a register: the one that is overwritten
		dst := l.vectors.take()
		x.loadConstant(l, b, dst)
		x.emit(l, mnemonic+"213PS", c, x.source(l, c, copy), l.register(a, copy), dst)
		l.keep(v, copy, dst)
	case l.dies(c, v) && c != a && c != b:
		overwriteAddend(l.register(c, copy))
	case l.dies(a, v) && l.inMemory(b):
		dst := l.register(a, copy)
		x.emit(l, mnemonic+"132PS", b, x.source(l, b, copy), l.register(c, copy), dst)
		l.keep(v, copy, dst)
	case l.dies(a, v):
		dst := l.register(a, copy)
		x.emit(l, mnemonic+"213PS", c, x.source(l, c, copy), l.register(b, copy), dst)
		l.keep(v, copy, dst)
	case l.inMemory(c):
		dst := l.vectors.take()
		x.loadConstant(l, c, dst)
		overwriteAddend(dst)
	default:
		dst := l.vectors.take()
		l.emit("VMOVAPS", []string{l.register(c, copy), dst})
		overwriteAddend(dst)
	}
}
