// Sums of one block of the panel order, for one output and one or four rows. This file is included once for each
// address space that rows lie in: SPACE is that space, NAME(x) a name with its suffix, UNROLLED the pragma for the loops
// over inputs.
//
// Weights are packed [panel][quad of inputs][lane][4], so that a warp loads 512 bytes in a row and a thread 16, four
// inputs of its output; every thread of a warp reads the same values of x, which is one broadcast.

static inline float NAME(block_sum)(const GLOBAL float4 *w, const SPACE float *x, uint quads) {
	const SPACE float4 *x4 = (const SPACE float4 *)x;
	float sum = 0;
	UNROLLED for (; quads > 0; quads--, w += LANES, x4++) {
		const float4 weight = *w, value = *x4;
		EACH_UNROLLED for (uint k = 0; k < QUAD; k++) sum = fma_f32(value[k], weight[k], sum);
	}
	return sum;
}

// Four rows share each load of weights. Rows lie stride floats apart.
static inline float4 NAME(block_sum4)(const GLOBAL float4 *w, const SPACE float *x, ulong stride, uint quads) {
	const SPACE float4 *x0 = (const SPACE float4 *)x, *x1 = (const SPACE float4 *)(x + stride);
	const SPACE float4 *x2 = (const SPACE float4 *)(x + 2 * stride), *x3 = (const SPACE float4 *)(x + 3 * stride);
	float4 sum = 0;
	UNROLLED for (; quads > 0; quads--, w += LANES) {
		const float4 weight = *w;
		const float4 v0 = *x0++, v1 = *x1++, v2 = *x2++, v3 = *x3++;
		EACH_UNROLLED for (uint k = 0; k < QUAD; k++) {
			sum.x = fma_f32(v0[k], weight[k], sum.x);
			sum.y = fma_f32(v1[k], weight[k], sum.y);
			sum.z = fma_f32(v2[k], weight[k], sum.z);
			sum.w = fma_f32(v3[k], weight[k], sum.w);
		}
	}
	return sum;
}

// One chain of the dot order: inputs lane, lane + 32, … of one output. Weights are packed [output][128 inputs][lane][4],
// the four being 32 inputs apart.
static inline float NAME(lane_sum)(const GLOBAL float4 *w, const SPACE float *x, uint inputs, uint lane) {
	const uint rest = inputs % (QUAD * LANES);
	float sum = 0;
	w += lane, x += lane;
	UNROLLED for (uint groups = inputs / (QUAD * LANES); groups > 0; groups--, w += LANES, x += QUAD * LANES) {
		const float4 weight = *w;
		EACH_UNROLLED for (uint i = 0; i < QUAD; i++) sum = fma_f32(x[i * LANES], weight[i], sum);
	}
	if (lane >= rest) return sum;
	const float4 weight = *w;
	EACH_UNROLLED for (uint i = 0; i < QUAD; i++)
		if (lane + i * LANES < rest) sum = fma_f32(x[i * LANES], weight[i], sum);
	return sum;
}
