/*
 * The library's end of the protocol, which driver/wire.go describes:
 * a call goes to the server, and until its reply comes the server reads and
 * writes this process's memory. One call is under way at a time.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

_Static_assert(sizeof(void *) == 8, "addresses have 64 bits");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the protocol is little-endian");

enum { PROTOCOL_VERSION = 1, MAX_ARGUMENTS = 12, CUDA_ERROR_UNKNOWN = 999 };
enum { MESSAGE_READ = 1, MESSAGE_WRITE = 2, MESSAGE_REPLY = 3 };

struct request {
	char name[40];
	uint32_t count, zero;
	uint64_t thread;
	uint64_t arguments[MAX_ARGUMENTS];
};

struct message {
	uint32_t kind, value;
	uint64_t address, bytes;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int connection = -1; /* -1 before the first call */
static int gone;            /* once the server is: every call answers 999 */
static int patience;        /* seconds that the server may take for a message */

static void complain(const char *what, int error)
{
	fprintf(stderr, "libcuda.so.1 (simulated): %s%s%s\n", what, error ? ": " : "", error ? strerror(error) : "");
}

/* ready waits until the socket may be read or written; the kernel is asked
 * again after a signal, but not beyond the time that there is. */
static int ready(short events)
{
	struct timespec start, now;
	clock_gettime(CLOCK_MONOTONIC, &start);
	long long left = 1000LL * patience;
	for (;;) {
		struct pollfd p = {connection, events, 0};
		int n = poll(&p, 1, (int)left);
		if (n > 0)
			return 1;
		if (n == 0) {
			complain("the server does not answer", 0);
			return 0;
		}
		if (errno != EINTR) {
			complain("poll", errno);
			return 0;
		}
		clock_gettime(CLOCK_MONOTONIC, &now);
		left = 1000LL * patience - (now.tv_sec - start.tv_sec) * 1000LL - (now.tv_nsec - start.tv_nsec) / 1000000;
		if (left < 0)
			left = 0;
	}
}

/* move sends or receives all of a stretch of memory. Memory that is not there
 * (a copy into a buffer that was freed) is the kernel's EFAULT, not a crash. */
static int move(uint8_t *at, uint64_t bytes, int sending)
{
	while (bytes > 0) {
		if (!ready(sending ? POLLOUT : POLLIN))
			return 0;
		ssize_t n = sending ? send(connection, at, bytes, MSG_NOSIGNAL | MSG_DONTWAIT) : recv(connection, at, bytes, MSG_DONTWAIT);
		if (n > 0) {
			at += n;
			bytes -= (uint64_t)n;
		} else if (n == 0) {
			complain("the server has gone", 0);
			return 0;
		} else if (errno == EFAULT) {
			complain("a copy uses host memory that is not there", 0);
			return 0;
		} else if (errno != EINTR && errno != EAGAIN) {
			complain("the server has gone", errno);
			return 0;
		}
	}
	return 1;
}

/* exchange makes one call over the connection. */
static int exchange(const struct request *q, uint64_t *value)
{
	if (!move((uint8_t *)q, offsetof(struct request, arguments) + 8 * q->count, 1))
		return -1;
	for (;;) {
		struct message m;
		if (!move((uint8_t *)&m, sizeof m, 0))
			return -1;
		switch (m.kind) {
		case MESSAGE_READ:
		case MESSAGE_WRITE:
			if (!move((uint8_t *)(uintptr_t)m.address, m.bytes, m.kind == MESSAGE_READ))
				return -1;
			break;
		case MESSAGE_REPLY:
			*value = m.address;
			return (int)m.value;
		default:
			complain("a message of no known kind", 0);
			return -1;
		}
	}
}

/* open_connection greets the server that the environment names. */
static int open_connection(void)
{
	const char *path = getenv("EDGE_INFER_SIMULATED_GPU");
	const char *seconds = getenv("EDGE_INFER_SIMULATED_GPU_TIMEOUT");
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	if (!path || !*path || strlen(path) >= sizeof to.sun_path) {
		complain("EDGE_INFER_SIMULATED_GPU names no socket, or one with too long a path", 0);
		return 0;
	}
	strcpy(to.sun_path, path);
	patience = seconds ? atoi(seconds) : 0;
	if (patience < 1 || patience > 86400)
		patience = 600;
	connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connection < 0) {
		complain("socket", errno);
		return 0;
	}
	struct timeval limit = {.tv_sec = patience};
	setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit); /* connect waits for it */
	if (connect(connection, (struct sockaddr *)&to, sizeof to) != 0) {
		complain(path, errno);
		return 0;
	}
	struct request hello = {.name = "simHello", .count = 1, .arguments = {PROTOCOL_VERSION}};
	uint64_t ignored;
	if (exchange(&hello, &ignored) != 0) {
		complain("the server refuses this library", 0);
		return 0;
	}
	return 1;
}

/* forward makes a call and returns its CUresult. */
static int forward(const char *name, unsigned count, const uint64_t *arguments, uint64_t *value)
{
	static _Thread_local uint64_t thread;
	static uint64_t threads;
	struct request q = {.count = count};
	strncpy(q.name, name, sizeof q.name - 1);
	memcpy(q.arguments, arguments, 8 * count);

	pthread_mutex_lock(&lock);
	if (thread == 0)
		thread = ++threads;
	q.thread = thread;
	int result = -1;
	if (!gone && (connection >= 0 || open_connection()))
		result = exchange(&q, value);
	if (result < 0 && !gone) {
		gone = 1;
		if (connection >= 0)
			close(connection);
	}
	pthread_mutex_unlock(&lock);
	return result < 0 ? CUDA_ERROR_UNKNOWN : result;
}
