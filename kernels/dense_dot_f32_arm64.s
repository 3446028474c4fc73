//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"

// Dense layers in dot order, float32, Advanced SIMD: one row or two by one to three outputs, all of K. What a kernel
// is given, and what it must do, is said with dotCall in dense_walk.go.
//
// The 32 lanes of one sum fill eight registers. A block is 32 inputs; the last one, where K is not a multiple of 32,
// comes from the tail, zeros included. Results are written one by one, so nothing beside them is.

// ZERO4 clears four registers.
#define ZERO4(a, b, c, d) \
	VEOR a.B16, a.B16, a.B16; VEOR b.B16, b.B16, b.B16 \
	VEOR c.B16, c.B16, c.B16; VEOR d.B16, d.B16, d.B16

// HALVE adds the upper half of eight registers from n on to the lower: l += l+16.
#define HALVE(n) FADD(n, n, n+4); FADD(n+1, n+1, n+5); FADD(n+2, n+2, n+6); FADD(n+3, n+3, n+7)

// RESULT goes on with the four registers that are left, v the first and n its number: l += l+8, +4, +2, +1. Then it
// adds the bias at R8, applies ReLU where V7 is ones, writes to R9, and moves R8 and R9 on. V6 is +0.
#define RESULT(v, n) \
	FADD(n, n, n+2); FADD(n+1, n+1, n+3) \
	FADD(n, n, n+1) \
	VEXT $8, v.B16, v.B16, V0.B16 \
	FADD(n, n, 0) \
	FADDP(n, n, n) \
	VLD1R.P 4(R8), [V0.S4] \
	FADD(n, n, 0) \
	FCMLE_ZERO(0, n) \
	VAND V7.B16, V0.B16, V0.B16 \
	VBIT V0.B16, V6.B16, v.B16 \
	VST1.P v.S[0], 4(R9)

// PREPARE sets V6, V7 and R8 for RESULT.
#define PREPARE \
	VEOR V6.B16, V6.B16, V6.B16 \
	MOVBU dotCall_relu(R0), R8 \
	NEG  R8, R8 \
	VDUP R8, V7.D2 \
	MOVD dotCall_bias(R0), R8

// One row: all eight registers of each output at once.
//
//	R0        the dotCall
//	R1        the blocks that remain
//	R2        the tail, 0 if there is none or its turn has come
//	R3        x
//	R4–R6     weights of the outputs
//	R8, R9    bias, y
//	V0, V1    x for eight lanes
//	V2–V7     weights of the outputs for the same
//	V8–V31    sums, eight registers an output

#define X(at) FLDPQ at(R3), (F0, F1)
#define OUT0(at, a, b) FLDPQ at(R4), (F2, F3); VFMLA V0.S4, V2.S4, a.S4; VFMLA V1.S4, V3.S4, b.S4
#define OUT1(at, a, b) FLDPQ at(R5), (F4, F5); VFMLA V0.S4, V4.S4, a.S4; VFMLA V1.S4, V5.S4, b.S4
#define OUT2(at, a, b) FLDPQ at(R6), (F6, F7); VFMLA V0.S4, V6.S4, a.S4; VFMLA V1.S4, V7.S4, b.S4

// AHEAD prefetches the weights of the block that comes eight blocks later.
#define AHEAD(w) PRFM 1024(w), PLDL1KEEP; PRFM 1088(w), PLDL1KEEP

#define BLOCK1 \
	X(0); OUT0(0, V8, V9) \
	X(32); OUT0(32, V10, V11) \
	X(64); OUT0(64, V12, V13) \
	X(96); OUT0(96, V14, V15)

#define BLOCK2 \
	X(0); OUT0(0, V8, V9); OUT1(0, V16, V17) \
	X(32); OUT0(32, V10, V11); OUT1(32, V18, V19) \
	X(64); OUT0(64, V12, V13); OUT1(64, V20, V21) \
	X(96); OUT0(96, V14, V15); OUT1(96, V22, V23)

#define BLOCK3 \
	X(0); OUT0(0, V8, V9); OUT1(0, V16, V17); OUT2(0, V24, V25) \
	X(32); OUT0(32, V10, V11); OUT1(32, V18, V19); OUT2(32, V26, V27) \
	X(64); OUT0(64, V12, V13); OUT1(64, V20, V21); OUT2(64, V28, V29) \
	X(96); OUT0(96, V14, V15); OUT1(96, V22, V23); OUT2(96, V30, V31)

