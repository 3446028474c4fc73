"""Train small models with a current scikit-learn and write the cases of this folder.

    pip install -r requirements.txt && python make.py

Every random choice is seeded and the linear algebra runs on one thread, so that one machine writes
the same bytes each time. make_old.py writes the cases of older versions.
"""

import bz2
import datetime
import gzip
import lzma
import os
import pickle
import warnings

import joblib
import numpy as np
import pandas as pd
import scipy.stats
from sklearn import calibration, compose, decomposition, discriminant_analysis, ensemble, feature_extraction
from sklearn import feature_selection, impute, linear_model, model_selection, multiclass, multioutput, naive_bayes
from sklearn import neighbors, neural_network, pipeline, preprocessing, svm
from threadpoolctl import threadpool_limits

from case import answers, blobs, documents, plane, protocol, write, write_words

NAMES = ["ant", "bee", "cicada"]


def mlp(kind, **options):
    """A small perceptron; lbfgs keeps the file small, since it leaves no optimizer in it."""
    options = dict(dict(hidden_layer_sizes=(6,), solver="lbfgs", max_iter=60, random_state=0), **options)
    return kind(**options)


def classifiers():
    x2, y2 = blobs(2)
    x3, y3 = blobs(3)
    names = np.array(NAMES)
    logistic = linear_model.LogisticRegression

    write("logistic_binary", ["LogisticRegression, two classes", "classes: integers"], logistic().fit(x2, y2), x2,
          layers="dense,sigmoid", kind="probabilities", labels="0,1")
    write("logistic_multinomial", ["LogisticRegression, multinomial", "LogisticRegression without multi_class", "classes: text"],
          logistic(max_iter=500).fit(x3, names[y3]), x3, layers="dense,softmax", kind="probabilities", labels="ant,bee,cicada")
    write("logistic_bool", "classes: booleans", logistic().fit(x2, y2 == 1), x2, labels="False,True")
    write("logistic_float", "classes: floats", logistic().fit(x2, y2 + 1.0), x2, labels="1,2")
    write("logistic_objects", "classes: an array of objects", logistic().fit(x2, names[y2].astype(object)), x2, labels="ant,bee")
    write("logistic_float32", "weights of float32", logistic().fit(x2.astype(np.float32), y2), x2, layers="dense,sigmoid")
    write("logistic_no_intercept", "no intercept", logistic(fit_intercept=False).fit(x2, y2), x2, layers="dense,sigmoid")
    write("logistic_cv", "LogisticRegressionCV", linear_model.LogisticRegressionCV(
        Cs=3, cv=3, use_legacy_attributes=False, scoring="neg_log_loss", l1_ratios=(0,), max_iter=500).fit(x3, y3), x3,
        layers="dense,softmax")
    write("logistic_sparse", "sparse coefficients", logistic().fit(x2, y2).sparsify(), refused="densify")
    write("one_vs_rest", "OneVsRestClassifier", multiclass.OneVsRestClassifier(logistic(solver="liblinear")).fit(x3, names[y3]), x3,
          layers="dense,sigmoid,normalize(l1)", kind="probabilities", labels="ant,bee,cicada")
    write("one_vs_rest_svm", "OneVsRestClassifier", multiclass.OneVsRestClassifier(svm.LinearSVC(random_state=0)).fit(x3, y3), x3,
          layers="dense", kind="decision")

    scaled = preprocessing.StandardScaler().fit_transform(x3)
    write("mlp_binary", ["MLPClassifier, two classes", "out_activation_"], mlp(neural_network.MLPClassifier).fit(x2, names[y2]), x2,
          layers="dense,relu,dense,sigmoid", kind="probabilities", labels="ant,bee")
    write("mlp_multiclass", ["MLPClassifier, several classes", "an optimizer and a random state in the file"],
          mlp(neural_network.MLPClassifier, solver="adam", max_iter=30, hidden_layer_sizes=(6, 5), activation="tanh").fit(scaled, y3), scaled,
          layers="dense,tanh,dense,tanh,dense,softmax", kind="probabilities", labels="0,1,2")
    labels = np.stack([y3 == 0, y3 != 1], axis=1).astype(int)
    write("mlp_multilabel", "MLPClassifier, multilabel", mlp(neural_network.MLPClassifier).fit(x3, labels), x3,
          y=mlp(neural_network.MLPClassifier).fit(x3, labels).predict_proba(x3), layers="dense,relu,dense,sigmoid", kind="value")
    write("mlp_early_stopping", "MLPClassifier, several classes", mlp(neural_network.MLPClassifier, solver="sgd", early_stopping=True,
          hidden_layer_sizes=5, activation="logistic", max_iter=20).fit(scaled, y3), scaled, layers="dense,sigmoid,dense,softmax")

    decision = dict(kind="decision")
    write("perceptron", "Perceptron", linear_model.Perceptron(random_state=0).fit(x2, names[y2]), x2, labels="ant,bee", layers="dense", **decision)
    write("perceptron_multi", "Perceptron", linear_model.Perceptron(random_state=0).fit(x3, y3), x3, labels="0,1,2", **decision)
    write("passive_aggressive", "PassiveAggressiveClassifier", linear_model.PassiveAggressiveClassifier(random_state=0).fit(x3, y3), x3, layers="dense", **decision)
    sgd = linear_model.SGDClassifier
    write("sgd_hinge", ["SGDClassifier, hinge", "Cython loss object"], sgd(random_state=0).fit(x2, y2), x2, layers="dense", **decision)
    write("sgd_log_binary", "SGDClassifier, log_loss", sgd(loss="log_loss", random_state=0).fit(scaled, y3 == 1), scaled,
          layers="dense,sigmoid", kind="probabilities", labels="False,True")
    write("sgd_log_multi", "SGDClassifier, log_loss", sgd(loss="log_loss", random_state=0, average=True).fit(scaled, y3), scaled,
          layers="dense,sigmoid,normalize(l1)", kind="probabilities")
    huber = sgd(loss="modified_huber", random_state=0).fit(scaled, y3)
    write("sgd_modified_huber", "SGDClassifier, modified_huber", huber, scaled, y=huber.decision_function(scaled), layers="dense", **decision)
    write("linear_svc", "LinearSVC", svm.LinearSVC(random_state=0).fit(x2, y2), x2, layers="dense", labels="0,1", **decision)
    write("linear_svc_multi", "LinearSVC", svm.LinearSVC(random_state=0, fit_intercept=False).fit(x3, names[y3]), x3, labels="ant,bee,cicada", **decision)
    write("ridge_classifier", "RidgeClassifier", linear_model.RidgeClassifier().fit(x2, names[y2]), x2, layers="dense", labels="ant,bee", **decision)
    write("ridge_classifier_multi", "RidgeClassifier", linear_model.RidgeClassifierCV().fit(x3, y3), x3, labels="0,1,2", **decision)
    project = pipeline.make_pipeline(discriminant_analysis.LinearDiscriminantAnalysis(n_components=1), logistic()).fit(x3, y3)
    write("lda_transform", "LinearDiscriminantAnalysis", project, x3, layers="subtract,dense,dense,softmax")
    write("lda_binary", "LinearDiscriminantAnalysis", discriminant_analysis.LinearDiscriminantAnalysis().fit(x2, y2), x2,
          layers="dense,sigmoid", kind="probabilities")
    write("lda_multi", "LinearDiscriminantAnalysis", discriminant_analysis.LinearDiscriminantAnalysis().fit(x3, y3), x3,
          layers="dense,softmax", kind="probabilities")


