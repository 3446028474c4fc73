//go:build !purego

// Dense kernels for AVX-512: one row. What they are given, and what they must do, is said with rowCall in
// dense_walk.go; how to read the lists, in dense_f32_avx512_amd64.h.

#include "dense_f32_avx512_amd64.h"
#include "go_asm.h"
#include "textflag.h"

// The panels of a row: address of the weights, where in y and bias, registers of the sums.
#define PANELS2(F) F((BX), 0, Z0, Z1); F((BX)(R8*1), 128, Z2, Z3)
#define PANELS3(F) PANELS2(F); F((BX)(R8*2), 256, Z4, Z5)
#define PANELS4(F) PANELS3(F); F((R9), 384, Z6, Z7)

// The total starts at +0.
#define BEGIN(at, offset, lo, hi) \
	VMOVUPS Z31, (offset)(DI); \
	VMOVUPS Z31, (64+offset)(DI)

#define NEW_BLOCK(at, offset, lo, hi) \
	VPXORD lo, lo, lo; \
	VPXORD hi, hi, hi

// One k: the input by the weights of each panel.
#define STREAM(at, offset, lo, hi) \
	VFMADD231PS 0 at, Z8, lo; \
	VFMADD231PS 64 at, Z8, hi

// The sum of a block becomes the total so far, which y holds meanwhile.
#define TOTAL(at, offset, lo, hi) \
	VADDPS  (offset)(DI), lo, lo; \
	VADDPS  (64+offset)(DI), hi, hi; \
	VMOVUPS lo, (offset)(DI); \
	VMOVUPS hi, (64+offset)(DI)

// The last total is still in the registers: the bias, and the results.
#define END(at, offset, lo, hi) \
	VADDPS  (offset)(DX), lo, lo; \
	VADDPS  (64+offset)(DX), hi, hi; \
	RELU(lo); \
	RELU(hi); \
	VMOVUPS lo, (offset)(DI); \
	VMOVUPS hi, (64+offset)(DI)

// ROW is a whole call for the panels of a list.
#define ROW(start, block, loop, PANELS) \
start: \
	PANELS(BEGIN); \
block: \
	PANELS(NEW_BLOCK); \
	BLOCK_OF(R10, CX); \
loop: \
	VBROADCASTSS (SI), Z8; \
	PANELS(STREAM); \
	ADDQ  $4, SI; \
	ADDQ  $128, BX; \
	ADDQ  $128, R9; \
	DECQ  CX; \
	JNE   loop; \
	PANELS(TOTAL); \
	TESTQ R10, R10; \
	JNE   block; \
	PANELS(END); \
	VZEROUPPER; \
	RET

// BLOCK_OF takes the next block, 128 or what is left, off the k that remain.
#define BLOCK_OF(remain, count) \
	MOVQ    $128, count; \
	CMPQ    remain, count; \
	CMOVQLT remain, count; \
	SUBQ    count, remain

// func denseF32AVX512Row(c *rowCall)
//
//	AX      c
//	SI      x at this k
//	BX, R9  w at this k, panel 0 and panel 3
//	R8      bytes between panels
//	DX, DI  bias, y
//	CX, R10 how many k remain in the block, and after it
//	Z0–Z7   sums of the block, two registers a panel
//	Z8      the input
TEXT ·denseF32AVX512Row(SB), NOSPLIT, $0-8
	MOVQ c+0(FP), AX
	MOVQ rowCall_x(AX), SI
	MOVQ rowCall_w(AX), BX
	MOVQ rowCall_bias(AX), DX
	MOVQ rowCall_y(AX), DI
	MOVQ rowCall_k(AX), R10
	MOVQ R10, R8
	SHLQ $7, R8
	LEAQ (BX)(R8*2), R9
	ADDQ R8, R9
	MASKS(rowCall_relu(AX))
	MOVQ rowCall_panels(AX), R13
	CMPQ R13, $4
	JEQ  panels4
	CMPQ R13, $3
	JEQ  panels3
	ROW(panels2, block2, loop2, PANELS2)
	ROW(panels3, block3, loop3, PANELS3)
	ROW(panels4, block4, loop4, PANELS4)

