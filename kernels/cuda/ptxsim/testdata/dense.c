// A dense layer with its activation, one thread an output: a kernel as compilers write it.
#define SHARED __attribute__((address_space(3)))
#define GLOBAL __attribute__((address_space(1)))

extern SHARED float row[];

__attribute__((nvptx_kernel)) void dense(const GLOBAL float *restrict weights, const GLOBAL float *restrict x,
	const GLOBAL float *restrict bias, GLOBAL float *restrict y, int inputs, int outputs, int activation) {
	int thread = __nvvm_read_ptx_sreg_tid_x(), threads = __nvvm_read_ptx_sreg_ntid_x();
	for (int k = thread; k < inputs; k += threads) row[k] = x[k];
	__syncthreads();
	int output = __nvvm_read_ptx_sreg_ctaid_x() * threads + thread;
	if (output >= outputs) return;
	float sum = bias[output];
	const GLOBAL float *w = weights + (long)output * inputs;
#pragma clang loop unroll(disable)
	for (int k = 0; k < inputs; k++) sum = __builtin_fmaf(w[k], row[k], sum);
	if (activation == 1) sum = sum > 0.f ? sum : 0.f;
	else if (activation == 2) sum = 1.0f / (1.0f + sum);
	y[output] = sum;
}