def regressors():
    x, y = plane()
    xm, ym = plane(outputs=2)
    value = dict(kind="value")
    one = {
        "linear_regression": ("LinearRegression", linear_model.LinearRegression()),
        "ridge": ("Ridge", linear_model.Ridge()),
        "lasso": ("Lasso", linear_model.Lasso(alpha=0.5)),
        "elastic_net": ("ElasticNet", linear_model.ElasticNet(alpha=0.1)),
        "lasso_cv": ("Lasso", linear_model.LassoCV(cv=3, alphas=5)),
        "bayesian_ridge": ("other linear regressors", linear_model.BayesianRidge()),
        "huber": ("other linear regressors", linear_model.HuberRegressor(max_iter=1000)),
        "ransac": ("other linear regressors", linear_model.RANSACRegressor(random_state=0)),
        "linear_svr": ("LinearSVR", svm.LinearSVR(random_state=0, max_iter=20000)),
        "sgd_regressor": ("SGDRegressor", pipeline.make_pipeline(preprocessing.StandardScaler(), linear_model.SGDRegressor(random_state=0))),
        "passive_aggressive_regressor": ("PassiveAggressiveRegressor", linear_model.PassiveAggressiveRegressor(random_state=0)),
        "no_intercept": ("no intercept", linear_model.Ridge(fit_intercept=False)),
    }
    for name, (item, model) in one.items():
        shows = [item] + (["coef of one dimension, scalar intercept"] if name in ("linear_regression", "ridge") else [])
        write(name, shows, model.fit(x, y), x, **value)
    write("linear_multi_output", ["LinearRegression, several outputs", "several outputs"], linear_model.LinearRegression().fit(xm, ym), xm, layers="dense", **value)
    write("lasso_multi_output", ["Lasso", "several outputs"], linear_model.MultiTaskLasso(alpha=0.1).fit(xm, ym), xm, layers="dense", **value)

    write("multi_output", ["other linear regressors", "several outputs"], multioutput.MultiOutputRegressor(linear_model.Ridge()).fit(xm, ym), xm, layers="dense", **value)

    scaled = preprocessing.StandardScaler().fit_transform(x)
    write("poisson", "other linear regressors", linear_model.PoissonRegressor().fit(scaled, np.abs(y) / 10), scaled, layers="dense,exp", **value)
    regressor = neural_network.MLPRegressor
    for function, word in {"relu": "relu", "tanh": "tanh", "logistic": "sigmoid", "identity": ""}.items():
        layers = "dense,{},dense".format(word) if word else "dense,dense"
        write("mlp_regressor_" + function, "MLPRegressor, " + function, mlp(regressor, activation=function).fit(scaled, y), scaled, layers=layers, **value)
    write("mlp_regressor_multi", ["several outputs", "MLPRegressor, relu"], mlp(regressor).fit(scaled, ym), scaled, layers="dense,relu,dense", **value)
    write("mlp_regressor_poisson", "out_activation_", mlp(regressor, loss="poisson", solver="adam").fit(scaled, np.abs(y)), scaled, layers="dense,relu,dense,exp", **value)

    target = compose.TransformedTargetRegressor(linear_model.Ridge(), transformer=preprocessing.StandardScaler()).fit(x, y)
    write("target_scaled", "TransformedTargetRegressor", target, x, layers="dense,multiply,add", **value)
    ranged = compose.TransformedTargetRegressor(pipeline.make_pipeline(preprocessing.RobustScaler(), linear_model.Ridge()),
                                                transformer=preprocessing.MinMaxScaler()).fit(x, y)
    write("target_range", "TransformedTargetRegressor", ranged, x, layers="subtract,divide,dense,subtract,divide", **value)
    logarithm = compose.TransformedTargetRegressor(linear_model.Ridge(), func=np.log1p, inverse_func=np.expm1).fit(x, np.abs(y))
    write("target_function", "TransformedTargetRegressor", logarithm, refused="TransformedTargetRegressor")


