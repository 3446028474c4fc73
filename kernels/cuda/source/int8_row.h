// What a row of int8 arithmetic has beside its sums.

enum { TINY_ROW_BITS = 0x04800000 }; // the pattern of 2^-118

// row_scale is the scale of a row by the bits of its greatest magnitude: NaN from infinity on, 0 for tiny rows.
static inline float row_scale(uint greatest_bits) {
	if (greatest_bits >= 0x7f800000) return as_float(0x7fc00000);
	return greatest_bits < TINY_ROW_BITS ? 0 : as_float(greatest_bits) / 127;
}

// quantized is x/scale rounded to the nearest integer, as the low byte of a word: adding 1.5·2^23 rounds.
static inline uint quantized(float x, float scale) { return (as_uint(x / scale + 0x1.8p+23f) - 0x4b400000u) & 0xff; }

// int8_result brings an exact sum back: one FMA, the product of the two scales rounded first.
static inline float int8_result(const GLOBAL uint4 *image, const GLOBAL struct step *s, int sum, float scale, uint output) {
	const float product = scale * floats(image, s->scale)[output];
	return fma_f32((float)sum, product, floats(image, s->bias)[output]);
}
