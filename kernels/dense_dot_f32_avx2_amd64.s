//go:build !purego

// The dense kernel for AVX2 with FMA in dot order. What it is given, and what it must do, is said with dotCall in
// dense_walk.go; how to read the lists, in dense_f32_avx2_amd64.h.

#include "dense_f32_avx2_amd64.h"
#include "go_asm.h"
#include "textflag.h"

// The outputs of one row of a dot tile: address of the weights, registers of the sums of lanes 0 to 7, 8 to
// 15, 16 to 23 and 24 to 31. Outputs are R9 bytes apart.
#define OUTPUTS1(F) F((BX), Y0, Y1, Y2, Y3)
#define OUTPUTS2(F) OUTPUTS1(F); F((BX)(R9*1), Y4, Y5, Y6, Y7)
#define OUTPUTS3(F) OUTPUTS2(F); F((BX)(R9*2), Y8, Y9, Y10, Y11)

#define CLEAR_LANES(at, a, b, c, d) \
	VXORPS a, a, a; \
	VXORPS b, b, b; \
	VXORPS c, c, c; \
	VXORPS d, d, d

#define MULTIPLY_LANES(at, a, b, c, d) \
	VFMADD231PS 0 at, Y12, a; \
	VFMADD231PS 32 at, Y13, b; \
	VFMADD231PS 64 at, Y14, c; \
	VFMADD231PS 96 at, Y15, d

// DOT passes over the blocks of one row, and once more over the tail, if there is one.
#define DOT(loop, OUTPUTS) \
loop: \
	VMOVUPS 0(SI), Y12; \
	VMOVUPS 32(SI), Y13; \
	VMOVUPS 64(SI), Y14; \
	VMOVUPS 96(SI), Y15; \
	OUTPUTS(MULTIPLY_LANES); \
	ADDQ    $128, SI; \
	ADDQ    $128, BX; \
	DECQ    CX; \
	JNE     loop; \
	TESTQ   R11, R11; \
	JEQ     halves; \
	MOVQ    R11, SI; \
	XORL    R11, R11; \
	MOVQ    $1, CX; \
	JMP     loop

// Lanes 16 apart, then 8 apart.
#define HALVES(at, a, b, c, d) \
	VADDPS c, a, a; \
	VADDPS d, b, b; \
	VADDPS b, a, a

// SUMS adds the last 8 lanes of three outputs by halves, adds the bias, and leaves the results in X0.
//	Lanes 4 apart, 2 apart (of outputs 0 and 1 in one register), 1 apart (all three).
#define SUMS(Ya, Xa, Yb, Xb, Yc, Xc) \
	VEXTRACTF128 $1, Ya, X12; \
	VEXTRACTF128 $1, Yb, X13; \
	VEXTRACTF128 $1, Yc, X14; \
	VADDPS       X12, Xa, Xa; \
	VADDPS       X13, Xb, Xb; \
	VADDPS       X14, Xc, Xc; \
	VMOVLHPS     Xb, Xa, X12; \
	VMOVHLPS     Xa, Xb, X13; \
	VMOVHLPS     Xc, Xc, X14; \
	VADDPS       X13, X12, X12; \
	VADDPS       X14, Xc, X14; \
	VHADDPS      X14, X12, X0; \
	VADDPS       (DX), X0, X0; \
	MASKS(dotCall_relu(AX)); \
	RELU(Y0)

// Two rows by three outputs, of the lanes at offset and the seven behind: registers of the sums.
#define MULTIPLY2X3(offset, a0, a1, a2, b0, b1, b2) \
	VMOVUPS     offset(BX), Y13; \
	VMOVUPS     offset(BX)(R9*1), Y14; \
	VMOVUPS     offset(BX)(R9*2), Y15; \
	VMOVUPS     offset(SI), Y12; \
	VFMADD231PS Y13, Y12, a0; \
	VFMADD231PS Y14, Y12, a1; \
	VFMADD231PS Y15, Y12, a2; \
	VMOVUPS     offset(SI)(R8*1), Y12; \
	VFMADD231PS Y13, Y12, b0; \
	VFMADD231PS Y14, Y12, b1; \
	VFMADD231PS Y15, Y12, b2

// DOT2X3 passes over two rows by three outputs, every second register of lanes: those from 0 and 16 on, or,
// from 32 bytes farther, from 8 and 24 on. Then it adds lanes 16 apart.
#define DOT2X3(start, loop, end, offset) \
start: \
	OUTPUTS3(CLEAR_LANES); \
	MOVQ    dotCall_x(AX), SI; \
	MOVQ    dotCall_ldx(AX), R8; \
	SHLQ    $2, R8; \
	MOVQ    dotCall_w(AX), BX; \
	MOVQ    dotCall_tail(AX), R11; \
	MOVQ    dotCall_blocks(AX), CX; \
