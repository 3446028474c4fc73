// The records that say what a launch does. package cuda writes them (record.go) into the image, the block of bytes
// that lies on the device with the packed weights.

enum {
	LANES = 32,        // of a warp, of the dot order, and of a panel of packed weights
	PANEL_BLOCK = 128, // inputs of a block in panel order
	QUAD = 4,          // values of a wide load; rows are padded with zeros to whole quads
	SUMS = LANES + 1,  // room for the chains of a row: a row of 33 words keeps 32 rows out of one bank
};

// What a step does. 1 to 18 are the functions of package kernels.
enum {
	STEP_END = 0,
	STEP_ADD = 33,
	STEP_SUBTRACT,
	STEP_MULTIPLY,
	STEP_DIVIDE,
	STEP_PRELU = 40,
	STEP_SOFTMAX,
	STEP_NORMALIZE_L1,
	STEP_NORMALIZE_L2,
	STEP_NORMALIZE_MAX,
	STEP_ARGMAX,
	STEP_SELECT,
	STEP_ONE_HOT,
	STEP_POLYNOMIAL,
	STEP_PLACE,
	STEP_ELEMENTS, // the chain that follows, on each value
	STEP_DENSE_PANEL,
	STEP_DENSE_DOT,
	STEP_DENSE_INT8,
	STEP_ROWS, // the first record of a launch of rows
};

// A step is 64 bytes. Offsets into the image count 16 bytes, offsets into a row's frame floats.
struct step {
	uint op;
	uint in, out;     // values in a row before and after
	uint src, dst;    // where they lie in a row's frame
	uint scratch;     // where the step may write in a row's frame
	float alpha, beta;
	uint weights;     // in the image: packed weights, operands, columns, categories or terms
	uint bias;        // in the image: [out], padded to whole panels
	uint scale;       // in the image: [out], of int8 weights
	uint chain;       // how many elementwise steps follow that act on each result
	uint operands;    // values of an operand: out, or 1 for all
	uint parallel;    // dense: whether the blocks of a sum are taken at once
	uint bytes;       // rows: whether the source holds bytes
	uint frame;       // rows: floats of a row's frame
};

static inline uint padded(uint n) { return (n + QUAD - 1) / QUAD * QUAD; }
static inline uint whole(uint n, uint of) { return (n + of - 1) / of; }

static inline const GLOBAL float *floats(const GLOBAL uint4 *image, uint at) { return (const GLOBAL float *)(image + at); }
static inline const GLOBAL uint *words(const GLOBAL uint4 *image, uint at) { return (const GLOBAL uint *)(image + at); }

static inline const GLOBAL struct step *step_at(const GLOBAL uint4 *image, uint at) {
	return (const GLOBAL struct step *)(image + at);
}
