//go:build !purego

#include "textflag.h"

DATA magnitude<>+0(SB)/4, $0x7fffffff
GLOBL magnitude<>(SB), RODATA|NOPTR, $4

DATA minusInf<>+0(SB)/4, $0xff800000
GLOBL minusInf<>(SB), RODATA|NOPTR, $4

// The numbers of the lanes, 0 to 31.
DATA lane<>+0(SB)/8, $0x0000000100000000
DATA lane<>+8(SB)/8, $0x0000000300000002
DATA lane<>+16(SB)/8, $0x0000000500000004
DATA lane<>+24(SB)/8, $0x0000000700000006
DATA lane<>+32(SB)/8, $0x0000000900000008
DATA lane<>+40(SB)/8, $0x0000000b0000000a
DATA lane<>+48(SB)/8, $0x0000000d0000000c
DATA lane<>+56(SB)/8, $0x0000000f0000000e
DATA lane<>+64(SB)/8, $0x0000001100000010
DATA lane<>+72(SB)/8, $0x0000001300000012
DATA lane<>+80(SB)/8, $0x0000001500000014
DATA lane<>+88(SB)/8, $0x0000001700000016
DATA lane<>+96(SB)/8, $0x0000001900000018
DATA lane<>+104(SB)/8, $0x0000001b0000001a
DATA lane<>+112(SB)/8, $0x0000001d0000001c
DATA lane<>+120(SB)/8, $0x0000001f0000001e
GLOBL lane<>(SB), RODATA|NOPTR, $128

// PART_MASKS sets Y8 to Y11 in the lanes whose number, of 32, is below CX.
#define PART_MASKS \
	VMOVD CX, X12; \
	VPBROADCASTD X12, Y12; \
	VPCMPGTD lane<>+0(SB), Y12, Y8; \
	VPCMPGTD lane<>+32(SB), Y12, Y9; \
	VPCMPGTD lane<>+64(SB), Y12, Y10; \
	VPCMPGTD lane<>+96(SB), Y12, Y11

// PART loads what PART_MASKS says from SI to Y4 to Y7, zeros in the other lanes.
#define PART \
	VMASKMOVPS (SI), Y8, Y4; \
	VMASKMOVPS 32(SI), Y9, Y5; \
	VMASKMOVPS 64(SI), Y10, Y6; \
	VMASKMOVPS 96(SI), Y11, Y7

// The steps of the three sums take a vector v of the row into the lanes of sum. Y15 holds the magnitude mask.
#define ADD_ELEMENTS(v, sum) \
	VADDPS v, sum, sum

#define ADD_MAGNITUDES(v, sum) \
	VANDPS Y15, v, v; \
	VADDPS v, sum, sum

#define ADD_SQUARES(v, sum) \
	VFMADD231PS v, v, sum

// SUM is the body of the three sums: SI is x, CX counts; lanes 0 to 31 of the dot order are in Y0 to Y3. The last
// elements come in by masked loads; the zeros beside them change no lane. Then the halves are added.
#define SUM(STEP) \
	MOVQ x_base+0(FP), SI; \
	MOVQ x_len+8(FP), CX; \
	VXORPS X0, X0, X0; \
	VXORPS X1, X1, X1; \
	VXORPS X2, X2, X2; \
	VXORPS X3, X3, X3; \
	VPBROADCASTD magnitude<>(SB), Y15; \
	SUBQ $32, CX; \
	JLT  part; \
blocks: \
	VMOVUPS (SI), Y4; \
	VMOVUPS 32(SI), Y5; \
	VMOVUPS 64(SI), Y6; \
	VMOVUPS 96(SI), Y7; \
	STEP(Y4, Y0); \
	STEP(Y5, Y1); \
	STEP(Y6, Y2); \
	STEP(Y7, Y3); \
	ADDQ $128, SI; \
	SUBQ $32, CX; \
	JGE  blocks; \
part: \
	ADDQ $32, CX; \
	JEQ  halves; \
	PART_MASKS; \
	PART; \
	STEP(Y4, Y0); \
	STEP(Y5, Y1); \
	STEP(Y6, Y2); \
	STEP(Y7, Y3); \
halves: \
	VADDPS Y2, Y0, Y0; \
	VADDPS Y3, Y1, Y1; \
	VADDPS Y1, Y0, Y0; \
	VEXTRACTF128 $1, Y0, X1; \
	VADDPS X1, X0, X0; \
	VMOVHLPS X0, X0, X1; \
	VADDPS X1, X0, X0; \
	VMOVSHDUP X0, X1; \
	VADDPS X1, X0, X0; \
	VZEROUPPER; \
	VMOVSS X0, ret+24(FP); \
	RET

// func sumF32AVX2(x []float32) float32
TEXT ·sumF32AVX2(SB), NOSPLIT, $0-28
	SUM(ADD_ELEMENTS)

// func sumOfMagnitudesF32AVX2(x []float32) float32
TEXT ·sumOfMagnitudesF32AVX2(SB), NOSPLIT, $0-28
	SUM(ADD_MAGNITUDES)

// func sumOfSquaresF32AVX2(x []float32) float32
TEXT ·sumOfSquaresF32AVX2(SB), NOSPLIT, $0-28
	SUM(ADD_SQUARES)

