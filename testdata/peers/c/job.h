/*
 * What the C drivers have in common: a job is one model at one batch, given on the command line
 * as MODEL INPUT OUTPUT BATCH INPUTS OUTPUTS THREADS, where INPUT and OUTPUT are files of
 * float32 rows. A driver makes the job ready to run and hands one function, which runs it once,
 * to serve in serve.h.
 */
#ifndef JOB_H
#define JOB_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct job {
	const char *model, *input, *output;
	int64_t batch, inputs, outputs;
	int threads;
	float *x, *y; /* [batch, inputs] and [batch, outputs] */
};

static void fail(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why);
	exit(1);
}

static int64_t number(const char *text)
{
	char *end;
	long long n = strtoll(text, &end, 10);
	if (*text == 0 || *end != 0 || n < 1 || n > 1 << 24)
		fail(text, "a number from 1 to 2^24 is needed");
	return n;
}

/* floats returns n zeros, aligned for every instruction set. */
static float *floats(int64_t n)
{
	size_t bytes = ((size_t)n * sizeof(float) + 63) / 64 * 64;
	float *p = aligned_alloc(64, bytes);
	if (p == NULL)
		fail("job", "out of memory");
	memset(p, 0, bytes);
	return p;
}

static inline struct job job_read(int argc, char **argv)
{
	if (argc != 8)
		fail("job", "needed are MODEL INPUT OUTPUT BATCH INPUTS OUTPUTS THREADS");
	struct job j = {
		.model = argv[1], .input = argv[2], .output = argv[3],
		.batch = number(argv[4]), .inputs = number(argv[5]), .outputs = number(argv[6]),
		.threads = (int)number(argv[7]),
	};
	j.x = floats(j.batch * j.inputs);
	j.y = floats(j.batch * j.outputs);
	FILE *f = fopen(j.input, "rb");
	if (f == NULL || fread(j.x, sizeof(float), (size_t)(j.batch * j.inputs), f) != (size_t)(j.batch * j.inputs))
		fail(j.input, "cannot be read, or is too short");
	fclose(f);
	return j;
}

static inline void job_write(const struct job *j)
{
	FILE *f = fopen(j->output, "wb");
	if (f == NULL || fwrite(j->y, sizeof(float), (size_t)(j->batch * j->outputs), f) != (size_t)(j->batch * j->outputs) || fclose(f) != 0)
		fail(j->output, "cannot be written");
}

#endif
