//go:build !purego

#include "textflag.h"

DATA magnitude<>+0(SB)/4, $0x7fffffff
GLOBL magnitude<>(SB), RODATA|NOPTR, $4

DATA minusInf<>+0(SB)/4, $0xff800000
GLOBL minusInf<>(SB), RODATA|NOPTR, $4

// The steps of the three sums take a vector v of the row into the lanes of sum. Z31 holds the magnitude mask.
#define ADD_ELEMENTS(v, sum) \
	VADDPS v, sum, sum

#define ADD_MAGNITUDES(v, sum) \
	VANDPS Z31, v, v; \
	VADDPS v, sum, sum

#define ADD_SQUARES(v, sum) \
	VFMADD231PS v, v, sum

// SUM is the body of the three sums: SI is x, CX counts; lanes 0 to 15 of the dot order are in Z0, 16 to 31 in
// Z1. The last elements come in by a masked load; the zeros beside them change no lane. Then the halves are
// added.
#define SUM(STEP) \
	MOVQ x_base+0(FP), SI; \
	MOVQ x_len+8(FP), CX; \
	VXORPS X0, X0, X0; \
	VXORPS X1, X1, X1; \
	VPBROADCASTD magnitude<>(SB), Z31; \
	SUBQ $32, CX; \
	JLT  part; \
blocks: \
	VMOVUPS (SI), Z2; \
	VMOVUPS 64(SI), Z3; \
	STEP(Z2, Z0); \
	STEP(Z3, Z1); \
	ADDQ $128, SI; \
	SUBQ $32, CX; \
	JGE  blocks; \
part: \
	ADDQ $32, CX; \
	JEQ  halves; \
	MOVL $1, AX; \
	SHLQ CX, AX; \
	DECQ AX; \
	KMOVW AX, K1; \
	SHRQ $16, AX; \
	KMOVW AX, K2; \
	VMOVUPS.Z (SI), K1, Z2; \
	VMOVUPS.Z 64(SI), K2, Z3; \
	STEP(Z2, Z0); \
	STEP(Z3, Z1); \
halves: \
	VADDPS Z1, Z0, Z0; \
	VEXTRACTF32X8 $1, Z0, Y1; \
	VADDPS Y1, Y0, Y0; \
	VEXTRACTF32X4 $1, Y0, X1; \
	VADDPS X1, X0, X0; \
	VMOVHLPS X0, X0, X1; \
	VADDPS X1, X0, X0; \
	VMOVSHDUP X0, X1; \
	VADDPS X1, X0, X0; \
	VZEROUPPER; \
	VMOVSS X0, ret+24(FP); \
	RET

// func sumF32AVX512(x []float32) float32
TEXT ·sumF32AVX512(SB), NOSPLIT, $0-28
	SUM(ADD_ELEMENTS)

// func sumOfMagnitudesF32AVX512(x []float32) float32
TEXT ·sumOfMagnitudesF32AVX512(SB), NOSPLIT, $0-28
	SUM(ADD_MAGNITUDES)

// func sumOfSquaresF32AVX512(x []float32) float32
TEXT ·sumOfSquaresF32AVX512(SB), NOSPLIT, $0-28
	SUM(ADD_SQUARES)

// GREATER puts v into the lanes of max where it is greater; a NaN never is.
#define GREATER(v, max) \
	VCMPPS $0x1e, max, v, K2; \
	VMOVAPS v, K2, max

// func greatestF32AVX512(x []float32) float32
//
// SI is x, CX counts; Z0 to Z3 hold the greatest elements so far, so that four compares are under way at once.
// The last 15 or fewer come in by a masked load over −Inf.
TEXT ·greatestF32AVX512(SB), NOSPLIT, $0-28
	MOVQ x_base+0(FP), SI
	MOVQ x_len+8(FP), CX
	VBROADCASTSS minusInf<>(SB), Z0
	VMOVAPS Z0, Z1
	VMOVAPS Z0, Z2
	VMOVAPS Z0, Z3
	SUBQ $64, CX
	JLT  vectors

