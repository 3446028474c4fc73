// The part of the launcher that is C: what runs once per call, in a single
// crossing from Go, and the few driver calls that gorgonia.org/cu does not have.

#ifndef EDGE_DRIVER_CUDA_H
#define EDGE_DRIVER_CUDA_H

#include <cuda.h>
#include <stddef.h>

// One kernel launch, with its addresses filled in.
typedef struct {
	CUfunction function;
	unsigned int grid[3], block, shared;
	CUdeviceptr src, dst, scratch;
	unsigned int rows, per_block, record;
} edge_launch;

// What a session needs in every call. All of it is C's memory or the driver's.
typedef struct {
	CUcontext context;
	CUstream stream;
	CUdeviceptr image;
	void *host_src, *host_dst; // what copies read and write
	CUdeviceptr src, dst;
	CUevent events[4]; // around copy, kernels, copy; for edge_run_timed only
} edge_session;

// The work for one number of rows.
typedef struct {
	size_t bytes_in, bytes_out; // to copy; 0: kernels use the host's memory in place
	CUgraphExec graph;          // the same work recorded, or NULL
	int count;
	edge_launch *launches;
} edge_pass;

// The first failure of a call, and where it was.
enum {
	EDGE_CONTEXT,
	EDGE_COPY_IN,
	EDGE_LAUNCH,
	EDGE_COPY_OUT,
	EDGE_CAPTURE,
	EDGE_GRAPH,
	EDGE_WAIT,
	EDGE_EVENT
};

typedef struct {
	CUresult code;
	int step;
	int launch; // which, for EDGE_LAUNCH
} edge_fault;

// A pass with room for so many launches, or NULL.
edge_pass *edge_pass_new(int launches);

// These two need the session's context to be current. edge_pass_plain gives the
// graph back, edge_pass_free everything.
void edge_pass_plain(edge_pass *p);
void edge_pass_free(edge_pass *p);

// Each of these makes the session's context current for the time of the call.
// The work is done when they return, or has failed.
edge_fault edge_run(edge_session *s, edge_pass *p);
edge_fault edge_run_timed(edge_session *s, edge_pass *p, float milliseconds[3]);

// Records the work of a pass as its graph. Nothing runs.
edge_fault edge_capture(edge_session *s, edge_pass *p);

// Gives the primary context back, to drivers of any age.
CUresult edge_context_release(CUdevice device);

// The driver's name of an answer, or NULL.
const char *edge_result_name(CUresult code);

// Why there is no driver library, or NULL.
const char *edge_missing_driver(void);

#endif
