"""Train two classifiers of handwritten digits and write what edge-infer is tested with.

Every file lands beside this script. Run it twice on one machine and no byte changes:
every random choice is seeded, and the linear algebra runs on one thread.
"""

import json
import warnings
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, confusion_matrix, log_loss
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

HERE = Path(__file__).resolve().parent
SEED = 0
HELD_BACK = 360


def train(classifier, x, labels):
    """Fit StandardScaler and then the classifier, as one pipeline.

    A pixel that has one value in every training row gets scale_ 1, not 0, so
    that dividing by it is always defined.
    """
    return make_pipeline(StandardScaler(), classifier).fit(x, labels)


def mlp_arrays(pipeline):
    """The 64-32-10 perceptron: softmax(relu((x-mean)/std @ W1 + b1) @ W2 + b2)."""
    scaler, mlp = (step for _, step in pipeline.steps)
    (w1, w2), (b1, b2) = mlp.coefs_, mlp.intercepts_
    return {"W1": w1, "b1": b1, "W2": w2, "b2": b2, "mean": scaler.mean_, "std": scaler.scale_}


def softmax_arrays(pipeline):
    """Softmax regression: softmax((x-mean)/std @ W + b), with W turned to (features, classes)."""
    scaler, regression = (step for _, step in pipeline.steps)
    return {"W": regression.coef_.T, "b": regression.intercept_, "mean": scaler.mean_, "std": scaler.scale_}


def evaluate(pipeline, x, labels):
    """Scikit-learn's own verdict; confusion_matrix rows are true labels, columns predictions."""
    predicted = pipeline.predict(x)
    return {
        "rows": len(labels),
        "accuracy": accuracy_score(labels, predicted),
        "log_loss": log_loss(labels, pipeline.predict_proba(x), labels=pipeline.classes_),
        "confusion_matrix": confusion_matrix(labels, predicted, labels=pipeline.classes_).tolist(),
    }


def write_npz(name, arrays):
    """Uncompressed and in C order: the bytes depend neither on zlib nor on how an array came to be."""
    np.savez(HERE / name, **{key: np.ascontiguousarray(array) for key, array in arrays.items()})


def write_lines(name, lines):
    with open(HERE / name, "w", encoding="ascii", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)


def main():
    # Not converged is not trained: scikit-learn only warns, and this script stops.
    warnings.simplefilter("error")

    digits = load_digits()
    x_train, x_test, labels_train, labels_test = train_test_split(
        digits.data, digits.target, test_size=HELD_BACK, stratify=digits.target, random_state=SEED
    )

    # The regression has a single optimum. The default tolerance stops short of it; this one reaches it,
    # so that the weights hardly depend on the path the solver took.
    regression = LogisticRegression(tol=1e-8, max_iter=10_000)
    mlp = MLPClassifier(hidden_layer_sizes=(32,), activation="relu", max_iter=2_000, random_state=SEED)

    expected = {}
    for name, classifier, arrays in (("mlp", mlp, mlp_arrays), ("softmax", regression, softmax_arrays)):
        pipeline = train(classifier, x_train, labels_train)
        write_npz(f"{name}.npz", arrays(pipeline))
        write_npz(f"{name}_golden.npz", {"x": x_test, "y": pipeline.predict_proba(x_test)})
        expected[name] = evaluate(pipeline, x_test, labels_test)
        print("{}: accuracy {accuracy:.4f}, log loss {log_loss:.4f} on {rows} rows".format(name, **expected[name]))

    rows = np.column_stack([x_test, labels_test]).astype(int)
    header = ",".join([*digits.feature_names, "label"])
    write_lines("test.csv", [header, *(",".join(map(str, row)) for row in rows)])
    write_lines("labels.txt", digits.target_names)
    write_lines("features.txt", digits.feature_names)
    write_lines("expected.json", [json.dumps(expected, indent=2)])


if __name__ == "__main__":
    with threadpool_limits(limits=1):
        main()