def scalers():
    x2, y2 = blobs(2)
    wide = x2 * 1.5 + 1  # beyond what was fitted, so that clipping shows
    steps = {
        "standard": ("StandardScaler", preprocessing.StandardScaler(), "subtract,divide"),
        "standard_no_mean": ("StandardScaler, with_mean=False", preprocessing.StandardScaler(with_mean=False), "divide"),
        "standard_no_std": ("StandardScaler, with_std=False", preprocessing.StandardScaler(with_std=False), "subtract"),
        "minmax": ("MinMaxScaler", preprocessing.MinMaxScaler(), "multiply,add"),
        "minmax_clip": ("MinMaxScaler, clip", preprocessing.MinMaxScaler(feature_range=(-1, 2), clip=True), "multiply,add,clip(-1,2)"),
        "robust": ("RobustScaler", preprocessing.RobustScaler(), "subtract,divide"),
        "robust_no_centre": ("RobustScaler", preprocessing.RobustScaler(with_centering=False, quantile_range=(10, 90)), "divide"),
        "maxabs": ("MaxAbsScaler", preprocessing.MaxAbsScaler(), "divide"),
        "normalizer_l1": ("Normalizer", preprocessing.Normalizer("l1"), "normalize(l1)"),
        "normalizer_l2": ("Normalizer", preprocessing.Normalizer(), "normalize(l2)"),
        "normalizer_max": ("Normalizer", preprocessing.Normalizer("max"), "normalize(max)"),
        "binarizer": ("Binarizer", preprocessing.Binarizer(threshold=1.5), "threshold(>1.5)"),
        "identity_function": ("FunctionTransformer", preprocessing.FunctionTransformer(), ""),
    }
    for name, (item, step, layers) in steps.items():
        model = pipeline.make_pipeline(step, linear_model.LogisticRegression()).fit(x2, y2)
        write(name, item, model, wide, layers=(layers + "," if layers else "") + "dense,sigmoid")

    inner = pipeline.Pipeline([("scale", preprocessing.StandardScaler()), ("same", "passthrough"), ("norm", preprocessing.Normalizer())])
    nested = pipeline.Pipeline([("prepare", inner), ("none", None), ("model", linear_model.LogisticRegression())]).fit(x2, y2)
    write("pipeline_nested", ["Pipeline, nested", "Pipeline, passthrough"], nested, wide, layers="subtract,divide,normalize(l2),dense,sigmoid")
    memory = pipeline.make_pipeline(preprocessing.StandardScaler(), mlp(neural_network.MLPClassifier), verbose=False).fit(x2, y2)
    write("pipeline_mlp", "Pipeline", memory, wide, layers="subtract,divide,dense,relu,dense,sigmoid")


