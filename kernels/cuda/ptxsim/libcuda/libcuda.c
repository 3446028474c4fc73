/*
 * A libcuda.so.1 for tests: each function passes its arguments on to the
 * server that EDGE_INFER_SIMULATED_GPU names, which does all the rest
 * (the Go package driver beside this file).
 *
 *     cc -shared -fPIC -O2 -DDRIVER=10020 -Wl,-soname,libcuda.so.1 -o libcuda.so.1 libcuda.c -lpthread
 *
 * DRIVER leaves out what a driver of that CUDA version does not have, so that
 * dlsym fails for it as it does on the board: 10020 for JetPack 4, 11040 for
 * JetPack 5, 12060 for JetPack 6, 13000 for JetPack 7. Without it all is there.
 *
 * A server that says nothing for 600 seconds, or EDGE_INFER_SIMULATED_GPU_TIMEOUT,
 * counts as gone; then every call answers CUDA_ERROR_UNKNOWN, 999.
 *
 * The declarations are made from the CUDA driver API reference; handles and
 * device addresses are 64-bit numbers here, which changes nothing for a caller.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stddef.h>
#include <sys/mman.h>

#include "errors.h"
#include "transport.h"

#ifndef DRIVER
#define DRIVER 1000000
#endif

#define API __attribute__((visibility("default"))) int
#define U(x) (uint64_t)(uintptr_t)(x)
#define COUNT(...) (sizeof((uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t))
#define FORWARD_VALUE(value, ...) forward(__func__, COUNT(__VA_ARGS__), (uint64_t[]){__VA_ARGS__}, value)
#define FORWARD(...) FORWARD_VALUE(&(uint64_t){0}, __VA_ARGS__)

typedef uint64_t pointer; /* CUdeviceptr */
typedef void *handle;     /* CUcontext, CUmodule, CUfunction, CUstream, CUevent, CUgraph, CUgraphExec */

API cuInit(unsigned flags) { return FORWARD(flags); }
API cuDriverGetVersion(int *version) { return FORWARD(U(version)); }

/* The texts are here, since they must outlive the call and the server. */
static int describe(int error, const char **text, int name)
{
	if (!text)
		return 1;
	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
		if (errors[i].number == error) {
			*text = name ? errors[i].name : errors[i].text;
			return 0;
		}
	}
	*text = NULL;
	return 1;
}
API cuGetErrorName(int error, const char **text) { return describe(error, text, 1); }
API cuGetErrorString(int error, const char **text) { return describe(error, text, 0); }

API cuDeviceGetCount(int *count) { return FORWARD(U(count)); }
API cuDeviceGet(int *device, int ordinal) { return FORWARD(U(device), U(ordinal)); }
API cuDeviceGetName(char *name, int room, int device) { return FORWARD(U(name), U(room), U(device)); }
API cuDeviceTotalMem_v2(size_t *bytes, int device) { return FORWARD(U(bytes), U(device)); }
API cuDeviceGetAttribute(int *value, int attribute, int device) { return FORWARD(U(value), U(attribute), U(device)); }
API cuDeviceGetUuid(char *uuid, int device) { return FORWARD(U(uuid), U(device)); }

API cuDevicePrimaryCtxRetain(handle *context, int device) { return FORWARD(U(context), U(device)); }
API cuDevicePrimaryCtxRelease(int device) { return FORWARD(U(device)); }
API cuDevicePrimaryCtxSetFlags(int device, unsigned flags) { return FORWARD(U(device), flags); }
#if DRIVER >= 11000
API cuDevicePrimaryCtxRelease_v2(int device) { return FORWARD(U(device)); }
API cuDevicePrimaryCtxSetFlags_v2(int device, unsigned flags) { return FORWARD(U(device), flags); }
#endif

API cuCtxCreate_v2(handle *context, unsigned flags, int device) { return FORWARD(U(context), flags, U(device)); }
API cuCtxDestroy_v2(handle context) { return FORWARD(U(context)); }
API cuCtxSetCurrent(handle context) { return FORWARD(U(context)); }
API cuCtxGetCurrent(handle *context) { return FORWARD(U(context)); }
API cuCtxPushCurrent_v2(handle context) { return FORWARD(U(context)); }
API cuCtxPopCurrent_v2(handle *context) { return FORWARD(U(context)); }
API cuCtxGetDevice(int *device) { return FORWARD(U(device)); }
API cuCtxSynchronize(void) { return forward(__func__, 0, NULL, &(uint64_t){0}); }

/* The server gets the length of a text: it cannot look for its end. */
static uint64_t length(const char *text) { return text ? strlen(text) : 0; }

API cuModuleLoadData(handle *module, const void *image) { return FORWARD(U(module), U(image), length(image)); }
API cuModuleLoadDataEx(handle *module, const void *image, unsigned count, int *options, void **values)
{
	return FORWARD(U(module), U(image), length(image), count, U(options), U(values));
}
API cuModuleGetFunction(handle *function, handle module, const char *name)
{
	return FORWARD(U(function), U(module), U(name), length(name));
}
API cuModuleUnload(handle module) { return FORWARD(U(module)); }
API cuFuncGetAttribute(int *value, int attribute, handle function) { return FORWARD(U(value), U(attribute), U(function)); }
API cuFuncSetAttribute(handle function, int attribute, int value) { return FORWARD(U(function), U(attribute), U(value)); }

