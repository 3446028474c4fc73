// The walk of a block over the steps of a launch of rows: the rows lie in frames, one behind the other, in shared
// memory (or in global memory where they are too wide: the scratch buffer), and a step reads one part of a frame and
// writes another. Between steps all threads meet. Each part of a frame is padded with zeros to whole quads.
//
// Included once for each address space, after sums.h.

// A walk is what every step needs to know.
struct NAME(walk) {
	const GLOBAL uint4 *image;
	SPACE float *frames;
	uint frame; // floats from one row to the next
	uint rows;  // of this block
	uint warp, lane, warps;
};

// Dense layers in panel order: a warp takes 32 outputs of one block of inputs and one row, or four rows. Where there
// are few rows, all blocks of a sum are computed at once, and added in order after a barrier.
static inline void NAME(dense_panel)(const struct NAME(walk) *c, const GLOBAL struct step *s) {
	const uint panels = whole(s->out, LANES), quads = whole(s->in, QUAD), blocks = whole(s->in, PANEL_BLOCK);
	const uint at_once = s->parallel ? blocks : 1, four = c->rows >= 4;
	const uint groups = four ? whole(c->rows, 4) : c->rows;
	const GLOBAL float *bias = floats(c->image, s->bias);
	for (uint unit = c->warp; unit < panels * at_once * groups; unit += c->warps) {
		const uint panel = unit % panels, rest = unit / panels;
		const uint part = rest % at_once, group = rest / at_once, output = panel * LANES + c->lane;
		const GLOBAL float4 *w = (const GLOBAL float4 *)floats(c->image, s->weights) + (ulong)panel * quads * LANES + c->lane;
		// The last four rows may be some that another warp has too: the same values are computed, and not stored.
		const uint row = four ? (group * 4 + 4 <= c->rows ? group * 4 : c->rows - 4) : group;
		const SPACE float *x = c->frames + (ulong)row * c->frame + s->src;
		float4 total = 0;
		NOT_UNROLLED for (uint block = part; block < (s->parallel ? part + 1 : blocks); block++) {
			const uint from = block * (PANEL_BLOCK / QUAD);
			const uint n = quads - from < PANEL_BLOCK / QUAD ? quads - from : PANEL_BLOCK / QUAD;
			if (four)
				total += NAME(block_sum4)(w + (ulong)from * LANES, x + from * QUAD, c->frame, n);
			else
				total.x += NAME(block_sum)(w + (ulong)from * LANES, x + from * QUAD, n);
		}
		SPACE float *y = c->frames + (ulong)row * c->frame;
		const uint stored = group * 4 - row; // how many of the four rows another warp stores
		if (s->parallel) {
			y += s->scratch + part * panels * LANES + output;
		} else {
			y += s->dst + output;
			if (output >= padded(s->out)) continue;
			total = output < s->out ? total + bias[output] : (float4)0;
		}
		if (!four) {
			*y = total.x;
			continue;
		}
		if (stored < 1) y[0] = total.x;
		if (stored < 2) y[(ulong)c->frame] = total.y;
		if (stored < 3) y[2 * (ulong)c->frame] = total.z;
		y[3 * (ulong)c->frame] = total.w;
	}
	if (!s->parallel) return;
	barrier();
	const uint width = padded(s->out), all = width * c->rows;
	for (uint i = thread_index(); i < all; i += threads()) {
		const uint row = i / width, output = i % width;
		SPACE float *y = c->frames + (ulong)row * c->frame;
		const SPACE float *part = y + s->scratch + output;
		float total = part[0];
		NOT_UNROLLED for (uint block = 1; block < blocks; block++) total = total + part[block * panels * LANES];
		y[s->dst + output] = output < s->out ? total + bias[output] : 0;
	}
}

