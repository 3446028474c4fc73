"""Train small models with an older scikit-learn and write the cases of this folder that are its own.

Which cases those are depends on the version that is installed; requirements-VERSION.txt name them:

    pip install -r requirements-1.2.txt && python make_old.py
"""

import warnings

import numpy as np
import sklearn
from sklearn import compose, decomposition, discriminant_analysis, feature_selection, linear_model, model_selection
from sklearn import neural_network, pipeline, preprocessing
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer

from case import blobs, documents, plane, protocol, write, write_words

NAMES = np.array(["ant", "bee", "cicada"])


def version_1_2():
    """joblib 1.2 with NumPy 1: alignment bytes, numpy.core, and multi_class still there."""
    x2, y2 = blobs(2)
    x3, y3 = blobs(3)
    logistic = linear_model.LogisticRegression
    rest = dict(layers="dense,sigmoid,normalize(l1)", kind="probabilities")
    write("logistic_ovr_1_2", "LogisticRegression, one-vs-rest", logistic(multi_class="ovr").fit(x3, NAMES[y3]), x3, labels="ant,bee,cicada", **rest)
    write("logistic_liblinear_1_2", "LogisticRegression, one-vs-rest by its solver", logistic(solver="liblinear").fit(x3, y3), x3, **rest)
    write("logistic_newton_cholesky_1_2", "LogisticRegression, one-vs-rest by its solver", logistic(solver="newton-cholesky").fit(x3, y3), x3, **rest)
    write("logistic_auto_1_2", "LogisticRegression, multinomial", logistic(max_iter=500).fit(x3, y3), x3, layers="dense,softmax")
    write("logistic_two_multinomial_1_2", "LogisticRegression, two classes by softmax", logistic(multi_class="multinomial").fit(x2, y2), x2,
          layers="dense,sigmoid", kind="probabilities", labels="0,1")
    write("logistic_cv_1_2", "LogisticRegressionCV", linear_model.LogisticRegressionCV(Cs=3, cv=3, multi_class="ovr").fit(x3, y3), x3, **rest)
    scaled = preprocessing.StandardScaler().fit_transform(x3)
    write("mlp_1_2", ["MLPClassifier, several classes", "numpy.core of NumPy 1"],
          neural_network.MLPClassifier(hidden_layer_sizes=(5,), max_iter=30, random_state=0).fit(scaled, NAMES[y3]), scaled, layers="dense,relu,dense,softmax")
    model = pipeline.make_pipeline(compose.ColumnTransformer([("kind", preprocessing.OneHotEncoder(drop="first", sparse_output=False), [0]),
                                                              ("scale", preprocessing.StandardScaler(), [1, 2])], remainder="passthrough"), logistic())
    kinds = np.column_stack([y3 * 2.0, x3[:, :2], x3[:, 2]])
    write("pickle_5_numpy_1", "pickle, protocol 5 with NumPy 1", logistic().fit(x2, y2), x2, save=protocol(5), file="model.pkl", layers="dense,sigmoid")
    write("columns_1_2", "ColumnTransformer, indices", model.fit(kinds, y2), kinds, layers="columns,dense,sigmoid")
    texts, topics = documents(90)
    model = pipeline.make_pipeline(TfidfVectorizer(), logistic(C=10)).fit(texts, topics)
    write_words("words_tfidf_1_2", ["TfidfVectorizer", "weights of words in a sparse matrix"], model, model[0], texts,
                layers="multiply,normalize(l2),dense,softmax", labels="family,offer,work")


def version_1_0():
    """joblib before 1.2: no alignment bytes. SGD still calls its loss log."""
    x, y = blobs(3)
    scaler = preprocessing.StandardScaler()
    write("sgd_log_1_0", ["SGDClassifier, log_loss", "joblib before 1.2, without alignment"],
          pipeline.make_pipeline(scaler, linear_model.SGDClassifier(loss="log", random_state=0)).fit(x, y), x,
          layers="subtract,divide,dense,sigmoid,normalize(l1)")
    grid = model_selection.GridSearchCV(pipeline.make_pipeline(scaler, linear_model.LogisticRegression()), {"logisticregression__C": [0.5, 1]}, cv=2).fit(x, y)
    grid.cv_results_, grid.refit_time_ = {}, 0.0
    write("grid_search_1_0", "GridSearchCV", grid, x, layers="subtract,divide,dense,softmax")
    xr, yr = plane()
    write("ridge_1_0", "Ridge", linear_model.Ridge().fit(xr, yr), xr, layers="dense", kind="value")
    steps = pipeline.make_pipeline(preprocessing.MinMaxScaler(clip=True), preprocessing.PolynomialFeatures(2, include_bias=False),
                                   feature_selection.SelectKBest(k=5), decomposition.PCA(3, whiten=True), linear_model.RidgeClassifier())
    write("pipeline_1_0", ["Pipeline", "SelectKBest", "PCA"], steps.fit(x, y), x, kind="decision")