#define AHEAD1 AHEAD(R4)
#define AHEAD2 AHEAD(R4); AHEAD(R5)
#define AHEAD3 AHEAD(R4); AHEAD(R5); AHEAD(R6)

// ONE_ROW leaves the sums, and RESULT ready to be used.
#define ONE_ROW(block, ahead) \
	MOVD dotCall_blocks(R0), R1 \
	MOVD dotCall_tail(R0), R2 \
	MOVD dotCall_x(R0), R3 \
	MOVD dotCall_w(R0), R4 \
	MOVD dotCall_ldw(R0), R5 \
	ADD  R5<<3, R4, R6 \
	ADD  R5<<2, R4, R5 \
	ZERO4(V8, V9, V10, V11); ZERO4(V12, V13, V14, V15) \
	ZERO4(V16, V17, V18, V19); ZERO4(V20, V21, V22, V23) \
	ZERO4(V24, V25, V26, V27); ZERO4(V28, V29, V30, V31) \
next: \
	CMP  $8, R1 \
	BLE  near \
	ahead \
near: \
	block \
	ADD  $128, R3 \
	ADD  $128, R4; ADD $128, R5; ADD $128, R6 \
	SUBS $1, R1 \
	BNE  next \
	CBZ  R2, summed \
	MOVD R2, R3 \
	MOVD $0, R2 \
	MOVD $1, R1 \
	B    next \
summed: \
	PREPARE \
	MOVD dotCall_y(R0), R9

// func denseF32NEONDot1x1(c *dotCall)
TEXT ·denseF32NEONDot1x1(SB), NOSPLIT, $0-8
	MOVD c+0(FP), R0
	ONE_ROW(BLOCK1, AHEAD1)
	HALVE(8)
	RESULT(V8, 8)
	RET

// func denseF32NEONDot1x2(c *dotCall)
TEXT ·denseF32NEONDot1x2(SB), NOSPLIT, $0-8
	MOVD c+0(FP), R0
	ONE_ROW(BLOCK2, AHEAD2)
	HALVE(8); HALVE(16)
	RESULT(V8, 8); RESULT(V16, 16)
	RET

// func denseF32NEONDot1x3(c *dotCall)
TEXT ·denseF32NEONDot1x3(SB), NOSPLIT, $0-8
	MOVD c+0(FP), R0
	ONE_ROW(BLOCK3, AHEAD3)
	HALVE(8); HALVE(16); HALVE(24)
	RESULT(V8, 8); RESULT(V16, 16); RESULT(V24, 24)
	RET

// Two rows: two passes over K, one for lanes 0–15 and one for lanes 16–31. The sum of their sums is the first
// halving, l += l+16. More sums than in one pass share each load, so the adders and not the loads set the pace.
//
//	R0        the dotCall
//	R1        the blocks that remain
//	R2        the tail, 0 if there is none or its turn has come
//	R3, R4    x of the two rows
//	R5–R7     weights of the outputs
//	R8, R9    bias, y
//	R10       the pass: how far from the start of a block its lanes are, 0 or 64 bytes
//	R11       scratch
//	V0–V3     x for eight lanes, two registers a row
//	V4, V5    weights of one output for the same
//	V8–V19    sums of the first row, four registers an output
//	V20–V31   sums of the second row
//	SP        the sums of the first pass, 384 bytes

#define XX(at) FLDPQ at(R3), (F0, F1); FLDPQ at(R4), (F2, F3)
#define OUT(w, at, a0, b0, a1, b1) \
	FLDPQ at(w), (F4, F5) \
	VFMLA V0.S4, V4.S4, a0.S4; VFMLA V1.S4, V5.S4, b0.S4 \
	VFMLA V2.S4, V4.S4, a1.S4; VFMLA V3.S4, V5.S4, b1.S4

#define HALF1 \
	XX(0); OUT(R5, 0, V8, V9, V20, V21) \
	XX(32); OUT(R5, 32, V10, V11, V22, V23)

#define HALF2 \
	XX(0); OUT(R5, 0, V8, V9, V20, V21); OUT(R6, 0, V12, V13, V24, V25) \
	XX(32); OUT(R5, 32, V10, V11, V22, V23); OUT(R6, 32, V14, V15, V26, V27)