// Dense layers in dot order: a warp takes the 32 chains of one output of one row.
static inline void NAME(dense_dot)(const struct NAME(walk) *c, const GLOBAL struct step *s) {
	const ulong row_of_weights = whole(s->in, PANEL_BLOCK) * LANES; // in quads
	for (uint unit = c->warp; unit < c->rows * s->out; unit += c->warps) {
		const uint row = unit / s->out, output = unit % s->out;
		SPACE float *frame = c->frames + (ulong)row * c->frame;
		const GLOBAL float4 *w = (const GLOBAL float4 *)floats(c->image, s->weights) + output * row_of_weights;
		frame[s->scratch + output * SUMS + c->lane] = NAME(lane_sum)(w, frame + s->src, s->in, c->lane);
	}
	barrier();
	const uint width = padded(s->out);
	for (uint i = thread_index(); i < width * c->rows; i += threads()) {
		const uint row = i / width, output = i % width;
		SPACE float *frame = c->frames + (ulong)row * c->frame;
		float result = 0;
		if (output < s->out) {
			ADD_HALVES(sum, frame + s->scratch + output * SUMS)
			result = sum + floats(c->image, s->bias)[output];
		}
		frame[s->dst + output] = result;
	}
}

// The greatest magnitude of a row as bits: the greatest of 32 that lie at s.
static inline uint NAME(greatest_bits)(const SPACE float *s) {
	uint greatest = 0;
	for (uint l = 0; l < LANES; l++) greatest = as_uint(s[l]) > greatest ? as_uint(s[l]) : greatest;
	return greatest;
}

static inline uint NAME(lane_greatest_bits)(const SPACE float *x, uint n, uint lane) {
	uint greatest = 0;
	NOT_UNROLLED for (uint i = lane; i < n; i += LANES) {
		const uint bits = as_uint(x[i]) & 0x7fffffff;
		greatest = bits > greatest ? bits : greatest;
	}
	return greatest;
}

// Dense layers of int8 weights, packed [panel][16 inputs][lane][16 bytes]. The row is quantised to words of four.
static inline void NAME(dense_int8)(const struct NAME(walk) *c, const GLOBAL struct step *s) {
	const uint panels = whole(s->out, LANES), chunks = whole(s->in, 16);
	for (uint row = c->warp; row < c->rows; row += c->warps) {
		SPACE float *frame = c->frames + (ulong)row * c->frame;
		frame[s->scratch + c->lane] = as_float(NAME(lane_greatest_bits)(frame + s->src, s->in, c->lane));
	}
	barrier();
	for (uint row = c->warp; row < c->rows; row += c->warps) {
		SPACE float *frame = c->frames + (ulong)row * c->frame;
		const uint bits = NAME(greatest_bits)(frame + s->scratch);
		NAME(quantize)(frame + s->scratch + LANES, frame + s->src, s->in, row_scale(bits), c->lane, LANES);
	}
	barrier();
	for (uint unit = c->warp; unit < panels * c->rows; unit += c->warps) {
		const uint row = unit / panels, panel = unit % panels, output = panel * LANES + c->lane;
		SPACE float *frame = c->frames + (ulong)row * c->frame;
		const float scale = row_scale(NAME(greatest_bits)(frame + s->scratch));
		const GLOBAL uint4 *w = c->image + s->weights + (ulong)panel * chunks * LANES + c->lane;
		const int sum = NAME(int8_sum)(w, frame + s->scratch + LANES, chunks);
		if (output < padded(s->out)) frame[s->dst + output] = output < s->out ? int8_result(c->image, s, sum, scale, output) : 0;
	}
}

static inline void NAME(softmax)(const struct NAME(walk) *c, const GLOBAL struct step *s) {
	for (uint row = c->warp; row < c->rows; row += c->warps) {
		SPACE float *frame = c->frames + (ulong)row * c->frame;
		float greatest = -__builtin_inff();
		NOT_UNROLLED for (uint i = c->lane; i < s->in; i += LANES) greatest = frame[s->src + i] > greatest ? frame[s->src + i] : greatest;
		frame[s->scratch + c->lane] = greatest;
	}
	barrier();
	for (uint row = c->warp; row < c->rows; row += c->warps) {
		SPACE float *frame = c->frames + (ulong)row * c->frame;
		float greatest = -__builtin_inff(), sum = 0;
		for (uint l = 0; l < LANES; l++) greatest = frame[s->scratch + l] > greatest ? frame[s->scratch + l] : greatest;
		NOT_UNROLLED for (uint i = c->lane; i < s->in; i += LANES) {
			const float e = exp_of_difference_f32(frame[s->src + i], greatest);
			frame[s->dst + i] = e;
			sum = sum + e;
		}
		frame[s->scratch + SUMS + c->lane] = sum;
	}
	barrier();
	for (uint row = c->warp; row < c->rows; row += c->warps) {
		SPACE float *frame = c->frames + (ulong)row * c->frame;
		ADD_HALVES(sum, frame + s->scratch + SUMS)
		NOT_UNROLLED for (uint i = c->lane; i < padded(s->in); i += LANES) frame[s->dst + i] = i < s->in ? frame[s->dst + i] / sum : 0;
	}
}

