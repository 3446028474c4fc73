"""Learn by gradient descent to tell squares of a cat's photograph from squares of other photographs.

Writes photos.h5, the pictures as h5py keeps them, and model.npz, a weight for each of 12288 pixel values and a bias.
"""

from pathlib import Path

import h5py
import numpy as np
from skimage import data

HERE = Path(__file__).resolve().parent
SEED = 0
SIDE = 64  # pixels of a square, each way
EPOCHS = 2000
RATE = 0.0005


def squares(photograph, count, rng):
    """`count` squares of 64x64x3, drawn from a grid in the middle of a photograph: no two share a pixel."""
    rows, columns = (pixels // SIDE for pixels in photograph.shape[:2])
    top, left = ((pixels % SIDE) // 2 for pixels in photograph.shape[:2])
    grid = [
        photograph[y : y + SIDE, x : x + SIDE]
        for y in range(top, top + rows * SIDE, SIDE)
        for x in range(left, left + columns * SIDE, SIDE)
    ]
    return [grid[i] for i in rng.permutation(len(grid))[:count]]


def alternate(cats, others):
    """A cat, another, a cat, another; labels are 1 for a cat."""
    x = np.array([square for pair in zip(cats, others, strict=True) for square in pair])
    return x, np.array([1, 0] * len(cats))


def draw(rng):
    """12 squares of a cat and 12 others to train with, and 6 and 6 to judge by."""
    cats = squares(data.chelsea()[:, :384], 18, rng)  # right of that is background
    coffee, rocket, astronaut = (squares(photo(), 6, rng) for photo in (data.coffee, data.rocket, data.astronaut))
    train = alternate(cats[:12], coffee[:4] + rocket[:4] + astronaut[:4])
    test = alternate(cats[12:], coffee[4:] + rocket[4:] + astronaut[4:])
    return train, test


def probability(x, w, b):
    """Of a cat: x (m, 64, 64, 3) with pixels from 0 to 255, w (12288, 1), b (1), result (m, 1)."""
    z = x.reshape(len(x), -1) / 255 @ w + b
    return 1 / (1 + np.exp(-z))


def descend(x, labels):
    """Gradient descent over all squares at once, on the mean cross-entropy."""
    pixels, y = x.reshape(len(x), -1) / 255, labels.reshape(-1, 1)
    w, b = np.zeros((pixels.shape[1], 1)), np.zeros(1)
    for epoch in range(EPOCHS):
        p = probability(x, w, b)
        if epoch % 500 == 0:
            print(f"epoch {epoch}: cross-entropy {-np.mean(np.log(np.where(y == 1, p, 1 - p))):.4f}")
        error = (p - y) / len(y)
        w -= RATE * pixels.T @ error
        b -= RATE * error.sum()
    return w, b


def main():
    (x_train, y_train), (x_test, y_test) = draw(np.random.default_rng(SEED))
    w, b = descend(x_train, y_train)
    for name, x, y in (("training", x_train, y_train), ("test", x_test, y_test)):
        right = (probability(x, w, b)[:, 0] > 0.5) == y
        print(f"{name}: {right.sum()} of {len(y)} squares are told right")

    np.savez(HERE / "model.npz", w=w, b=b)
    with h5py.File(HERE / "photos.h5", "w") as file:
        for name, x in (("train_set_x", x_train), ("test_set_x", x_test)):
            file.create_dataset(name, data=x, chunks=(1, SIDE, SIDE, 3), compression="gzip")
        file["train_set_y"] = y_train
        file["test_set_y"] = y_test
        file["test_set_p"] = probability(x_test, w, b)
        file["list_classes"] = np.array([b"non-cat", b"cat"])


if __name__ == "__main__":
    main()