#define HALF3 \
	XX(0); OUT(R5, 0, V8, V9, V20, V21); OUT(R6, 0, V12, V13, V24, V25); OUT(R7, 0, V16, V17, V28, V29) \
	XX(32); OUT(R5, 32, V10, V11, V22, V23); OUT(R6, 32, V14, V15, V26, V27); OUT(R7, 32, V18, V19, V30, V31)

// SAVE and UNITE four registers, n the number of the first.
#define SAVE(a, b, c, d) VST1.P [a.S4, b.S4, c.S4, d.S4], 64(R11)
#define UNITE(n) \
	VLD1.P 64(R11), [V0.S4, V1.S4, V2.S4, V3.S4] \
	FADD(n, n, 0); FADD(n+1, n+1, 1); FADD(n+2, n+2, 2); FADD(n+3, n+3, 3)

// TWO_ROWS leaves the sums, halved once, and RESULT ready to be used.
#define TWO_ROWS(half) \
	MOVD $0, R10 \
pass: \
	MOVD dotCall_blocks(R0), R1 \
	MOVD dotCall_tail(R0), R2 \
	MOVD dotCall_x(R0), R3 \
	ADD  R10, R3 \
	MOVD dotCall_ldx(R0), R4 \
	ADD  R4<<2, R3, R4 \
	MOVD dotCall_w(R0), R5 \
	ADD  R10, R5 \
	MOVD dotCall_ldw(R0), R6 \
	ADD  R6<<3, R5, R7 \
	ADD  R6<<2, R5, R6 \
	ZERO4(V8, V9, V10, V11); ZERO4(V12, V13, V14, V15) \
	ZERO4(V16, V17, V18, V19); ZERO4(V20, V21, V22, V23) \
	ZERO4(V24, V25, V26, V27); ZERO4(V28, V29, V30, V31) \
next: \
	half \
	ADD  $128, R3; ADD $128, R4 \
	ADD  $128, R5; ADD $128, R6; ADD $128, R7 \
	SUBS $1, R1 \
	BNE  next \
	CBZ  R2, summed \
	ADD  R10, R2, R3 \
	ADD  $128, R3, R4 \
	MOVD $0, R2 \
	MOVD $1, R1 \
	B    next \
summed: \
	MOVD $sums-384(SP), R11 \
	CBNZ R10, unite \
	SAVE(V8, V9, V10, V11); SAVE(V12, V13, V14, V15); SAVE(V16, V17, V18, V19) \
	SAVE(V20, V21, V22, V23); SAVE(V24, V25, V26, V27); SAVE(V28, V29, V30, V31) \
	MOVD $64, R10 \
	B    pass \
unite: \
	UNITE(8); UNITE(12); UNITE(16); UNITE(20); UNITE(24); UNITE(28) \
	PREPARE \
	MOVD dotCall_y(R0), R9

// SECOND_ROW turns from the results of the first row to those of the second.
#define SECOND_ROW \
	MOVD dotCall_bias(R0), R8 \
	MOVD dotCall_y(R0), R9 \
	MOVD dotCall_ldy(R0), R11 \
	ADD  R11<<2, R9

// func denseF32NEONDot2x1(c *dotCall)
TEXT ·denseF32NEONDot2x1(SB), NOSPLIT, $384-8
	MOVD c+0(FP), R0
	TWO_ROWS(HALF1)
	RESULT(V8, 8)
	SECOND_ROW
	RESULT(V20, 20)
	RET

// func denseF32NEONDot2x2(c *dotCall)
TEXT ·denseF32NEONDot2x2(SB), NOSPLIT, $384-8
	MOVD c+0(FP), R0
	TWO_ROWS(HALF2)
	RESULT(V8, 8); RESULT(V12, 12)
	SECOND_ROW
	RESULT(V20, 20); RESULT(V24, 24)
	RET

// func denseF32NEONDot2x3(c *dotCall)
TEXT ·denseF32NEONDot2x3(SB), NOSPLIT, $384-8
	MOVD c+0(FP), R0
	TWO_ROWS(HALF3)
	RESULT(V8, 8); RESULT(V12, 12); RESULT(V16, 16)
	SECOND_ROW
	RESULT(V20, 20); RESULT(V24, 24); RESULT(V28, 28)
	RET
