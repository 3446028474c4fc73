/* OpenVINO through its C API, with input and output tensors laid over our memory. */
#include <openvino/c/openvino.h>

#include "serve.h"

static void check(ov_status_e s, const char *what)
{
	if (s != OK)
		fail(what, ov_get_error_info(s));
}

static ov_tensor_t *tensor(float *data, int64_t rows, int64_t columns)
{
	ov_tensor_t *t;
	ov_shape_t shape;
	const int64_t sizes[] = {rows, columns};
	check(ov_shape_create(2, sizes, &shape), "shape");
	check(ov_tensor_create_from_host_ptr(F32, shape, data, &t), "tensor");
	return t;
}

static void call(void *state)
{
	check(ov_infer_request_infer(state), "infer");
}

int main(int argc, char **argv)
{
	struct job j = job_read(argc, argv);
	ov_version_t version;
	ov_core_t *core;
	ov_model_t *model;
	ov_compiled_model_t *compiled;
	ov_infer_request_t *request;
	char threads[16];
	snprintf(threads, sizeof threads, "%d", j.threads);
	check(ov_get_openvino_version(&version), "version");
	check(ov_core_create(&core), "core");
	check(ov_core_read_model(core, j.model, NULL, &model), "model");
	/* Without the precision, a processor with bfloat16 instructions would compute in bfloat16. */
	check(ov_core_compile_model(core, model, "CPU", 8, &compiled,
		ov_property_key_hint_performance_mode, "LATENCY",
		ov_property_key_hint_inference_precision, "f32",
		ov_property_key_num_streams, "1",
		ov_property_key_inference_num_threads, threads), "compile");
	check(ov_compiled_model_create_infer_request(compiled, &request), "request");
	check(ov_infer_request_set_input_tensor(request, tensor(j.x, j.batch, j.inputs)), "input");
	check(ov_infer_request_set_output_tensor(request, tensor(j.y, j.batch, j.outputs)), "output");

	serve(&j, call, request, version.buildNumber);
	return 0;
}