static inline void NAME(normalize)(const struct NAME(walk) *c, const GLOBAL struct step *s) {
	for (uint row = c->warp; row < c->rows; row += c->warps) {
		SPACE float *frame = c->frames + (ulong)row * c->frame, *x = frame + s->src;
		float sum = 0;
		if (s->op == STEP_NORMALIZE_L1) {
			NOT_UNROLLED for (uint i = c->lane; i < s->in; i += LANES) sum = sum + as_float(as_uint(x[i]) & 0x7fffffff);
		} else if (s->op == STEP_NORMALIZE_L2) {
			NOT_UNROLLED for (uint i = c->lane; i < s->in; i += LANES) sum = fma_f32(x[i], x[i], sum);
		} else {
			sum = as_float(NAME(lane_greatest_bits)(x, s->in, c->lane));
		}
		frame[s->scratch + c->lane] = sum;
	}
	barrier();
	for (uint row = c->warp; row < c->rows; row += c->warps) {
		SPACE float *frame = c->frames + (ulong)row * c->frame;
		ADD_HALVES(sum, frame + s->scratch)
		const float greatest = as_float(NAME(greatest_bits)(frame + s->scratch));
		const float norm = s->op == STEP_NORMALIZE_L1 ? sum : s->op == STEP_NORMALIZE_L2 ? sqrt_f32(sum) : greatest;
		NOT_UNROLLED for (uint i = c->lane; i < padded(s->in); i += LANES) {
			const float v = frame[s->src + i];
			frame[s->dst + i] = i >= s->in ? 0 : norm == 0 ? v : v / norm;
		}
	}
}

// The first of the greatest values: each lane finds its own first, and the first thread of the row takes the first of
// those. A NaN wins.
static inline void NAME(argmax)(const struct NAME(walk) *c, const GLOBAL struct step *s) {
	for (uint row = c->warp; row < c->rows; row += c->warps) {
		SPACE float *frame = c->frames + (ulong)row * c->frame;
		float best = -__builtin_inff();
		uint index = ~0u;
		NOT_UNROLLED for (uint i = c->lane; i < s->in; i += LANES) {
			const float v = frame[s->src + i];
			if (v > best || index == ~0u || v != v) best = v, index = i;
			if (v != v) break;
		}
		frame[s->scratch + c->lane] = best;
		frame[s->scratch + SUMS + c->lane] = as_float(index);
	}
	barrier();
	for (uint row = thread_index(); row < c->rows; row += threads()) {
		SPACE float *frame = c->frames + (ulong)row * c->frame;
		float best = -__builtin_inff();
		uint index = ~0u;
		for (uint l = 0; l < LANES; l++) {
			const float v = frame[s->scratch + l];
			const uint i = as_uint(frame[s->scratch + SUMS + l]);
			if (i == ~0u) continue;
			if (v > best || index == ~0u || v != v || (v == best && i < index)) best = v, index = i;
			if (v != v) break;
		}
		frame[s->dst] = best != best ? best : (float)index;
		for (uint i = 1; i < QUAD; i++) frame[s->dst + i] = 0;
	}
}

// Whether the value of a one-hot step is among the categories: 1 or 0, in the scratch of its row. Each lane compares it
// with some of them: there may be many, and a thread waits for each.
static inline void NAME(find_category)(const struct NAME(walk) *c, const GLOBAL struct step *s) {
	const GLOBAL float *categories = floats(c->image, s->weights);
	for (uint row = c->warp; row < c->rows; row += c->warps) {
		SPACE float *frame = c->frames + (ulong)row * c->frame;
		float known = 0;
		NOT_UNROLLED for (uint i = c->lane; i < s->out; i += LANES) known = frame[s->src] == categories[i] ? 1 : known;
		frame[s->scratch + c->lane] = known;
	}
	barrier();
	for (uint row = thread_index(); row < c->rows; row += threads()) {
		SPACE float *frame = c->frames + (ulong)row * c->frame;
		float known = 0;
		for (uint l = 0; l < LANES; l++) known = frame[s->scratch + l] != 0 ? 1 : known;
		frame[s->scratch] = known;
	}
}

