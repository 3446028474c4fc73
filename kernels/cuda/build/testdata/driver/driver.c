/* Drivers for the tests of kernels/cuda/build: a libcuda.so.1 with a device, with what the macros make of it. */
#include <stddef.h>

#ifdef FLUSH
/* What crtfastmath.o puts into every library that is linked with -ffast-math. */
static void flush(void) {
#if defined(__x86_64__)
	unsigned control;
	__asm__ volatile("stmxcsr %0" : "=m"(control));
	control |= 0x8040;
	__asm__ volatile("ldmxcsr %0" : : "m"(control));
#else
	unsigned long control;
	__asm__ volatile("mrs %0, fpcr" : "=r"(control));
	control |= 1ul << 24;
	__asm__ volatile("msr fpcr, %0" : : "r"(control));
#endif
}
__attribute__((constructor)) static void loaded(void) { flush(); }
#else
static void flush(void) {}
#endif

#ifndef NO_INIT
int cuInit(unsigned flags) {
	flush();
	return INIT + (int)flags;
}
#endif
int cuDeviceGetCount(int *count) {
	*count = 1;
	return 0;
}
int cuDriverGetVersion(int *version) {
	*version = 10020;
	return 0;
}
int cuModuleLoadData(void **module, const void *image) {
	flush();
	(void)image;
	*module = (void *)1;
	return 0;
}
/* Answers 0 where every argument is in its place. */
int cuLaunchKernel(void *function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                   unsigned shared, void *stream, void **parameters, void **extra) {
	return !((size_t)function == 1 && gx == 2 && gy == 3 && gz == 4 && bx == 5 && by == 6 && bz == 7 && shared == 8 &&
	         (size_t)stream == 9 && (size_t)parameters == 10 && (size_t)extra == 11);
}
#ifdef COMPLETE
int cuCtxResetPersistingL2Cache(void) { return 0; }
int cuGraphInstantiateWithFlags(void **made, void *graph, unsigned long long flags) {
	*made = graph;
	return flags != 2;
}
#endif
