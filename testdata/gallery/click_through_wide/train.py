"""Fit the chance of a click to who saw which advertisement where and when: 100,000 columns, four of them 1 in a row.

The data are made here, drawn from a known law. Writes held_back.svmlight, rows to judge by; model.npz, the weights;
and golden.npz, one input in which every column has a part.
"""

from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
SEED = 0
FIELDS = {"visitor": 70_000, "page": 25_000, "advertisement": 4_976, "hour": 24}  # how many values each has
COLUMNS = sum(FIELDS.values())
TRAINING, HELD_BACK = 300_000, 500
EPOCHS = 3
RATE = 0.1


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def draw(rng):
    """The four columns of each row, and 1 where the advertisement was clicked.

    The n-th value of a field is about 1/n as frequent as the first, and adds to the log-odds of a click a number from
    a normal distribution. What is rare is learned badly, and many a value is never seen in training.
    """
    rows = TRAINING + HELD_BACK
    columns, first = [], 0
    for count in FIELDS.values():
        frequency = 1 / np.arange(1, count + 1)
        columns.append(first + rng.choice(count, size=rows, p=frequency / frequency.sum()))
        first += count
    columns = np.stack(columns, axis=1)
    law = rng.normal(size=COLUMNS)
    clicked = rng.random(rows) < sigmoid(law[columns].sum(axis=1) - 1.5)
    return columns, clicked.astype(int)


def descend(columns, clicked):
    """Stochastic gradient descent, a row at a time: a row moves its own four weights, and the bias."""
    w, b = np.zeros(COLUMNS), 0.0
    for _ in range(EPOCHS):
        for own, y in zip(columns, clicked):
            step = RATE * (sigmoid(w[own].sum() + b) - y)
            w[own] -= step
            b -= step
    # Three decimals are more than the data can tell, and compress to a fraction of the size.
    return np.round(w, 3).astype(np.float32), np.float32(b)


def write_svmlight(name, columns, clicked):
    """A row a line, `label index:1 index:1 …`, with indices from 1."""
    with open(HERE / name, "w", encoding="ascii", newline="\n") as file:
        for own, y in zip(columns, clicked):
            file.write(" ".join([str(y), *(f"{column + 1}:1" for column in own)]) + "\n")


def main():
    columns, clicked = draw(np.random.default_rng(SEED))
    train, test = slice(None, TRAINING), slice(TRAINING, None)
    w, b = descend(columns[train], clicked[train])
    p, y = sigmoid(w[columns[test]].sum(axis=1, dtype=float) + b), clicked[test]
    print(f"{np.count_nonzero(w)} of {COLUMNS} weights are not 0")
    print(f"accuracy {np.mean((p > 0.5) == y)}, cross-entropy {-np.mean(np.log(np.where(y, p, 1 - p))):.6f}")

    write_svmlight("held_back.svmlight", columns[test], y)
    np.savez_compressed(HERE / "model.npz", w=w, b=b[np.newaxis])
    # The mean of all training rows: every weight counts in it.
    x = (np.bincount(columns[train].ravel(), minlength=COLUMNS)[np.newaxis] / TRAINING).astype(np.float32)
    np.savez_compressed(HERE / "golden.npz", x=x, y=sigmoid(x.astype(float) @ w + b)[:, np.newaxis])


if __name__ == "__main__":
    main()
