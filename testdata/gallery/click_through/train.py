"""Fit the chance that an advertisement is clicked to three yes-or-no features, by gradient descent.

The data are made here, drawn from a known law, so that what was learned can be held against it.
Writes impressions.csv, the data; model/, the weights; and table.csv, the float64 answer for each kind of visitor.
"""

import csv
from itertools import product
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
SEED = 0
FEATURES = ["searched", "returning", "mobile"]
LAW = np.array([2.5, 1.0, -0.5]), -2.0  # the weights and the bias behind the data
IMPRESSIONS = 500
EPOCHS = 5000
RATE = 0.5


def probability(x, w, b):
    """Of a click, for each row of x."""
    return 1 / (1 + np.exp(-(x @ w + b)))


def draw(rng):
    x = rng.integers(0, 2, size=(IMPRESSIONS, len(FEATURES)))
    clicked = (rng.random(IMPRESSIONS) < probability(x, *LAW)).astype(int)
    return x, clicked


def descend(x, clicked):
    """Gradient descent over all rows at once, on the mean cross-entropy, from zero."""
    w, b = np.zeros(len(FEATURES)), 0.0
    for _ in range(EPOCHS):
        error = (probability(x, w, b) - clicked) / len(x)
        w -= RATE * error @ x
        b -= RATE * error.sum()
    return w, b


def write_csv(name, header, rows):
    with open(HERE / name, "w", encoding="ascii", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main():
    x, clicked = draw(np.random.default_rng(SEED))
    w, b = descend(x, clicked)
    p = probability(x, w, b)
    print("w =", w.round(4), "b =", b.round(4))
    print(f"accuracy {np.mean((p > 0.5) == clicked)}, cross-entropy {-np.mean(np.log(np.where(clicked, p, 1 - p))):.6f}")

    outcome = np.where(clicked, "clicked", "skipped")
    write_csv("impressions.csv", [*FEATURES, "outcome"], ([*row, word] for row, word in zip(x, outcome)))
    kinds = np.array(list(product((0, 1), repeat=len(FEATURES))))
    write_csv("table.csv", [*FEATURES, "probability_clicked"], ([*row, probability(row, w, b)] for row in kinds))
    (HERE / "model").mkdir(exist_ok=True)
    np.save(HERE / "model" / "w.npy", w)
    np.save(HERE / "model" / "b.npy", np.array([b]))


if __name__ == "__main__":
    main()
