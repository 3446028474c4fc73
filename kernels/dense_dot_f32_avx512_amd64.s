//go:build !purego

// The dense kernel for AVX-512 in dot order. What it is given, and what it must do, is said with dotCall in
// dense_walk.go; how to read the lists, in dense_f32_avx512_amd64.h.

#include "dense_f32_avx512_amd64.h"
#include "go_asm.h"
#include "textflag.h"

// The outputs of a dot tile: address of the weights; registers of the sums, lanes 0 to 15 and 16 to 31, of
// row 0 and of row 1.
#define OUTPUTS1(F) F((BX), Z0, Z5, Z10, Z15)
#define OUTPUTS2(F) OUTPUTS1(F); F((BX)(R9*1), Z1, Z6, Z11, Z16)
#define OUTPUTS3(F) OUTPUTS2(F); F((BX)(R9*2), Z2, Z7, Z12, Z17)
#define OUTPUTS4(F) OUTPUTS3(F); F((R10), Z3, Z8, Z13, Z18)
#define OUTPUTS5(F) OUTPUTS4(F); F((R10)(R9*1), Z4, Z9, Z14, Z19)

#define CLEAR_LANES(at, lo0, hi0, lo1, hi1) \
	VPXORD lo0, lo0, lo0; \
	VPXORD hi0, hi0, hi0; \
	VPXORD lo1, lo1, lo1; \
	VPXORD hi1, hi1, hi1

#define MULTIPLY_LANES1(at, lo0, hi0, lo1, hi1) \
	VFMADD231PS 0 at, Z20, lo0; \
	VFMADD231PS 64 at, Z21, hi0

#define MULTIPLY_LANES2(at, lo0, hi0, lo1, hi1) \
	VMOVUPS     0 at, Z24; \
	VMOVUPS     64 at, Z25; \
	VFMADD231PS Z24, Z20, lo0; \
	VFMADD231PS Z25, Z21, hi0; \
	VFMADD231PS Z24, Z22, lo1; \
	VFMADD231PS Z25, Z23, hi1

#define LOAD_LANES1 \
	VMOVUPS 0(SI), Z20; \
	VMOVUPS 64(SI), Z21

#define LOAD_LANES2 \
	LOAD_LANES1; \
	VMOVUPS 0(SI)(R8*1), Z22; \
	VMOVUPS 64(SI)(R8*1), Z23

// DOT passes over the blocks, and once more over the tail, if there is one.
#define DOT(loop, LOAD_LANES, MULTIPLY_LANES, OUTPUTS) \
loop: \
	LOAD_LANES; \
	OUTPUTS(MULTIPLY_LANES); \
	ADDQ  $128, SI; \
	ADDQ  $128, BX; \
	ADDQ  $128, R10; \
	DECQ  CX; \
	JNE   loop; \
	TESTQ R11, R11; \
	JEQ   halves; \
	MOVQ  R11, SI; \
	MOVQ  $128, R8; \
	XORL  R11, R11; \
	MOVQ  $1, CX; \
	JMP   loop

// PAIR adds the upper halves of a and b to their lower halves, and leaves both results in sum: that of a first.
// The selectors name the lower and the upper groups of four lanes.
#define PAIR(lower, upper, a, b, sum) \
	VSHUFF32X4 lower, b, a, Z28; \
	VSHUFF32X4 upper, b, a, Z29; \
	VADDPS     Z29, Z28, sum

// HALVES adds the 32 lanes of five outputs by halves, and writes those that K1 names.
//	Lanes 16 apart; 8 apart, two outputs to a register; 4 apart, four outputs to a register, a group of four
//	lanes each; 2 apart, outputs 0 to 3 in the first half of each group, output 4 in the second half of group 0;
//	1 apart, and the results are in the lanes that Z26 lists.
#define HALVES(lo0, hi0, lo1, hi1, lo2, hi2, lo3, hi3, lo4, hi4) \
	VADDPS    hi0, lo0, lo0; \
	VADDPS    hi1, lo1, lo1; \
	VADDPS    hi2, lo2, lo2; \
	VADDPS    hi3, lo3, lo3; \
	VADDPS    hi4, lo4, lo4; \
	PAIR($0x44, $0xEE, lo0, lo1, lo0); \
	PAIR($0x44, $0xEE, lo2, lo3, lo2); \
	PAIR($0x44, $0xEE, lo4, lo4, lo4); \
	PAIR($0x88, $0xDD, lo0, lo2, lo0); \
	PAIR($0x88, $0xDD, lo4, lo4, lo4); \
	VUNPCKLPD lo4, lo0, Z28; \
	VUNPCKHPD lo4, lo0, Z29; \
	VADDPS    Z29, Z28, lo0; \
	VPERMILPS $0xB1, lo0, Z28; \
	VADDPS    Z28, lo0, lo0; \
	VPERMPS   lo0, Z26, lo0; \
	VADDPS    Z27, lo0, lo0; \
	RELU(lo0); \
	VMOVUPS   lo0, K1, (DI)

