//go:build !purego

// Dense kernels for AVX-512: several rows by one panel. What they are given, and what they must do, is said with
// tileCall in dense_walk.go; how to read the lists, in dense_f32_avx512_amd64.h.

#include "dense_f32_avx512_amd64.h"
#include "go_asm.h"
#include "textflag.h"

// The rows of a tile: address of the row, registers of its sums. Rows are R8 bytes apart.
#define ROWS2(F)  F((SI), Z0, Z12); F((SI)(R8*1), Z1, Z13)
#define ROWS3(F)  ROWS2(F);  F((SI)(R8*2), Z2, Z14)
#define ROWS4(F)  ROWS3(F);  F((R9), Z3, Z15)
#define ROWS5(F)  ROWS4(F);  F((R9)(R8*1), Z4, Z16)
#define ROWS6(F)  ROWS5(F);  F((R9)(R8*2), Z5, Z17)
#define ROWS7(F)  ROWS6(F);  F((R10), Z6, Z18)
#define ROWS8(F)  ROWS7(F);  F((R10)(R8*1), Z7, Z19)
#define ROWS9(F)  ROWS8(F);  F((R10)(R8*2), Z8, Z20)
#define ROWS10(F) ROWS9(F);  F((R11), Z9, Z21)
#define ROWS11(F) ROWS10(F); F((R11)(R8*1), Z10, Z22)
#define ROWS12(F) ROWS11(F); F((R11)(R8*2), Z11, Z23)

// POINT sets the addresses of ROWS, from that of the first row and the number of values between rows.
#define POINT(first, apart) \
	MOVQ first, SI; \
	MOVQ apart, R8; \
	SHLQ $2, R8; \
	LEAQ (R8)(R8*2), R11; \
	LEAQ (SI)(R11*1), R9; \
	LEAQ (R9)(R11*1), R10; \
	ADDQ R10, R11

#define CLEAR(at, lo, hi) \
	VPXORD lo, lo, lo; \
	VPXORD hi, hi, hi

// One k: the row's input by 32 or by 16 weights.
#define MULTIPLY32(at, lo, hi) \
	VBROADCASTSS at, Z26; \
	VFMADD231PS  Z24, Z26, lo; \
	VFMADD231PS  Z25, Z26, hi

#define MULTIPLY16(at, lo, hi) \
	VFMADD231PS.BCST at, Z24, lo

// The end of a block: the total so far, unless it is the first, and the bias in Z24 and Z25. The last register
// of a row is masked.
#define TOTAL16(at, lo, hi) \
	VADDPS 0 at, lo, K4, lo

#define TOTAL32(at, lo, hi) \
	VADDPS 0 at, lo, lo; \
	VADDPS 64 at, hi, K4, hi

#define FINISH16(at, lo, hi) \
	VADDPS  Z24, lo, lo; \
	RELU(lo); \
	VMOVUPS lo, K4, 0 at

#define FINISH32(at, lo, hi) \
	VADDPS  Z24, lo, lo; \
	VADDPS  Z25, hi, hi; \
	RELU(lo); \
	RELU(hi); \
	VMOVUPS lo, 0 at; \
	VMOVUPS hi, K4, 64 at

// TILE32 and TILE16 are whole tiles of so many columns: the K loop, then the rows of y.
#define TILE32(loop, finish, ROWS) \
loop: \
	VMOVUPS    0(BX), Z24; \
	VMOVUPS    64(BX), Z25; \
	PREFETCHT1 (R12); \
	ROWS(MULTIPLY32); \
	ADDQ       $128, BX; \
	NEXT_K(loop); \
	POINT(tileCall_y(AX), tileCall_ldy(AX)); \
	VMOVUPS    0(DX), Z24; \
	VMOVUPS    64(DX), Z25; \
	CMPB       tileCall_first(AX), $0; \
	JNE        finish; \
	ROWS(TOTAL32); \
finish: \
	ROWS(FINISH32); \
	VZEROUPPER; \
	RET

