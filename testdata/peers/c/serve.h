/*
 * The timing loop of the C drivers. It follows edge-infer bench step by step, so that every peer is
 * measured as we are: a warm-up of a fifth of the duration, then samples until the duration is over,
 * a sample being the mean of as many calls as take ten microseconds.
 */
#ifndef SERVE_H
#define SERVE_H

#include <time.h>
#include <unistd.h>

#include "job.h"

typedef void (*call_function)(void *state);

enum { LEAST_SAMPLE = 10000, MOST_SAMPLES = 1 << 20 }; /* ns; 8 MiB of them */

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* warm_up returns the nanoseconds of a call towards its end. */
static double warm_up(call_function call, void *state, double duration)
{
	double start = now();
	for (int64_t calls = 1;; calls *= 2) {
		double began = now();
		for (int64_t i = 0; i < calls; i++)
			call(state);
		double stopped = now();
		if (stopped - start >= duration)
			return (stopped - began) / (double)calls;
	}
}

/* measure writes the nanoseconds of a call, as one line of JSON. */
static void measure(FILE *answers, call_function call, void *state, double duration, double *samples)
{
	double per_call = warm_up(call, state, duration / 5);
	int64_t calls = (int64_t)(LEAST_SAMPLE / (per_call > 1 ? per_call : 1)) + 1;
	int count = 0;
	for (double end = now() + duration; count < MOST_SAMPLES;) {
		double start = now();
		for (int64_t i = 0; i < calls; i++)
			call(state);
		double stop = now();
		samples[count++] = (stop - start) / (double)calls;
		if (stop > end)
			break;
	}
	qsort(samples, (size_t)count, sizeof *samples, ascending);
	fprintf(answers, "{\"median\": %.3f, \"min\": %.3f, \"samples\": %d, \"calls\": %lld, \"empty_call\": 0}\n",
		samples[(count - 1) / 2], samples[0], count, (long long)calls);
}

/*
 * answer says that the driver is ready, and then measures once for every line of standard input,
 * which is a duration in nanoseconds, until there are no more.
 */
static void answer(call_function call, void *state, const char *version)
{
	FILE *answers = fdopen(dup(STDOUT_FILENO), "w");
	double *samples = malloc(MOST_SAMPLES * sizeof *samples);
	if (answers == NULL || samples == NULL)
		fail("answer", "out of memory");
	dup2(STDERR_FILENO, STDOUT_FILENO); /* a library that prints must not garble the answers */
	fprintf(answers, "{\"version\": \"%s\"}\n", version);
	fflush(answers);
	for (char line[64]; fgets(line, sizeof line, stdin) != NULL;) {
		measure(answers, call, state, strtod(line, NULL), samples);
		fflush(answers);
	}
}

/* serve runs the job once, writes its output, and answers. */
static inline void serve(const struct job *j, call_function call, void *state, const char *version)
{
	int answers = dup(STDOUT_FILENO);
	dup2(STDERR_FILENO, STDOUT_FILENO);
	call(state);
	job_write(j);
	dup2(answers, STDOUT_FILENO);
	close(answers);
	answer(call, state, version);
}

#endif