def features():
    x, y = plane(features=3)
    linear = linear_model.LinearRegression()

    def after(name, item, step, layers, rows=x, target=y):
        write(name, item, pipeline.make_pipeline(step, linear).fit(rows, target), rows, layers=layers + ",dense", kind="value")

    after("polynomial", "PolynomialFeatures", preprocessing.PolynomialFeatures(2), "polynomial(2)")
    after("polynomial_interaction", "PolynomialFeatures", preprocessing.PolynomialFeatures(3, interaction_only=True, include_bias=False),
          "polynomial(3,interaction_only,no_bias)")
    after("polynomial_range", "PolynomialFeatures, degrees from and to", preprocessing.PolynomialFeatures((2, 2)), "polynomial(2),select(0,4,5,6,7,8,9)")
    after("pca", "PCA", decomposition.PCA(2), "subtract,dense")
    after("pca_whiten", "PCA", decomposition.PCA(2, whiten=True), "subtract,dense,divide")
    after("incremental_pca", "PCA", decomposition.IncrementalPCA(2), "subtract,dense")
    after("truncated_svd", "TruncatedSVD", decomposition.TruncatedSVD(2, random_state=0), "dense")
    after("select_k_best", "SelectKBest", feature_selection.SelectKBest(feature_selection.f_regression, k=2), "select(1,2)")
    after("select_percentile", "other feature selections", feature_selection.SelectPercentile(feature_selection.f_regression, percentile=40), "select(1)")
    after("select_rfe", "other feature selections", feature_selection.RFE(linear_model.Ridge(), n_features_to_select=2), "select(0,1)")
    after("select_fpr", "other feature selections", feature_selection.SelectFpr(feature_selection.f_regression, alpha=1e-5), "select(1,2)")
    after("select_sequential", "other feature selections", feature_selection.SequentialFeatureSelector(linear_model.Ridge(), n_features_to_select=1, cv=2), "select(1)")
    write("rfe_model", "other feature selections", feature_selection.RFE(linear_model.Ridge(), n_features_to_select=2).fit(x, y), x, layers="select(0,1),dense")
    constant = np.column_stack([x, np.full(len(x), 3.0)])
    after("variance_threshold", "VarianceThreshold", feature_selection.VarianceThreshold(), "select(0,1,2)", constant)

    rng = np.random.RandomState(1)
    categories = np.column_stack([rng.choice([1, 2, 5], 150), rng.choice([-0.5, 0.5], 150)]).astype(float)
    target = categories[:, 0] * 2 - categories[:, 1] + rng.normal(size=150) / 10
    unseen = categories.copy()
    unseen[0] = [3, 0.5]
    one_hot = preprocessing.OneHotEncoder
    after("one_hot", "OneHotEncoder", one_hot(), "columns", categories, target)
    after("one_hot_drop", "OneHotEncoder, drop", one_hot(drop="first"), "columns", categories, target)
    after("one_hot_if_binary", "OneHotEncoder, drop", one_hot(drop="if_binary", sparse_output=False), "columns", categories, target)
    model = pipeline.make_pipeline(one_hot(handle_unknown="ignore"), linear).fit(categories, target)
    write("one_hot_ignore", "OneHotEncoder, handle_unknown=ignore", model, unseen, layers="columns,dense")
    model = pipeline.make_pipeline(one_hot(), linear).fit(categories, target)
    write("one_hot_error", "OneHotEncoder, handle_unknown=error", model, unseen[:8],
          y=np.concatenate([[[np.nan]], model.predict(unseen[1:8])[:, None]]), layers="columns,dense")
    model = pipeline.make_pipeline(one_hot(), linear).fit(categories[:, :1], target)
    write("one_hot_single", "OneHotEncoder", model, categories[:, :1], layers="one_hot,dense")
    text = pipeline.make_pipeline(one_hot(), linear).fit(np.array(NAMES)[rng.randint(3, size=(20, 1))], target[:20])
    write("one_hot_text", "OneHotEncoder of text", text, refused="text")
    rare = pipeline.make_pipeline(one_hot(max_categories=2), linear).fit(categories, target)
    write("one_hot_infrequent", "OneHotEncoder, infrequent categories", rare, refused="infrequent")


