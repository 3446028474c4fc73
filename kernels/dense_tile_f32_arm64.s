//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"
#include "dense_f32_arm64.h"

// Dense layers in panel order, float32, Advanced SIMD: some rows by one panel, one K block. What a kernel is given,
// and what it must do, is said with tileCall in dense_walk.go.
//
//	R0        the tileCall
//	R1        the k that remain, less 4 in the loop over four
//	R2        weights
//	R3        weights to prefetch into the second cache, one line for each k
//	R9        scratch
//
// The registers of the rows are those of dense_f32_arm64.h. A tile writes whole registers, as many as its panel is
// wide: where the columns do not fill them, Packed hands over a buffer for y.

// POINT sets R4–R8 to five rows, stride values apart. Those beyond the tile's rows are not used.
#define POINT(first, stride) \
	MOVD first(R0), R4 \
	MOVD stride(R0), R9 \
	ADD  R9<<2, R4, R5 \
	ADD  R9<<2, R5, R6 \
	ADD  R9<<2, R6, R7 \
	ADD  R9<<2, R7, R8

// TILE is the whole of a kernel.
#define TILE(rows, weights, load, fma, add, addY, store) \
	MOVD tileCall_k(R0), R1 \
	MOVD tileCall_w(R0), R2 \
	MOVD tileCall_ahead(R0), R3 \
	ADD  R3<<2, R2, R3 \
	POINT(tileCall_x, tileCall_ldx) \
	rows(ZERO, 0) \
	SUBS $4, R1 \
	BLT  fewer \
four: \
	rows(X_FOUR, 0) \
	weights(R2); PRFM (R3), PLDL2KEEP; rows(fma, 0) \
	weights(R2); PRFM 64(R3), PLDL2KEEP; rows(fma, 1) \
	weights(R2); PRFM 128(R3), PLDL2KEEP; rows(fma, 2) \
	weights(R2); PRFM 192(R3), PLDL2KEEP; rows(fma, 3) \
	ADD  $256, R3 \
	SUBS $4, R1 \
	BGE  four \
fewer: \
	ADDS $4, R1 \
	BEQ  summed \
one: \
	rows(X_ONE, 0) \
	weights(R2); rows(fma, 0) \
	SUBS $1, R1 \
	BNE  one \
summed: \
	POINT(tileCall_y, tileCall_ldy) \
	MOVBU tileCall_first(R0), R9 \
	CBNZ R9, total \
	rows(addY, 0) \
total: \
	MOVD tileCall_bias(R0), R9 \
	load(R9) \
	rows(add, 0) \
	MOVBU tileCall_relu(R0), R9 \
	CBZ  R9, write \
	VEOR V8.B16, V8.B16, V8.B16 \
	rows(RELU, 0) \
write: \
	rows(store, 0) \
	RET

#define TILE16(rows) TILE(rows, WEIGHTS16, LOAD16, FMA16, ADD16, ADD_Y16, STORE16)
#define TILE12(rows) TILE(rows, WEIGHTS12, LOAD12, FMA12, ADD12, ADD_Y12, STORE12)
#define TILE8(rows) TILE(rows, WEIGHTS8, LOAD8, FMA8, ADD8, ADD_Y8, STORE8)
#define TILE4(rows) TILE(rows, WEIGHTS4, LOAD4, FMA4, ADD4, ADD_Y4, STORE4)

// func denseF32NEON5x16(c *tileCall)
TEXT ·denseF32NEON5x16(SB), NOSPLIT, $0-8
	MOVD c+0(FP), R0
	TILE16(ROWS5)

// func denseF32NEON4x16(c *tileCall)
TEXT ·denseF32NEON4x16(SB), NOSPLIT, $0-8
	MOVD c+0(FP), R0
	TILE16(ROWS4)

// func denseF32NEON3x16(c *tileCall)
TEXT ·denseF32NEON3x16(SB), NOSPLIT, $0-8
	MOVD c+0(FP), R0
	TILE16(ROWS3)

// func denseF32NEON2x16(c *tileCall)
TEXT ·denseF32NEON2x16(SB), NOSPLIT, $0-8
	MOVD c+0(FP), R0
	TILE16(ROWS2)

// func denseF32NEON5x12(c *tileCall)
TEXT ·denseF32NEON5x12(SB), NOSPLIT, $0-8
	MOVD c+0(FP), R0
	TILE12(ROWS5)

// func denseF32NEON4x12(c *tileCall)
TEXT ·denseF32NEON4x12(SB), NOSPLIT, $0-8
	MOVD c+0(FP), R0
	TILE12(ROWS4)

// func denseF32NEON3x12(c *tileCall)
TEXT ·denseF32NEON3x12(SB), NOSPLIT, $0-8
	MOVD c+0(FP), R0
	TILE12(ROWS3)

// func denseF32NEON2x12(c *tileCall)
TEXT ·denseF32NEON2x12(SB), NOSPLIT, $0-8
	MOVD c+0(FP), R0
	TILE12(ROWS2)

// func denseF32NEON5x8(c *tileCall)
TEXT ·denseF32NEON5x8(SB), NOSPLIT, $0-8
	MOVD c+0(FP), R0
	TILE8(ROWS5)

// func denseF32NEON4x8(c *tileCall)
TEXT ·denseF32NEON4x8(SB), NOSPLIT, $0-8
	MOVD c+0(FP), R0
	TILE8(ROWS4)

// func denseF32NEON3x8(c *tileCall)
TEXT ·denseF32NEON3x8(SB), NOSPLIT, $0-8
	MOVD c+0(FP), R0
	TILE8(ROWS3)

// func denseF32NEON2x8(c *tileCall)
TEXT ·denseF32NEON2x8(SB), NOSPLIT, $0-8
	MOVD c+0(FP), R0
	TILE8(ROWS2)

// func denseF32NEON5x4(c *tileCall)
TEXT ·denseF32NEON5x4(SB), NOSPLIT, $0-8
	MOVD c+0(FP), R0
	TILE4(ROWS5)

// func denseF32NEON4x4(c *tileCall)
TEXT ·denseF32NEON4x4(SB), NOSPLIT, $0-8
	MOVD c+0(FP), R0
	TILE4(ROWS4)

// func denseF32NEON3x4(c *tileCall)
TEXT ·denseF32NEON3x4(SB), NOSPLIT, $0-8
	MOVD c+0(FP), R0
	TILE4(ROWS3)

// func denseF32NEON2x4(c *tileCall)
TEXT ·denseF32NEON2x4(SB), NOSPLIT, $0-8
	MOVD c+0(FP), R0
	TILE4(ROWS2)