// GREATER puts v into the lanes of max where it is greater; a NaN never is. mask is overwritten.
#define GREATER(v, max, mask) \
	VCMPPS $0x1e, max, v, mask; \
	VBLENDVPS mask, v, max, max

// func greatestF32AVX2(x []float32) float32
//
// SI is x, CX counts; Y0 to Y3 hold the greatest elements so far, so that four compares are under way at once;
// Y14 holds −Inf. The last 31 or fewer elements come in by masked loads, over −Inf.
TEXT ·greatestF32AVX2(SB), NOSPLIT, $0-28
	MOVQ x_base+0(FP), SI
	MOVQ x_len+8(FP), CX
	VBROADCASTSS minusInf<>(SB), Y14
	VMOVAPS Y14, Y0
	VMOVAPS Y14, Y1
	VMOVAPS Y14, Y2
	VMOVAPS Y14, Y3
	SUBQ $32, CX
	JLT  part

blocks:
	VMOVUPS (SI), Y4
	VMOVUPS 32(SI), Y5
	VMOVUPS 64(SI), Y6
	VMOVUPS 96(SI), Y7
	GREATER(Y4, Y0, Y8)
	GREATER(Y5, Y1, Y9)
	GREATER(Y6, Y2, Y10)
	GREATER(Y7, Y3, Y11)
	ADDQ $128, SI
	SUBQ $32, CX
	JGE  blocks

part:
	ADDQ $32, CX
	JEQ  lanes
	PART_MASKS
	PART
	VBLENDVPS Y8, Y4, Y14, Y4
	VBLENDVPS Y9, Y5, Y14, Y5
	VBLENDVPS Y10, Y6, Y14, Y6
	VBLENDVPS Y11, Y7, Y14, Y7
	GREATER(Y4, Y0, Y8)
	GREATER(Y5, Y1, Y9)
	GREATER(Y6, Y2, Y10)
	GREATER(Y7, Y3, Y11)

lanes:
	GREATER(Y1, Y0, Y8)
	GREATER(Y3, Y2, Y9)
	GREATER(Y2, Y0, Y8)
	VEXTRACTF128 $1, Y0, X1
	GREATER(X1, X0, X8)
	VMOVHLPS X0, X0, X1
	GREATER(X1, X0, X8)
	VMOVSHDUP X0, X1
	GREATER(X1, X0, X8)
	VZEROUPPER
	VMOVSS X0, ret+24(FP)
	RET

// LARGER puts the magnitudes of v into the lanes of max where they are larger as integers. Y15 holds the mask.
#define LARGER(v, max) \
	VPAND Y15, v, v; \
	VPMAXUD v, max, max

// func maxMagnitudeF32AVX2(x []float32) uint32
//
// SI is x, CX counts; Y0 to Y3 hold the largest so far, Y15 the magnitude mask. The last 31 or fewer elements
// come in by masked loads, over zeros.
TEXT ·maxMagnitudeF32AVX2(SB), NOSPLIT, $0-28
	MOVQ x_base+0(FP), SI
	MOVQ x_len+8(FP), CX
	VPXOR X0, X0, X0
	VPXOR X1, X1, X1
	VPXOR X2, X2, X2
	VPXOR X3, X3, X3
	VPBROADCASTD magnitude<>(SB), Y15
	SUBQ $32, CX
	JLT  part

blocks:
	VMOVDQU (SI), Y4
	VMOVDQU 32(SI), Y5
	VMOVDQU 64(SI), Y6
	VMOVDQU 96(SI), Y7
	LARGER(Y4, Y0)
	LARGER(Y5, Y1)
	LARGER(Y6, Y2)
	LARGER(Y7, Y3)
	ADDQ $128, SI
	SUBQ $32, CX
	JGE  blocks

part:
	ADDQ $32, CX
	JEQ  lanes
	PART_MASKS
	PART
	LARGER(Y4, Y0)
	LARGER(Y5, Y1)
	LARGER(Y6, Y2)
	LARGER(Y7, Y3)

lanes:
	VPMAXUD Y1, Y0, Y0
	VPMAXUD Y3, Y2, Y2
	VPMAXUD Y2, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPMAXUD X1, X0, X0
	VPSHUFD $0x0e, X0, X1
	VPMAXUD X1, X0, X0
	VPSHUFD $0x01, X0, X1
	VPMAXUD X1, X0, X0
	VMOVD X0, AX
	VZEROUPPER
	MOVL AX, ret+24(FP)
	RET

// func fromUint8F32AVX2(dst []float32, src []uint8)
//
// DI is dst, SI is src, CX counts; 16 values a turn, and there is no rest.
TEXT ·fromUint8F32AVX2(SB), NOSPLIT, $0-48
	MOVQ dst_base+0(FP), DI
	MOVQ src_base+24(FP), SI
	MOVQ src_len+32(FP), CX
	JMP  next

vectors:
	VPMOVZXBD (SI), Y0
	VPMOVZXBD 8(SI), Y1
	VCVTDQ2PS Y0, Y0
	VCVTDQ2PS Y1, Y1
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	ADDQ $16, SI
	ADDQ $64, DI

next:
	SUBQ $16, CX
	JGE  vectors
	VZEROUPPER
	RET
