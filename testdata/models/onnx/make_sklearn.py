"""Cases that skl2onnx writes: linear models and perceptrons on ai.onnx.ml, with their preprocessing."""

import warnings

import numpy as np
import onnx
import pandas as pd
import skl2onnx
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_iris
from sklearn.decomposition import PCA
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Perceptron, Ridge, RidgeClassifier, SGDClassifier
from sklearn.multiclass import OneVsRestClassifier
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (Binarizer, MaxAbsScaler, MinMaxScaler, Normalizer, OneHotEncoder, PolynomialFeatures,
                                   RobustScaler, StandardScaler)
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType

import case

MADE_BY = f"skl2onnx {skl2onnx.__version__}"
X, Y = load_iris(return_X_y=True)
X = X.astype(np.float32)
WORDS = np.array(["setosa", "versicolor", "virginica"])[Y]
MIDDLE = (Y == 1).astype(int)
ROWS = np.linspace(0, len(X) - 1, 12).astype(int)
INTEGERS, TEXTS = "0,1,2", "setosa,versicolor,virginica"


def fitted(model, labels, x=X):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(x, labels)


def export(model, **options):
    return to_onnx(model, X[:1], options={id(model): options} if options else None)


def probabilities(name, model, target, shows, *, zipmap=True, **keys):
    model = fitted(model, target)
    keys.setdefault("kind", "probabilities")
    keys.setdefault("labels", INTEGERS)
    case.write(name, export(model) if zipmap else export(model, zipmap=False), X[ROWS], shows, MADE_BY, **keys)


def classifiers():
    probabilities("logistic", LogisticRegression(max_iter=500), Y, ["LinearClassifier", "ZipMap", "Normalizer"],
                  layers="dense,softmax,normalize(l1)")
    probabilities("logistic_words", LogisticRegression(max_iter=500), WORDS, ["labels that are texts"],
                  labels=TEXTS, layers="dense,softmax,normalize(l1)")
    probabilities("logistic_binary", LogisticRegression(), MIDDLE, ["a binary classifier"], column=1, labels="0,1",
                  layers="dense,sigmoid")
    probabilities("logistic_no_zipmap", make_pipeline(StandardScaler(), LogisticRegression()), WORDS, ["Scaler", "without ZipMap"],
                  zipmap=False, labels=TEXTS, layers="subtract,multiply,dense,softmax,normalize(l1)")
    probabilities("one_vs_rest", OneVsRestClassifier(LogisticRegression()), Y, ["one-vs-rest"],
                  layers="dense,sigmoid,normalize(l1)")
    probabilities("mlp", make_pipeline(StandardScaler(), MLPClassifier((6, 5), max_iter=200, random_state=0)), WORDS,
                  ["MatMul and Add", "ArrayFeatureExtractor", "a label beside the probabilities", "Identity", "Cast"],
                  labels=TEXTS, layers="subtract,multiply,dense,relu,dense,relu,dense,softmax")
    probabilities("mlp_binary", MLPClassifier((5,), max_iter=200, random_state=0, activation="tanh"), MIDDLE,
                  ["1 − p beside p"], column=1, labels="0,1", layers="dense,tanh,dense,sigmoid")
    probabilities("scalers", make_pipeline(MinMaxScaler(clip=True), Normalizer("l2"), MaxAbsScaler(), RobustScaler(), LogisticRegression()),
                  Y, ["Normalizer", "Clip by inputs"],
                  layers="multiply,add,clip(0,1),normalize(l2),subtract,multiply,subtract,multiply,dense,softmax,normalize(l1)")
    probabilities("polynomial", make_pipeline(PolynomialFeatures(2), MinMaxScaler(), LogisticRegression()), Y, ["PolynomialFeatures"])
    probabilities("sgd_log", make_pipeline(StandardScaler(), SGDClassifier(loss="log_loss", random_state=0)), Y, ["1/(1 + exp(−x))"],
                  layers="subtract,multiply,dense,sigmoid,normalize(l1)")
    probabilities("sgd_log_binary", make_pipeline(StandardScaler(), SGDClassifier(loss="log_loss", random_state=0)), MIDDLE,
                  ["1 − p beside p"], column=1, labels="0,1")
    probabilities("columns", make_pipeline(
        ColumnTransformer([("a", StandardScaler(), [2, 0]), ("b", MinMaxScaler(), [1])], remainder="passthrough"),
        LogisticRegression()), Y, ["ColumnTransformer"], layers="columns,dense,softmax,normalize(l1)")
    double = fitted(make_pipeline(StandardScaler(), LogisticRegression()), Y, X.astype(np.float64))
    case.write("logistic_float64", to_onnx(double, X[:1].astype(np.float64), options={"zipmap": False}), X[ROWS].astype(np.float64),
               ["float64", "Sub and Div by constants"], MADE_BY, kind="probabilities", labels=INTEGERS,
               layers="subtract,divide,dense,softmax")


