//go:build !purego

// Kernels for AVX2 with FMA: one sparse row. What they are given, and what they must do, is said with
// sparsePanelCall and sparseDotCall in sparse_walk.go; RELU and MASKS stand in dense_f32_avx2_amd64.h.

#include "dense_f32_avx2_amd64.h"
#include "go_asm.h"
#include "textflag.h"

// The registers of a panel: where in a row of it, sums of the block, totals.
#define VECTORS1(F) F(0, Y0, Y2)
#define VECTORS2(F) VECTORS1(F); F(32, Y1, Y3)

#define CLEAR(offset, sum, total) \
	VXORPS sum, sum, sum; \
	VXORPS total, total, total

#define MULTIPLY(offset, sum, total) \
	VFMADD231PS offset(BX)(R8*1), Y14, sum

#define NEXT_BLOCK(offset, sum, total) \
	VADDPS sum, total, total; \
	VXORPS sum, sum, sum

#define END(offset, sum, total) \
	VADDPS  sum, total, total; \
	VADDPS  offset(DX), total, total; \
	RELU(total); \
	VMOVUPS total, offset(DI)

// PANEL is a whole call for a list of registers; a row of the panel is 1<<shift bytes.
#define PANEL(start, loop, block, multiply, end, VECTORS, shift) \
start: \
	VECTORS(CLEAR); \
	TESTQ CX, CX; \
	JEQ   end; \
loop: \
	MOVL  (SI), R8; \
	CMPQ  R8, R10; \
	JGT   block; \
multiply: \
	VBROADCASTSS (R9), Y14; \
	SHLQ  $shift, R8; \
	VECTORS(MULTIPLY); \
	ADDQ  $4, SI; \
	ADDQ  $4, R9; \
	DECQ  CX; \
	JNE   loop; \
end: \
	VECTORS(END); \
	VZEROUPPER; \
	RET; \
block: \
	VECTORS(NEXT_BLOCK); \
	MOVQ  R8, R10; \
	ORQ   $(const_panelBlock-1), R10; \
	JMP   multiply

// func sparseF32AVX2Panel(c *sparsePanelCall)
//
//	AX      c
//	SI, R9  columns and values from this element on
//	CX      how many elements remain
//	BX      w
//	DX, DI  bias, y
//	R8      the element's column, then its row of the panel
//	R10     the last column of the block
//	Y0, Y1  sums of the block
//	Y2, Y3  totals
//	Y14     the value
TEXT ·sparseF32AVX2Panel(SB), NOSPLIT, $0-8
	MOVQ c+0(FP), AX
	MOVQ sparsePanelCall_columns(AX), SI
	MOVQ sparsePanelCall_values(AX), R9
	MOVQ sparsePanelCall_count(AX), CX
	MOVQ sparsePanelCall_w(AX), BX
	MOVQ sparsePanelCall_bias(AX), DX
	MOVQ sparsePanelCall_y(AX), DI
	MOVQ $-1, R10
	MASKS(sparsePanelCall_relu(AX))
	CMPQ sparsePanelCall_vectors(AX), $1
	JEQ  start8
	PANEL(start16, loop16, block16, multiply16, end16, VECTORS2, 6)
	PANEL(start8, loop8, block8, multiply8, end8, VECTORS1, 5)

// func sparseF32AVX2Dot(c *sparseDotCall)
//
//	AX          c
//	SI, R9      columns and values from this element on
//	CX          how many elements remain
//	R11, R12    w of outputs 0 and 1
//	BX, DX      w of outputs 2 and 3; later DX is the bias
//	DI          sums, later y
//	R8, R10     the element's column, its lane's place in sums
//	X0, X1, X2  the sums of the lane, the value, the weights
//	Y0–Y7       after the loop, the sums, two lanes to a register
TEXT ·sparseF32AVX2Dot(SB), NOSPLIT, $0-8
	MOVQ  c+0(FP), AX
	MOVQ  sparseDotCall_columns(AX), SI
	MOVQ  sparseDotCall_values(AX), R9
	MOVQ  sparseDotCall_count(AX), CX
	MOVQ  sparseDotCall_w+0(AX), R11
	MOVQ  sparseDotCall_w+8(AX), R12
	MOVQ  sparseDotCall_w+16(AX), BX
	MOVQ  sparseDotCall_w+24(AX), DX
	MOVQ  sparseDotCall_sums(AX), DI
	TESTQ CX, CX
	JEQ   halves

loop:
	MOVL         (SI), R8
	MOVQ         R8, R10
	ANDQ         $(const_lanes-1), R10
	SHLQ         $4, R10
	VBROADCASTSS (R9), X1
	VMOVSS       (R11)(R8*4), X2
	VINSERTPS    $0x10, (R12)(R8*4), X2, X2
	VINSERTPS    $0x20, (BX)(R8*4), X2, X2
	VINSERTPS    $0x30, (DX)(R8*4), X2, X2
	VMOVUPS      (DI)(R10*1), X0
	VFMADD231PS  X1, X2, X0
	VMOVUPS      X0, (DI)(R10*1)
	ADDQ         $4, SI
	ADDQ         $4, R9
	DECQ         CX
	JNE          loop

halves:
	// Two lanes to a register: lanes 16 apart, 8, 4 and 2 apart, and the two of the last register.
	VMOVUPS 0(DI), Y0
	VMOVUPS 32(DI), Y1
	VMOVUPS 64(DI), Y2
	VMOVUPS 96(DI), Y3
	VMOVUPS 128(DI), Y4
	VMOVUPS 160(DI), Y5
	VMOVUPS 192(DI), Y6
	VMOVUPS 224(DI), Y7
	VADDPS  256(DI), Y0, Y0
	VADDPS  288(DI), Y1, Y1
	VADDPS  320(DI), Y2, Y2
	VADDPS  352(DI), Y3, Y3
	VADDPS  384(DI), Y4, Y4
	VADDPS  416(DI), Y5, Y5
	VADDPS  448(DI), Y6, Y6
	VADDPS  480(DI), Y7, Y7
	VADDPS  Y4, Y0, Y0
	VADDPS  Y5, Y1, Y1
	VADDPS  Y6, Y2, Y2
	VADDPS  Y7, Y3, Y3
	VADDPS  Y2, Y0, Y0
	VADDPS  Y3, Y1, Y1
	VADDPS  Y1, Y0, Y0

	VEXTRACTF128 $1, Y0, X1
	VADDPS       X1, X0, X0

	MASKS(sparseDotCall_relu(AX))
	MOVQ    sparseDotCall_bias(AX), DX
	MOVQ    sparseDotCall_y(AX), DI
	VADDPS  (DX), X0, X0
	RELU(Y0)
	VMOVUPS X0, (DI)
	VZEROUPPER
	RET
