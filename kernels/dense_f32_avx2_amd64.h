// What the dense kernels for AVX2 with FMA share.
//
// A list such as ROWS5(F) in the kernels writes F once for each row of a tile, with the address and the registers
// of that row; F is a step that every row takes. So a tile is read by checking the list and the steps, each once.
// Where a step writes `32 at`, it means 32 bytes behind the address at.

// RELU sets the lanes of v that are not above zero to +0, unless they are NaN: x <= 0 ? +0 : x.
//	Y15 is all ones if ReLU is wanted and zero if not, Y13 is zero, Y12 is overwritten.
#define RELU(v) \
	VCMPPS  $0x12, Y13, v, Y12; \
	VANDPS  Y15, Y12, Y12; \
	VANDNPS v, Y12, v

// MASKS sets what RELU wants, from the relu field at the given address. R13 is overwritten.
#define MASKS(relu) \
	VXORPS       Y13, Y13, Y13; \
	MOVBLZX      relu, R13; \
	NEGL         R13; \
	VMOVD        R13, X15; \
	VPBROADCASTD X15, Y15