def decisions():
    keys = dict(kind="decision")
    probabilities("svc", LinearSVC(), Y, ["decisions"], layers="dense", **keys)
    probabilities("svc_binary", LinearSVC(), MIDDLE, ["decisions", "a binary classifier", "ArrayFeatureExtractor"], labels="0,1",
                  layers="dense", **keys)
    probabilities("ridge_classifier", RidgeClassifier(), WORDS, ["decisions"], labels=TEXTS, **keys)
    probabilities("perceptron", Perceptron(), Y, ["decisions"], **keys)
    probabilities("sgd_hinge_binary", SGDClassifier(random_state=0), MIDDLE, ["decisions"], labels="0,1", column=1, **keys)
    raw = fitted(LogisticRegression(), MIDDLE)
    case.write("raw_scores", export(raw, raw_scores=True, zipmap=False), X[ROWS], ["decisions"], MADE_BY, column=1, labels="0,1", **keys)


def regressors():
    keys = dict(kind="value")
    for name, model, target, shows in [
        ("linear", LinearRegression(), X[:, :2] @ np.float32([[1, 2], [3, -1]]), ["LinearRegressor"]),
        ("ridge", make_pipeline(StandardScaler(), Ridge()), X[:, 3], ["LinearRegressor"]),
        ("binarizer", make_pipeline(Binarizer(threshold=1.5), Ridge()), Y, ["Binarizer"]),
        ("pca", make_pipeline(StandardScaler(), PCA(2), Ridge()), X[:, 3], ["MatMul and Add"]),
        ("mlp_regressor", MLPRegressor(hidden_layer_sizes=(5,), max_iter=200, random_state=0, activation="logistic"), X[:, 0], ["Reshape"]),
    ]:
        probabilities(name, model, target, shows, labels="", **keys)
    whole = fitted(make_pipeline(StandardScaler(), LinearRegression()), X[:, :2])
    case.write("integers", to_onnx(whole, X[:1].astype(np.int64)), np.round(X[ROWS]), ["inputs of integers"], MADE_BY, **keys)


def frames():
    """Pipelines on data frames: an input for each column."""
    frame = pd.DataFrame(np.round(X), columns=["sepal_length", "sepal_width", "petal_length", "petal_width"])
    types = [(c, FloatTensorType([None, 1])) for c in frame.columns]
    model = make_pipeline(
        ColumnTransformer([("n", StandardScaler(), ["sepal_length", "petal_length"]),
                           ("c", OneHotEncoder(handle_unknown="ignore"), ["petal_width", "sepal_width"])]),
        LogisticRegression())
    fitted(model, WORDS, frame)
    keys = dict(kind="probabilities", labels=TEXTS, features=",".join(frame.columns))
    case.write("frame", skl2onnx.convert_sklearn(model, "frame", initial_types=types, options={"zipmap": False}),
               np.round(X[ROWS]), ["an input for each column", "OneHotEncoder"], MADE_BY, **keys)
    one_hot = fitted(make_pipeline(OneHotEncoder(handle_unknown="ignore"), Ridge()), Y, np.round(X))
    case.write("one_hot", to_onnx(one_hot, X[:1]), np.round(X[ROWS]), ["OneHotEncoder"], MADE_BY, kind="value", layers="columns,dense")


def refusals():
    probabilities("refused_imputer", make_pipeline(SimpleImputer(), Ridge()), Y, ["refused: Imputer"], refused="Imputer", kind="value", labels="")
    probabilities("refused_tree", DecisionTreeClassifier(max_depth=2), Y, ["refused: trees"], refused="TreeEnsembleClassifier", kind="value", labels="")


if __name__ == "__main__":
    classifiers()
    decisions()
    regressors()
    frames()
    refusals()
