// The kernels. Every one has the same parameters:
//
//	image       the program on the device: packed weights and the records of step.h
//	src, dst    rows in and out, each padded with zeros to whole quads; bytes are not padded
//	scratch     the frames of rows_wide_f32
//	rows        how many rows there are
//	per_block   how many of them a block takes
//	record      where the launch's first record is in the image, in 16 bytes
//
// The arithmetic is that of NUMERICS.md, and every backend gives its bits: which thread does what, and when, is free.

#include "platform.h"
#include "step.h"
#include "elementwise.h"
#include "reduce.h"
#include "chain.h"
#include "int8_row.h"

// Rows in shared memory.
#define SPACE SHARED
#define NAME(x) x##_shared
#define UNROLLED UNROLLED_BY_4
#include "sums.h"
#include "int8.h"
#include "rows.h"
#undef SPACE
#undef NAME
#undef UNROLLED

// Rows in global memory, for the launches of one dense layer.
#define SPACE GLOBAL
#define NAME(x) x##_global
#define UNROLLED UNROLLED_BY_4
#include "sums.h"
#undef NAME
#undef UNROLLED

// Frames in global memory. Unrolled loops would not fit into the registers.
#define NAME(x) x##_wide
#define UNROLLED NOT_UNROLLED
#include "sums.h"
#include "int8.h"
#include "rows.h"

#define PARAMETERS                                                                                        \
	const GLOBAL uint4 *restrict image, const GLOBAL float *restrict src, GLOBAL float *restrict dst,      \
		GLOBAL float *scratch, uint rows, uint per_block, uint record

// Any steps, with the rows of a block in shared memory: a whole small network in one launch.
KERNEL void rows_f32(PARAMETERS) {
	walk_rows_shared(image, src, dst, (SHARED float *)shared_memory, rows, per_block, record);
}

// The same where rows are too wide for shared memory: each block has its frames in scratch.
KERNEL void rows_wide_f32(PARAMETERS) {
	const ulong frames = (ulong)block_x() * per_block * step_at(image, record)->frame;
	walk_rows_wide(image, src, dst, scratch + frames, rows, per_block, record);
}

// Elementwise steps alone, on all values of all rows at once.
KERNEL void elements_f32(PARAMETERS) {
	const GLOBAL struct step *s = step_at(image, record);
	const uint width = padded(s->out);
	const uint all = width * rows; // a pass is never larger: see MaxRows
	NOT_UNROLLED for (uint i = block_x() * threads() + thread_index(); i < all; i += blocks_x() * threads()) {
		const uint row = i / width, column = i % width;
		float v = 0;
		if (column < s->out) {
			v = s->bytes ? (float)((const GLOBAL uchar *)src)[(ulong)row * s->out + column] : src[i];
			v = chain(image, s, v, column);
		}
		dst[i] = v;
	}
}

// finish applies the chain of a dense layer to what this thread has stored: n rows of one column.
static inline void finish(const GLOBAL uint4 *image, const GLOBAL struct step *s, GLOBAL float *dst, uint n, uint column) {
	if (s->chain == 0 || column >= s->out) return;
	const uint stride = padded(s->out);
	NOT_UNROLLED for (uint row = 0; row < n; row++) dst[(ulong)row * stride] = chain(image, s, dst[(ulong)row * stride], column);
}

