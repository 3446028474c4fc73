package gen

import "strings"

// The network kernel on arm64. R9 is the first step and R10 the one at hand, R1 is x and R0 is dst, both moving
// on, R2 counts the rows, R3 is the constant table; R4 to R8 belong to a step. The row is in V0 and V1.

func (neon) netRow() []string { return []string{"V0", "V1"} }

// netOperand: a parameter comes from the step, or, for a softmax, from the register in which the greatest value
// was found; the last one is none that a body has taken by then.
func (neon) netOperand(param string) string {
	switch param {
	case "alpha", "beta":
		return "netStep_" + param + "(R10)"
	}
	return "F31"
}

func (neon) netIncludes() string { return "#include \"neon_arm64.h\"\n" }

func (n neon) netConstants(constants []*value) string { return n.constantTable(constants) }

func (n neon) netKernel(k *net) string {
	var t text
	t.WriteString("TEXT ·netF32NEON(SB), NOSPLIT, $32-32\n")
	t.line("MOVD steps+0(FP), R9")
	t.line("MOVD dst+8(FP), R0")
	t.line("MOVD x+16(FP), R1")
	t.line("MOVD rows+24(FP), R2")
	t.line("MOVD $constants<>(SB), R3")

	functions, others := k.pieces()
	t.label("row")
	t.line("MOVD R9, R10")
	t.line("B dispatch")
	t.label("next")
	t.line("ADD $netStep__size, R10")
	t.label("dispatch")
	t.line("LDP netStep_op(R10), (R4, R5) // netStep.w follows netStep.op")
	t.line("CBZ R4, store")
	t.line("CMP $const_netAffine, R4")
	t.line("BGE others")
	t.jumps("CMP $%s, R4", "BEQ %s", functions)
	t.line("BRK // netStep.op is one of them")
	t.label("others")
	t.jumps("CMP $%s, R4", "BEQ %s", moving())
	t.jumps("CMP $%s, R4", "BEQ %s", others)
	t.line("BRK")

	t.label("load")
	t.line("STP (ZR, ZR), row-32(SP)")
	t.line("STP (ZR, ZR), row-16(SP)")
	t.line("MOVD $row-32(SP), R6")
	t.line("MOVD netStep_k(R10), R7")
	t.label("loadValue")
	t.line("MOVWU.P 4(R1), R8")
	t.line("MOVW.P R8, 4(R6)")
	t.line("SUBS $1, R7")
	t.line("BNE loadValue")
	t.line("FLDPQ row-32(SP), (F0, F1)")
	t.line("B next")

	t.label("denseFirst")
	t.line("MOVD R1, R6")
	t.line("MOVD netStep_k(R10), R7")
	t.line("ADD R7<<2, R1")
	t.line("B product")
	t.label("dense")
	t.line("FSTPQ (F0, F1), row-32(SP)")
	t.line("MOVD $row-32(SP), R6")
	t.line("MOVD netStep_k(R10), R7")
	t.label("product")
	t.line("VEOR V0.B16, V0.B16, V0.B16")
	t.line("VEOR V1.B16, V1.B16, V1.B16")
	t.label("input")
	t.line("VLD1R.P 4(R6), [V2.S4]")
	t.line("FLDPQ.P 32(R5), (F3, F4)")
	t.line("VFMLA V3.S4, V2.S4, V0.S4")
	t.line("VFMLA V4.S4, V2.S4, V1.S4")
	t.line("SUBS $1, R7")
	t.line("BNE input")
	t.line("MOVD netStep_bias(R10), R5")
	t.line("FLDPQ (R5), (F3, F4)")
	t.line("FADD(0, 0, 3)")
	t.line("FADD(1, 1, 4)")
	t.line("B next")

	for _, p := range append(functions, others...) {
		t.label(p.label)
		n.netBodies(&t, p.bodies)
		t.line("B next")
	}
	n.netSoftmax(&t, k)

	t.label("store")
	t.line("FSTPQ (F0, F1), row-32(SP)")
	t.line("MOVD $row-32(SP), R6")
	t.line("MOVD netStep_k(R10), R7")
	t.label("storeValue")
	t.line("MOVWU.P 4(R6), R8")
	t.line("MOVW.P R8, 4(R0)")
	t.line("SUBS $1, R7")
	t.line("BNE storeValue")
	t.line("SUBS $1, R2")
	t.line("BNE row")
	t.line("RET")
	return t.String()
}

// netBodies writes a step: the row goes to where the body wants it, and comes back from where it leaves it. The
// operands of a body that does one register after the other follow each other in memory.
func (n neon) netBodies(t *text, bodies []netBody) {
	for _, b := range bodies {
		for i, r := range b.row {
			t.line("VMOV %s, %s", b16(r), b16(b.loaded["x"][i]))
		}
		t.lines(b.once)
		for _, name := range []string{"operand", "slope"} {
			if registers := b.loaded[name]; registers != nil {
				t.line("%s", strings.Replace(load(registers, ".P", "0(R5)"), "0(R5)", sizeOf(registers)+"(R5)", 1))
			}
		}
		t.lines(b.each)
		for i, r := range b.row {
			t.line("VMOV %s, %s", b16(b.result[i]), b16(r))
		}
	}
}

func sizeOf(registers []string) string { return [...]string{"", "16", "32"}[len(registers)] }

// netSoftmax finds the greatest value from −Inf on: what is not greater than that, which a NaN never is, is
// replaced by it first, so FMAXNMV meets no NaN.
func (n neon) netSoftmax(t *text, k *net) {
	t.label("softmax")
	t.line("FMOVQ %d(R3), F2", k.offsets[minusInfinity])
	t.line("FLDPQ (R5), (F3, F4)")
	for _, r := range []string{"0", "1"} {
		mask, kept := map[string]string{"0": "V3", "1": "V4"}[r], map[string]string{"0": "V5", "1": "V6"}[r]
		l := new(lowering)
		n.word(l, fcmgt, kept, "V"+r, "V2")
		t.lines(l.lines)
		t.line("VAND %s.B16, %s.B16, %s.B16", mask, kept, kept)
		t.line("VBSL V2.B16, V%s.B16, %s.B16", r, kept)
	}
	l := new(lowering)
	n.word(l, fmaxnm, "V5", "V5", "V6")
	n.word(l, fmaxnmv, "V31", "V5")
	t.lines(l.lines)
	n.netBodies(t, k.exponential())
	t.line("FLDPQ (R5), (F3, F4)")
	t.line("VAND V3.B16, V0.B16, V0.B16")
	t.line("VAND V4.B16, V1.B16, V1.B16")
	t.line("FADD(2, 0, 1)")
	t.line("VEXT $8, V2.B16, V2.B16, V3.B16")
	t.line("FADD(2, 2, 3)")
	t.line("FADDP(2, 2, 2)")
	t.line("VDUP V2.S[0], V2.S4")
	l = new(lowering)
	n.word(l, fdiv, "V0", "V0", "V2")
	n.word(l, fdiv, "V1", "V1", "V2")
	t.lines(l.lines)
	t.line("B next")
}
