"""The perceptron 4-5-3 for iris with its activation left out: two dense layers that are one.

Every file lands beside this script, and no byte changes when it runs again: the initial weights are seeded.
"""

from pathlib import Path

import numpy as np
from sklearn.datasets import load_iris

HERE = Path(__file__).resolve().parent
FEATURES = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
SEED = 0
RATE = 0.1
EPOCHS = 3_000


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def train(x, y):
    """Gradient descent on the mean categorical cross-entropy; y holds a one for each row's class."""
    random = np.random.default_rng(SEED)
    w1, b1 = random.normal(size=(4, 5)) / 2, np.zeros(5)
    w2, b2 = random.normal(size=(5, 3)) / 2, np.zeros(3)
    for _ in range(EPOCHS):
        h = x @ w1 + b1
        out = (softmax(h @ w2 + b2) - y) / len(y)
        hidden = out @ w2.T
        w2 -= RATE * h.T @ out
        b2 -= RATE * out.sum(axis=0)
        w1 -= RATE * x.T @ hidden
        b1 -= RATE * hidden.sum(axis=0)
    return w1, b1, w2, b2


def main():
    iris = load_iris()
    x, label = iris.data, iris.target
    one_hot = np.eye(3)[label]
    test = np.arange(len(x)) % 5 == 0  # 30 of 150, ten of each species
    mean, std = x[~test].mean(axis=0), x[~test].std(axis=0)
    w1, b1, w2, b2 = train((x[~test] - mean) / std, one_hot[~test])
    p = softmax(((x[test] - mean) / std @ w1 + b1) @ w2 + b2)

    # The same function with one layer.
    single = softmax((x[test] - mean) / std @ (w1 @ w2) + (b1 @ w2 + b2))
    assert np.allclose(p, single, rtol=0, atol=1e-13)

    np.savez(HERE / "model.npz", W1=w1, b1=b1, W2=w2, b2=b2, mean=mean, std=std,
             classes=iris.target_names, features=FEATURES)
    np.savez(HERE / "golden.npz", x=x[test], y=p)
    np.savetxt(HERE / "test.csv", np.column_stack([x[test], iris.target_names[label[test]]]), "%s", ",", comments="",
               header=",".join([*FEATURES, "species"]))
    loss = -np.mean(np.sum(one_hot[test] * np.log(p), axis=1))
    print("accuracy", np.mean(p.argmax(axis=1) == label[test]), "cross-entropy", loss)


if __name__ == "__main__":
    main()
