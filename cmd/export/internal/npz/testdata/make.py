"""Makes the .npz files beside it. Written by NumPy 2.4.6: python3 make.py"""
import numpy as np

arrays = {
    "w": np.arange(6, dtype="f4").reshape(2, 3),
    "b": np.array([0.1, -0.2]),
    "classes": np.array(["no", "yes"]),
    "layer/0": np.array([1, 2, 3]),
}
np.savez("stored.npz", **arrays)  # its entries carry zip64 fields
np.savez_compressed("deflated.npz", **arrays)
np.savez("unnamed.npz", np.zeros(2, "f4"), np.ones(3, "f4"))
np.savez("object.npz", good=np.zeros(1), bad=np.array([None]))
