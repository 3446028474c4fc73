"""Linear regression by least squares: the width of an iris's petal from its other measures.

Every file lands beside this script, and no byte changes when it runs again.
"""

from pathlib import Path

import numpy as np
from sklearn.datasets import load_iris

HERE = Path(__file__).resolve().parent


def main():
    iris = load_iris().data
    x, y = iris[:, :3], iris[:, 3]
    test = np.arange(len(x)) % 5 == 0  # 30 of 150, ten of each species

    # A column of ones makes the intercept a coefficient like the others.
    ones = np.ones((len(x), 1))
    solution, *_ = np.linalg.lstsq(np.hstack([x, ones])[~test], y[~test])
    coef, intercept = solution[:3], solution[3]
    predicted = x[test] @ coef + intercept

    (HERE / "model").mkdir(exist_ok=True)
    np.save(HERE / "model" / "coef.npy", coef)
    np.save(HERE / "model" / "intercept.npy", intercept)
    np.savez(HERE / "golden.npz", x=x[test], y=predicted)
    np.savetxt(HERE / "test.csv", iris[test], "%.1f", ",", comments="",
               header="sepal_length,sepal_width,petal_length,petal_width")

    error = predicted - y[test]
    print("coef", coef.round(4), "intercept", intercept.round(4))
    print("mean squared error", np.mean(error**2), "R2", 1 - np.sum(error**2) / np.sum((y[test] - y[test].mean()) ** 2))


if __name__ == "__main__":
    main()
