//go:build cuda

#include "driver_cuda.h"

#include <stdlib.h>

// Where the driver library is loaded while the program runs, this says why that
// failed. A program that is linked to the driver itself does not have it.
extern const char *edge_cuda_load_error(void) __attribute__((weak));

const char *edge_missing_driver(void)
{
	return edge_cuda_load_error ? edge_cuda_load_error() : NULL;
}

const char *edge_result_name(CUresult code)
{
	const char *name = NULL;
	return cuGetErrorName(code, &name) == CUDA_SUCCESS ? name : NULL;
}

// Two functions as they were before the header began to call their successors by
// the same names.
#undef cuDevicePrimaryCtxRelease
#undef cuGraphInstantiate
extern CUresult cuDevicePrimaryCtxRelease(CUdevice device);
extern CUresult cuGraphInstantiate(CUgraphExec *exec, CUgraph graph, CUgraphNode *node, char *log, size_t bytes);

CUresult edge_context_release(CUdevice device)
{
	CUresult code = cuDevicePrimaryCtxRelease_v2(device);
	if (code == CUDA_ERROR_NOT_SUPPORTED)
		code = cuDevicePrimaryCtxRelease(device); // before CUDA 11
	return code;
}

edge_pass *edge_pass_new(int launches)
{
	edge_pass *p = calloc(1, sizeof *p + (size_t)launches * sizeof *p->launches);
	if (p) {
		p->count = launches;
		p->launches = (edge_launch *)(p + 1);
	}
	return p;
}

void edge_pass_plain(edge_pass *p)
{
	if (p->graph)
		cuGraphExecDestroy(p->graph);
	p->graph = NULL;
}

void edge_pass_free(edge_pass *p)
{
	edge_pass_plain(p);
	free(p);
}

static edge_fault at(int step, int launch, CUresult code)
{
	edge_fault f = {code, step, launch};
	return f;
}

static edge_fault copy_in(edge_session *s, edge_pass *p)
{
	CUresult code = CUDA_SUCCESS;
	if (p->bytes_in)
		code = cuMemcpyHtoDAsync(s->src, s->host_src, p->bytes_in, s->stream);
	return at(EDGE_COPY_IN, 0, code);
}

static edge_fault copy_out(edge_session *s, edge_pass *p)
{
	CUresult code = CUDA_SUCCESS;
	if (p->bytes_out)
		code = cuMemcpyDtoHAsync(s->host_dst, s->dst, p->bytes_out, s->stream);
	return at(EDGE_COPY_OUT, 0, code);
}

static edge_fault launch_all(edge_session *s, edge_pass *p)
{
	for (int i = 0; i < p->count; i++) {
		edge_launch *l = &p->launches[i];
		// Every parameter is an address of a variable of exactly its size.
		void *parameters[] = {&s->image, &l->src, &l->dst, &l->scratch, &l->rows, &l->per_block, &l->record};
		CUresult code = cuLaunchKernel(l->function, l->grid[0], l->grid[1], l->grid[2], l->block, 1, 1,
			l->shared, s->stream, parameters, NULL);
		if (code != CUDA_SUCCESS)
			return at(EDGE_LAUNCH, i, code);
	}
	return at(EDGE_LAUNCH, 0, CUDA_SUCCESS);
}

static edge_fault enqueue(edge_session *s, edge_pass *p)
{
	edge_fault f = copy_in(s, p);
	if (f.code == CUDA_SUCCESS)
		f = launch_all(s, p);
	if (f.code == CUDA_SUCCESS)
		f = copy_out(s, p);
	return f;
}

// The context is put back afterwards: the thread may belong to a caller who has
// a context of his own.
static edge_fault enter(edge_session *s)
{
	return at(EDGE_CONTEXT, 0, cuCtxPushCurrent(s->context));
}

static edge_fault leave(edge_fault f)
{
	CUcontext was;
	CUresult code = cuCtxPopCurrent(&was);
	return f.code == CUDA_SUCCESS && code != CUDA_SUCCESS ? at(EDGE_CONTEXT, 0, code) : f;
}

// Also waits after a failure: what was enqueued before it uses the session's
// memory.
static edge_fault settle(edge_session *s, edge_fault f)
{
	CUresult code = cuStreamSynchronize(s->stream);
	return f.code == CUDA_SUCCESS ? at(EDGE_WAIT, 0, code) : f;
}

edge_fault edge_run(edge_session *s, edge_pass *p)
{
	edge_fault f = enter(s);
	if (f.code != CUDA_SUCCESS)
		return f;
	if (p->graph)
		f = at(EDGE_GRAPH, 0, cuGraphLaunch(p->graph, s->stream));
	else
		f = enqueue(s, p);
	return leave(settle(s, f));
}

static edge_fault record(edge_session *s, int event)
{
	return at(EDGE_EVENT, 0, cuEventRecord(s->events[event], s->stream));
}

static edge_fault enqueue_timed(edge_session *s, edge_pass *p)
{
	edge_fault f = record(s, 0);
	if (f.code == CUDA_SUCCESS)
		f = copy_in(s, p);
	if (f.code == CUDA_SUCCESS)
		f = record(s, 1);
	if (f.code == CUDA_SUCCESS)
		f = launch_all(s, p);
	if (f.code == CUDA_SUCCESS)
		f = record(s, 2);
	if (f.code == CUDA_SUCCESS)
		f = copy_out(s, p);
	if (f.code == CUDA_SUCCESS)
		f = record(s, 3);
	return f;
}

edge_fault edge_run_timed(edge_session *s, edge_pass *p, float milliseconds[3])
{
	edge_fault f = enter(s);
	if (f.code != CUDA_SUCCESS)
		return f;
	f = settle(s, enqueue_timed(s, p));
	for (int i = 0; i < 3 && f.code == CUDA_SUCCESS; i++)
		f = at(EDGE_EVENT, 0, cuEventElapsedTime(&milliseconds[i], s->events[i], s->events[i + 1]));
	return leave(f);
}

static CUresult instantiate(CUgraphExec *exec, CUgraph graph)
{
	CUresult code = cuGraphInstantiateWithFlags(exec, graph, 0);
	if (code == CUDA_ERROR_NOT_SUPPORTED)
		code = cuGraphInstantiate(exec, graph, NULL, NULL, 0); // before CUDA 11.4
	return code;
}

edge_fault edge_capture(edge_session *s, edge_pass *p)
{
	edge_fault f = enter(s);
	if (f.code != CUDA_SUCCESS)
		return f;
	// Relaxed: what other threads do meanwhile, ours or not, is their own affair.
	f = at(EDGE_CAPTURE, 0, cuStreamBeginCapture(s->stream, CU_STREAM_CAPTURE_MODE_RELAXED));
	if (f.code == CUDA_SUCCESS) {
		CUgraph graph = NULL;
		f = enqueue(s, p);
		// However it went, the stream has to stop capturing.
		CUresult code = cuStreamEndCapture(s->stream, &graph);
		if (f.code == CUDA_SUCCESS)
			f = at(EDGE_CAPTURE, 0, code);
		if (f.code == CUDA_SUCCESS)
			f = at(EDGE_CAPTURE, 0, instantiate(&p->graph, graph));
		if (f.code != CUDA_SUCCESS)
			p->graph = NULL;
		if (graph)
			cuGraphDestroy(graph);
	}
	return leave(f);
}