// A large dense layer in panel order for few rows: a block takes 32 outputs of one row, or of four; its warps take the
// blocks of inputs in turn and leave their sums in shared memory, from where the first warps add them in order.
KERNEL void dense_panel_f32(PARAMETERS) {
	enum { AT_ONCE = 64 }; // blocks of inputs whose sums lie in shared memory at once: 32 KiB with four rows
	const GLOBAL struct step *s = step_at(image, record);
	const uint warp = thread_index() / LANES, lane = thread_index() % LANES, warps = threads() / LANES;
	const uint quads = whole(s->in, QUAD), blocks = whole(s->in, PANEL_BLOCK), stride = padded(s->in);
	const uint output = block_x() * LANES + lane;
	uint first = block_y() * per_block;
	const uint stored = first; // rows before this one are another block's
	if (per_block == 4 && first + 4 > rows) first = rows - 4;
	const GLOBAL float4 *w = (const GLOBAL float4 *)floats(image, s->weights) + (ulong)block_x() * quads * LANES + lane;
	const GLOBAL float *x = src + (ulong)first * stride;
	SHARED float *sums = (SHARED float *)shared_memory; // [block of inputs][row][lane]

	float total = 0; // of row first + warp, in the first warps
	for (uint from = 0; from < blocks; from += AT_ONCE) {
		const uint to = blocks - from < AT_ONCE ? blocks : from + AT_ONCE;
		for (uint block = from + warp; block < to; block += warps) {
			const uint at = block * (PANEL_BLOCK / QUAD);
			const uint n = quads - at < PANEL_BLOCK / QUAD ? quads - at : PANEL_BLOCK / QUAD;
			SHARED float *sum = sums + (block - from) * per_block * LANES + lane;
			if (per_block == 4) {
				const float4 four = block_sum4_global(w + (ulong)at * LANES, x + at * QUAD, stride, n);
				EACH_UNROLLED for (uint r = 0; r < 4; r++) sum[r * LANES] = four[r];
			} else {
				*sum = block_sum_global(w + (ulong)at * LANES, x + at * QUAD, n);
			}
		}
		barrier();
		if (warp < per_block)
			for (uint block = from; block < to; block++) total = total + sums[((block - from) * per_block + warp) * LANES + lane];
		barrier();
	}
	if (warp >= per_block || first + warp < stored || output >= padded(s->out)) return;
	GLOBAL float *y = dst + (ulong)(first + warp) * padded(s->out) + output;
	*y = output < s->out ? total + floats(image, s->bias)[output] : 0;
	finish(image, s, y, 1, output);
}

// A large dense layer in panel order for many rows: a block of 256 threads takes 64 rows and 128 outputs, a thread
// eight rows and four outputs, each 32 apart. Slices of 32 inputs go through shared memory.
enum { TILE_ROWS = 64, TILE_OUTPUTS = 128, TILE_INPUTS = 32, THREAD_ROWS = 8, THREAD_OUTPUTS = 4, TILE_THREADS = 256 };

KERNEL void dense_tile_f32(PARAMETERS) {
	enum { QUADS = TILE_INPUTS / QUAD };
	const GLOBAL struct step *s = step_at(image, record);
	const uint warp = thread_index() / LANES, lane = thread_index() % LANES;
	const uint quads = whole(s->in, QUAD), panels = whole(s->out, LANES);
	const uint first = block_y() * TILE_ROWS, panel = block_x() * (TILE_OUTPUTS / LANES);
	const GLOBAL float4 *w = (const GLOBAL float4 *)floats(image, s->weights);
	const GLOBAL float4 *x = (const GLOBAL float4 *)src;
	SHARED float4 *xs = shared_memory, *ws = shared_memory + TILE_ROWS * QUADS; // [row][quad], [panel][quad][lane]

	float total[THREAD_ROWS][THREAD_OUTPUTS] = {}, sum[THREAD_ROWS][THREAD_OUTPUTS] = {};
	NOT_UNROLLED for (uint from = 0; from < quads; from += QUADS) {
		// Beyond the last row, panel and input lie zeros.
		EACH_UNROLLED for (uint i = 0; i < TILE_ROWS * QUADS / TILE_THREADS; i++) {
			const uint at = i * TILE_THREADS + thread_index(), row = first + at / QUADS, quad = from + at % QUADS;
			xs[at] = row < rows && quad < quads ? x[(ulong)row * quads + quad] : (float4)0;
		}
		EACH_UNROLLED for (uint i = 0; i < TILE_OUTPUTS * QUADS / TILE_THREADS; i++) {
			const uint at = i * TILE_THREADS + thread_index(), p = panel + at / (QUADS * LANES), quad = from + at / LANES % QUADS;
			ws[at] = p < panels && quad < quads ? w[((ulong)p * quads + quad) * LANES + at % LANES] : (float4)0;
		}
		barrier();
		NOT_UNROLLED for (uint q = 0; q < QUADS; q++) {
			float4 weight[THREAD_OUTPUTS];
			EACH_UNROLLED for (uint o = 0; o < THREAD_OUTPUTS; o++) weight[o] = ws[(o * QUADS + q) * LANES + lane];
			EACH_UNROLLED for (uint r = 0; r < THREAD_ROWS; r++) {
				const float4 v = xs[(warp * THREAD_ROWS + r) * QUADS + q];
				EACH_UNROLLED for (uint k = 0; k < QUAD; k++)
					EACH_UNROLLED for (uint o = 0; o < THREAD_OUTPUTS; o++) sum[r][o] = fma_f32(v[k], weight[o][k], sum[r][o]);
			}
		}
		barrier();
		if ((from + QUADS) % (PANEL_BLOCK / QUAD) == 0 || from + QUADS >= quads) {
			EACH_UNROLLED for (uint r = 0; r < THREAD_ROWS; r++)
				EACH_UNROLLED for (uint o = 0; o < THREAD_OUTPUTS; o++) {
					total[r][o] = total[r][o] + sum[r][o];
					sum[r][o] = 0;
				}
		}
	}
	const uint row = first + warp * THREAD_ROWS, stride = padded(s->out);
	const uint n = row >= rows ? 0 : rows - row < THREAD_ROWS ? rows - row : THREAD_ROWS;
	EACH_UNROLLED for (uint o = 0; o < THREAD_OUTPUTS; o++) {
		const uint output = (panel + o) * LANES + lane;
		const float bias = output < s->out ? floats(image, s->bias)[output] : 0;
		EACH_UNROLLED for (uint r = 0; r < THREAD_ROWS; r++)
			if (r < n && output < stride) dst[(ulong)(row + r) * stride + output] = output < s->out ? total[r][o] + bias : 0;
	}
	NOT_UNROLLED for (uint o = 0; o < THREAD_OUTPUTS; o++) {
		const uint output = (panel + o) * LANES + lane;
		finish(image, s, dst + (ulong)row * stride + output, n, output);
	}
}

