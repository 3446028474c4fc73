"""The models that every peer runs: seeded weights, ReLU between the layers, softmax or sigmoid last."""

from dataclasses import dataclass, field

import numpy as np

from options import MOST_ROWS

NAMES = [
    "2-2-1",
    "4-5-3",
    "12288-1",
    "64-64-64-8",
    "784-256-10",
    "784-512-256-10",
    "1024-1024-1024-1024-10",
]
SEED = 20


@dataclass
class Model:
    name: str
    widths: list[int]
    layers: list[tuple[np.ndarray, np.ndarray]] = field(repr=False)  # weights [inputs, outputs] and bias, float32
    rows: np.ndarray = field(repr=False)  # [MOST_ROWS, inputs] float32

    @property
    def inputs(self):
        return self.widths[0]

    @property
    def outputs(self):
        return self.widths[-1]

    @property
    def last(self):
        """The activation of the last layer."""
        return "sigmoid" if self.outputs == 1 else "softmax"

    @property
    def multiplications(self):
        """Multiplications, or as many additions, of one row."""
        return sum(w.size for w, _ in self.layers)

    def answers(self, rows):
        """What the model answers, computed in float64."""
        h = rows.astype(np.float64)
        for weights, bias in self.layers[:-1]:
            h = np.maximum(h @ weights.astype(np.float64) + bias, 0)
        weights, bias = self.layers[-1]
        z = h @ weights.astype(np.float64) + bias
        if self.last == "sigmoid":
            return 1 / (1 + np.exp(-z))
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)


def model(name):
    """Build the model of that name, such as 784-256-10: the same one in every run.

    The variance of the weights keeps the values of every layer near those of the inputs, so that
    outputs lie well within (0, 1) and a wrong sum shows in them.
    """
    widths = [int(w) for w in name.split("-")]
    random = np.random.default_rng([SEED, *widths])
    layers = []
    for k, n in zip(widths, widths[1:]):
        weights = random.normal(0, np.sqrt(2 / k), (k, n)).astype(np.float32)
        layers.append((weights, random.normal(0, 0.1, n).astype(np.float32)))
    rows = random.normal(0, 1, (MOST_ROWS, widths[0])).astype(np.float32)
    return Model(name, widths, layers, rows)
