// Sums in dot order: 32 chains, added by halves.

// add_halves adds the 32 values at s: l += l+16, +8, +4, +2, +1. It is a macro because the two address spaces are two
// types.
#define ADD_HALVES(result, s)                                                                  \
	float result;                                                                              \
	{                                                                                          \
		float lane[LANES / 2];                                                                 \
		EACH_UNROLLED for (uint l = 0; l < LANES / 2; l++) lane[l] = (s)[l] + (s)[l + LANES / 2]; \
		EACH_UNROLLED for (uint half = LANES / 4; half > 0; half /= 2)                          \
			EACH_UNROLLED for (uint l = 0; l < half; l++) lane[l] = lane[l] + lane[l + half];     \
		result = lane[0];                                                                      \
	}
