"""Write what softmax makes of a few rows, computed in float64, beside this script."""

from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
ROWS = np.array([
    [1, 2, 3, 4, 1, 2, 3],  # the example
    [0, 0, 0, 0, 0, 0, 0],  # all alike: 1/7 each
    [1001, 1002, 1003, 1004, 1001, 1002, 1003],  # the example again: softmax does not see what is added to all
    [-90, -60, -30, 0, -90, -60, -30],  # from 1 down to what float32 hardly holds
], dtype=float)


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))  # the greatest is e^0 = 1, so that nothing overflows
    return e / e.sum(axis=1, keepdims=True)


def main():
    y = softmax(ROWS)
    np.savez(HERE / "golden.npz", x=ROWS, y=y)
    print(y[0].round(6))


if __name__ == "__main__":
    main()
