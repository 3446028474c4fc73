package ptxsim

import "sync"

// A form is an instruction that computes a value from values: what PTX spells as one opcode with its types.
type form struct {
	fn      pure
	op      opcode // the fast form, opFn if it has none
	result  kind
	sources []kind
	divides bool // by the second operand
	target  int  // the least .target and .version, if beyond those of this package
	version int
}

// forms returns the table of them all by their opcodes.
var forms = sync.OnceValue(func() map[string]form {
	table := map[string]form{}
	integerForms(table)
	bitForms(table)
	floatForms(table)
	selectionForms(table)
	return table
})

// integerForms adds the arithmetic of integers.
func integerForms(table map[string]form) {
	for _, k := range []kind{u16, s16, u32, s32, u64, s64} {
		name, w := "."+k.String(), k.bits()
		one, two, three := []kind{k}, []kind{k, k}, []kind{k, k, k}
		table["add"+name] = form{fn: add(w), op: fast(w, opFn, opAdd32, opAdd64), result: k, sources: two}
		table["sub"+name] = form{fn: sub(w), result: k, sources: two}
		table["mul.lo"+name] = form{fn: mulLow(w), op: fast(w, opFn, opMul32, opFn), result: k, sources: two}
		table["mad.lo"+name] = form{fn: madLow(w), op: fast(w, opFn, opMad32, opFn), result: k, sources: three}
		table["mul.hi"+name] = form{fn: mulHigh(k), result: k, sources: two}
		table["mad.hi"+name] = form{fn: madHigh(k), result: k, sources: three}
		table["div"+name] = form{fn: div(k), result: k, sources: two, divides: true}
		table["rem"+name] = form{fn: rem(k), result: k, sources: two, divides: true}
		table["min"+name] = form{fn: minimum(k), result: k, sources: two}
		table["max"+name] = form{fn: maximum(k), result: k, sources: two}
		if k.signed() {
			table["neg"+name] = form{fn: neg(w), result: k, sources: one}
			table["abs"+name] = form{fn: abs(w), result: k, sources: one}
		}
	}
	for _, k := range []kind{u16, s16, u32, s32} {
		name, wide := "."+k.String(), k+1 // the next type is twice as wide
		op := opFn
		if k == u32 {
			op = opWide
		}
		table["mul.wide"+name] = form{fn: mulWide(k), op: op, result: wide, sources: []kind{k, k}}
		table["mad.wide"+name] = form{fn: madWide(k), result: wide, sources: []kind{k, k, wide}}
	}
	for _, x := range []kind{u32, s32} {
		for _, y := range []kind{u32, s32} {
			sum := s32
			if x == u32 && y == u32 {
				sum = u32
			}
			table["dp4a."+x.String()+"."+y.String()] = form{
				fn: dotBytes(x.signed(), y.signed()), result: sum, sources: []kind{b32, b32, sum}, target: 61, version: 50,
			}
		}
	}
}

// bitForms adds logic, shifts and the handling of bit fields.
func bitForms(table map[string]form) {
	for _, k := range []kind{pred, b16, b32, b64} {
		name, mask := "."+k.String(), k.mask()
		table["and"+name] = form{fn: and, op: opAnd, result: k, sources: []kind{k, k}}
		table["or"+name] = form{fn: or, result: k, sources: []kind{k, k}}
		table["xor"+name] = form{fn: xor, result: k, sources: []kind{k, k}}
		table["not"+name] = form{fn: func(a, _, _ uint64) uint64 { return ^a & mask }, result: k, sources: []kind{k}}
	}
	for _, k := range []kind{b16, u16, s16, b32, u32, s32, b64, u64, s64} {
		name, w := "."+k.String(), k.bits()
		if k.untyped() {
			table["shl"+name] = form{fn: shiftLeft(w), op: fast(w, opFn, opShl32, opFn), result: k, sources: []kind{k, u32}}
		}
		table["shr"+name] = form{fn: shiftRight(k), result: k, sources: []kind{k, u32}}
	}
	for _, k := range []kind{u32, s32, u64, s64} {
		name := "." + k.String()
		table["bfe"+name] = form{fn: bitExtract(k), result: k, sources: []kind{k, u32, u32}}
		table["bfind"+name] = form{fn: findBit(k, false), result: u32, sources: []kind{k}}
		table["bfind.shiftamt"+name] = form{fn: findBit(k, true), result: u32, sources: []kind{k}}
	}
	for _, k := range []kind{b32, b64} {
		name, w := "."+k.String(), k.bits()
		table["clz"+name] = form{fn: leadingZeros(w), result: u32, sources: []kind{k}}
		table["popc"+name] = form{fn: popCount, result: u32, sources: []kind{k}}
		table["brev"+name] = form{fn: reverse(w), result: k, sources: []kind{k}}
	}
	table["prmt.b32"] = form{fn: permute, result: b32, sources: []kind{b32, b32, b32}}
	for _, left := range []bool{false, true} {
		for _, clamp := range []bool{false, true} {
			name := "shf.r"
			if left {
				name = "shf.l"
			}
			if clamp {
				name += ".clamp.b32"
			} else {
				name += ".wrap.b32"
			}
			table[name] = form{fn: funnelShift(left, clamp), result: b32, sources: []kind{b32, b32, u32}}
		}
	}
}

// floatForms adds the arithmetic of binary32.
func floatForms(table map[string]form) {
	one, two, three := []kind{f32}, []kind{f32, f32}, []kind{f32, f32, f32}
	table["fma.rn.f32"] = form{fn: fmaF32, op: opFMA, result: f32, sources: three}
	table["add.rn.f32"] = form{fn: addF32, op: opAddF, result: f32, sources: two}
	table["sub.rn.f32"] = form{fn: subF32, result: f32, sources: two}
	table["mul.rn.f32"] = form{fn: mulF32, op: opMulF, result: f32, sources: two}
	table["div.rn.f32"] = form{fn: divF32, result: f32, sources: two}
	table["rcp.rn.f32"] = form{fn: rcpF32, result: f32, sources: one}
	table["sqrt.rn.f32"] = form{fn: sqrtF32, result: f32, sources: one}
	table["neg.f32"] = form{fn: negF32, result: f32, sources: one}
	table["abs.f32"] = form{fn: absF32, result: f32, sources: one}
	table["min.f32"] = form{fn: minF32, result: f32, sources: two}
	table["max.f32"] = form{fn: maxF32, result: f32, sources: two}
	table["copysign.f32"] = form{fn: copySignF32, result: f32, sources: two}
}

// selectionForms adds selp and slct.
func selectionForms(table map[string]form) {
	for _, k := range []kind{b16, u16, s16, b32, u32, s32, f32, b64, u64, s64, f64} {
		name := "." + k.String()
		table["selp"+name] = form{fn: choose, op: opSelect, result: k, sources: []kind{k, k, pred}}
		table["slct"+name+".s32"] = form{fn: chooseBySign, result: k, sources: []kind{k, k, s32}}
		table["slct"+name+".f32"] = form{fn: chooseByFloat, result: k, sources: []kind{k, k, f32}}
	}
}

// fast picks the fast form for a width.
func fast(bits uint, for16, for32, for64 opcode) opcode {
	switch bits {
	case 16:
		return for16
	case 32:
		return for32
	}
	return for64
}
