//go:build !purego

// Dense kernels for AVX2 with FMA: several rows by one panel. What they are given, and what they must do, is said with
// tileCall in dense_walk.go; how to read the lists, in dense_f32_avx2_amd64.h.

#include "dense_f32_avx2_amd64.h"
#include "go_asm.h"
#include "textflag.h"

// The rows of a tile: address of the row, registers of its sums. Rows are R8 bytes apart.
#define ROWS2(F) F((SI), Y0, Y6); F((SI)(R8*1), Y1, Y7)
#define ROWS3(F) ROWS2(F); F((SI)(R8*2), Y2, Y8)
#define ROWS4(F) ROWS3(F); F((R9), Y3, Y9)
#define ROWS5(F) ROWS4(F); F((R9)(R8*1), Y4, Y10)
#define ROWS6(F) ROWS5(F); F((R9)(R8*2), Y5, Y11)

// POINT sets the addresses of ROWS, from that of the first row and the number of values between rows.
#define POINT(first, apart) \
	MOVQ first, SI; \
	MOVQ apart, R8; \
	SHLQ $2, R8; \
	LEAQ (SI)(R8*2), R9; \
	ADDQ R8, R9

#define CLEAR(at, lo, hi) \
	VXORPS lo, lo, lo; \
	VXORPS hi, hi, hi

// One k: the row's input by 16 or by 8 weights.
#define MULTIPLY16(at, lo, hi) \
	VBROADCASTSS at, Y14; \
	VFMADD231PS  Y12, Y14, lo; \
	VFMADD231PS  Y13, Y14, hi

#define MULTIPLY8(at, lo, hi) \
	VBROADCASTSS at, Y14; \
	VFMADD231PS  Y12, Y14, lo

// The end of a block: the total so far, unless it is the first, and the bias.
#define TOTAL8(at, lo, hi) \
	VADDPS 0 at, lo, lo

#define TOTAL16(at, lo, hi) \
	VADDPS 0 at, lo, lo; \
	VADDPS 32 at, hi, hi

#define FINISH8(at, lo, hi) \
	VADDPS  0(DX), lo, lo; \
	RELU(lo); \
	VMOVUPS lo, 0 at

#define FINISH16(at, lo, hi) \
	VADDPS  0(DX), lo, lo; \
	VADDPS  32(DX), hi, hi; \
	RELU(lo); \
	RELU(hi); \
	VMOVUPS lo, 0 at; \
	VMOVUPS hi, 32 at

// TILE16 and TILE8 are whole tiles of so many columns: the K loop, then the rows of y.
#define TILE16(loop, finish, ROWS) \
loop: \
	VMOVUPS    0(BX), Y12; \
	VMOVUPS    32(BX), Y13; \
	PREFETCHT1 (R12); \
	ROWS(MULTIPLY16); \
	ADDQ       $64, BX; \
	NEXT_K(loop); \
	POINT(tileCall_y(AX), tileCall_ldy(AX)); \
	MASKS(tileCall_relu(AX)); \
	CMPB       tileCall_first(AX), $0; \
	JNE        finish; \
	ROWS(TOTAL16); \
finish: \
	ROWS(FINISH16); \
	VZEROUPPER; \
	RET

#define TILE8(loop, finish, ROWS) \
loop: \
	VMOVUPS    0(BX), Y12; \
	PREFETCHT1 (R12); \
	ROWS(MULTIPLY8); \
	ADDQ       $32, BX; \
	NEXT_K(loop); \
	POINT(tileCall_y(AX), tileCall_ldy(AX)); \
	MASKS(tileCall_relu(AX)); \
	CMPB       tileCall_first(AX), $0; \
	JNE        finish; \
	ROWS(TOTAL8); \
finish: \
	ROWS(FINISH8); \
	VZEROUPPER; \
	RET

#define NEXT_K(loop) \
	ADDQ $64, R12; \
	ADDQ $4, SI; \
	ADDQ $4, R9; \
	DECQ CX; \
	JNE  loop

// func denseF32AVX2Tile(c *tileCall)
//
//	AX       c
//	BX, DX   w, bias
//	CX       how many k remain
//	SI, R9   rows 0 and 3 of x at this k; after the loop, of y
//	R8       bytes between rows
//	R12      the cache line to prefetch
//	Y0–Y5    sums of rows 0 to 5, the first 8 columns
//	Y6–Y11   the same, the second 8
//	Y12, Y13 weights at this k; after the loop, what RELU says
//	Y14      the input
//	Y15      after the loop, what RELU says
//
// The registers of rows that the tile does not have stay unused.
TEXT ·denseF32AVX2Tile(SB), NOSPLIT, $0-8
	MOVQ c+0(FP), AX
	POINT(tileCall_x(AX), tileCall_ldx(AX))
	MOVQ tileCall_w(AX), BX
	MOVQ tileCall_bias(AX), DX
	MOVQ tileCall_k(AX), CX
	MOVQ tileCall_ahead(AX), R12
	LEAQ (BX)(R12*4), R12
	ROWS6(CLEAR)

	MOVQ tileCall_rows(AX), R13
	CMPQ tileCall_vectors(AX), $1
	JEQ  narrow
	CMPQ R13, $6
	JEQ  rows6x16
	CMPQ R13, $5
	JEQ  rows5x16
	CMPQ R13, $4
	JEQ  rows4x16
	CMPQ R13, $3
	JEQ  rows3x16
	TILE16(rows2x16, finish2x16, ROWS2)
	TILE16(rows3x16, finish3x16, ROWS3)
	TILE16(rows4x16, finish4x16, ROWS4)
	TILE16(rows5x16, finish5x16, ROWS5)
	TILE16(rows6x16, finish6x16, ROWS6)

narrow:
	CMPQ R13, $6
	JEQ  rows6x8
	CMPQ R13, $5
	JEQ  rows5x8
	CMPQ R13, $4
	JEQ  rows4x8
	CMPQ R13, $3
	JEQ  rows3x8
	TILE8(rows2x8, finish2x8, ROWS2)
	TILE8(rows3x8, finish3x8, ROWS3)
	TILE8(rows4x8, finish4x8, ROWS4)
	TILE8(rows5x8, finish5x8, ROWS5)
	TILE8(rows6x8, finish6x8, ROWS6)