def columns():
    rng = np.random.RandomState(2)
    frame = pd.DataFrame({
        "size": rng.normal(size=100) * 3 + 10,
        "kind": rng.choice([1.0, 2.0, 4.0], 100),
        "weight": rng.normal(size=100),
        "unused": rng.normal(size=100),
        "age": rng.randint(1, 9, size=100).astype(float),
    }).astype(np.float32).astype(np.float64)
    y = (frame["size"] + frame["kind"] * 2 + rng.normal(size=100) > 14).astype(int).to_numpy()
    x = frame.to_numpy()
    logistic = linear_model.LogisticRegression()

    def model(*transformers, **options):
        return pipeline.Pipeline([("columns", compose.ColumnTransformer(list(transformers), **options)), ("model", logistic)])

    scale = ("scale", preprocessing.StandardScaler(), ["size", "weight"])
    one_hot = ("kind", preprocessing.OneHotEncoder(handle_unknown="ignore"), ["kind"])
    named = model(scale, one_hot, ("age", "passthrough", ["age"])).fit(frame, y)
    write("columns_names", ["ColumnTransformer, names", "feature names", "ColumnTransformer, remainder dropped"], named, x,
          y=named.predict_proba(frame)[:, 1:], layers="columns,dense,sigmoid", features="size,kind,weight,unused,age")
    rest = model(("kind", preprocessing.OneHotEncoder(drop="first"), [1, 4]), ("scale", preprocessing.MinMaxScaler(clip=True), slice(2, 3)),
                 remainder="passthrough").fit(x, y)
    write("columns_indices", ["ColumnTransformer, indices", "ColumnTransformer, remainder passed through"], rest, x, layers="columns,dense,sigmoid")
    masked = model(("scale", preprocessing.RobustScaler(), np.array([True, False, True, False, False])), remainder=preprocessing.MaxAbsScaler(),
                   transformer_weights={"scale": 0.5}).fit(x, y)
    write("columns_mask", ["ColumnTransformer, mask and weights"], masked, x, layers="columns,dense,sigmoid")
    chosen = model(("keep", "passthrough", [3, 0])).fit(x, y)
    write("columns_select", "ColumnTransformer, passed through alone", chosen, x, layers="select(3,0),dense,sigmoid")
    prepared = pipeline.make_pipeline(preprocessing.StandardScaler(), preprocessing.PolynomialFeatures(2, include_bias=False))
    nested = model(("numbers", prepared, ["size", "age"]), ("kinds", pipeline.make_pipeline(preprocessing.OneHotEncoder()), compose.make_column_selector("kind"))).fit(frame, y)
    write("columns_nested", "ColumnTransformer, pipelines in it", nested, x, y=nested.predict_proba(frame)[:, 1:], layers="columns,dense,sigmoid")
    union = pipeline.make_pipeline(pipeline.make_union(decomposition.PCA(2), preprocessing.StandardScaler()), logistic).fit(x, y)
    write("feature_union", "FeatureUnion", union, x, layers="columns,dense,sigmoid")
    twice = pipeline.make_pipeline(compose.ColumnTransformer([
        ("inner", pipeline.make_pipeline(preprocessing.OneHotEncoder(), preprocessing.StandardScaler(with_mean=False)), [1])]), logistic).fit(x, y)
    write("columns_one_hot_scaled", "ColumnTransformer, pipelines in it", twice, x)
    text = frame.assign(colour=np.array(NAMES)[rng.randint(3, size=100)])
    dropped = model(scale, one_hot).fit(text, y)
    write("columns_unused", "ColumnTransformer, remainder dropped", dropped, np.column_stack([x, np.zeros(100)]),
          y=dropped.predict_proba(text)[:, 1:], features="size,kind,weight,unused,age,colour")
    table = frame[["size", "kind", "weight"]]
    index = model(("scale", preprocessing.StandardScaler(), table.columns[[2, 0]])).fit(table, y)
    beside = {"pipeline": index, "trained": datetime.datetime(2026, 1, 2), "accuracy": np.float64(0.9), "columns": table.columns}
    write("columns_index", ["ColumnTransformer, an index of pandas", "names of columns beside the model"], beside, x[:, :3],
          y=index.predict_proba(table)[:, 1:], layers="select(2,0),subtract,divide,dense,sigmoid", features="size,kind,weight")
    deep = pipeline.make_pipeline(compose.ColumnTransformer([("kinds", pipeline.make_pipeline(
        preprocessing.OneHotEncoder(), preprocessing.MaxAbsScaler()), [1, 4])]), logistic).fit(x, y)
    write("columns_split_twice", "ColumnTransformer, what cannot be flattened", deep, refused="follows a step that splits columns")


