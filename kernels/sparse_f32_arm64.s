//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"
#include "dense_f32_arm64.h"

// One sparse row, float32, Advanced SIMD. What a kernel is given, and what it must do, is said with sparsePanelCall
// and sparseDotCall in sparse_walk.go; ROW0, ROW2 and the operations stand in dense_f32_arm64.h.
//
//	R0        the sparsePanelCall
//	R1, R4    columns and values from this element on
//	R2        w
//	R3        how many elements remain
//	R5        the element's weights
//	R6        bytes in a row of the panel; once the sums are complete, y
//	R7        the element's column
//	R8        the last column of the block
//	R9        scratch
//	V0        the value
//	V8–V11    the weights, later the bias
//	V12–V15   sums of the block
//	V20–V23   totals

#define TOTAL FADD(20, 20, 12); FADD(21, 21, 13); FADD(22, 22, 14); FADD(23, 23, 15)

// PANEL is the whole of a kernel of one panel, size bytes wide.
#define PANEL(weights, fma, load, add, store, size) \
	MOVD c+0(FP), R0 \
	MOVD sparsePanelCall_columns(R0), R1 \
	MOVD sparsePanelCall_w(R0), R2 \
	MOVD sparsePanelCall_count(R0), R3 \
	MOVD sparsePanelCall_values(R0), R4 \
	MOVD $size, R6 \
	MOVD $-1, R8 \
	ROW0(ZERO, 0) \
	ROW2(ZERO, 0) \
	CBZ  R3, summed \
next: \
	MOVWU.P 4(R1), R7 \
	CMP  R8, R7 \
	BLE  multiply \
	TOTAL \
	ROW0(ZERO, 0) \
	ORR  $(const_panelBlock-1), R7, R8 \
multiply: \
	MADD R6, R2, R7, R5 \
	ROW0(X_ONE, 0) \
	weights(R5) \
	ROW0(fma, 0) \
	SUBS $1, R3 \
	BNE  next \
	TOTAL \
summed: \
	MOVD sparsePanelCall_y(R0), R6 \
	MOVD sparsePanelCall_bias(R0), R9 \
	load(R9) \
	ROW2(add, 0) \
	MOVBU sparsePanelCall_relu(R0), R9 \
	CBZ  R9, write \
	VEOR V8.B16, V8.B16, V8.B16 \
	ROW2(RELU, 0) \
write: \
	ROW2(store, 0) \
	RET

// func sparseF32NEON16(c *sparsePanelCall)
TEXT ·sparseF32NEON16(SB), NOSPLIT, $0-8
	PANEL(WEIGHTS16, FMA16, LOAD16, ADD16, STORE16, 64)

// func sparseF32NEON12(c *sparsePanelCall)
TEXT ·sparseF32NEON12(SB), NOSPLIT, $0-8
	PANEL(WEIGHTS12, FMA12, LOAD12, ADD12, STORE12, 48)

// func sparseF32NEON8(c *sparsePanelCall)
TEXT ·sparseF32NEON8(SB), NOSPLIT, $0-8
	PANEL(WEIGHTS8, FMA8, LOAD8, ADD8, STORE8, 32)

// func sparseF32NEON4(c *sparsePanelCall)
TEXT ·sparseF32NEON4(SB), NOSPLIT, $0-8
	PANEL(WEIGHTS4, FMA4, LOAD4, ADD4, STORE4, 16)

// LANE loads lane i of V1 with the weight of the element for the output whose weights start at w.
#define LANE(w, i) ADD R7<<2, w, R9; VLD1 (R9), V1.S[i]

// LANES4 loads the sums of four lanes; HALVE adds those of four lanes from s on to those from t on.
#define LANES4(a, b, c, d) VLD1.P 64(R6), [a.S4, b.S4, c.S4, d.S4]
#define HALVE(t, s) FADD(t, t, s); FADD(t+1, t+1, s+1); FADD(t+2, t+2, s+2); FADD(t+3, t+3, s+3)

// func sparseF32NEONDot(c *sparseDotCall)
//
//	R0        the sparseDotCall
//	R1, R4    columns and values from this element on
//	R3        how many elements remain
//	R6        sums, later y
//	R7, R8    the element's column, its lane's place in sums
//	R9        scratch
//	R10–R13   w of the outputs
//	V0–V2     the value, the weights, the sums of the lane
//	V0–V31    after the loop, the sums, a lane to a register
TEXT ·sparseF32NEONDot(SB), NOSPLIT, $0-8
	MOVD c+0(FP), R0
	MOVD sparseDotCall_columns(R0), R1
	MOVD sparseDotCall_count(R0), R3
	MOVD sparseDotCall_values(R0), R4
	MOVD sparseDotCall_sums(R0), R6
	MOVD sparseDotCall_w+0(R0), R10
	MOVD sparseDotCall_w+8(R0), R11
	MOVD sparseDotCall_w+16(R0), R12
	MOVD sparseDotCall_w+24(R0), R13
	CBZ  R3, halves
next:
	MOVWU.P 4(R1), R7
	AND  $(const_lanes-1), R7, R8
	ADD  R8<<4, R6, R8
	VLD1R.P 4(R4), [V0.S4]
	LANE(R10, 0)
	LANE(R11, 1)
	LANE(R12, 2)
	LANE(R13, 3)
	VLD1 (R8), [V2.S4]
	VFMLA V0.S4, V1.S4, V2.S4
	VST1 [V2.S4], (R8)
	SUBS $1, R3
	BNE  next
halves:
	LANES4(V0, V1, V2, V3)
	LANES4(V4, V5, V6, V7)
	LANES4(V8, V9, V10, V11)
	LANES4(V12, V13, V14, V15)
	LANES4(V16, V17, V18, V19)
	LANES4(V20, V21, V22, V23)
	LANES4(V24, V25, V26, V27)
	LANES4(V28, V29, V30, V31)
	HALVE(0, 16)
	HALVE(4, 20)
	HALVE(8, 24)
	HALVE(12, 28)
	HALVE(0, 8)
	HALVE(4, 12)
	HALVE(0, 4)
	FADD(0, 0, 2)
	FADD(1, 1, 3)
	FADD(0, 0, 1)
	MOVD sparseDotCall_bias(R0), R9
	VLD1 (R9), [V1.S4]
	FADD(0, 0, 1)
	MOVBU sparseDotCall_relu(R0), R9
	CBZ  R9, write
	VEOR V8.B16, V8.B16, V8.B16
	CUT(V1, 1, V0, 0)
write:
	MOVD sparseDotCall_y(R0), R6
	VST1 [V0.S4], (R6)
	RET
