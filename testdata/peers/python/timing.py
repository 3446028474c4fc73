"""The timing loop of the Python peers, which follows edge-infer bench (and c/serve.h) step by step."""

import gc
from itertools import repeat
from time import perf_counter_ns

LEAST_SAMPLE = 10_000  # ns
MOST_SAMPLES = 1 << 20


def elapsed(call, calls):
    start = perf_counter_ns()
    for _ in repeat(None, calls):
        call()
    return perf_counter_ns() - start


def warm_up(call, duration):
    """Return the nanoseconds of a call towards the end of a warm-up of so many nanoseconds."""
    start, calls = perf_counter_ns(), 1
    while True:
        took = elapsed(call, calls)
        if perf_counter_ns() - start >= duration:
            return took / calls
        calls *= 2


def measure(call, duration):
    """Return the nanoseconds of a call, from samples that are each the mean of some calls."""
    gc.disable()  # as timeit does: a collection belongs to no call
    calls = int(LEAST_SAMPLE / max(warm_up(call, duration / 5), 1)) + 1
    samples = []
    end = perf_counter_ns() + duration
    while len(samples) < MOST_SAMPLES and perf_counter_ns() <= end:
        samples.append(elapsed(call, calls) / calls)
    gc.enable()
    samples.sort()
    return {
        "median": samples[(len(samples) - 1) // 2],
        "min": samples[0],
        "samples": len(samples),
        "calls": calls,
    }


def nothing():
    """Cost what calling a Python function costs."""