#define TILE16(loop, finish, ROWS) \
loop: \
	VMOVUPS    0(BX), Z24; \
	PREFETCHT1 (R12); \
	ROWS(MULTIPLY16); \
	ADDQ       $64, BX; \
	NEXT_K(loop); \
	POINT(tileCall_y(AX), tileCall_ldy(AX)); \
	VMOVUPS    0(DX), Z24; \
	CMPB       tileCall_first(AX), $0; \
	JNE        finish; \
	ROWS(TOTAL16); \
finish: \
	ROWS(FINISH16); \
	VZEROUPPER; \
	RET

#define NEXT_K(loop) \
	ADDQ $64, R12; \
	ADDQ $4, SI; \
	ADDQ $4, R9; \
	ADDQ $4, R10; \
	ADDQ $4, R11; \
	DECQ CX; \
	JNE  loop

// func denseF32AVX512Tile(c *tileCall)
//
//	AX       c
//	BX, DX   w, bias
//	CX       how many k remain
//	SI, R9   rows 0 and 3 of x at this k; after the loop, of y
//	R10, R11 rows 6 and 9, likewise
//	R8       bytes between rows
//	R12      the cache line to prefetch
//	Z0–Z11   sums of rows 0 to 11, the first 16 columns
//	Z12–Z23  the same, the second 16
//	Z24, Z25 weights at this k; after the loop, the bias
//	Z26      the input
//	K4       the lanes of the last register that y has
//
// The registers of rows that the tile does not have stay unused.
TEXT ·denseF32AVX512Tile(SB), NOSPLIT, $0-8
	MOVQ c+0(FP), AX
	POINT(tileCall_x(AX), tileCall_ldx(AX))
	MOVQ tileCall_w(AX), BX
	MOVQ tileCall_bias(AX), DX
	MOVQ tileCall_ahead(AX), R12
	LEAQ (BX)(R12*4), R12
	MASKS(tileCall_relu(AX))
	LAST_REGISTER(tileCall_columns(AX))
	MOVQ tileCall_k(AX), CX
	ROWS12(CLEAR)

	MOVQ tileCall_rows(AX), R13
	CMPQ tileCall_vectors(AX), $1
	JEQ  narrow
	CMPQ R13, $12
	JEQ  rows12x32
	CMPQ R13, $11
	JEQ  rows11x32
	CMPQ R13, $10
	JEQ  rows10x32
	CMPQ R13, $9
	JEQ  rows9x32
	CMPQ R13, $8
	JEQ  rows8x32
	CMPQ R13, $7
	JEQ  rows7x32
	CMPQ R13, $6
	JEQ  rows6x32
	CMPQ R13, $5
	JEQ  rows5x32
	CMPQ R13, $4
	JEQ  rows4x32
	CMPQ R13, $3
	JEQ  rows3x32
	TILE32(rows2x32, finish2x32, ROWS2)
	TILE32(rows3x32, finish3x32, ROWS3)
	TILE32(rows4x32, finish4x32, ROWS4)
	TILE32(rows5x32, finish5x32, ROWS5)
	TILE32(rows6x32, finish6x32, ROWS6)
	TILE32(rows7x32, finish7x32, ROWS7)
	TILE32(rows8x32, finish8x32, ROWS8)
	TILE32(rows9x32, finish9x32, ROWS9)
	TILE32(rows10x32, finish10x32, ROWS10)
	TILE32(rows11x32, finish11x32, ROWS11)
	TILE32(rows12x32, finish12x32, ROWS12)

narrow:
	CMPQ R13, $12
	JEQ  rows12x16
	CMPQ R13, $11
	JEQ  rows11x16
	CMPQ R13, $10
	JEQ  rows10x16
	CMPQ R13, $9
	JEQ  rows9x16
	CMPQ R13, $8
	JEQ  rows8x16
	CMPQ R13, $7
	JEQ  rows7x16
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
	TILE16(rows7x16, finish7x16, ROWS7)
	TILE16(rows8x16, finish8x16, ROWS8)
	TILE16(rows9x16, finish9x16, ROWS9)
	TILE16(rows10x16, finish10x16, ROWS10)
	TILE16(rows11x16, finish11x16, ROWS11)
	TILE16(rows12x16, finish12x16, ROWS12)
