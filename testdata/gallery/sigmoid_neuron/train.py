"""Fit a sigmoid neuron to two points by gradient descent, once as the textbook has it and once right.

Every file lands beside this script, and no byte changes when it runs again.
"""

from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
X = np.array([0.5, 2.5])
Y = np.array([0.2, 0.9])
RATE = 1.0


def neuron(w, b, x):
    """The convention of this textbook: b is subtracted."""
    return 1 / (1 + np.exp(-(w * x) + b))


def descend(epochs, sign_of_b):
    """Gradient descent on half the squared error, from w = 0, b = -8.

    df/dw is f(1-f)x. Since b is subtracted, df/db is -f(1-f): sign_of_b is -1. With +1, which is
    right where b is added, every step moves b away from the answer.
    """
    w, b = 0.0, -8.0
    for _ in range(epochs):
        f = neuron(w, b, X)
        slope = (f - Y) * f * (1 - f)
        w -= RATE * np.sum(slope * X)
        b -= RATE * np.sum(slope) * sign_of_b
    return w, b


def main():
    grid = np.unique(np.concatenate([np.linspace(-5, 5, 21), X]))
    for name, epochs, sign_of_b in (("textbook", 1_000, +1), ("corrected", 10_000, -1)):
        w, b = descend(epochs, sign_of_b)
        # A dense layer adds its bias, so that b becomes -b.
        np.savez(HERE / f"{name}.npz", W=[[w]], b=[-b])
        np.savez(HERE / f"{name}_golden.npz", x=grid[:, None], y=neuron(w, b, grid)[:, None])
        print(f"{name}: w = {w:.6f}, b = {b:.6f}, f = {neuron(w, b, X).round(6)}")


if __name__ == "__main__":
    main()