// gathered is one value of the steps that compute each value from any of the row before.
static inline float NAME(gathered)(const GLOBAL uint4 *image, const GLOBAL struct step *s, const SPACE float *frame, uint i) {
	const SPACE float *x = frame + s->src;
	switch (s->op) {
	case STEP_SELECT:
		return x[words(image, s->weights)[i]];
	case STEP_ONE_HOT:
		if (frame[s->scratch] != 0) return x[0] == floats(image, s->weights)[i] ? 1 : 0;
		return x[0] != x[0] ? x[0] : s->alpha;
	case STEP_POLYNOMIAL: { // ends of the terms, then their columns
		const GLOBAL uint *ends = words(image, s->weights), *columns = ends + s->out;
		float product = 1;
		NOT_UNROLLED for (uint t = i == 0 ? 0 : ends[i - 1]; t < ends[i]; t++) product = product * x[columns[t]];
		return product;
	}
	}
	return chain(image, s, x[i], i); // STEP_ELEMENTS
}

static inline void NAME(gather)(const struct NAME(walk) *c, const GLOBAL struct step *s) {
	const uint width = padded(s->out);
	for (uint i = thread_index(); i < width * c->rows; i += threads()) {
		const uint row = i / width, column = i % width;
		SPACE float *frame = c->frames + (ulong)row * c->frame;
		frame[s->dst + column] = column < s->out ? NAME(gathered)(c->image, s, frame, column) : 0;
	}
}

// place copies a row into some columns of a wider one, from column operands on; the wider row's padding is cleared.
static inline void NAME(place)(const struct NAME(walk) *c, const GLOBAL struct step *s) {
	const uint padding = padded(s->out) - s->out, width = s->in + padding;
	for (uint i = thread_index(); i < width * c->rows; i += threads()) {
		const uint row = i / width, column = i % width;
		SPACE float *frame = c->frames + (ulong)row * c->frame, *y = frame + s->dst;
		if (column < s->in)
			y[s->operands + column] = frame[s->src + column];
		else
			y[s->out + column - s->in] = 0;
	}
}

static inline void NAME(walk_rows)(const GLOBAL uint4 *image, const GLOBAL void *src, GLOBAL float *dst, SPACE float *frames,
		uint rows, uint per_block, uint record) {
	const GLOBAL struct step *head = step_at(image, record);
	const uint first = block_x() * per_block;
	struct NAME(walk) c = {image, frames, head->frame, rows - first < per_block ? rows - first : per_block,
		thread_index() / LANES, thread_index() % LANES, threads() / LANES};

	const uint in = padded(head->in);
	for (uint i = thread_index(); i < in * c.rows; i += threads()) {
		const uint row = i / in, column = i % in;
		float v = 0;
		if (!head->bytes)
			v = ((const GLOBAL float *)src)[(ulong)(first + row) * in + column];
		else if (column < head->in)
			v = (float)((const GLOBAL uchar *)src)[(ulong)(first + row) * head->in + column];
		frames[(ulong)row * c.frame + head->src + column] = v;
	}
	barrier();
	NOT_UNROLLED for (const GLOBAL struct step *s = head + 1; s->op != STEP_END; s += 1 + s->chain) {
		switch (s->op) {
		case STEP_DENSE_PANEL: NAME(dense_panel)(&c, s); break;
		case STEP_DENSE_DOT: NAME(dense_dot)(&c, s); break;
		case STEP_DENSE_INT8: NAME(dense_int8)(&c, s); break;
		case STEP_SOFTMAX: NAME(softmax)(&c, s); break;
		case STEP_NORMALIZE_L1:
		case STEP_NORMALIZE_L2:
		case STEP_NORMALIZE_MAX: NAME(normalize)(&c, s); break;
		case STEP_ARGMAX: NAME(argmax)(&c, s); break;
		case STEP_PLACE: NAME(place)(&c, s); break;
		default:
			if (s->op == STEP_ONE_HOT) {
				NAME(find_category)(&c, s);
				barrier();
			}
			NAME(gather)(&c, s);
		}
		barrier();
	}
	const uint out = padded(head->out);
	for (uint i = thread_index(); i < out * c.rows; i += threads()) {
		const uint row = i / out, column = i % out;
		dst[(ulong)(first + row) * out + column] = frames[(ulong)row * c.frame + head->dst + column];
	}
}