blocks:
	VMOVUPS (SI), Z4
	VMOVUPS 64(SI), Z5
	VMOVUPS 128(SI), Z6
	VMOVUPS 192(SI), Z7
	GREATER(Z4, Z0)
	GREATER(Z5, Z1)
	GREATER(Z6, Z2)
	GREATER(Z7, Z3)
	ADDQ $256, SI
	SUBQ $64, CX
	JGE  blocks

vectors:
	ADDQ $48, CX
	JLT  part

vector:
	VMOVUPS (SI), Z4
	GREATER(Z4, Z0)
	ADDQ $64, SI
	SUBQ $16, CX
	JGE  vector

part:
	ADDQ $16, CX
	MOVL $1, AX
	SHLL CX, AX
	DECL AX
	KMOVW AX, K1
	VBROADCASTSS minusInf<>(SB), Z4
	VMOVUPS (SI), K1, Z4
	GREATER(Z4, Z1)
	GREATER(Z1, Z0)
	GREATER(Z3, Z2)
	GREATER(Z2, Z0)
	VEXTRACTF32X8 $1, Z0, Y1
	GREATER(Y1, Y0)
	VEXTRACTF32X4 $1, Y0, X1
	GREATER(X1, X0)
	VMOVHLPS X0, X0, X1
	GREATER(X1, X0)
	VMOVSHDUP X0, X1
	GREATER(X1, X0)
	VZEROUPPER
	VMOVSS X0, ret+24(FP)
	RET

// LARGER puts the magnitudes of v into the lanes of max where they are larger as integers. Z31 holds the mask.
#define LARGER(v, max) \
	VPANDD Z31, v, v; \
	VPMAXUD v, max, max

// func maxMagnitudeF32AVX512(x []float32) uint32
//
// SI is x, CX counts; Z0 and Z1 hold the largest so far, Z31 the magnitude mask. The last 31 or fewer elements
// come in by a masked load over zeros.
TEXT ·maxMagnitudeF32AVX512(SB), NOSPLIT, $0-28
	MOVQ x_base+0(FP), SI
	MOVQ x_len+8(FP), CX
	VPXOR X0, X0, X0
	VPXOR X1, X1, X1
	VPBROADCASTD magnitude<>(SB), Z31
	SUBQ $32, CX
	JLT  part

blocks:
	VMOVDQU32 (SI), Z2
	VMOVDQU32 64(SI), Z3
	LARGER(Z2, Z0)
	LARGER(Z3, Z1)
	ADDQ $128, SI
	SUBQ $32, CX
	JGE  blocks

part:
	ADDQ $32, CX
	MOVL $1, AX
	SHLQ CX, AX
	DECQ AX
	KMOVW AX, K1
	SHRQ $16, AX
	KMOVW AX, K2
	VMOVDQU32.Z (SI), K1, Z2
	VMOVDQU32.Z 64(SI), K2, Z3
	LARGER(Z2, Z0)
	LARGER(Z3, Z1)
	VPMAXUD Z1, Z0, Z0
	VEXTRACTI32X8 $1, Z0, Y1
	VPMAXUD Y1, Y0, Y0
	VEXTRACTI32X4 $1, Y0, X1
	VPMAXUD X1, X0, X0
	VPSHUFD $0x0e, X0, X1
	VPMAXUD X1, X0, X0
	VPSHUFD $0x01, X0, X1
	VPMAXUD X1, X0, X0
	VMOVD X0, AX
	VZEROUPPER
	MOVL AX, ret+24(FP)
	RET

// func fromUint8F32AVX512(dst []float32, src []uint8)
//
// DI is dst, SI is src, CX counts; 16 values a turn, and there is no rest.
TEXT ·fromUint8F32AVX512(SB), NOSPLIT, $0-48
	MOVQ dst_base+0(FP), DI
	MOVQ src_base+24(FP), SI
	MOVQ src_len+32(FP), CX
	JMP  next

vector:
	VPMOVZXBD (SI), Z0
	VCVTDQ2PS Z0, Z0
	VMOVUPS Z0, (DI)
	ADDQ $16, SI
	ADDQ $64, DI

next:
	SUBQ $16, CX
	JGE  vector
	VZEROUPPER
	RET
