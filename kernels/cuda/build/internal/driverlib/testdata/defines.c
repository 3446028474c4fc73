/* Defines one of the names that uses.c refers to. */
extern int cuLaunchKernel(void);
int cuLaunchAndSync(void) { return 1 + cuLaunchKernel(); }
