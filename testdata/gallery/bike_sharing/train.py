"""Fit the riders of an hour to its date and weather: a scikit-learn pipeline with one hidden layer of sigmoids.

The table is Bikeshare.csv of the Python package ISLP, which pip fetches here without installing anything:
8645 hours of the year 2011 in Washington, D.C. Writes model.joblib, held_back.csv and golden.npz.
"""

import csv
import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import joblib
import numpy as np
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from threadpoolctl import threadpool_limits

HERE = Path(__file__).resolve().parent
SEED = 0
HELD_BACK_DAYS = 20

# A kind is one-hot encoded, a quantity standardised. Words of the table become numbers, as in the original data.
KINDS = ["season", "mnth", "hr", "weekday", "weathersit"]
FLAGS = ["holiday"]
QUANTITIES = ["temp", "hum", "windspeed"]
FEATURES = KINDS + FLAGS + QUANTITIES
WORDS = {
    "mnth": ["Jan", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"],
    "weathersit": ["clear", "cloudy/misty", "light rain/snow", "heavy rain/snow"],
}


def download():
    """The rows of the table, as dictionaries of text."""
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, "ISLP==0.6.0"]
        subprocess.run(pip, check=True)
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            text = archive.read("ISLP/data/Bikeshare.csv").decode("ascii")
    return list(csv.DictReader(io.StringIO(text)))


def number(row, column):
    return WORDS[column].index(row[column]) + 1 if column in WORDS else float(row[column])


def load():
    rows = download()
    x = np.array([[number(row, column) for column in FEATURES] for row in rows])
    riders = np.array([float(row["bikers"]) for row in rows])
    day = np.array([int(row["day"]) for row in rows])
    return x, riders, day


def pipeline():
    columns = ColumnTransformer(
        [
            ("kinds", OneHotEncoder(sparse_output=False), [FEATURES.index(name) for name in KINDS]),
            ("flags", "passthrough", [FEATURES.index(name) for name in FLAGS]),
            ("quantities", StandardScaler(), [FEATURES.index(name) for name in QUANTITIES]),
        ]
    )
    network = MLPRegressor(hidden_layer_sizes=(20,), activation="logistic", max_iter=1000, random_state=SEED)
    return TransformedTargetRegressor(make_pipeline(columns, network), transformer=StandardScaler())


def main():
    x, riders, day = load()
    # Whole days are held back, drawn by lot: an hour is much like the one before it, and must not be judged by it.
    held_back = np.isin(day, np.random.default_rng(SEED).choice(np.unique(day), HELD_BACK_DAYS, replace=False))
    model = pipeline().fit(x[~held_back], riders[~held_back])

    x_test, y_test = x[held_back], riders[held_back]
    predicted = model.predict(x_test)
    print(f"{len(y_test)} hours held back: mean squared error {mean_squared_error(y_test, predicted):.2f}, ", end="")
    print(f"mean absolute error {mean_absolute_error(y_test, predicted):.4f}, R² {r2_score(y_test, predicted):.6f}")

    joblib.dump(model, HERE / "model.joblib", compress=3)
    np.savez(HERE / "golden.npz", x=x_test[::10], y=model.predict(x_test[::10]))
    with open(HERE / "held_back.csv", "w", encoding="ascii", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*FEATURES, "riders"])
        writer.writerows([f"{value:g}" for value in row] for row in np.column_stack([x_test, y_test]))


if __name__ == "__main__":
    with threadpool_limits(limits=1):
        main()