// Where HALVES leaves the results of outputs 0 to 4.
DATA results<>+0(SB)/4, $0
DATA results<>+4(SB)/4, $4
DATA results<>+8(SB)/4, $8
DATA results<>+12(SB)/4, $12
DATA results<>+16(SB)/4, $2
GLOBL results<>(SB), RODATA|NOPTR, $64

// func denseF32AVX512Dot(c *dotCall)
//
//	AX       c
//	SI       row 0 of x at this block, later of the tail
//	R8       bytes from row 0 to row 1
//	BX, R10  w of outputs 0 and 3 at this block
//	R9       bytes between outputs
//	R11      the tail, or 0 when there is none or it is being done
//	CX       how many blocks remain
//	DX, DI   bias, y
//	Z0–Z19   sums: see OUTPUTS
//	Z20–Z23  inputs: row 0, lanes 0 to 15 and 16 to 31; row 1
//	Z24, Z25 weights
//	Z26, Z27 after the loop, where the results are, and the bias
//	K1       one bit for each output
//
// The sums of outputs that the tile does not have stay zero; K1 keeps them from being written.
TEXT ·denseF32AVX512Dot(SB), NOSPLIT, $0-8
	MOVQ  c+0(FP), AX
	MOVQ  dotCall_x(AX), SI
	MOVQ  dotCall_ldx(AX), R8
	SHLQ  $2, R8
	MOVQ  dotCall_w(AX), BX
	MOVQ  dotCall_ldw(AX), R9
	SHLQ  $2, R9
	LEAQ  (BX)(R9*2), R10
	ADDQ  R9, R10
	MOVQ  dotCall_tail(AX), R11
	MOVQ  dotCall_bias(AX), DX
	MOVQ  dotCall_y(AX), DI
	MASKS(dotCall_relu(AX))
	MOVQ  dotCall_outputs(AX), CX
	MOVL  $1, R13
	SHLL  CX, R13
	DECL  R13
	KMOVW R13, K1
	OUTPUTS5(CLEAR_LANES)

	MOVQ CX, R13
	MOVQ dotCall_blocks(AX), CX
	CMPQ dotCall_rows(AX), $1
	JEQ  oneRow
	CMPQ R13, $5
	JEQ  two5
	CMPQ R13, $4
	JEQ  two4
	CMPQ R13, $3
	JEQ  two3
	CMPQ R13, $2
	JEQ  two2
	DOT(two1, LOAD_LANES2, MULTIPLY_LANES2, OUTPUTS1)
	DOT(two2, LOAD_LANES2, MULTIPLY_LANES2, OUTPUTS2)
	DOT(two3, LOAD_LANES2, MULTIPLY_LANES2, OUTPUTS3)
	DOT(two4, LOAD_LANES2, MULTIPLY_LANES2, OUTPUTS4)
	DOT(two5, LOAD_LANES2, MULTIPLY_LANES2, OUTPUTS5)

oneRow:
	CMPQ R13, $5
	JEQ  one5
	CMPQ R13, $4
	JEQ  one4
	CMPQ R13, $3
	JEQ  one3
	CMPQ R13, $2
	JEQ  one2
	DOT(one1, LOAD_LANES1, MULTIPLY_LANES1, OUTPUTS1)
	DOT(one2, LOAD_LANES1, MULTIPLY_LANES1, OUTPUTS2)
	DOT(one3, LOAD_LANES1, MULTIPLY_LANES1, OUTPUTS3)
	DOT(one4, LOAD_LANES1, MULTIPLY_LANES1, OUTPUTS4)
	DOT(one5, LOAD_LANES1, MULTIPLY_LANES1, OUTPUTS5)

halves:
	VMOVUPS results<>(SB), Z26
	VMOVUPS.Z (DX), K1, Z27
	HALVES(Z0, Z5, Z1, Z6, Z2, Z7, Z3, Z8, Z4, Z9)
	CMPQ dotCall_rows(AX), $1
	JEQ  done
	MOVQ dotCall_ldy(AX), R8
	LEAQ (DI)(R8*4), DI
	HALVES(Z10, Z15, Z11, Z16, Z12, Z17, Z13, Z18, Z14, Z19)

done:
	VZEROUPPER
	RET
