"""Makes the .npy files beside it. Written by NumPy 2.4.6: python3 make.py"""
import numpy as np

rows = np.array([[1.5, -0.0, np.nan], [np.inf, -np.inf, 1e-45]], "f4")
np.save("rows.npy", rows)
np.save("fortran.npy", np.asfortranarray(np.arange(6, dtype="f8").reshape(2, 3)))
np.save("images_u1.npy", np.arange(24, dtype="u1").reshape(2, 3, 4))
np.save("big_endian_i2.npy", np.arange(-3, 3, dtype=">i2").reshape(2, 3))
np.save("row.npy", np.array([1, 2, 3], "i8"))
np.save("names.npy", np.array(["a", "b", "c"]))