// The K blocks that are in flight at once: which it is, registers of its sums.
#define BLOCKS1(F) F(0, Z0, Z1)
#define BLOCKS2(F) BLOCKS1(F); F(1, Z2, Z3)
#define BLOCKS4(F) BLOCKS2(F); F(2, Z4, Z5); F(3, Z6, Z7)

#define CLEAR_BLOCK(i, lo, hi) \
	VPXORD lo, lo, lo; \
	VPXORD hi, hi, hi

// One k of each block. A block is 512 bytes of x, and of w 16384 or, half as wide, 8192.
#define MULTIPLY_BLOCK32(i, lo, hi) \
	VBROADCASTSS (i*512)(SI), Z8; \
	VFMADD231PS  (i*16384)(BX), Z8, lo; \
	VFMADD231PS  (i*16384+64)(BX), Z8, hi

#define MULTIPLY_BLOCK16(i, lo, hi) \
	VBROADCASTSS (i*512)(SI), Z8; \
	VFMADD231PS  (i*8192)(BX), Z8, lo

#define ADD_BLOCK(i, lo, hi) \
	VADDPS lo, Z9, Z9; \
	VADDPS hi, Z10, Z10

// FLIGHT sums CX values of k in each of the blocks in the list, and goes past the blocks behind the first.
#define FLIGHT(loop, BLOCKS, MULTIPLY, width, others) \
	BLOCKS(CLEAR_BLOCK); \
loop: \
	BLOCKS(MULTIPLY); \
	ADDQ $4, SI; \
	ADDQ $width, BX; \
	DECQ CX; \
	JNE  loop; \
	BLOCKS(ADD_BLOCK); \
	ADDQ $(others*512), SI; \
	ADDQ $(others*128*width), BX

// PANEL goes through K by four blocks at once, by two, and one by one.
#define PANEL(four, loop4, two, loop2, one, loop1, end, MULTIPLY, width) \
four: \
	CMPQ  R10, $512; \
	JLT   two; \
	SUBQ  $512, R10; \
	MOVQ  $128, CX; \
	FLIGHT(loop4, BLOCKS4, MULTIPLY, width, 3); \
	JMP   four; \
two: \
	CMPQ  R10, $256; \
	JLT   one; \
	SUBQ  $256, R10; \
	MOVQ  $128, CX; \
	FLIGHT(loop2, BLOCKS2, MULTIPLY, width, 1); \
one: \
	TESTQ R10, R10; \
	JEQ   end; \
	BLOCK_OF(R10, CX); \
	FLIGHT(loop1, BLOCKS1, MULTIPLY, width, 0); \
	JMP   one

// func denseF32AVX512Panel(c *rowCall)
//
//	AX      c
//	SI      x at this k of the first block in flight
//	BX      w there
//	DX, DI  bias, y
//	CX, R10 how many k remain in the blocks in flight, and after them
//	Z0–Z7   sums of the blocks, two registers each
//	Z8      the input
//	Z9, Z10 totals
//	K4      the lanes of the last register that y has
//
// For 16 outputs the second register of each pair stays zero.
TEXT ·denseF32AVX512Panel(SB), NOSPLIT, $0-8
	MOVQ   c+0(FP), AX
	MOVQ   rowCall_x(AX), SI
	MOVQ   rowCall_w(AX), BX
	MOVQ   rowCall_bias(AX), DX
	MOVQ   rowCall_y(AX), DI
	MOVQ   rowCall_k(AX), R10
	MASKS(rowCall_relu(AX))
	LAST_REGISTER(rowCall_columns(AX))
	VPXORD Z9, Z9, Z9
	VPXORD Z10, Z10, Z10
	CMPQ   rowCall_vectors(AX), $1
	JEQ    four16
	PANEL(four32, loop4x32, two32, loop2x32, one32, loop1x32, end32, MULTIPLY_BLOCK32, 128)
	PANEL(four16, loop4x16, two16, loop2x16, one16, loop1x16, end16, MULTIPLY_BLOCK16, 64)

end32:
	VADDPS  (DX), Z9, Z9
	VADDPS  64(DX), Z10, Z10
	RELU(Z9)
	RELU(Z10)
	VMOVUPS Z9, (DI)
	VMOVUPS Z10, K4, 64(DI)
	VZEROUPPER
	RET

end16:
	VADDPS  (DX), Z9, Z9
	RELU(Z9)
	VMOVUPS Z9, K4, (DI)
	VZEROUPPER
	RET
