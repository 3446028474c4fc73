// The kernels on the host, for a test: it reads a program and its launches from standard input, runs them one thread
// after the other, and writes the output buffer. Threads are contexts that change at barriers.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "../source/kernels.c"

enum { MOST_THREADS = 256, STACK = 32 << 10, MOST_BUFFERS = 64 };

struct launch {
	char entry[32];
	uint32_t grid_x, grid_y, block, shared;
	int32_t src, dst, scratch;
	uint32_t rows, per_block, record;
};

typedef void kernel(const uint4 *, const float *, float *, float *, uint, uint, uint);

static const struct {
	const char *name;
	kernel *run;
} kernels[] = {
	{"rows_f32", rows_f32}, {"rows_wide_f32", rows_wide_f32}, {"elements_f32", elements_f32}, {"dense_panel_f32", dense_panel_f32},
	{"dense_tile_f32", dense_tile_f32}, {"dense_dot_f32", dense_dot_f32}, {"dense_int8_f32", dense_int8_f32},
};

float4 *shared_memory;
static ucontext_t scheduler, contexts[MOST_THREADS];
static char *stacks[MOST_THREADS];
static int waiting[MOST_THREADS];
static uint current, at_x, at_y;
static const struct launch *running;
static kernel *entry;
static char *image, *buffers[MOST_BUFFERS + 1]; // the last is of launches without a buffer

uint thread_index(void) { return current; }
uint threads(void) { return running->block; }
uint block_x(void) { return at_x; }
uint block_y(void) { return at_y; }
uint blocks_x(void) { return running->grid_x; }

void barrier(void) {
	waiting[current] = 1;
	swapcontext(&contexts[current], &scheduler);
}

static float *buffer(int32_t i) { return (float *)buffers[i < 0 ? MOST_BUFFERS : i]; }

static void thread(void) {
	const struct launch *l = running;
	entry((const uint4 *)image, buffer(l->src), buffer(l->dst), buffer(l->scratch), l->rows, l->per_block, l->record);
	waiting[current] = 0;
	swapcontext(&contexts[current], &scheduler); // to the end of the block
}

// run_block runs the threads of a block from barrier to barrier; all reach it, or all are done.
static void run_block(void) {
	memset(shared_memory, 0xa5, running->shared);
	for (uint t = 0; t < running->block; t++) {
		getcontext(&contexts[t]);
		contexts[t].uc_stack.ss_sp = stacks[t];
		contexts[t].uc_stack.ss_size = STACK;
		contexts[t].uc_link = 0;
		makecontext(&contexts[t], thread, 0);
	}
	for (uint waits = 1; waits > 0;) {
		waits = 0;
		for (current = 0; current < running->block; current++) {
			swapcontext(&scheduler, &contexts[current]);
			waits += waiting[current];
		}
		if (waits != 0 && waits != running->block) {
			fprintf(stderr, "%s: %u of %u threads reach a barrier\n", running->entry, waits, running->block);
			exit(1);
		}
	}
}

static void *take(size_t bytes) {
	void *p = aligned_alloc(256, (bytes + 256) / 256 * 256);
	if (!p) exit(2);
	memset(p, 0, (bytes + 256) / 256 * 256);
	return p;
}

static void get(void *into, size_t bytes) {
	if (fread(into, 1, bytes, stdin) != bytes) {
		fprintf(stderr, "the input ends early\n");
		exit(2);
	}
}

static uint64_t number(void) {
	uint64_t n;
	get(&n, sizeof n);
	return n;
}

int main(void) {
	shared_memory = take(48 << 10);
	for (int t = 0; t < MOST_THREADS; t++) stacks[t] = take(STACK);
	uint64_t bytes = number();
	image = take(bytes);
	get(image, bytes);
	uint64_t count = number(), out = 0;
	if (count > MOST_BUFFERS) return 2;
	for (uint64_t i = 0; i < count; i++) {
		bytes = number();
		buffers[i] = take(bytes);
		if (i == 1) out = bytes;
	}
	bytes = number();
	get(buffers[0], bytes);
	for (count = number(); count > 0; count--) {
		struct launch l;
		get(&l, sizeof l);
		if (l.block > MOST_THREADS || l.shared > 48 << 10) return 2;
		running = &l;
		entry = 0;
		for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++)
			if (!strcmp(kernels[i].name, l.entry)) entry = kernels[i].run;
		if (!entry) {
			fprintf(stderr, "there is no kernel %s\n", l.entry);
			return 2;
		}
		for (at_y = 0; at_y < l.grid_y; at_y++)
			for (at_x = 0; at_x < l.grid_x; at_x++) run_block();
	}
	return fwrite(buffers[1], 1, out, stdout) == out ? 0 : 2;
}
