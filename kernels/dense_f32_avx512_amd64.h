// What the dense kernels for AVX-512 share.
//
// A list such as ROWS5(F) in the kernels writes F once for each row of a tile, with the address and the registers
// of that row; F is a step that every row takes. So a tile is read by checking the list and the steps, each once.
// Where a step writes `64 at`, it means 64 bytes behind the address at.

// RELU sets the lanes of v that are not above zero to +0, unless they are NaN: x <= 0 ? +0 : x.
//	K2 is all ones if ReLU is wanted and empty if not, Z31 is zero, K3 is overwritten.
#define RELU(v) \
	VCMPPS  $0x12, Z31, v, K2, K3; \
	VMOVAPS Z31, K3, v

// MASKS sets what RELU wants, from the relu field at the given address. R13 is overwritten.
#define MASKS(relu) \
	VPXORD  Z31, Z31, Z31; \
	MOVBLZX relu, R13; \
	NEGL    R13; \
	KMOVW   R13, K2

// LAST_REGISTER sets K4 to the lanes of the last register that so many columns use: 1 to 16 of them.
//	CX and R13 are overwritten.
#define LAST_REGISTER(columns) \
	MOVQ  columns, CX; \
	DECQ  CX; \
	ANDQ  $15, CX; \
	MOVL  $2, R13; \
	SHLL  CX, R13; \
	DECL  R13; \
	KMOVW R13, K4
