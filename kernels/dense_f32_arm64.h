// What the kernels of the panel order are put together from: row macros and operations.
//
// A row macro, ROW0 to ROW4, applies an operation to one row of a tile: it hands over the registers that are the
// row's own. An operation that depends on the width of the panel has it in its name: 16, 12, 8 or 4 columns.
//
//	R4–R8     p        the row's next x; once the sums are complete, its y
//	V0–V4     x, xn    the row's x for four k: the register, its number
//	V12–V31   s0–s3    the row's sums, from the left
//	          sn       the number of s0
//	V8–V11             what all rows share: the weights of one k, then y or the bias
//	          i        which of the four k
//
// In a narrower panel the registers of the missing columns stay +0 and are neither read from memory nor written.

#define ROW0(op, i) op(i, R4, V0, 0, V12, V13, V14, V15, 12)
#define ROW1(op, i) op(i, R5, V1, 1, V16, V17, V18, V19, 16)
#define ROW2(op, i) op(i, R6, V2, 2, V20, V21, V22, V23, 20)
#define ROW3(op, i) op(i, R7, V3, 3, V24, V25, V26, V27, 24)
#define ROW4(op, i) op(i, R8, V4, 4, V28, V29, V30, V31, 28)

#define ROWS2(op, i) ROW0(op, i); ROW1(op, i)
#define ROWS3(op, i) ROWS2(op, i); ROW2(op, i)
#define ROWS4(op, i) ROWS3(op, i); ROW3(op, i)
#define ROWS5(op, i) ROWS4(op, i); ROW4(op, i)

// Before the sums: start at +0; read x for four k, or for one.

#define ZERO(i, p, x, xn, s0, s1, s2, s3, sn) \
	VEOR s0.B16, s0.B16, s0.B16; VEOR s1.B16, s1.B16, s1.B16 \
	VEOR s2.B16, s2.B16, s2.B16; VEOR s3.B16, s3.B16, s3.B16

#define X_FOUR(i, p, x, xn, s0, s1, s2, s3, sn) VLD1.P 16(p), [x.S4]
#define X_ONE(i, p, x, xn, s0, s1, s2, s3, sn) VLD1R.P 4(p), [x.S4]

// The shared registers: weights at p, which moves past them; y or the bias at p, which stays.

#define WEIGHTS16(p) VLD1.P 64(p), [V8.S4, V9.S4, V10.S4, V11.S4]
#define WEIGHTS12(p) VLD1.P 48(p), [V8.S4, V9.S4, V10.S4]
#define WEIGHTS8(p)  VLD1.P 32(p), [V8.S4, V9.S4]
#define WEIGHTS4(p)  VLD1.P 16(p), [V8.S4]

#define LOAD16(p) VLD1 (p), [V8.S4, V9.S4, V10.S4, V11.S4]
#define LOAD12(p) VLD1 (p), [V8.S4, V9.S4, V10.S4]
#define LOAD8(p)  VLD1 (p), [V8.S4, V9.S4]
#define LOAD4(p)  VLD1 (p), [V8.S4]

// sums = fma(weights, x[i], sums)

#define FMA4(i, p, x, xn, s0, s1, s2, s3, sn) FMLA_LANE(sn, 8, xn, i)
#define FMA8(i, p, x, xn, s0, s1, s2, s3, sn) FMA4(i, p, x, xn, s0, s1, s2, s3, sn); FMLA_LANE(sn+1, 9, xn, i)
#define FMA12(i, p, x, xn, s0, s1, s2, s3, sn) FMA8(i, p, x, xn, s0, s1, s2, s3, sn); FMLA_LANE(sn+2, 10, xn, i)
#define FMA16(i, p, x, xn, s0, s1, s2, s3, sn) FMA12(i, p, x, xn, s0, s1, s2, s3, sn); FMLA_LANE(sn+3, 11, xn, i)

// sums += V8–V11

#define ADD4(i, p, x, xn, s0, s1, s2, s3, sn) FADD(sn, sn, 8)
#define ADD8(i, p, x, xn, s0, s1, s2, s3, sn) ADD4(i, p, x, xn, s0, s1, s2, s3, sn); FADD(sn+1, sn+1, 9)
#define ADD12(i, p, x, xn, s0, s1, s2, s3, sn) ADD8(i, p, x, xn, s0, s1, s2, s3, sn); FADD(sn+2, sn+2, 10)
#define ADD16(i, p, x, xn, s0, s1, s2, s3, sn) ADD12(i, p, x, xn, s0, s1, s2, s3, sn); FADD(sn+3, sn+3, 11)

// sums += y, through V8–V11

#define ADD_Y4(i, p, x, xn, s0, s1, s2, s3, sn) LOAD4(p); ADD4(i, p, x, xn, s0, s1, s2, s3, sn)
#define ADD_Y8(i, p, x, xn, s0, s1, s2, s3, sn) LOAD8(p); ADD8(i, p, x, xn, s0, s1, s2, s3, sn)
#define ADD_Y12(i, p, x, xn, s0, s1, s2, s3, sn) LOAD12(p); ADD12(i, p, x, xn, s0, s1, s2, s3, sn)
#define ADD_Y16(i, p, x, xn, s0, s1, s2, s3, sn) LOAD16(p); ADD16(i, p, x, xn, s0, s1, s2, s3, sn)

// sums = sums <= 0 ? +0 : sums. The compare is false for a NaN, which therefore stays. V8 is +0, x is no longer
// needed and takes the outcome.

#define CUT(x, xn, s, sn) FCMLE_ZERO(xn, sn); VBIT x.B16, V8.B16, s.B16
#define RELU(i, p, x, xn, s0, s1, s2, s3, sn) \
	CUT(x, xn, s0, sn); CUT(x, xn, s1, sn+1); CUT(x, xn, s2, sn+2); CUT(x, xn, s3, sn+3)

#define STORE4(i, p, x, xn, s0, s1, s2, s3, sn) VST1 [s0.S4], (p)
#define STORE8(i, p, x, xn, s0, s1, s2, s3, sn) VST1 [s0.S4, s1.S4], (p)
#define STORE12(i, p, x, xn, s0, s1, s2, s3, sn) VST1 [s0.S4, s1.S4, s2.S4], (p)
#define STORE16(i, p, x, xn, s0, s1, s2, s3, sn) VST1 [s0.S4, s1.S4, s2.S4, s3.S4], (p)