API cuMemGetInfo_v2(size_t *free, size_t *total) { return FORWARD(U(free), U(total)); }
API cuMemAlloc_v2(pointer *device, size_t bytes) { return FORWARD(U(device), bytes); }
API cuMemFree_v2(pointer device) { return FORWARD(device); }

/* Pinned memory is this process's. It starts as NaN, for whoever takes it to
 * be zero. */
static int host_alloc(const char *name, void **memory, size_t bytes, unsigned count, unsigned flags)
{
	if (!memory || bytes == 0)
		return 1;
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (at == MAP_FAILED)
		return 2;
	uint64_t ignored;
	int result = forward(name, count, (uint64_t[]){U(at), bytes, flags}, &ignored);
	if (result != 0) {
		munmap(at, bytes);
		return result;
	}
	memset(at, 0xff, bytes);
	*memory = at;
	return 0;
}
API cuMemHostAlloc(void **memory, size_t bytes, unsigned flags) { return host_alloc(__func__, memory, bytes, 3, flags); }
API cuMemAllocHost_v2(void **memory, size_t bytes) { return host_alloc(__func__, memory, bytes, 2, 0); }
API cuMemFreeHost(void *memory)
{
	uint64_t bytes = 0;
	int result = FORWARD_VALUE(&bytes, U(memory));
	if (result == 0)
		munmap(memory, bytes);
	return result;
}
API cuMemHostRegister_v2(void *memory, size_t bytes, unsigned flags) { return FORWARD(U(memory), bytes, flags); }
API cuMemHostUnregister(void *memory) { return FORWARD(U(memory)); }
API cuMemHostGetDevicePointer_v2(pointer *device, void *memory, unsigned flags) { return FORWARD(U(device), U(memory), flags); }

API cuMemcpyHtoD_v2(pointer to, const void *from, size_t bytes) { return FORWARD(to, U(from), bytes); }
API cuMemcpyDtoH_v2(void *to, pointer from, size_t bytes) { return FORWARD(U(to), from, bytes); }
API cuMemcpyDtoD_v2(pointer to, pointer from, size_t bytes) { return FORWARD(to, from, bytes); }
API cuMemcpyHtoDAsync_v2(pointer to, const void *from, size_t bytes, handle stream) { return FORWARD(to, U(from), bytes, U(stream)); }
API cuMemcpyDtoHAsync_v2(void *to, pointer from, size_t bytes, handle stream) { return FORWARD(U(to), from, bytes, U(stream)); }
API cuMemsetD8_v2(pointer at, unsigned char value, size_t count) { return FORWARD(at, value, count); }
API cuMemsetD32_v2(pointer at, unsigned value, size_t count) { return FORWARD(at, value, count); }
API cuMemsetD8Async(pointer at, unsigned char value, size_t count, handle stream) { return FORWARD(at, value, count, U(stream)); }
API cuMemsetD32Async(pointer at, unsigned value, size_t count, handle stream) { return FORWARD(at, value, count, U(stream)); }

API cuStreamCreate(handle *stream, unsigned flags) { return FORWARD(U(stream), flags); }
API cuStreamDestroy_v2(handle stream) { return FORWARD(U(stream)); }
API cuStreamSynchronize(handle stream) { return FORWARD(U(stream)); }
API cuStreamQuery(handle stream) { return FORWARD(U(stream)); }
API cuStreamBeginCapture_v2(handle stream, int mode) { return FORWARD(U(stream), U(mode)); }
API cuStreamEndCapture(handle stream, handle *graph) { return FORWARD(U(stream), U(graph)); }

API cuGraphInstantiate(handle *exec, handle graph, handle *node, char *log, size_t room)
{
	return FORWARD(U(exec), U(graph), U(node), U(log), room);
}
#if DRIVER >= 11000
API cuGraphInstantiate_v2(handle *exec, handle graph, handle *node, char *log, size_t room)
{
	return FORWARD(U(exec), U(graph), U(node), U(log), room);
}
#endif
#if DRIVER >= 11040
API cuGraphInstantiateWithFlags(handle *exec, handle graph, unsigned long long flags) { return FORWARD(U(exec), U(graph), flags); }
#endif
API cuGraphLaunch(handle exec, handle stream) { return FORWARD(U(exec), U(stream)); }
API cuGraphDestroy(handle graph) { return FORWARD(U(graph)); }
API cuGraphExecDestroy(handle exec) { return FORWARD(U(exec)); }

API cuEventCreate(handle *event, unsigned flags) { return FORWARD(U(event), flags); }
API cuEventDestroy_v2(handle event) { return FORWARD(U(event)); }
API cuEventRecord(handle event, handle stream) { return FORWARD(U(event), U(stream)); }
API cuEventSynchronize(handle event) { return FORWARD(U(event)); }
API cuEventQuery(handle event) { return FORWARD(U(event)); }
API cuEventElapsedTime(float *milliseconds, handle from, handle to) { return FORWARD(U(milliseconds), U(from), U(to)); }

API cuLaunchKernel(handle function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY, unsigned blockZ,
		   unsigned shared, handle stream, void **parameters, void **extra)
{
	return FORWARD(U(function), gridX, gridY, gridZ, blockX, blockY, blockZ, shared, U(stream), U(parameters), U(extra));
}
