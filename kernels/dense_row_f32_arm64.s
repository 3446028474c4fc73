//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"
#include "dense_f32_arm64.h"

// Dense layers in panel order, float32, Advanced SIMD: one row by one panel or two, all of K. What a kernel is
// given, and what it must do, is said with rowCall in dense_walk.go.
//
// One row uses each weight once, so these kernels do little but stream weights. The sums of a block and the
// running totals stay in registers; a total starts at +0, which shows in no result. A kernel writes whole
// registers, as many as its panel is wide: where the columns do not fill them, Packed hands over a buffer for y.
//
//	R0        the rowCall
//	R1        the k that remain behind this block
//	R2, R3    weights of the first and the second panel or block
//	R4, R5    x, and x of the second block
//	R6, R7    y of the first and the second panel, once all blocks are added
//	R8        the k that remain of this block, less 4 in the loop over four
//	R9        scratch
//	V0, V1    x for four k, from R4 and from R5
//	V8–V11    the weights of one k, later the bias
//	V12–V19   sums of the first and the second panel or block
//	V20–V27   totals of the first and the second panel

// AHEAD prefetches weights for four k, as many cache lines as the panel is registers wide. It is left out where no
// block follows: a small layer is in the nearest cache anyway, and prefetches take the place of loads there.
#define AHEAD4(p) PRFM 1024(p), PLDL1KEEP
#define AHEAD8(p) AHEAD4(p); PRFM 1088(p), PLDL1KEEP
#define AHEAD12(p) AHEAD8(p); PRFM 1152(p), PLDL1KEEP
#define AHEAD16(p) AHEAD12(p); PRFM 1216(p), PLDL1KEEP

// SECOND is ROW1 with the x of ROW0, for the second panel.
#define SECOND(op, i) op(i, R4, V0, 0, V16, V17, V18, V19, 16)

// TOTAL adds the four registers of sums from s on to the totals from t on.
#define TOTAL(t, s) FADD(t, t, s); FADD(t+1, t+1, s+1); FADD(t+2, t+2, s+2); FADD(t+3, t+3, s+3)

// BLOCKS adds all the blocks that remain, one by one: zero clears the sums, ahead prefetches, step(i) adds the
// products of one k with element i of V0, total adds the sums to the totals.
#define BLOCKS(zero, ahead, step, total) \
	CBZ  R1, totalled \
block: \
	MOVD $const_panelBlock, R8 \
	CMP  R8, R1 \
	CSEL LT, R1, R8, R8 \
	SUB  R8, R1 \
	zero \
	SUBS $4, R8 \
	BLT  fewer \
four: \
	ROW0(X_FOUR, 0) \
	CBZ  R1, near \
	ahead \
near: \
	step(0) \
	step(1) \
	step(2) \
	step(3) \
	SUBS $4, R8 \
	BGE  four \
fewer: \
	ADDS $4, R8 \
	BEQ  summed \
one: \
	ROW0(X_ONE, 0) \
	step(0) \
	SUBS $1, R8 \
	BNE  one \
summed: \
	total \
	CBNZ R1, block \
totalled:

#define ZERO_BOTH ROW0(ZERO, 0); ROW1(ZERO, 0)
#define AHEAD_BOTH AHEAD16(R2); AHEAD16(R3)
#define STEP_BOTH(i) WEIGHTS16(R2); ROW0(FMA16, i); WEIGHTS16(R3); SECOND(FMA16, i)
#define TOTAL_BOTH TOTAL(20, 12); TOTAL(24, 16)

// func denseF32NEON1x32(c *rowCall)
//
// Two full panels side by side: eight sums in flight.
TEXT ·denseF32NEON1x32(SB), NOSPLIT, $0-8
	MOVD c+0(FP), R0
	MOVD rowCall_k(R0), R1
	MOVD rowCall_w(R0), R2
	ADD  R1<<6, R2, R3
	MOVD rowCall_x(R0), R4
	ROW2(ZERO, 0)
	ROW3(ZERO, 0)
	BLOCKS(ZERO_BOTH, AHEAD_BOTH, STEP_BOTH, TOTAL_BOTH)
	MOVD rowCall_y(R0), R6
	ADD  $64, R6, R7
	MOVD rowCall_bias(R0), R9
	WEIGHTS16(R9)
	ROW2(ADD16, 0)
	WEIGHTS16(R9)
	ROW3(ADD16, 0)
	MOVBU rowCall_relu(R0), R9
	CBZ  R9, write
	VEOR V8.B16, V8.B16, V8.B16
	ROW2(RELU, 0)
	ROW3(RELU, 0)
