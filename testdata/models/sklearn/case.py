"""What the two scripts share: the data, and how a case is written.

A case is a folder with the trained file, twelve rows x.npy, scikit-learn's own answers y.npy, and
case.txt. Rows are float32, so that what differs is the model's rounding and not the rows'.
"""

import pickle
from pathlib import Path

import numpy as np
import sklearn
from sklearn.feature_extraction import text

try:
    import joblib
except ImportError:  # scikit-learn before 0.21 has a copy of its own
    from sklearn.externals import joblib

HERE = Path(__file__).resolve().parent
MADE_BY = "scikit-learn " + sklearn.__version__
ROWS = 12


def blobs(classes, features=4, seed=0, rows=150):
    """Overlapping clouds of points, one a class, whose columns have different scales."""
    rng = np.random.RandomState(seed)
    y = rng.randint(classes, size=rows)
    x = rng.normal(size=(classes, features))[y] * 2 + rng.normal(size=(rows, features))
    x = x * (1 + 3 * np.arange(features)) + np.arange(features)
    return x.astype(np.float32).astype(np.float64), y


def plane(outputs=1, features=4, seed=0, rows=150):
    """A slightly bent plane with noise, for regression."""
    rng = np.random.RandomState(seed)
    x = rng.normal(size=(rows, features)) * (1 + np.arange(features)) + 5
    y = x.dot(rng.normal(size=(features, outputs))) + np.sin(x[:, :1]) + rng.normal(size=(rows, outputs)) / 10
    return x.astype(np.float32).astype(np.float64), y[:, 0] if outputs == 1 else y


TOPICS = {
    "family": "dinner café garden school children weekend Zoë naïve",
    "offer": "free money winner click prize Größe 100 credit_card",
    "work": "meeting report budget Monday office deadline 2024 e-mail",
}
ANYWHERE = "I a the you we today and for x it's Ελλάδα 7"


def documents(count, seed=0):
    """Short texts and their topics, with accents, digits, apostrophes, capitals and single letters.

    The first two have no word of a topic in them.
    """
    rng = np.random.RandomState(seed)
    names = sorted(TOPICS)
    texts, topics = ["", "Nothing: of that kind..."], ["family", "work"]
    while len(texts) < count:
        topic = names[rng.randint(len(names))]
        pool = (TOPICS[topic] + " " + TOPICS[topic] + " " + ANYWHERE + " " + " ".join(TOPICS.values())).split()
        words = [pool[rng.randint(len(pool))] for _ in range(rng.randint(3, 14))]
        words = [[w, w, w.upper(), w + ",", "(" + w + ")", w + "!"][rng.randint(6)] for w in words]
        texts.append(" ".join(words))
        topics.append(topic)
    return texts, np.array(topics)


def answers(model, x):
    """The most that a model says of a row: probabilities, else decisions, else values.

    Of two classes one column is enough, that of the second.
    """
    if hasattr(model, "predict_proba"):
        y = model.predict_proba(x)
        return y[:, 1:] if y.shape[1] == 2 else y
    if hasattr(model, "decision_function"):
        y = model.decision_function(x)
    else:
        y = model.predict(x)
    return y if y.ndim == 2 else y[:, None]


def write_words(name, shows, model, vectorizer, texts, y=None, **expected):
    """Write the case of a model of texts. Its rows are how often each word of the vectorizer is in a text."""
    texts = texts[:ROWS]
    counts = text.CountVectorizer(vocabulary=vectorizer.vocabulary_).transform(texts).toarray()
    y = answers(model, texts) if y is None else y
    vectorizer._stop_words_id = 0  # an address, which differs from run to run
    write(name, shows, model, counts, y=y, texts=texts, kind="probabilities", **expected)


def write(name, shows, model, x=None, y=None, save=None, file="model.joblib", beside=None, texts=None, **expected):
    """Write one case. Without x it is one that has to be refused.

    save(model, path) writes the trained file, beside is a dict of further files, texts are what the
    rows were counted in, and expected are the other lines of case.txt.
    """
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    (save or joblib.dump)(model, str(folder / file))
    for other, value in (beside or {}).items():
        joblib.dump(value, str(folder / other))
    if texts is not None:
        (folder / "texts.txt").write_text("\n".join(texts) + "\n", encoding="utf-8")
    if x is not None:
        x = np.asarray(x)[:ROWS]
        if y is None:
            y = answers(model, x)
        np.save(str(folder / "x.npy"), x.astype(np.float32))
        np.save(str(folder / "y.npy"), np.ascontiguousarray(y[:ROWS], dtype=np.float64))
    lines = ["file: " + file, "made by: " + MADE_BY]
    lines += ["shows: " + item for item in ([shows] if isinstance(shows, str) else shows)]
    lines += ["{}: {}".format(key, value) for key, value in sorted(expected.items())]
    (folder / "case.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def protocol(number):
    """A plain pickle of that protocol."""

    def save(model, path):
        with open(path, "wb") as f:
            pickle.dump(model, f, protocol=number)

    return save
