/*
 * ONNX Runtime through its C API, with input and output bound to our memory.
 *
 * The Python wheel carries the library and no header. The API is a table of functions to which new
 * ones are only ever appended, so the few that are used are declared here by their places in it.
 */
#include "serve.h"

typedef void (*api_function)(void); /* each is cast to its own type */
typedef const api_function *api_table;
typedef void *status; /* NULL is success */

struct api_base {
	api_table (*get_api)(uint32_t version);
	const char *(*get_version)(void);
};
const struct api_base *OrtGetApiBase(void);

enum { API_VERSION = 14 }; /* of ONNX Runtime 1.14; newer libraries keep to it */

enum {
	GET_ERROR_MESSAGE = 2,
	CREATE_ENV = 3,
	CREATE_SESSION = 7,
	CREATE_SESSION_OPTIONS = 10,
	SET_SESSION_GRAPH_OPTIMIZATION_LEVEL = 23,
	SET_INTRA_OP_NUM_THREADS = 24,
	CREATE_TENSOR_WITH_DATA = 49,
	CREATE_CPU_MEMORY_INFO = 69,
	RUN_WITH_BINDING = 133,
	CREATE_IO_BINDING = 134,
	BIND_INPUT = 136,
	BIND_OUTPUT = 137,
};

enum { LOG_WARNING = 2, ENABLE_ALL = 99, ARENA_ALLOCATOR = 1, MEMORY_DEFAULT = 0, TENSOR_FLOAT = 1 };

typedef status (*get_function)(void **out);
typedef status (*create_env)(int level, const char *id, void **env);
typedef status (*create_session)(void *env, const char *path, void *options, void **session);
typedef status (*set_number)(void *options, int n);
typedef status (*create_memory_info)(int allocator, int memory, void **info);
typedef status (*create_tensor)(void *info, void *data, size_t bytes, const int64_t *shape, size_t rank, int type, void **value);
typedef status (*create_binding)(void *session, void **binding);
typedef status (*bind_value)(void *binding, const char *name, void *value);
typedef status (*run_with_binding)(void *session, const void *options, const void *binding);

static api_table api;

static void check(status s, const char *what)
{
	if (s != NULL)
		fail(what, ((const char *(*)(status))api[GET_ERROR_MESSAGE])(s));
}

static void *tensor(void *info, float *data, int64_t rows, int64_t columns)
{
	void *value;
	const int64_t shape[] = {rows, columns};
	check(((create_tensor)api[CREATE_TENSOR_WITH_DATA])(info, data, (size_t)(rows * columns) * sizeof *data, shape, 2, TENSOR_FLOAT, &value), "tensor");
	return value;
}

struct bound {
	run_with_binding run;
	void *session, *binding;
};

static void call(void *state)
{
	struct bound *b = state;
	check(b->run(b->session, NULL, b->binding), "run");
}

int main(int argc, char **argv)
{
	struct job j = job_read(argc, argv);
	const struct api_base *base = OrtGetApiBase();
	api = base->get_api(API_VERSION);
	if (api == NULL)
		fail("onnxruntime", "the library no longer has version 14 of its API");

	void *env, *options, *info;
	struct bound b = {.run = (run_with_binding)api[RUN_WITH_BINDING]};
	check(((create_env)api[CREATE_ENV])(LOG_WARNING, "peers", &env), "environment");
	check(((get_function)api[CREATE_SESSION_OPTIONS])(&options), "options");
	check(((set_number)api[SET_SESSION_GRAPH_OPTIMIZATION_LEVEL])(options, ENABLE_ALL), "optimisation level");
	check(((set_number)api[SET_INTRA_OP_NUM_THREADS])(options, j.threads), "threads");
	check(((create_session)api[CREATE_SESSION])(env, j.model, options, &b.session), "session");

	check(((create_memory_info)api[CREATE_CPU_MEMORY_INFO])(ARENA_ALLOCATOR, MEMORY_DEFAULT, &info), "memory");
	check(((create_binding)api[CREATE_IO_BINDING])(b.session, &b.binding), "binding");
	check(((bind_value)api[BIND_INPUT])(b.binding, "x", tensor(info, j.x, j.batch, j.inputs)), "input");
	check(((bind_value)api[BIND_OUTPUT])(b.binding, "y", tensor(info, j.y, j.batch, j.outputs)), "output");

	serve(&j, call, &b, base->get_version());
	return 0;
}
