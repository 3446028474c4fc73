/* The code of the programs of this folder. glibc 2.34 moved dlopen and gave it a new version. */
extern void *dlopen(const char *, int);
extern unsigned long strlen(const char *);
unsigned long opened(const char *name) { return dlopen(name, 1) ? strlen(name) : 0; }
#ifdef EXPORTS
int cuInit(unsigned flags) { return (int)flags; }
#endif
#ifdef OPEN
extern int cuInit(unsigned);
int initialised(void) { return cuInit(0); }
#endif