def version_0_24():
    """joblib 0.17. Columns by names leave a pandas index in the file."""
    import pandas as pd

    x, y = blobs(2)
    frame = pd.DataFrame(x, columns=list("abcd"))
    model = pipeline.make_pipeline(compose.ColumnTransformer([("scale", preprocessing.StandardScaler(), ["c", "a"])], remainder="passthrough"),
                                   linear_model.LogisticRegression()).fit(frame, y)
    write("columns_names_0_24", "ColumnTransformer, names", model, x, y=model.predict_proba(frame)[:, 1:], features="a,b,c,d", layers="columns,dense,sigmoid")
    index = pipeline.make_pipeline(compose.ColumnTransformer([("scale", preprocessing.StandardScaler(), frame.columns[1:3])]),
                                   linear_model.LogisticRegression()).fit(frame, y)
    write("columns_index_0_24", ["ColumnTransformer, an index of pandas", "ColumnTransformer, remainder dropped"], index, x,
          y=index.predict_proba(frame)[:, 1:], features="a,b,c,d", layers="select(1,2),subtract,divide,dense,sigmoid")
    steps = pipeline.make_pipeline(preprocessing.Normalizer("max"), preprocessing.PolynomialFeatures(2), linear_model.Lasso(alpha=0.01))
    write("polynomial_0_24", "PolynomialFeatures", steps.fit(x, y), x, layers="normalize(max),polynomial(2),dense")


def version_0_20():
    """Modules with older names, and scikit-learn's own copy of joblib."""
    from sklearn.externals import joblib

    def save(model, path):
        joblib.dump(model, path, compress=3)

    x2, y2 = blobs(2)
    x3, y3 = blobs(3)
    old = "modules of scikit-learn before 0.22"
    write("logistic_0_20", [old, "LogisticRegression, one-vs-rest", "scikit-learn's own joblib"],
          pipeline.make_pipeline(preprocessing.StandardScaler(), linear_model.LogisticRegression()).fit(x3, NAMES[y3]), x3, save=save,
          layers="subtract,divide,dense,sigmoid,normalize(l1)", labels="ant,bee,cicada")
    write("lda_0_20", ["LinearDiscriminantAnalysis", old], discriminant_analysis.LinearDiscriminantAnalysis().fit(x3, y3), x3, save=save,
          layers="dense,sigmoid,normalize(l1)")
    write("mlp_0_20", ["MLPClassifier, two classes", old], neural_network.MLPClassifier(hidden_layer_sizes=(4,), solver="lbfgs", random_state=0).fit(x2, y2), x2,
          save=save, layers="dense,relu,dense,sigmoid")
    one_hot = compose.ColumnTransformer([("kind", preprocessing.OneHotEncoder(categories="auto", handle_unknown="ignore"), [0]),
                                         ("rest", preprocessing.RobustScaler(), [1, 2])])
    kinds = np.column_stack([y3 * 2.0, x3[:, :2]])
    write("columns_0_20", ["ColumnTransformer, indices", "OneHotEncoder, handle_unknown=ignore", old],
          pipeline.make_pipeline(one_hot, linear_model.Ridge()).fit(kinds, x3[:, 2]), kinds, save=save, layers="columns,dense", kind="value")
    write("normalizer_max_0_20", "Normalizer, max before 0.23", pipeline.make_pipeline(preprocessing.Normalizer("max"), linear_model.Ridge()).fit(x2, y2),
          save=save, refused="0.23")
    texts, topics = documents(90)
    model = pipeline.make_pipeline(CountVectorizer(), TfidfTransformer(), linear_model.LogisticRegression()).fit(texts, topics)
    write_words("words_transformer_0_20", ["TfidfTransformer", "weights of words in a sparse matrix", old], model, model.steps[0][1], texts, save=save,
                layers="multiply,normalize(l2),dense,sigmoid,normalize(l1)", labels="family,offer,work")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    globals()["version_" + "_".join(sklearn.__version__.split(".")[:2])]()
