"""NumPy, with every result written into memory that is there already."""

import numpy as np
from threadpoolctl import threadpool_info


def sigmoid(y):
    np.negative(y, out=y)
    np.exp(y, out=y)
    np.add(y, 1, out=y)
    np.reciprocal(y, out=y)


def softmax(y):
    np.subtract(y, y.max(axis=1, keepdims=True), out=y)
    np.exp(y, out=y)
    np.divide(y, y.sum(axis=1, keepdims=True), out=y)


def load(job):
    arrays = np.load(job.model)
    layers = []
    for i in range(1, len(arrays) // 2 + 1):
        weights, bias = arrays[f"W{i}"], arrays[f"b{i}"]
        layers.append((weights, bias, np.empty((len(job.x), len(bias)), np.float32)))
    hidden, (last, last_bias, y) = layers[:-1], layers[-1]
    activation = sigmoid if job.outputs == 1 else softmax

    def call():
        h = job.x
        for weights, bias, out in hidden:
            np.matmul(h, weights, out=out)
            np.add(out, bias, out=out)
            np.maximum(out, 0, out=out)
            h = out
        np.matmul(h, last, out=y)
        np.add(y, last_bias, out=y)
        activation(y)

    blas = ", ".join(f"{b['internal_api']} {b['version']} for {b.get('architecture')}" for b in threadpool_info())
    return call, lambda: y, f"{np.__version__} ({blas})"