loop: \
	MULTIPLY2X3(offset, Y0, Y2, Y4, Y6, Y8, Y10); \
	MULTIPLY2X3(64+offset, Y1, Y3, Y5, Y7, Y9, Y11); \
	ADDQ    $128, SI; \
	ADDQ    $128, BX; \
	DECQ    CX; \
	JNE     loop; \
	TESTQ   R11, R11; \
	JEQ     end; \
	MOVQ    R11, SI; \
	MOVQ    $128, R8; \
	XORL    R11, R11; \
	MOVQ    $1, CX; \
	JMP     loop; \
end: \
	VADDPS  Y1, Y0, Y0; \
	VADDPS  Y3, Y2, Y2; \
	VADDPS  Y5, Y4, Y4; \
	VADDPS  Y7, Y6, Y6; \
	VADDPS  Y9, Y8, Y8; \
	VADDPS  Y11, Y10, Y10

// func denseF32AVX2Dot(c *dotCall)
//
//	AX       c
//	SI       x at this block, later the tail
//	BX       w of output 0 at this block
//	R9       bytes between outputs
//	R11      the tail, or 0 when there is none or it is being done
//	CX       how many blocks remain
//	DX, DI   bias, y
//	Y0–Y11   sums
//
// Two rows by three outputs go together, with R8 the bytes from row 0 to row 1, Y12 the input and Y13–Y15 the
// weights. All else goes row by row:
//
//	R8       how many rows remain
//	R10, R12 x and tail of this row
//	R13      outputs
//	Y12–Y15  the inputs, 8 lanes each
//
// The sums of outputs that the tile does not have stay zero, and are not written.
TEXT ·denseF32AVX2Dot(SB), NOSPLIT, $192-8
	MOVQ c+0(FP), AX
	MOVQ dotCall_ldw(AX), R9
	SHLQ $2, R9
	MOVQ dotCall_bias(AX), DX
	MOVQ dotCall_y(AX), DI
	MOVQ dotCall_outputs(AX), R13
	MOVQ dotCall_rows(AX), R8
	CMPQ R13, $3
	JNE  rows
	CMPQ R8, $2
	JEQ  first2x3

rows:
	MOVQ dotCall_x(AX), R10
	MOVQ dotCall_tail(AX), R12

row:
	OUTPUTS3(CLEAR_LANES)
	MOVQ R10, SI
	MOVQ R12, R11
	MOVQ dotCall_w(AX), BX
	MOVQ dotCall_blocks(AX), CX
	CMPQ R13, $3
	JEQ  dot3
	CMPQ R13, $2
	JEQ  dot2
	DOT(dot1, OUTPUTS1)
	DOT(dot2, OUTPUTS2)
	DOT(dot3, OUTPUTS3)

halves:
	OUTPUTS3(HALVES)
	SUMS(Y0, X0, Y4, X4, Y8, X8)
	VMOVSS     X0, (DI)
	CMPQ       dotCall_outputs(AX), $2
	JLT        written
	VEXTRACTPS $1, X0, 4(DI)
	JEQ        written
	VEXTRACTPS $2, X0, 8(DI)

written:
	DECQ  R8
	JEQ   done
	MOVQ  dotCall_ldx(AX), R11
	LEAQ  (R10)(R11*4), R10
	MOVQ  dotCall_ldy(AX), R11
	LEAQ  (DI)(R11*4), DI
	MOVQ  dotCall_outputs(AX), R13
	TESTQ R12, R12
	JEQ   row
	ADDQ  $128, R12
	JMP   row

	DOT2X3(first2x3, loop2x3a, end2x3a, 0)
	VMOVUPS Y0, first-192(SP)
	VMOVUPS Y2, first-160(SP)
	VMOVUPS Y4, first-128(SP)
	VMOVUPS Y6, first-96(SP)
	VMOVUPS Y8, first-64(SP)
	VMOVUPS Y10, first-32(SP)
	DOT2X3(second2x3, loop2x3b, end2x3b, 32)

	// Lanes 8 apart.
	VADDPS first-192(SP), Y0, Y0
	VADDPS first-160(SP), Y2, Y2
	VADDPS first-128(SP), Y4, Y4
	VADDPS first-96(SP), Y6, Y6
	VADDPS first-64(SP), Y8, Y8
	VADDPS first-32(SP), Y10, Y10
	SUMS(Y0, X0, Y2, X2, Y4, X4)
	VMOVLPS    X0, (DI)
	VEXTRACTPS $2, X0, 8(DI)
	MOVQ       dotCall_ldy(AX), R11
	LEAQ       (DI)(R11*4), DI
	SUMS(Y6, X6, Y8, X8, Y10, X10)
	VMOVLPS    X0, (DI)
	VEXTRACTPS $2, X0, 8(DI)

done:
	VZEROUPPER
	RET
