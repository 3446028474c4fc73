//go:build !purego

// Dense kernels for AVX2 with FMA: one row. What they are given, and what they must do, is said with rowCall in
// dense_walk.go; how to read the lists, in dense_f32_avx2_amd64.h.

#include "dense_f32_avx2_amd64.h"
#include "go_asm.h"
#include "textflag.h"

// The panels of a row: address of the weights, where in y and bias, registers of the sums.
#define PANELS2(F) F((BX), 0, Y0, Y1); F((BX)(R8*1), 64, Y2, Y3)
#define PANELS3(F) PANELS2(F); F((BX)(R8*2), 128, Y4, Y5)
#define PANELS4(F) PANELS3(F); F((R9), 192, Y6, Y7)
#define PANELS5(F) PANELS4(F); F((R9)(R8*1), 256, Y8, Y9)
#define PANELS6(F) PANELS5(F); F((R9)(R8*2), 320, Y10, Y11)

// The total starts at +0.
#define BEGIN(at, offset, lo, hi) \
	VMOVUPS Y13, (offset)(DI); \
	VMOVUPS Y13, (32+offset)(DI)

#define NEW_BLOCK(at, offset, lo, hi) \
	VXORPS lo, lo, lo; \
	VXORPS hi, hi, hi

// One k: the input by the weights of each panel.
#define STREAM(at, offset, lo, hi) \
	VFMADD231PS 0 at, Y14, lo; \
	VFMADD231PS 32 at, Y14, hi

// The sum of a block becomes the total so far, which y holds meanwhile.
#define TOTAL(at, offset, lo, hi) \
	VADDPS  (offset)(DI), lo, lo; \
	VADDPS  (32+offset)(DI), hi, hi; \
	VMOVUPS lo, (offset)(DI); \
	VMOVUPS hi, (32+offset)(DI)

// The last total is still in the registers: the bias, and the results.
#define END(at, offset, lo, hi) \
	VADDPS  (offset)(DX), lo, lo; \
	VADDPS  (32+offset)(DX), hi, hi; \
	RELU(lo); \
	RELU(hi); \
	VMOVUPS lo, (offset)(DI); \
	VMOVUPS hi, (32+offset)(DI)

// BLOCK_OF takes the next block, 128 or what is left, off the k that remain.
#define BLOCK_OF(remain, count) \
	MOVQ    $128, count; \
	CMPQ    remain, count; \
	CMOVQLT remain, count; \
	SUBQ    count, remain

// ROW is a whole call for the panels of a list.
#define ROW(start, block, loop, PANELS) \
start: \
	PANELS(BEGIN); \
block: \
	PANELS(NEW_BLOCK); \
	BLOCK_OF(R10, CX); \
loop: \
	VBROADCASTSS (SI), Y14; \
	PANELS(STREAM); \
	ADDQ  $4, SI; \
	ADDQ  $64, BX; \
	ADDQ  $64, R9; \
	DECQ  CX; \
	JNE   loop; \
	PANELS(TOTAL); \
	TESTQ R10, R10; \
	JNE   block; \
	PANELS(END); \
	VZEROUPPER; \
	RET

// func denseF32AVX2Row(c *rowCall)
//
//	AX      c
//	SI      x at this k
//	BX, R9  w at this k, panel 0 and panel 3
//	R8      bytes between panels
//	DX, DI  bias, y
//	CX, R10 how many k remain in the block, and after it
//	Y0–Y11  sums of the block, two registers a panel
//	Y14     the input
TEXT ·denseF32AVX2Row(SB), NOSPLIT, $0-8
	MOVQ c+0(FP), AX
	MOVQ rowCall_x(AX), SI
	MOVQ rowCall_w(AX), BX
	MOVQ rowCall_bias(AX), DX
	MOVQ rowCall_y(AX), DI
	MOVQ rowCall_k(AX), R10
	MOVQ R10, R8
	SHLQ $6, R8
	LEAQ (BX)(R8*2), R9
	ADDQ R8, R9
	MASKS(rowCall_relu(AX))
	MOVQ rowCall_panels(AX), R13
	CMPQ R13, $6
	JEQ  panels6
	CMPQ R13, $5
	JEQ  panels5
	CMPQ R13, $4
	JEQ  panels4
	CMPQ R13, $3
	JEQ  panels3
	ROW(panels2, block2, loop2, PANELS2)
	ROW(panels3, block3, loop3, PANELS3)
	ROW(panels4, block4, loop4, PANELS4)
	ROW(panels5, block5, loop5, PANELS5)
	ROW(panels6, block6, loop6, PANELS6)

// The K blocks that are in flight at once: which it is, registers of its sums.
#define BLOCKS1(F) F(0, Y0, Y1)
#define BLOCKS2(F) BLOCKS1(F); F(1, Y2, Y3)
#define BLOCKS4(F) BLOCKS2(F); F(2, Y4, Y5); F(3, Y6, Y7)

#define CLEAR_BLOCK(i, lo, hi) \
	VXORPS lo, lo, lo; \
	VXORPS hi, hi, hi

// One k of each block. A block is 512 bytes of x, and of w 8192 or, half as wide, 4096.
#define MULTIPLY_BLOCK16(i, lo, hi) \
	VBROADCASTSS (i*512)(SI), Y14; \
	VFMADD231PS  (i*8192)(BX), Y14, lo; \
	VFMADD231PS  (i*8192+32)(BX), Y14, hi

#define MULTIPLY_BLOCK8(i, lo, hi) \
	VBROADCASTSS (i*512)(SI), Y14; \
	VFMADD231PS  (i*4096)(BX), Y14, lo

#define ADD_BLOCK(i, lo, hi) \
	VADDPS lo, Y8, Y8; \
	VADDPS hi, Y9, Y9

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

// func denseF32AVX2Panel(c *rowCall)
//
//	AX      c
//	SI      x at this k of the first block in flight
//	BX      w there
//	DX, DI  bias, y
//	CX, R10 how many k remain in the blocks in flight, and after them
//	Y0–Y7   sums of the blocks, two registers each
//	Y8, Y9  totals
//	Y14     the input
//
// For 8 outputs the second register of each pair stays zero.
TEXT ·denseF32AVX2Panel(SB), NOSPLIT, $0-8
	MOVQ   c+0(FP), AX
	MOVQ   rowCall_x(AX), SI
	MOVQ   rowCall_w(AX), BX
	MOVQ   rowCall_bias(AX), DX
	MOVQ   rowCall_y(AX), DI
	MOVQ   rowCall_k(AX), R10
	MASKS(rowCall_relu(AX))
	VXORPS Y8, Y8, Y8
	VXORPS Y9, Y9, Y9
	CMPQ   rowCall_vectors(AX), $1
	JEQ    four8
	PANEL(four16, loop4x16, two16, loop2x16, one16, loop1x16, end16, MULTIPLY_BLOCK16, 64)
	PANEL(four8, loop4x8, two8, loop2x8, one8, loop1x8, end8, MULTIPLY_BLOCK8, 32)

end16:
	VADDPS  32(DX), Y9, Y9
	RELU(Y9)
	VMOVUPS Y9, 32(DI)

end8:
	VADDPS  (DX), Y8, Y8
	RELU(Y8)
	VMOVUPS Y8, (DI)
	VZEROUPPER
	RET
