/* What libcuda.a does when the program starts, and when a driver function is not there.
 *
 * functions.h is written for each link: FUNCTION(index, name) or GUARDED(index, name) for each driver function that
 * the program refers to, but cuInit, which is here. trampolines.S jumps through edge_cuda_table. */
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define HIDDEN __attribute__((visibility("hidden")))

/* Of CUresult, which cuda.h would give; this file needs nothing else of it. */
enum { NOT_INITIALIZED = 3, NO_DEVICE = 100, NOT_FOUND = 500, NOT_SUPPORTED = 801 };

/* The table leads to one of these where it does not lead into the driver. They are called with any arguments, which
 * both calling conventions allow: the caller lays them out and clears them away. */
static int answer_before_init(void) { return NOT_INITIALIZED; }
static int answer_missing(void) { return NOT_SUPPORTED; }
static int failure;
static int answer_failure(void) { return failure; }

#define GUARDED FUNCTION
#define FUNCTION(index, name) (void *)answer_before_init,
HIDDEN void *edge_cuda_table[] = {
#include "functions.h"
};
#undef FUNCTION
#define FUNCTION(index, name) #name,
static const char *const names[] = {
#include "functions.h"
};
enum { FUNCTIONS = sizeof names / sizeof names[0] };

static char load_error[512];

/* The control register of the floating-point unit. A library that was linked with -ffast-math turns subnormals to
 * zero in the thread that loads it, for good. */
#if defined(__x86_64__)
static uint64_t float_control(void) {
	uint32_t value;
	__asm__ volatile("stmxcsr %0" : "=m"(value));
	return value;
}
static void set_float_control(uint64_t wide) {
	uint32_t value = (uint32_t)wide;
	__asm__ volatile("ldmxcsr %0" : : "m"(value));
}
#elif defined(__aarch64__)
static uint64_t float_control(void) {
	uint64_t value;
	__asm__ volatile("mrs %0, fpcr" : "=r"(value));
	return value;
}
static void set_float_control(uint64_t value) { __asm__ volatile("msr fpcr, %0" : : "r"(value)); }
#endif

static void keep_load_error(void) {
	const char *text = dlerror();
	snprintf(load_error, sizeof load_error, "%s", text ? text : "libcuda.so.1: no reason given");
}

/* Opens the driver, fills the table and calls the driver's cuInit; answers with what cuInit answers. */
static int open_driver(void) {
	void *library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
	if (!library) {
		keep_load_error();
		return NO_DEVICE;
	}
	int (*init)(unsigned) = (int (*)(unsigned))dlsym(library, "cuInit");
	if (!init) {
		keep_load_error();
		return NOT_FOUND;
	}
	for (size_t i = 0; i < FUNCTIONS; i++) {
		void *function = dlsym(library, names[i]);
		edge_cuda_table[i] = function ? function : (void *)answer_missing;
	}
	return init(0);
}

static void load(void) {
	uint64_t control = float_control();
	failure = open_driver();
	set_float_control(control);
	if (failure == 0) return;
	for (size_t i = 0; i < FUNCTIONS; i++) {
		/* Which version a driver has that does not work is worth knowing, and may be asked of it at any time. */
		int works = !load_error[0] && strcmp(names[i], "cuDriverGetVersion") == 0;
		if (!works) edge_cuda_table[i] = (void *)answer_failure;
	}
}

/* Always succeeds: package gorgonia.org/cu calls it when the program starts and ends the program if it fails. The
 * failure is what every other function answers, cuDeviceGetCount first of all. The only flags that are defined are 0. */
HIDDEN int cuInit(unsigned flags) {
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	(void)flags;
	pthread_once(&once, load);
	return 0;
}

/* Why libcuda.so.1 could not be loaded, in the words of the dynamic linker; NULL when it was, or before cuInit. */
HIDDEN const char *edge_cuda_load_error(void) { return load_error[0] ? load_error : NULL; }
