//go:build !purego

#include "textflag.h"
#include "neon_arm64.h"

// The steps of the three sums take a block of the row, V16 to V23, into the lanes of the dot order, V0 to V7.
// V31 holds the magnitude mask.

#define ADD_ELEMENTS \
	FADD(0, 0, 16); \
	FADD(1, 1, 17); \
	FADD(2, 2, 18); \
	FADD(3, 3, 19); \
	FADD(4, 4, 20); \
	FADD(5, 5, 21); \
	FADD(6, 6, 22); \
	FADD(7, 7, 23)

#define ADD_MAGNITUDES \
	VAND V31.B16, V16.B16, V16.B16; \
	VAND V31.B16, V17.B16, V17.B16; \
	VAND V31.B16, V18.B16, V18.B16; \
	VAND V31.B16, V19.B16, V19.B16; \
	VAND V31.B16, V20.B16, V20.B16; \
	VAND V31.B16, V21.B16, V21.B16; \
	VAND V31.B16, V22.B16, V22.B16; \
	VAND V31.B16, V23.B16, V23.B16; \
	ADD_ELEMENTS

#define ADD_SQUARES \
	VFMLA V16.S4, V16.S4, V0.S4; \
	VFMLA V17.S4, V17.S4, V1.S4; \
	VFMLA V18.S4, V18.S4, V2.S4; \
	VFMLA V19.S4, V19.S4, V3.S4; \
	VFMLA V20.S4, V20.S4, V4.S4; \
	VFMLA V21.S4, V21.S4, V5.S4; \
	VFMLA V22.S4, V22.S4, V6.S4; \
	VFMLA V23.S4, V23.S4, V7.S4

// SUM is the body of the three sums: R1 is x, R2 counts. The last elements are padded with zeros in the frame;
// those change no lane. Then the halves are added.
#define SUM(STEP) \
	MOVD x_base+0(FP), R1; \
	MOVD x_len+8(FP), R2; \
	MOVD $0x7fffffff, R3; \
	VDUP R3, V31.S4; \
	VEOR V0.B16, V0.B16, V0.B16; \
	VEOR V1.B16, V1.B16, V1.B16; \
	VEOR V2.B16, V2.B16, V2.B16; \
	VEOR V3.B16, V3.B16, V3.B16; \
	VEOR V4.B16, V4.B16, V4.B16; \
	VEOR V5.B16, V5.B16, V5.B16; \
	VEOR V6.B16, V6.B16, V6.B16; \
	VEOR V7.B16, V7.B16, V7.B16; \
	B    next; \
block: \
	VLD1.P 64(R1), [V16.S4, V17.S4, V18.S4, V19.S4]; \
	VLD1.P 64(R1), [V20.S4, V21.S4, V22.S4, V23.S4]; \
	STEP; \
next: \
	SUBS $32, R2; \
	BGE  block; \
	ADDS $32, R2; \
	BEQ  halves; \
	STP  (ZR, ZR), part-128(SP); \
	STP  (ZR, ZR), part-112(SP); \
	STP  (ZR, ZR), part-96(SP); \
	STP  (ZR, ZR), part-80(SP); \
	STP  (ZR, ZR), part-64(SP); \
	STP  (ZR, ZR), part-48(SP); \
	STP  (ZR, ZR), part-32(SP); \
	STP  (ZR, ZR), part-16(SP); \
	MOVD $part-128(SP), R5; \
load: \
	MOVWU.P 4(R1), R7; \
	MOVW.P R7, 4(R5); \
	SUBS $1, R2; \
	BNE  load; \
	MOVD $part-128(SP), R5; \
	VLD1.P 64(R5), [V16.S4, V17.S4, V18.S4, V19.S4]; \
	VLD1 (R5), [V20.S4, V21.S4, V22.S4, V23.S4]; \
	STEP; \
halves: \
	FADD(0, 0, 4); \
	FADD(1, 1, 5); \
	FADD(2, 2, 6); \
	FADD(3, 3, 7); \
	FADD(0, 0, 2); \
	FADD(1, 1, 3); \
	FADD(0, 0, 1); \
	VEXT $8, V0.B16, V0.B16, V1.B16; \
	FADD(0, 0, 1); \
	VEXT $4, V0.B16, V0.B16, V1.B16; \
	FADD(0, 0, 1); \
	FMOVS F0, ret+24(FP); \
	RET

// func sumF32NEON(x []float32) float32
TEXT ·sumF32NEON(SB), NOSPLIT, $128-28
	SUM(ADD_ELEMENTS)

// func sumOfMagnitudesF32NEON(x []float32) float32
TEXT ·sumOfMagnitudesF32NEON(SB), NOSPLIT, $128-28
	SUM(ADD_MAGNITUDES)

// func sumOfSquaresF32NEON(x []float32) float32
TEXT ·sumOfSquaresF32NEON(SB), NOSPLIT, $128-28
	SUM(ADD_SQUARES)

// fcmgt v<d>.4s, v<n>.4s, v<m>.4s
#define FCMGT(d, n, m) WORD $(0x6ea0e400 | ((m)<<16) | ((n)<<5) | (d))

// func greatestF32NEON(x []float32) float32
//
// R1 is x, R2 counts; V0 to V3 hold the greatest elements so far, so that four compares are under way at once. A
// NaN is never greater. The last 3 or fewer elements come one by one, each in all lanes.
TEXT ·greatestF32NEON(SB), NOSPLIT, $0-28
	MOVD x_base+0(FP), R1
	MOVD x_len+8(FP), R2
	MOVD $0xff800000, R3
	VDUP R3, V0.S4
	VDUP R3, V1.S4
	VDUP R3, V2.S4
	VDUP R3, V3.S4
	B    nextBlock

