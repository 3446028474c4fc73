/*
 * What the machine itself can do, timed as the peers are: as many fused multiply-adds as a cell of
 * the table needs, all from registers; or one pass over as many bytes as a model's weights take.
 *
 *     ceiling fma COUNT THREADS
 *     ceiling read BYTES THREADS
 */
#include "serve.h"

#ifdef __AVX512F__
enum { WIDTH = 64 }; /* bytes of a vector register */
#else
enum { WIDTH = 32 };
#endif
typedef float vector __attribute__((vector_size(WIDTH)));

enum { SUMS = 12, LANES = WIDTH / 4 }; /* more sums than the adders have stages, fewer than there are registers */

struct work {
	int64_t share; /* multiply-adds of a thread, or bytes */
	int threads;
	char *memory; /* [threads][share] */
};

/* keep makes the compiler believe that a value is needed. */
#define keep(v) __asm__ volatile("" : "+x"(v))

static void multiply_add(int64_t count)
{
	vector sum[SUMS] = {0}, a = {1}, b = {1};
	keep(a);
	keep(b);
	for (int64_t i = 0; i < count; i += SUMS * LANES) {
#pragma GCC unroll 16
		for (int s = 0; s < SUMS; s++) {
			sum[s] = a * b + sum[s]; /* one instruction, by -ffp-contract=fast */
			keep(sum[s]);
		}
	}
}

static void read_bytes(const char *p, int64_t bytes)
{
	vector sum[8] = {0};
	for (int64_t i = 0; i + 8 * WIDTH <= bytes; i += 8 * WIDTH) {
#pragma GCC unroll 8
		for (int s = 0; s < 8; s++)
			sum[s] += *(const vector *)(p + i + s * WIDTH);
	}
	for (int s = 0; s < 8; s++)
		keep(sum[s]);
}

static void fma_call(void *state)
{
	const struct work *w = state;
#pragma omp parallel num_threads(w->threads)
	multiply_add(w->share);
}

static void read_call(void *state)
{
	const struct work *w = state;
#pragma omp parallel for num_threads(w->threads) schedule(static)
	for (int t = 0; t < w->threads; t++)
		read_bytes(w->memory + t * w->share, w->share);
}

int main(int argc, char **argv)
{
	if (argc != 4)
		fail("ceiling", "needed are fma or read, an amount, and a number of threads");
	struct work w = {.threads = (int)number(argv[3])};
	double amount = strtod(argv[2], NULL);
	w.share = ((int64_t)(amount / w.threads) + 4095) / 4096 * 4096;
	if (strcmp(argv[1], "fma") == 0) {
		answer(fma_call, &w, "");
		return 0;
	}
	w.memory = (char *)floats(w.share / 4 * w.threads);
	answer(read_call, &w, "");
	return 0;
}