def wrappers():
    x, y = blobs(3)
    names = np.array(NAMES)
    steps = pipeline.Pipeline([("scale", preprocessing.StandardScaler()), ("model", linear_model.LogisticRegression())])
    def untimed(search):
        """Without what differs from run to run."""
        search.cv_results_ = {k: v for k, v in search.cv_results_.items() if "time" not in k}
        search.refit_time_ = 0.0
        return search

    grid = model_selection.GridSearchCV(steps, {"model__C": [0.1, 1.0]}, cv=2).fit(x, y)
    write("grid_search", "GridSearchCV", untimed(grid), x, layers="subtract,divide,dense,softmax")
    strengths = scipy.stats.uniform(0.1, 1)
    strengths.random_state = np.random.RandomState(0)
    random = model_selection.RandomizedSearchCV(steps, {"model__C": strengths}, n_iter=2, cv=2, random_state=0).fit(x, y)
    write("randomized_search", "RandomizedSearchCV", untimed(random), x, layers="subtract,divide,dense,softmax")
    unfitted = model_selection.GridSearchCV(steps, {"model__C": [0.1]}, cv=2, refit=False, error_score=0).fit(x, y)
    unfitted.cv_results_ = {}
    write("grid_search_no_refit", "GridSearchCV", unfitted, refused="refit")

    scaler = preprocessing.StandardScaler().fit(x)
    model = linear_model.LogisticRegression().fit(scaler.transform(x), y)
    scaled = model.predict_proba(scaler.transform(x))
    apart = dict(layers="subtract,divide,dense,softmax")
    write("scaler_apart", "a scaler in a file of its own", model, x, y=scaled, beside={"scaler.joblib": scaler}, flags="--scaler {dir}/scaler.joblib", **apart)
    chain = pipeline.make_pipeline(scaler, preprocessing.Normalizer()).fit(x)
    write("scaler_pipeline_apart", "a scaler in a file of its own", linear_model.LogisticRegression().fit(chain.transform(x), y), x,
          y=linear_model.LogisticRegression().fit(chain.transform(x), y).predict_proba(chain.transform(x)),
          beside={"scaler.joblib": chain}, flags="--scaler {dir}/scaler.joblib", layers="subtract,divide,normalize(l2),dense,softmax")
    write("dict", "a model and its scaler in a dict", {"model": model, "scaler": scaler, "accuracy": 0.9, "note": "first try"}, x, y=scaled, **apart)
    write("tuple", "a model and its scaler in a tuple", (scaler, model), x, y=scaled, **apart)
    encoder = preprocessing.LabelEncoder().fit(names)
    write("dict_labels", "a label encoder beside the model", {"model": model, "scaler": scaler, "label_encoder": encoder}, x, y=scaled,
          labels="ant,bee,cicada", **apart)
    write("dict_features", "names of columns beside the model", {"clf": model, "sc": scaler, "feature_names": list("abcd"), "classes": NAMES}, x, y=scaled,
          features="a,b,c,d", **apart)

    def one_after_the_other(objects, path):
        with open(path, "wb") as f:
            for o in objects:
                pickle.dump(o, f)

    write("two_pickles", "several pickles in one file", (scaler, model), x, y=scaled, save=one_after_the_other, file="model.pkl", **apart)
    write("dict_two_models", "an ambiguous dict", {"first": model, "second": linear_model.Ridge().fit(x, y)}, refused="first: LogisticRegression")
    write("dict_two_scalers", "an ambiguous dict", {"model": model, "a": scaler, "b": preprocessing.MaxAbsScaler().fit(x)}, refused="a: StandardScaler")
    write("scaler_alone", "a transformer where a model is needed", scaler, refused="--scaler")


def tokenize(words):
    """A function of one's own."""
    return words.split()


