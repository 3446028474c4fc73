"""Multilayer perceptrons 4-5-3 for iris, with four activations in the hidden layer, by backpropagation.

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


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


# An activation and its derivative, both of z and the slope a below zero, which only prelu has.
ACTIVATIONS = {
    "relu": (lambda z, a: np.maximum(z, 0), lambda z, a: np.where(z > 0, 1, 0)),
    "sigmoid": (lambda z, a: sigmoid(z), lambda z, a: sigmoid(z) * (1 - sigmoid(z))),
    "tanh": (lambda z, a: np.tanh(z), lambda z, a: 1 - np.tanh(z) ** 2),
    "prelu": (lambda z, a: np.where(z > 0, z, a * z), lambda z, a: np.where(z > 0, 1, a)),
}


def forward(net, activation, x):
    z = x @ net["W1"] + net["b1"]
    h = activation(z, net.get("a"))
    return z, h, softmax(h @ net["W2"] + net["b2"])


def gradients(net, activation, derivative, x, y):
    """Of the mean categorical cross-entropy, by each parameter; y holds a one for each row's class."""
    z, h, p = forward(net, activation, x)
    out = (p - y) / len(y)
    back = out @ net["W2"].T
    hidden = back * derivative(z, net.get("a"))
    found = {"W1": x.T @ hidden, "b1": hidden.sum(axis=0), "W2": h.T @ out, "b2": out.sum(axis=0)}
    if "a" in net:  # the slopes are trained too
        found["a"] = np.sum(back * np.minimum(z, 0), axis=0)
    return found


def train(name, x, y):
    activation, derivative = ACTIVATIONS[name]
    random = np.random.default_rng(SEED)
    net = {"W1": random.normal(size=(4, 5)) / 2, "b1": np.zeros(5), "W2": random.normal(size=(5, 3)) / 2, "b2": np.zeros(3)}
    if name == "prelu":
        net["a"] = np.full(5, 0.25)
    for _ in range(EPOCHS):
        for key, gradient in gradients(net, activation, derivative, x, y).items():
            net[key] -= RATE * gradient
    return net


def main():
    iris = load_iris()
    x, label = iris.data, iris.target
    one_hot = np.eye(3)[label]
    test = np.arange(len(x)) % 5 == 0  # 30 of 150, ten of each species
    mean, std = x[~test].mean(axis=0), x[~test].std(axis=0)
    for name, (activation, _) in ACTIVATIONS.items():
        net = train(name, (x[~test] - mean) / std, one_hot[~test])
        *_, p = forward(net, activation, (x[test] - mean) / std)
        np.savez(HERE / f"{name}.npz", **net, mean=mean, std=std, classes=iris.target_names, features=FEATURES)
        np.savez(HERE / f"{name}_golden.npz", x=x[test], y=p)
        loss = -np.mean(np.sum(one_hot[test] * np.log(p), axis=1))
        print(f"{name}: accuracy {np.mean(p.argmax(axis=1) == label[test]):.6f}, cross-entropy {loss:.6f}", net.get("a"))
    np.savetxt(HERE / "test.csv", np.column_stack([x[test], iris.target_names[label[test]]]), "%s", ",", comments="",
               header=",".join([*FEATURES, "species"]))


if __name__ == "__main__":
    main()
