//go:build !purego

// Kernels for AVX-512: one sparse row. What they are given, and what they must do, is said with sparsePanelCall
// and sparseDotCall in sparse_walk.go; RELU and MASKS stand in dense_f32_avx512_amd64.h.

#include "dense_f32_avx512_amd64.h"
#include "go_asm.h"
#include "textflag.h"

// The registers of a panel: where in a row of it, sums of the block, totals.
#define VECTORS1(F) F(0, Z0, Z2)
#define VECTORS2(F) VECTORS1(F); F(64, Z1, Z3)

#define CLEAR(offset, sum, total) \
	VPXORD sum, sum, sum; \
	VPXORD total, total, total

#define MULTIPLY(offset, sum, total) \
	VFMADD231PS offset(BX)(R8*1), Z4, sum

#define NEXT_BLOCK(offset, sum, total) \
	VADDPS sum, total, total; \
	VPXORD sum, sum, sum

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
	VBROADCASTSS (R9), Z4; \
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

// func sparseF32AVX512Panel(c *sparsePanelCall)
//
//	AX      c
//	SI, R9  columns and values from this element on
//	CX      how many elements remain
//	BX      w
//	DX, DI  bias, y
//	R8      the element's column, then its row of the panel
//	R10     the last column of the block
//	Z0, Z1  sums of the block
//	Z2, Z3  totals
//	Z4      the value
TEXT ·sparseF32AVX512Panel(SB), NOSPLIT, $0-8
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
	JEQ  start16
	PANEL(start32, loop32, block32, multiply32, end32, VECTORS2, 7)
	PANEL(start16, loop16, block16, multiply16, end16, VECTORS1, 6)

// func sparseF32AVX512Dot(c *sparseDotCall)
//
//	AX          c
//	SI, R9      columns and values from this element on
//	CX          how many elements remain
//	R11, R12    w of outputs 0 and 1
//	BX, DX      w of outputs 2 and 3; later DX is the bias
//	DI          sums, later y
//	R8, R10     the element's column, its lane's place in sums
//	X16–X18     the sums of the lane, the value, the weights
//	Z16–Z19     after the loop, the sums, four lanes to a register
//
// The registers are above X15, where the instructions belong to AVX-512 and not to AVX and FMA.
TEXT ·sparseF32AVX512Dot(SB), NOSPLIT, $0-8
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
	VBROADCASTSS (R9), X17
	VMOVSS       (R11)(R8*4), X18
	VINSERTPS    $0x10, (R12)(R8*4), X18, X18
	VINSERTPS    $0x20, (BX)(R8*4), X18, X18
	VINSERTPS    $0x30, (DX)(R8*4), X18, X18
	VMOVUPS      (DI)(R10*1), X16
	VFMADD231PS  X17, X18, X16
	VMOVUPS      X16, (DI)(R10*1)
	ADDQ         $4, SI
	ADDQ         $4, R9
	DECQ         CX
	JNE          loop

halves:
	// Four lanes to a register: lanes 16 apart, 8 and 4 apart, and the four of the last register.
	VMOVUPS 0(DI), Z16
	VMOVUPS 64(DI), Z17
	VMOVUPS 128(DI), Z18
	VMOVUPS 192(DI), Z19
	VADDPS  256(DI), Z16, Z16
	VADDPS  320(DI), Z17, Z17
	VADDPS  384(DI), Z18, Z18
	VADDPS  448(DI), Z19, Z19
	VADDPS  Z18, Z16, Z16
	VADDPS  Z19, Z17, Z17
	VADDPS  Z17, Z16, Z16

	VEXTRACTF32X8 $1, Z16, Y17
	VADDPS        Y17, Y16, Y16
	VEXTRACTF32X4 $1, Y16, X17
	VADDPS        X17, X16, X16

	MASKS(sparseDotCall_relu(AX))
	MOVQ    sparseDotCall_bias(AX), DX
	MOVQ    sparseDotCall_y(AX), DI
	VADDPS  (DX), X16, X16
	RELU(Z16)
	VMOVUPS X16, (DI)
	VZEROUPPER
	RET
