/* Refers to names of every kind. */
extern int cuInit(unsigned);
extern int cuMemAlloc_v2(unsigned long *, unsigned long);
extern int cuLaunchAndSync(void);
extern int cuWeak(void) __attribute__((weak));
extern int cudaMalloc(void);
extern int cu(void);
extern int cubic(void);
static __attribute__((noinline)) int cuLocal(int n) { return n > 1 ? n * cuLocal(n - 1) : cubic(); }
int use(int n) {
	return cuInit(0) + cuMemAlloc_v2(0, 0) + cuLaunchAndSync() + (cuWeak ? cuWeak() : 0) + cudaMalloc() + cu() + cuLocal(n);
}
