"""Makes the .npy files beside it, and headers.bin. Written by NumPy 2.4.6: python3 make.py"""
import warnings
import numpy as np
from numpy.lib import format as npy

floats = [0.0, -0.0, 1.5, -2.25, 65504.0, 2.0**-24, np.inf, -np.inf, np.nan]
for size in (2, 4, 8):
    for order, name in (("<", "le"), (">", "be")):
        np.save(f"f{size}_{name}.npy", np.array(floats, f"{order}f{size}"))
np.save("f8_exact.npy", np.array([0.1, 1 + 2.0**-24, 1e300]))
for kind in "iu":
    for size in (1, 2, 4, 8):
        info = np.iinfo(f"{kind}{size}")
        for order, name in (("<", "le"), (">", "be")):
            np.save(f"{kind}{size}_{name}.npy", np.array([info.min, 0, 7, info.max], f"{order}{kind}{size}"))
np.save("b1.npy", np.array([True, False, True]))
np.save("U_le.npy", np.array(["cat", "", "Škoda", "東京𝄞"]))
np.save("U_be.npy", np.array(["cat", "", "Škoda", "東京𝄞"]).astype(">U5"))
np.save("S.npy", np.array([b"cat", b"", b"lobster"]))
np.save("scalar.npy", np.float32(3.5))
np.save("empty.npy", np.zeros((0, 4), "f4"))
np.save("tall.npy", np.zeros((10**12, 0), "f4"))
np.save("c2.npy", np.arange(6, dtype="f4").reshape(2, 3))
np.save("c3.npy", np.arange(24, dtype="f4").reshape(2, 3, 4))
np.save("fortran2.npy", np.asfortranarray(np.arange(6, dtype="f4").reshape(2, 3)))
np.save("fortran3.npy", np.asfortranarray(np.arange(24, dtype=">i2").reshape(2, 3, 4)))
warnings.simplefilter("ignore")  # that version 2.0 and 3.0 need newer readers
for version in (2, 3):
    with open(f"version{version}.npy", "wb") as f:
        npy.write_array(f, np.arange(6, dtype="f4").reshape(2, 3), version=(version, 0))

# What is refused.
np.save("object.npy", np.array([{"a": 1}, None]), allow_pickle=True)
np.save("complex.npy", np.array([1 + 2j]))
np.save("date.npy", np.array(["2024-02-29"], "M8[D]"))
np.save("record.npy", np.array([(1, 2.0)], [("a", "i4"), ("b", "f4")]))
np.save("longdouble.npy", np.array([1], np.longdouble))

# Headers of every length modulo 64: (), (1,), (1, 1), …
with open("headers.bin", "wb") as f:
    for dims in range(65):
        npy.write_array_header_1_0(f, {"descr": "<f4", "fortran_order": False, "shape": (1,) * dims})
