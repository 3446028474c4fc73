"""Write a network of two layers that textbooks work through by hand, and what it answers.

Nothing is trained here. Every file lands beside this script, and no byte changes when it runs again.
"""

from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
SEED = 0

W1 = np.array([[0.5, -0.6], [0.1, -0.2], [0.1, 0.7]])
W2 = np.array([[0.1], [-0.3]])
X = np.array([0.5, 0.1, -0.2])


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def main():
    # The row of the book, and some more for the golden vectors.
    x = np.vstack([X, np.random.default_rng(SEED).normal(size=(31, 3)).round(3)])
    hidden = sigmoid(x @ W1)
    output = sigmoid(hidden @ W2)
    np.savez(HERE / "net.npz", W1=W1, W2=W2)
    np.savez(HERE / "hidden_golden.npz", x=x, y=hidden)
    np.savez(HERE / "net_golden.npz", x=x, y=output)
    print("hidden", hidden[0].round(6), "output", output[0].round(6))


if __name__ == "__main__":
    main()
