"""Logistic regression by gradient descent: is an iris versicolor or virginica?

Every file lands beside this script, and no byte changes when it runs again.
"""

from pathlib import Path

import numpy as np
from sklearn.datasets import load_iris

HERE = Path(__file__).resolve().parent
RATE = 0.5
EPOCHS = 2_000


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def train(x, y):
    """Gradient descent on the mean binary cross-entropy, whose derivative by w·x + b is p - y."""
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(EPOCHS):
        p = sigmoid(x @ w + b)
        w -= RATE * x.T @ (p - y) / len(y)
        b -= RATE * np.mean(p - y)
    return w, b


def main():
    iris = load_iris()
    two = iris.target > 0  # setosa is left out: it is told apart at a glance
    x, y = iris.data[two], iris.target[two] - 1
    test = np.arange(len(x)) % 5 == 0  # 20 of 100, ten of each species
    mean, std = x[~test].mean(axis=0), x[~test].std(axis=0)
    w, b = train((x[~test] - mean) / std, y[~test])
    p = sigmoid((x[test] - mean) / std @ w + b)

    np.savez(HERE / "model.npz", w=w, b=b, mean=mean, std=std)
    np.savez(HERE / "golden.npz", x=x[test], y=p)
    species = iris.target_names[1:][y[test]]
    np.savetxt(HERE / "test.csv", np.column_stack([x[test], species]), "%s", ",", comments="",
               header="sepal_length,sepal_width,petal_length,petal_width,species")

    loss = -np.mean(np.where(y[test] == 1, np.log(p), np.log(1 - p)))
    print("accuracy", np.mean((p > 0.5) == y[test]), "cross-entropy", loss)


if __name__ == "__main__":
    main()
