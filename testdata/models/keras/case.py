"""What make_2.py and make_3.py have in common: drawing weights, and writing a case."""

import os
import shutil

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
ROWS = 8


def draw(model, seed=0):
    """Gives every variable values of its own, as training would."""
    rng = np.random.default_rng(seed)
    for v in model.weights:
        name = v.name.split("/")[-1].split(":")[0]
        shape = tuple(v.shape)
        if "seed" in name or name in ("count", "seed_generator_state"):
            continue
        if name in ("moving_variance", "variance", "gamma"):
            values = rng.uniform(0.5, 2, shape)
        elif name == "alpha":
            values = rng.uniform(0.05, 0.5, shape)
        elif name == "kernel":
            values = rng.normal(size=shape) / np.sqrt(shape[0])
        else:
            values = rng.normal(size=shape) * 0.3
        v.assign(values)
    return model


def rows(*shape, seed=1, scale=1.5):
    return (np.random.default_rng(seed).normal(size=(ROWS, *shape)) * scale).astype("f4")


def pixels(*shape, seed=1):
    return np.random.default_rng(seed).integers(0, 256, (ROWS, *shape)).astype("f4")


def write(name, made_by, shows, save, *, x=None, y=None, file="model.keras", refused=None, **keys):
    """Writes a case: save(path) writes the file, y are the framework's answers to x."""
    folder = os.path.join(HERE, name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    save(os.path.join(folder, file))
    lines = [f"file: {file}", f"made by: {made_by}"] + [f"shows: {item}" for item in shows]
    lines += [f"{key}: {value}" for key, value in keys.items()]
    if refused:
        lines.append(f"refused: {refused}")
    else:
        np.save(os.path.join(folder, "x.npy"), x)
        np.save(os.path.join(folder, "y.npy"), np.asarray(y).reshape(len(x), -1))
    with open(os.path.join(folder, "case.txt"), "w") as f:
        f.write("\n".join(lines) + "\n")