write:
	ROW2(STORE16, 0)
	ROW3(STORE16, 0)
	RET

// PANEL is the whole of a kernel of one panel, size bytes wide. While two whole blocks remain, it sums them at
// the same time, since the four registers of one would leave the adders waiting for each other.
#define PANEL(ahead, step, stepPair, load, add, store, size) \
	MOVD rowCall_k(R0), R1 \
	MOVD rowCall_w(R0), R2 \
	MOVD rowCall_x(R0), R4 \
	ROW2(ZERO, 0) \
	SUBS $(2*const_panelBlock), R1 \
	BLT  single \
pair: \
	ADD  $(const_panelBlock*size), R2, R3 \
	ADD  $(const_panelBlock*4), R4, R5 \
	ROWS2(ZERO, 0) \
	MOVD $const_panelBlock, R8 \
pairFour: \
	ROWS2(X_FOUR, 0) \
	CBZ  R1, nearPair \
	ahead(R2); ahead(R3) \
nearPair: \
	stepPair(0) \
	stepPair(1) \
	stepPair(2) \
	stepPair(3) \
	SUBS $4, R8 \
	BNE  pairFour \
	TOTAL(20, 12) \
	TOTAL(20, 16) \
	MOVD R3, R2 \
	MOVD R5, R4 \
	SUBS $(2*const_panelBlock), R1 \
	BGE  pair \
single: \
	ADD  $(2*const_panelBlock), R1 \
	BLOCKS(ZERO_FIRST, ahead(R2), step, TOTAL_FIRST) \
	MOVD rowCall_y(R0), R6 \
	MOVD rowCall_bias(R0), R9 \
	load(R9) \
	ROW2(add, 0) \
	MOVBU rowCall_relu(R0), R9 \
	CBZ  R9, write \
	VEOR V8.B16, V8.B16, V8.B16 \
	ROW2(RELU, 0) \
write: \
	ROW2(store, 0) \
	RET

#define ZERO_FIRST ROW0(ZERO, 0)
#define TOTAL_FIRST TOTAL(20, 12)

#define STEP16(i) WEIGHTS16(R2); ROW0(FMA16, i)
#define STEP12(i) WEIGHTS12(R2); ROW0(FMA12, i)
#define STEP8(i) WEIGHTS8(R2); ROW0(FMA8, i)
#define STEP4(i) WEIGHTS4(R2); ROW0(FMA4, i)

#define PAIR16(i) STEP16(i); WEIGHTS16(R3); ROW1(FMA16, i)
#define PAIR12(i) STEP12(i); WEIGHTS12(R3); ROW1(FMA12, i)
#define PAIR8(i) STEP8(i); WEIGHTS8(R3); ROW1(FMA8, i)
#define PAIR4(i) STEP4(i); WEIGHTS4(R3); ROW1(FMA4, i)

// func denseF32NEON1x16(c *rowCall)
TEXT ·denseF32NEON1x16(SB), NOSPLIT, $0-8
	MOVD c+0(FP), R0
	PANEL(AHEAD16, STEP16, PAIR16, LOAD16, ADD16, STORE16, 64)

// func denseF32NEON1x12(c *rowCall)
TEXT ·denseF32NEON1x12(SB), NOSPLIT, $0-8
	MOVD c+0(FP), R0
	PANEL(AHEAD12, STEP12, PAIR12, LOAD12, ADD12, STORE12, 48)

// func denseF32NEON1x8(c *rowCall)
TEXT ·denseF32NEON1x8(SB), NOSPLIT, $0-8
	MOVD c+0(FP), R0
	PANEL(AHEAD8, STEP8, PAIR8, LOAD8, ADD8, STORE8, 32)

// func denseF32NEON1x4(c *rowCall)
TEXT ·denseF32NEON1x4(SB), NOSPLIT, $0-8
	MOVD c+0(FP), R0
	PANEL(AHEAD4, STEP4, PAIR4, LOAD4, ADD4, STORE4, 16)