def words():
    """Texts, whose words are counted."""
    texts, topics = documents(90)
    x, asked = texts, topics == "offer"
    ham = np.where(asked, "spam", "ham")
    count, tfidf = feature_extraction.text.CountVectorizer, feature_extraction.text.TfidfVectorizer
    logistic = linear_model.LogisticRegression

    def pipe(*steps, y=topics):
        return pipeline.make_pipeline(*steps).fit(x, y)

    model = pipe(count(stop_words="english"), logistic(), y=ham)
    write_words("words_count", "CountVectorizer", model, model[0], x, layers="dense,sigmoid", labels="ham,spam", features=",".join(model[0].get_feature_names_out()))
    model = pipe(count(binary=True), logistic(), y=ham)
    write_words("words_binary", "CountVectorizer, binary", model, model[0], x, layers="threshold(>0),dense,sigmoid")
    model = pipe(count(max_features=20), feature_extraction.text.TfidfTransformer(norm="l1"), linear_model.SGDClassifier(loss="log_loss", random_state=0), y=asked)
    write_words("words_transformer", ["TfidfTransformer", "a vocabulary of NumPy's integers"], model, model[0], x, layers="multiply,normalize(l1),dense,sigmoid",
                labels="False,True")
    model = pipe(tfidf(), logistic(C=10))
    write_words("words_tfidf", "TfidfVectorizer", model, model[0], x, layers="multiply,normalize(l2),dense,softmax", labels="family,offer,work")
    model = pipe(tfidf(use_idf=False, min_df=2), feature_selection.SelectKBest(feature_selection.chi2, k=12), mlp(neural_network.MLPClassifier))
    kept = ",".join(str(i) for i in model[1].get_support(indices=True))
    write_words("words_no_idf", ["TfidfVectorizer, use_idf=False", "SelectKBest"], model, model[0], x, layers="normalize(l2),select({}),dense,relu,dense,softmax".format(kept))
    search = model_selection.GridSearchCV(pipeline.make_pipeline(tfidf(norm=None, dtype=np.float32), logistic()), {"logisticregression__C": [0.1, 1]}, cv=2)
    search.fit(x, topics).cv_results_ = {}  # times, which differ from run to run
    search.refit_time_ = 0
    write_words("words_no_norm", "TfidfVectorizer, norm=None", search, search.best_estimator_[0], x, layers="multiply,dense,softmax")
    given = ["winner", "New", "free", "ice cream", "x", "100", "money", "größe"]
    model = pipe(count(vocabulary=given, stop_words=["the", "and"], encoding="latin-1"), logistic(), y=ham)
    write_words("words_vocabulary", "a vocabulary that was given", model, model[0], x, layers="dense,sigmoid", features=",".join(given))
    vectorizer = tfidf(min_df=3).fit(x)
    model = logistic().fit(vectorizer.transform(x), topics)
    write_words("words_apart", "a vectorizer in a file of its own", model, vectorizer, x, y=model.predict_proba(vectorizer.transform(x[:12])),
                beside={"vectorizer.joblib": vectorizer}, flags="--scaler {dir}/vectorizer.joblib", layers="multiply,normalize(l2),dense,softmax")
    write_words("words_dict", "a vectorizer beside the model", {"vectorizer": vectorizer, "model": model}, vectorizer, x,
                y=model.predict_proba(vectorizer.transform(x[:12])), layers="multiply,normalize(l2),dense,softmax", labels="family,offer,work")

    refused = {
        "pairs": ("sequences of words", count(ngram_range=(1, 2)), "CountVectorizer: ngram_range"),
        "characters": ("sequences of characters", tfidf(analyzer="char_wb", ngram_range=(2, 2), max_features=20), 'TfidfVectorizer: analyzer="char_wb"'),
        "letters": ("a token_pattern of one's own", count(token_pattern=r"(?u)\b\w+\b"), "CountVectorizer: token_pattern"),
        "accents": ("strip_accents", count(strip_accents="unicode"), "CountVectorizer: strip_accents"),
        "capitals": ("lowercase=False", count(lowercase=False), "CountVectorizer: lowercase"),
        "function": ("a tokenizer of one's own", count(tokenizer=tokenize, token_pattern=None), "__main__.tokenize"),
        "logarithm": ("sublinear_tf", tfidf(sublinear_tf=True), "sublinear_tf: there is no layer"),
        "hashed": ("HashingVectorizer", feature_extraction.text.HashingVectorizer(n_features=16), "HashingVectorizer"),
    }
    for name, (item, vectorizer, error) in refused.items():
        model = pipe(vectorizer, logistic(), y=ham)
        model[0]._stop_words_id = 0
        write("words_" + name, item, model, refused=error)
    table = pd.DataFrame({"subject": x, "length": [float(len(t)) for t in x]})
    beside = compose.ColumnTransformer([("scale", preprocessing.StandardScaler(), ["length"]), ("subject", tfidf(), "subject")])
    model = pipeline.make_pipeline(beside, logistic()).fit(table, ham)
    beside.transformers_[1][1]._stop_words_id = 0
    write("words_columns", "a column of texts beside others", model, refused="subject: TfidfVectorizer")


