/* probe PTX SCENARIO: uses libcuda.so.1 as a program on a board does, found by
 * the loader, and exits with 1 at the first answer that is not the expected. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static void *library;
static const char *ptx;

static void *symbol(const char *name)
{
	void *f = dlsym(library, name);
	if (!f) {
		printf("no %s\n", name);
		exit(1);
	}
	return f;
}

/* Every argument is passed as 64 bits, which suits the calling conventions of
 * both processors for integers and pointers of any width. */
typedef int (*function)(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t);
#define A(x) (uint64_t)(uintptr_t)(x)
#define CALL11(name, a, b, c, d, e, f, g, h, i, j, k, ...) ((function)symbol(#name))(A(a), A(b), A(c), A(d), A(e), A(f), A(g), A(h), A(i), A(j), A(k))
#define CALL(...) CALL11(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
#define EXPECT(want, ...)                                                                                       \
	do {                                                                                                    \
		int have = CALL(__VA_ARGS__);                                                                   \
		if (have != (want)) {                                                                           \
			printf("line %d: %s: %d, expected %d\n", __LINE__, #__VA_ARGS__, have, want);           \
			exit(1);                                                                                \
		}                                                                                               \
	} while (0)
#define OK(...) EXPECT(0, __VA_ARGS__)
#define TRUE(condition)                                                            \
	do {                                                                       \
		if (!(condition)) {                                                \
			printf("line %d: not so: %s\n", __LINE__, #condition);     \
			exit(1);                                                   \
		}                                                                  \
	} while (0)

static uint64_t context, module, twice, stream, source, destination;
enum { N = 1000, BYTES = 4 * N };

static void begin(void)
{
	int count = 0;
	OK(cuInit, 0);
	OK(cuDeviceGetCount, &count);
	TRUE(count == 1);
	OK(cuDevicePrimaryCtxRetain, &context, 0);
	OK(cuCtxSetCurrent, context);
	OK(cuModuleLoadDataEx, &module, ptx, 0, 0, 0);
	OK(cuModuleGetFunction, &twice, module, "twice");
	OK(cuStreamCreate, &stream, 1);
	OK(cuMemAlloc_v2, &source, (uint64_t)BYTES);
	OK(cuMemAlloc_v2, &destination, (uint64_t)BYTES);
}

static int launch(uint64_t from, uint64_t to)
{
	uint32_t n = N;
	void *parameters[] = {&from, &to, &n};
	return CALL(cuLaunchKernel, twice, (N + 127) / 128, 1, 1, 128, 1, 1, 0, stream, parameters, 0);
}

static void count_up(float *v, float from)
{
	for (int i = 0; i < N; i++)
		v[i] = from + (float)i;
}

static int holds_twice(const float *v, float from)
{
	for (int i = 0; i < N; i++)
		if (v[i] != 2 * (from + (float)i))
			return 0;
	return 1;
}

static void copies(void)
{
	float *in, *out;
	begin();
	OK(cuMemHostAlloc, &in, (uint64_t)BYTES, 0);
	OK(cuMemAllocHost_v2, &out, (uint64_t)BYTES);
	TRUE(out[0] != out[0] && out[N - 1] != out[N - 1]); /* NaN */
	count_up(in, 1);
	out[0] = -1;
	OK(cuMemcpyHtoDAsync_v2, source, in, (uint64_t)BYTES, stream);
	TRUE(launch(source, destination) == 0);
	OK(cuMemcpyDtoHAsync_v2, out, destination, (uint64_t)BYTES, stream);
	count_up(in, 5); /* the copy has not run */
	TRUE(out[0] == -1);
	EXPECT(600, cuStreamQuery, stream);
	OK(cuStreamSynchronize, stream);
	TRUE(holds_twice(out, 5));
	OK(cuStreamQuery, stream);

	static float pageable[N];
	count_up(pageable, 7);
	OK(cuMemcpyHtoDAsync_v2, source, pageable, (uint64_t)BYTES, stream);
	memset(pageable, 0, sizeof pageable);
	TRUE(launch(source, destination) == 0);
	OK(cuCtxSynchronize);
	OK(cuMemcpyDtoH_v2, pageable, destination, (uint64_t)BYTES);
	TRUE(holds_twice(pageable, 7));
	OK(cuMemFreeHost, in);
	OK(cuMemFreeHost, out);
	OK(cuMemFree_v2, source);
	OK(cuMemFree_v2, destination);
	OK(cuStreamDestroy_v2, stream);
	OK(cuModuleUnload, module);
	OK(cuDevicePrimaryCtxRelease, 0);
}

static void mapped(void)
{
	float *host;
	uint64_t device;
	begin();
	OK(cuMemHostAlloc, &host, 2ull * BYTES, 2);
	OK(cuMemHostGetDevicePointer_v2, &device, host, 0);
	TRUE(launch(device, device + BYTES) == 0);
	count_up(host, 3);
	host[N] = -1;
	OK(cuStreamSynchronize, stream);
	TRUE(holds_twice(host + N, 3));

	void *own = aligned_alloc(4096, 8192);
	count_up(own, 4);
	OK(cuMemHostRegister_v2, own, 8192ull, 2);
	OK(cuMemHostGetDevicePointer_v2, &device, own, 0);
	TRUE(launch(device, device) == 0);
	OK(cuCtxSynchronize);
	TRUE(holds_twice(own, 4));
	OK(cuMemHostUnregister, own);
	OK(cuMemFreeHost, host);
}

static void graphs(void)
{
	float *in, *out;
	uint64_t graph, exec;
	begin();
	OK(cuMemHostAlloc, &in, (uint64_t)BYTES, 0);
	OK(cuMemHostAlloc, &out, (uint64_t)BYTES, 0);
	OK(cuStreamBeginCapture_v2, stream, 1);
	OK(cuMemcpyHtoDAsync_v2, source, in, (uint64_t)BYTES, stream);
	TRUE(launch(source, destination) == 0);
	OK(cuMemcpyDtoHAsync_v2, out, destination, (uint64_t)BYTES, stream);
	OK(cuStreamEndCapture, stream, &graph);
	OK(cuGraphInstantiate, &exec, graph, 0, 0, 0);
	OK(cuGraphDestroy, graph);
	for (int i = 0; i < 3; i++) {
		count_up(in, (float)i);
		OK(cuGraphLaunch, exec, stream);
		OK(cuStreamSynchronize, stream);
		TRUE(holds_twice(out, (float)i));
	}
	OK(cuGraphExecDestroy, exec);
}

static void events(void)
{
	uint64_t from, to;
	float elapsed = -1;
	begin();
	OK(cuEventCreate, &from, 0);
	OK(cuEventCreate, &to, 0);
	OK(cuMemsetD32Async, source, 0x3f800000, (uint64_t)N, stream);
	OK(cuEventRecord, from, stream);
	TRUE(launch(source, destination) == 0);
	OK(cuEventRecord, to, stream);
	EXPECT(600, cuEventElapsedTime, &elapsed, from, to);
	OK(cuEventSynchronize, to);
	OK(cuEventElapsedTime, &elapsed, from, to);
	TRUE(elapsed > 0 && elapsed < 1000);
	OK(cuEventDestroy_v2, from);
	OK(cuEventDestroy_v2, to);
}

static void device(void)
{
	char name[64], uuid[16], text[4096] = "";
	const char *error = NULL;
	int major = 0, value = -1;
	size_t total = 0, left = 0;
	begin();
	OK(cuDeviceGetName, name, 64, 0);
	TRUE(strstr(name, "(simulated)"));
	OK(cuDeviceGetUuid, uuid, 0);
	OK(cuDeviceGetAttribute, &major, 75, 0);
	OK(cuDeviceTotalMem_v2, &total, 0);
	OK(cuMemGetInfo_v2, &left, &value);
	TRUE(left == total - 2 * BYTES);
	EXPECT(101, cuDeviceGet, &value, -1);
	OK(cuGetErrorName, 719, &error);
	TRUE(strcmp(error, "CUDA_ERROR_LAUNCH_FAILED") == 0);
	OK(cuGetErrorString, 719, &error);
	EXPECT(1, cuGetErrorString, 12345, &error);
	TRUE(error == NULL);

	int options[] = {5, 6};
	void *values[] = {text, (void *)sizeof text};
	EXPECT(218, cuModuleLoadDataEx, &module, ".version 6.0\n.target sm_53\nnonsense\n", 2, options, values);
	TRUE(strstr(text, "nonsense") && (size_t)values[1] == strlen(text));
	printf("%s %d %zu %s\n", name, major, total, text);
}

/* A thread has no context but what it sets. */
static void *without_context(void *unused)
{
	uint64_t at;
	EXPECT(201, cuMemAlloc_v2, &at, 4ull);
	OK(cuCtxSetCurrent, context);
	for (int i = 0; i < 50; i++) {
		OK(cuMemAlloc_v2, &at, 4ull);
		OK(cuMemFree_v2, at);
	}
	return unused;
}

static void threads(void)
{
	pthread_t t[4];
	begin();
	for (int i = 0; i < 4; i++)
		TRUE(pthread_create(&t[i], NULL, without_context, NULL) == 0);
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
}

/* cuLaunchKernel=719@2: the second launch loses the device. */
static void lost(void)
{
	begin();
	OK(cuMemsetD32Async, source, 0, (uint64_t)N, stream);
	TRUE(launch(source, destination) == 0);
	OK(cuStreamSynchronize, stream);
	TRUE(launch(source, destination) == 719);
	EXPECT(719, cuStreamSynchronize, stream);
	EXPECT(719, cuMemFree_v2, source);
}

/* Nothing has been written to source: the kernel must not read it. */
static void unwritten(void)
{
	begin();
	TRUE(launch(source, destination) == 0);
	EXPECT(719, cuStreamSynchronize, stream);
}

/* A buffer that is unmapped while a copy into it waits. */
static void unmapped(void)
{
	begin();
	void *at = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	OK(cuMemsetD8Async, source, 1, (uint64_t)BYTES, stream);
	OK(cuMemcpyDtoHAsync_v2, at, source, (uint64_t)BYTES, stream);
	munmap(at, 1 << 20);
	EXPECT(999, cuStreamSynchronize, stream);
	EXPECT(999, cuMemFree_v2, source);
}

/* The server ends when it reads a line of this program's output. */
static void gone(void)
{
	begin();
	puts("ready");
	fflush(stdout);
	getchar();
	EXPECT(999, cuStreamSynchronize, stream);
	EXPECT(999, cuDeviceGetCount, &source);
}

static void nowhere(void)
{
	int count;
	EXPECT(999, cuInit, 0);
	EXPECT(999, cuDeviceGetCount, &count);
}

static void no_device(void)
{
	int count;
	EXPECT(100, cuInit, 0);
	EXPECT(3, cuDeviceGetCount, &count);
}

/* What this driver does not have is not found. */
static void symbols(void)
{
	const char *names[] = {"cuGraphInstantiate", "cuGraphInstantiate_v2", "cuGraphInstantiateWithFlags", "cuDevicePrimaryCtxRelease_v2", "cuMemAllocManaged"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (dlsym(library, names[i]))
			printf("%s\n", names[i]);
}

int main(int argc, char **argv)
{
	static char text[1 << 16];
	static const struct {
		const char *name;
		void (*run)(void);
	} scenarios[] = {{"copies", copies}, {"mapped", mapped}, {"graphs", graphs}, {"events", events}, {"device", device}, {"threads", threads}, {"lost", lost}, {"unwritten", unwritten}, {"unmapped", unmapped}, {"gone", gone}, {"nowhere", nowhere}, {"no-device", no_device}, {"symbols", symbols}};
	FILE *file = argc == 3 ? fopen(argv[1], "r") : NULL;
	if (!file || !fread(text, 1, sizeof text - 1, file)) {
		puts("probe PTX SCENARIO");
		return 2;
	}
	fclose(file);
	ptx = text;
	library = dlopen("libcuda.so.1", RTLD_NOW);
	if (!library) {
		puts(dlerror());
		return 1;
	}
	for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++) {
		if (strcmp(scenarios[i].name, argv[2]) == 0) {
			scenarios[i].run();
			return 0;
		}
	}
	puts("no such scenario");
	return 2;
}
