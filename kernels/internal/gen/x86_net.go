package gen

// The network kernel on amd64. DI is the first step and R11 the one at hand, SI is x and DX is dst, both moving
// on, CX counts the rows, R8 is the constant table; AX, BX, R9 and R10 belong to a step. The row is in register
// 0, the mask of its lanes, where a step needs one, in K1 or in register 15.

func (x x86) register(number string) string {
	if x.wide {
		return "Z" + number
	}
	return "Y" + number
}

func (x x86) netRow() []string { return []string{x.register("0")} }

// netOperand: a parameter comes from the step, or, for a softmax, from the lane in which the greatest value was
// found; the last register is none that a body has taken by then.
func (x x86) netOperand(param string) string {
	switch param {
	case "alpha", "beta":
		return "netStep_" + param + "(R11)"
	}
	return "X15"
}

func (x x86) netIncludes() string { return "" }

func (x x86) netConstants(constants []*value) string { return x.constants(constants) }

func (x x86) netKernel(n *net) string {
	var t text
	row := x.register("0")
	t.WriteString("TEXT ·netF32" + x.name() + "(SB), NOSPLIT, $64-32\n")
	t.line("MOVQ steps+0(FP), DI")
	t.line("MOVQ dst+8(FP), DX")
	t.line("MOVQ x+16(FP), SI")
	t.line("MOVQ rows+24(FP), CX")
	t.line("LEAQ constants<>(SB), R8")

	functions, others := n.pieces()
	t.label("row")
	t.line("MOVQ DI, R11")
	t.line("JMP dispatch")
	t.label("next")
	t.line("ADDQ $netStep__size, R11")
	t.label("dispatch")
	t.line("MOVQ netStep_op(R11), AX")
	t.line("MOVQ netStep_w(R11), R9")
	t.line("TESTQ AX, AX")
	t.line("JEQ store")
	t.line("CMPQ AX, $const_netAffine")
	t.line("JGE others")
	t.jumps("CMPQ AX, $%s", "JEQ %s", functions)
	t.line("INT $3 // netStep.op is one of them")
	t.label("others")
	t.jumps("CMPQ AX, $%s", "JEQ %s", moving())
	t.jumps("CMPQ AX, $%s", "JEQ %s", others)
	t.line("INT $3")

	t.label("load")
	x.netMask(&t)
	if x.wide {
		t.line("VMOVUPS.Z (SI), K1, Z0")
	} else {
		t.line("VMASKMOVPS (SI), Y15, Y0")
	}
	t.line("MOVQ netStep_k(R11), R10")
	t.line("LEAQ (SI)(R10*4), SI")
	t.line("JMP next")

	t.label("denseFirst")
	t.line("MOVQ SI, BX")
	t.line("MOVQ netStep_k(R11), R10")
	t.line("LEAQ (SI)(R10*4), SI")
	t.line("JMP product")
	t.label("dense")
	t.line("VMOVUPS %s, row-64(SP)", row)
	t.line("LEAQ row-64(SP), BX")
	t.line("MOVQ netStep_k(R11), R10")
	t.label("product")
	t.line("VXORPS X0, X0, X0")
	t.label("input")
	t.line("VBROADCASTSS (BX), %s", x.register("1"))
	t.line("VFMADD231PS (R9), %s, %s", x.register("1"), row)
	t.line("ADDQ $4, BX")
	t.line("ADDQ $%d, R9", x.bytes())
	t.line("DECQ R10")
	t.line("JNZ input")
	t.line("MOVQ netStep_bias(R11), R9")
	t.line("VADDPS (R9), %s, %s", row, row)
	t.line("JMP next")

	for _, p := range append(functions, others...) {
		t.label(p.label)
		x.netBodies(&t, p.bodies)
		t.line("JMP next")
	}
	x.netSoftmax(&t, n)

	t.label("store")
	x.netMask(&t)
	if x.wide {
		t.line("VMOVUPS Z0, K1, (DX)")
	} else {
		t.line("VMASKMOVPS Y0, Y15, (DX)")
	}
	t.line("MOVQ netStep_k(R11), R10")
	t.line("LEAQ (DX)(R10*4), DX")
	t.line("DECQ CX")
	t.line("JNZ row")
	t.line("VZEROUPPER")
	t.line("RET")
	return t.String()
}

// netMask sets the mask to that of the step.
func (x x86) netMask(t *text) {
	if x.wide {
		t.line("VMOVUPS (R9), Z1")
		t.line("VPMOVD2M Z1, K1")
	} else {
		t.line("VMOVUPS (R9), Y15")
	}
}

// netBodies writes a step: the row goes to where the body wants it, and comes back from where it leaves it.
func (x x86) netBodies(t *text, bodies []netBody) {
	for _, b := range bodies {
		t.line("VMOVAPS %s, %s", b.row[0], b.loaded["x"][0])
		t.lines(b.once)
		for _, name := range []string{"operand", "slope"} {
			if registers := b.loaded[name]; registers != nil {
				t.line("VMOVUPS (R9), %s", registers[0])
			}
		}
		t.lines(b.each)
		t.line("VMOVAPS %s, %s", b.result[0], b.row[0])
	}
}

// netSoftmax finds the greatest value from −Inf on, as the compare of the definition does: what is not greater,
// which a NaN never is, gives way to the second operand of VMAXPS.
func (x x86) netSoftmax(t *text, n *net) {
	r := x.register
	t.label("softmax")
	x.netMask(t)
	if x.wide {
		t.line("VBROADCASTSS %d(R8), Z2", n.offsets[minusInfinity])
		t.line("VBLENDMPS Z0, Z2, K1, Z1")
	} else {
		t.line("VMOVUPS %d(R8), Y2", n.offsets[minusInfinity])
		t.line("VBLENDVPS Y15, Y0, Y2, Y1")
	}
	t.line("VMAXPS %s, %s, %s", r("2"), r("1"), r("1"))
	x.netHalves(t, "VMAXPS", "1", "2")
	t.line("VMOVAPS X1, X15")
	x.netBodies(t, n.exponential())
	if x.wide {
		t.line("VMOVAPS.Z Z0, K1, Z0")
	} else {
		t.line("VANDPS (R9), Y0, Y0")
	}
	t.line("VMOVAPS %s, %s", r("0"), r("1"))
	x.netHalves(t, "VADDPS", "1", "2")
	t.line("VBROADCASTSS X1, %s", r("1"))
	t.line("VDIVPS %s, %s, %s", r("1"), r("0"), r("0"))
	t.line("JMP next")
}

// netHalves combines the upper half of a register with the lower one until a single value is left.
func (x x86) netHalves(t *text, mnemonic, register, spare string) {
	if x.wide {
		t.line("VEXTRACTF32X8 $1, Z%s, Y%s", register, spare)
		t.line("%s Y%s, Y%s, Y%[3]s", mnemonic, spare, register)
	}
	t.line("VEXTRACTF128 $1, Y%s, X%s", register, spare)
	t.line("%s X%s, X%s, X%[3]s", mnemonic, spare, register)
	t.line("VMOVHLPS X%s, X%[1]s, X%s", register, spare)
	t.line("%s X%s, X%s, X%[3]s", mnemonic, spare, register)
	t.line("VMOVSHDUP X%s, X%s", register, spare)
	t.line("%s X%s, X%s, X%[3]s", mnemonic, spare, register)
}
