"""Arrays as NumPy keeps them: W1, b1, W2, b2 and so on. edge-export reads them too."""

import numpy as np


def write(model, batch, path):
    """The batch is no part of the file."""
    arrays = {}
    for i, (weights, bias) in enumerate(model.layers, 1):
        arrays[f"W{i}"], arrays[f"b{i}"] = weights, bias
    np.savez(path, **arrays)