def refused():
    x, y = blobs(2)
    target = plane()[1]
    logistic = linear_model.LogisticRegression()
    forest = dict(n_estimators=2, max_depth=2, random_state=0)
    models = {
        "forest": ("trees", ensemble.RandomForestClassifier(**forest), "RandomForestClassifier"),
        "boosting": ("trees", ensemble.HistGradientBoostingClassifier(max_iter=1, max_leaf_nodes=3, random_state=0), "HistGradientBoostingClassifier"),
        "svc": ("kernels", svm.SVC(), "SVC"),
        "neighbours": ("neighbours", neighbors.KNeighborsClassifier(), "KNeighborsClassifier"),
        "bayes": ("other models", naive_bayes.GaussianNB(), "GaussianNB"),
        "calibrated": ("CalibratedClassifierCV", calibration.CalibratedClassifierCV(svm.LinearSVC(random_state=0), cv=2), "CalibratedClassifierCV"),
        "imputer": ("SimpleImputer", pipeline.make_pipeline(impute.SimpleImputer(), logistic), "SimpleImputer"),
        "ordinal": ("OrdinalEncoder", pipeline.make_pipeline(preprocessing.OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), logistic), "OrdinalEncoder"),
        "function": ("FunctionTransformer of a function", pipeline.make_pipeline(preprocessing.FunctionTransformer(np.log1p), logistic), "FunctionTransformer"),
    }
    rows = np.round(np.abs(x[:24]))
    for name, (item, model, words) in models.items():
        write("refused_" + name, item, model.fit(rows, y[:24]), refused=words)

    class Command:
        """An object that runs a command when Python loads it."""

        def __reduce__(self):
            return os.system, ("true",)

    write("refused_command", "a pickle that runs a command", {"model": logistic.fit(x, y), "more": Command()}, save=protocol(4), file="model.pkl", refused="posix.system")
    write("refused_unfitted", "a model that is not trained", linear_model.Ridge(), refused="fit")


def files():
    """One model in every wrapping of joblib and in every protocol of pickle."""
    x, y = blobs(2)
    model = pipeline.make_pipeline(preprocessing.StandardScaler(), linear_model.LogisticRegression()).fit(x, y)
    expected = dict(layers="subtract,divide,dense,sigmoid", labels="0,1")
    for name in "zlib", "gzip", "bz2", "lz4", "xz", "lzma":
        write("joblib_" + name, "joblib, " + name, model, x, save=lambda m, path: joblib.dump(m, path, compress=(name, 3)), **expected)
    write("joblib_plain", "joblib, not compressed", model, x, **expected)
    for number in range(6):
        write("pickle_{}".format(number), "pickle, protocol {}".format(number), model, x, save=protocol(number), file="model.pkl", **expected)

    def compressed(m, path):
        with open(path, "wb") as f:
            with gzip.GzipFile(filename="", fileobj=f, mode="wb", mtime=0) as g:
                pickle.dump(m, g)

    write("pickle_gzip", "pickle, compressed", model, x, save=compressed, file="model.pkl.gz", **expected)
    for name, module in {"bz2": bz2, "xz": lzma}.items():
        def compressed(m, path):
            with module.open(path, "wb") as f:
                pickle.dump(m, f)
        write("pickle_" + name, "pickle, compressed", model, x, save=compressed, file="model.pkl." + name, **expected)
    turned = linear_model.LogisticRegression().fit(x, y)
    turned.coef_ = np.asfortranarray(np.vstack([turned.coef_, turned.coef_ * 2, -turned.coef_]))
    turned.intercept_ = np.array([9.0, turned.intercept_[0], 9.0, 0.5, 9.0, 1.5])[1::2]
    turned.classes_ = np.arange(3, dtype=">i2")
    write("arrays", ["array in Fortran order", "array of the other byte order", "strided array"], turned, x, layers="dense,softmax", labels="0,1,2")
    write("arrays_pickle", ["array in Fortran order", "array of the other byte order", "strided array"], turned, x, save=protocol(5), file="model.pkl", layers="dense,softmax")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    with threadpool_limits(1):
        for make in classifiers, regressors, scalers, features, columns, wrappers, words, refused, files:
            make()
