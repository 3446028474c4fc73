package gen

import (
	"fmt"
	"strconv"
)

// A neon is Advanced SIMD of arm64: 4 lanes, 32 registers, masks in vectors, no constants from memory. A fused
// multiply-add overwrites its addend, so an addend that is a constant is loaded to where the result will be;
// the others are worth a register.
type neon struct{}

func (neon) name() string { return "NEON" }

func (neon) file(stem string) string { return stem + "_f32_neon_arm64" }

func (neon) lanes() int { return 4 }

// copies: the smaller of these processors do not look far ahead.
func (neon) copies() int { return 2 }

func (neon) registers() (vectors, masks []string) { return numbered("V", 0, 32), nil }

func (neon) keeps(v *value, i int) bool { return neon{}.needsRegister(v, i) }

// needsRegister leaves out what compute has a way around: an addend, and a zero beside a mask or a compare.
func (neon) needsRegister(v *value, i int) bool {
	switch v.op {
	case opFMA:
		return i != 2
	case opLess, opLessEqual, opSelect:
		return !v.args[i].isZero()
	}
	return true
}

func (neon) loadConstant(l *lowering, c *value, register string) {
	l.emit("FMOVQ", []string{fmt.Sprintf("%d(R3)", l.offsets[c.bits]), "F" + register[1:]}, c)
}

func (neon) loadParam(l *lowering, argument, register string) {
	l.emit("FMOVS", []string{argument, "F" + register[1:]})
	l.emit("VDUP", []string{register + ".S[0]", register + ".S4"})
}

func s4(register string) string  { return register + ".S4" }
func b16(register string) string { return register + ".B16" }

func (n neon) compute(l *lowering, v *value, copy int) {
	switch v.op {
	case opAdd:
		n.arithmetic(l, v, copy, fadd)
	case opSub:
		n.arithmetic(l, v, copy, fsub)
	case opMul:
		n.arithmetic(l, v, copy, fmul)
	case opDiv:
		n.arithmetic(l, v, copy, fdiv)
	case opFMA:
		n.fma(l, v, copy)
	case opAnd:
		n.native(l, v, copy, "VAND", b16)
	case opOr:
		n.native(l, v, copy, "VORR", b16)
	case opXor:
		n.native(l, v, copy, "VEOR", b16)
	case opAddInt:
		n.native(l, v, copy, "VADD", s4)
	case opSubInt:
		n.native(l, v, copy, "VSUB", s4)
	case opShiftLeft:
		from := l.register(v.args[0], copy)
		l.emit("VSHL", []string{"$23", s4(from), s4(l.assign(v, copy))})
	case opShiftRight:
		from := l.register(v.args[0], copy)
		n.word(l, sshr1, l.assign(v, copy), from)
	case opLess:
		n.compare(l, v, copy, fcmgt, fcmltZero, fcmgtZero)
	case opLessEqual:
		n.compare(l, v, copy, fcmge, fcmleZero, fcmgeZero)
	case opSelect:
		n.choose(l, v, copy)
	}
}

// An encoding is an instruction that Go's assembler does not know: its word with 0 for all registers, and its
// notation in GNU's assembly.
type encoding struct {
	word     uint32
	notation string // of the registers, destination first
}

var (
	fadd      = encoding{0x4e20d400, "fadd v%d.4s, v%d.4s, v%d.4s"}
	fsub      = encoding{0x4ea0d400, "fsub v%d.4s, v%d.4s, v%d.4s"}
	fmul      = encoding{0x6e20dc00, "fmul v%d.4s, v%d.4s, v%d.4s"}
	fdiv      = encoding{0x6e20fc00, "fdiv v%d.4s, v%d.4s, v%d.4s"}
	fcmgt     = encoding{0x6ea0e400, "fcmgt v%d.4s, v%d.4s, v%d.4s"}
	fcmge     = encoding{0x6e20e400, "fcmge v%d.4s, v%d.4s, v%d.4s"}
	fmaxnm    = encoding{0x4e20c400, "fmaxnm v%d.4s, v%d.4s, v%d.4s"}
	fmaxnmv   = encoding{0x6e30c800, "fmaxnmv s%d, v%d.4s"}
	bic       = encoding{0x4e601c00, "bic v%d.16b, v%d.16b, v%d.16b"}
	fneg      = encoding{0x6ea0f800, "fneg v%d.4s, v%d.4s"}
	sshr1     = encoding{0x4f3f0400, "sshr v%d.4s, v%d.4s, #1"}
	fcmgtZero = encoding{0x4ea0c800, "fcmgt v%d.4s, v%d.4s, #0"}
	fcmgeZero = encoding{0x6ea0c800, "fcmge v%d.4s, v%d.4s, #0"}
	fcmltZero = encoding{0x4ea0e800, "fcmlt v%d.4s, v%d.4s, #0"}
	fcmleZero = encoding{0x6ea0d800, "fcmle v%d.4s, v%d.4s, #0"}
)