block:
	VLD1.P 64(R1), [V4.S4, V5.S4, V6.S4, V7.S4]
	FCMGT(16, 4, 0)
	FCMGT(17, 5, 1)
	FCMGT(18, 6, 2)
	FCMGT(19, 7, 3)
	VBIT V16.B16, V4.B16, V0.B16
	VBIT V17.B16, V5.B16, V1.B16
	VBIT V18.B16, V6.B16, V2.B16
	VBIT V19.B16, V7.B16, V3.B16

nextBlock:
	SUBS $16, R2
	BGE  block
	ADD  $16, R2
	B    nextVector

vector:
	VLD1.P 16(R1), [V4.S4]
	FCMGT(16, 4, 0)
	VBIT V16.B16, V4.B16, V0.B16

nextVector:
	SUBS $4, R2
	BGE  vector
	ADD  $4, R2
	B    nextElement

element:
	VLD1R.P 4(R1), [V4.S4]
	FCMGT(16, 4, 1)
	VBIT V16.B16, V4.B16, V1.B16

nextElement:
	SUBS $1, R2
	BGE  element
	FCMGT(16, 1, 0)
	VBIT V16.B16, V1.B16, V0.B16
	FCMGT(17, 3, 2)
	VBIT V17.B16, V3.B16, V2.B16
	FCMGT(16, 2, 0)
	VBIT V16.B16, V2.B16, V0.B16
	VEXT $8, V0.B16, V0.B16, V1.B16
	FCMGT(16, 1, 0)
	VBIT V16.B16, V1.B16, V0.B16
	VEXT $4, V0.B16, V0.B16, V1.B16
	FCMGT(16, 1, 0)
	VBIT V16.B16, V1.B16, V0.B16
	FMOVS F0, ret+24(FP)
	RET

// func maxMagnitudeF32NEON(x []float32) uint32
//
// R1 is x, R2 counts; V0 to V3 hold the largest magnitudes so far, as integers, V31 the mask. The last 3 or fewer
// elements come one by one, each in all lanes.
TEXT ·maxMagnitudeF32NEON(SB), NOSPLIT, $0-28
	MOVD x_base+0(FP), R1
	MOVD x_len+8(FP), R2
	MOVD $0x7fffffff, R3
	VDUP R3, V31.S4
	VEOR V0.B16, V0.B16, V0.B16
	VEOR V1.B16, V1.B16, V1.B16
	VEOR V2.B16, V2.B16, V2.B16
	VEOR V3.B16, V3.B16, V3.B16
	B    nextBlock

block:
	VLD1.P 64(R1), [V4.S4, V5.S4, V6.S4, V7.S4]
	VAND V31.B16, V4.B16, V4.B16
	VAND V31.B16, V5.B16, V5.B16
	VAND V31.B16, V6.B16, V6.B16
	VAND V31.B16, V7.B16, V7.B16
	VUMAX V4.S4, V0.S4, V0.S4
	VUMAX V5.S4, V1.S4, V1.S4
	VUMAX V6.S4, V2.S4, V2.S4
	VUMAX V7.S4, V3.S4, V3.S4

nextBlock:
	SUBS $16, R2
	BGE  block
	ADD  $16, R2
	B    nextVector

vector:
	VLD1.P 16(R1), [V4.S4]
	VAND V31.B16, V4.B16, V4.B16
	VUMAX V4.S4, V0.S4, V0.S4

nextVector:
	SUBS $4, R2
	BGE  vector
	ADD  $4, R2
	B    nextElement

element:
	VLD1R.P 4(R1), [V4.S4]
	VAND V31.B16, V4.B16, V4.B16
	VUMAX V4.S4, V1.S4, V1.S4

nextElement:
	SUBS $1, R2
	BGE  element
	VUMAX V1.S4, V0.S4, V0.S4
	VUMAX V3.S4, V2.S4, V2.S4
	VUMAX V2.S4, V0.S4, V0.S4
	VEXT $8, V0.B16, V0.B16, V1.B16
	VUMAX V1.S4, V0.S4, V0.S4
	VEXT $4, V0.B16, V0.B16, V1.B16
	VUMAX V1.S4, V0.S4, V0.S4
	VMOV V0.S[0], R3
	MOVW R3, ret+24(FP)
	RET

// ucvtf v<d>.4s, v<n>.4s
#define UCVTF(d, n) WORD $(0x6e21d800 | ((n)<<5) | (d))

// func fromUint8F32NEON(dst []float32, src []uint8)
//
// R0 is dst, R1 is src, R2 counts; 16 values a turn, and there is no rest.
TEXT ·fromUint8F32NEON(SB), NOSPLIT, $0-48
	MOVD dst_base+0(FP), R0
	MOVD src_base+24(FP), R1
	MOVD src_len+32(FP), R2
	B    next

vectors:
	VLD1.P 16(R1), [V0.B16]
	VUXTL V0.B8, V1.H8
	VUXTL2 V0.B16, V2.H8
	VUXTL V1.H4, V4.S4
	VUXTL2 V1.H8, V5.S4
	VUXTL V2.H4, V6.S4
	VUXTL2 V2.H8, V7.S4
	UCVTF(4, 4)
	UCVTF(5, 5)
	UCVTF(6, 6)
	UCVTF(7, 7)
	VST1.P [V4.S4, V5.S4, V6.S4, V7.S4], 64(R0)

next:
	SUBS $16, R2
	BGE  vectors
	RET
