// Rows quantised to int8, and the sums of int8 products. Included once for each address space, before rows.h.

// quantize writes a row as int8, four to a word, padded with zeros to whole words of four. A scale of 0 or NaN, which
// stands for a row of tiny values or one with a NaN or an infinity, gives zeros.
static inline void NAME(quantize)(SPACE float *q, const SPACE float *x, uint n, float scale, uint thread, uint of) {
	for (uint word = thread; word < whole(n, 16) * 4; word += of) {
		uint four = 0;
		EACH_UNROLLED for (uint i = 0; i < 4; i++)
			if (scale > 0 && word * 4 + i < n) four |= quantized(x[word * 4 + i], scale) << (8 * i);
		q[word] = as_float(four);
	}
}

static inline int NAME(int8_sum)(const GLOBAL uint4 *w, const SPACE float *q, uint chunks) {
	const SPACE uint4 *x = (const SPACE uint4 *)q;
	int sum = 0;
	UNROLLED for (; chunks > 0; chunks--, w += LANES, x++) {
		const uint4 weights = *w, values = *x;
		EACH_UNROLLED for (uint k = 0; k < 4; k++) sum = dot4(weights[k], values[k], sum);
	}
	return sum;
}