// word writes an encoded instruction; registers come destination first.
func (neon) word(l *lowering, e encoding, registers ...string) {
	word, numbers := e.word, make([]any, len(registers))
	for i, r := range registers {
		number, err := strconv.Atoi(r[1:])
		if err != nil {
			panic("gen: " + err.Error())
		}
		word |= uint32(number) << [...]int{0, 5, 16}[i]
		numbers[i] = number
	}
	l.emit("WORD", []string{fmt.Sprintf("$0x%08x // "+e.notation, append([]any{word}, numbers...)...)})
}

func (n neon) arithmetic(l *lowering, v *value, copy int, e encoding) {
	a, b := l.register(v.args[0], copy), l.register(v.args[1], copy)
	n.word(l, e, l.assign(v, copy), a, b)
}

func (neon) native(l *lowering, v *value, copy int, mnemonic string, of func(string) string) {
	a, b := l.register(v.args[0], copy), l.register(v.args[1], copy)
	l.emit(mnemonic, []string{of(b), of(a), of(l.assign(v, copy))})
}

// compare writes a < b as b > a, or with the instruction for a zero on either side.
func (n neon) compare(l *lowering, v *value, copy int, greater, belowZero, aboveZero encoding) {
	a, b := v.args[0], v.args[1]
	first, second := l.register(a, copy), l.register(b, copy)
	switch dst := l.assign(v, copy); {
	case a.isZero():
		n.word(l, aboveZero, dst, second)
	case b.isZero():
		n.word(l, belowZero, dst, first)
	default:
		n.word(l, greater, dst, second, first)
	}
}

// choose writes an and where one side is zero, else the form of the bitwise select that overwrites what dies.
func (n neon) choose(l *lowering, v *value, copy int) {
	mask, a, b := l.register(v.args[0], copy), l.register(v.args[1], copy), l.register(v.args[2], copy)
	switch {
	case v.args[1].isZero():
		n.word(l, bic, l.assign(v, copy), b, mask)
	case v.args[2].isZero():
		l.emit("VAND", []string{b16(mask), b16(a), b16(l.assign(v, copy))})
	case l.dies(v.args[0], v):
		l.emit("VBSL", []string{b16(b), b16(a), b16(mask)})
		l.keep(v, copy, mask)
	case l.dies(v.args[2], v):
		l.emit("VBIT", []string{b16(mask), b16(a), b16(b)})
		l.keep(v, copy, b)
	case l.dies(v.args[1], v):
		l.emit("VBIF", []string{b16(mask), b16(b), b16(a)})
		l.keep(v, copy, a)
	default:
		dst := l.vectors.take()
		l.emit("VMOV", []string{b16(b), b16(dst)})
		l.emit("VBIT", []string{b16(mask), b16(a), b16(dst)})
		l.keep(v, copy, dst)
	}
}

// fma puts the addend where the result will be, negated if so marked, and adds the product to it.
func (n neon) fma(l *lowering, v *value, copy int) {
	a, b, c := v.args[0], v.args[1], v.args[2]
	addend := l.register(c, copy)
	dst := addend
	if fresh := !l.dies(c, v) || c == a || c == b; fresh {
		dst = l.vectors.take()
	}
	switch {
	case v.negateAddend:
		n.word(l, fneg, dst, addend)
	case c.isConstant():
		n.loadConstant(l, c, dst)
	case dst != addend:
		l.emit("VMOV", []string{b16(addend), b16(dst)})
	}
	mnemonic := "VFMLA"
	if v.negateProduct {
		mnemonic = "VFMLS"
	}
	l.emit(mnemonic, []string{s4(l.register(b, copy)), s4(l.register(a, copy)), s4(dst)})
	l.keep(v, copy, dst)
}
