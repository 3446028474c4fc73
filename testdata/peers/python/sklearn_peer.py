"""scikit-learn's predict_proba, without its checks for NaN and of parameters."""

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import LabelBinarizer


def regression(weights, bias):
    model = LogisticRegression()
    model.coef_, model.intercept_ = np.ascontiguousarray(weights.T), bias
    return model


def perceptron(weights, biases):
    model = MLPClassifier(hidden_layer_sizes=[len(b) for b in biases[:-1]], activation="relu")
    model.coefs_, model.intercepts_ = weights, biases
    model.n_layers_ = len(weights) + 1
    model.n_outputs_ = len(biases[-1])
    model.out_activation_ = "logistic" if model.n_outputs_ == 1 else "softmax"
    return model


def load(job):
    sklearn.set_config(assume_finite=True, skip_parameter_validation=True)
    arrays = np.load(job.model)
    count = len(arrays) // 2
    weights = [arrays[f"W{i}"] for i in range(1, count + 1)]
    biases = [arrays[f"b{i}"] for i in range(1, count + 1)]
    model = regression(weights[0], biases[0]) if count == 1 else perceptron(weights, biases)
    model.classes_ = np.arange(max(job.outputs, 2))
    model.n_features_in_ = job.x.shape[1]
    if count > 1:
        model._label_binarizer = LabelBinarizer().fit(model.classes_)

    def call():
        return model.predict_proba(job.x)

    # With two classes the first column is 1 - p.
    return call, lambda: call()[:, -job.outputs :], sklearn.__version__