// A dense layer in dot order: a warp takes the 32 chains of one output of one row.
KERNEL void dense_dot_f32(PARAMETERS) {
	const GLOBAL struct step *s = step_at(image, record);
	const uint warp = thread_index() / LANES, lane = thread_index() % LANES, warps = threads() / LANES;
	const uint first = block_x() * warps, width = padded(s->out);
	SHARED float *sums = (SHARED float *)shared_memory;
	if (first + warp < rows * s->out) {
		const uint row = (first + warp) / s->out, output = (first + warp) % s->out;
		const GLOBAL float4 *w = (const GLOBAL float4 *)floats(image, s->weights) + (ulong)output * whole(s->in, PANEL_BLOCK) * LANES;
		sums[warp * SUMS + lane] = lane_sum_global(w, src + (ulong)row * padded(s->in), s->in, lane);
	}
	barrier();
	const uint unit = first + thread_index();
	if (thread_index() >= warps || unit >= rows * s->out) return;
	const uint row = unit / s->out, output = unit % s->out;
	ADD_HALVES(sum, sums + thread_index() * SUMS)
	dst[(ulong)row * width + output] = chain(image, s, sum + floats(image, s->bias)[output], output);
	if (output == s->out - 1)
		for (uint i = s->out; i < width; i++) dst[(ulong)row * width + i] = 0;
}

// A large dense layer of int8 weights: a block takes one row and 32 outputs a warp, after quantising the row for itself.
KERNEL void dense_int8_f32(PARAMETERS) {
	const GLOBAL struct step *s = step_at(image, record);
	const uint warp = thread_index() / LANES, lane = thread_index() % LANES, warps = threads() / LANES;
	const uint row = block_y(), chunks = whole(s->in, 16), panel = block_x() * warps + warp, output = panel * LANES + lane;
	const GLOBAL float *x = src + (ulong)row * padded(s->in);
	SHARED float *greatest = (SHARED float *)shared_memory, *q = greatest + LANES;
	if (warp == 0) greatest[lane] = as_float(lane_greatest_bits_wide(x, s->in, lane));
	barrier();
	const float scale = row_scale(greatest_bits_shared(greatest));
	for (uint word = thread_index(); word < chunks * 4; word += threads()) {
		uint four = 0;
		EACH_UNROLLED for (uint i = 0; i < 4; i++)
			if (scale > 0 && word * 4 + i < s->in) four |= quantized(x[word * 4 + i], scale) << (8 * i);
		q[word] = as_float(four);
	}
	barrier();
	if (output >= padded(s->out)) return;
	const int sum = int8_sum_shared(image + s->weights + (ulong)panel * chunks * LANES + lane, q, chunks);
	GLOBAL float *y = dst + (ulong)row * padded(s->out) + output;
	*y = output < s->out ? int8_result(image, s, sum, scale, output) : 0;
	finish(image, s, y, 1, output);
}
