"""Makes the .safetensors files beside it. Written by safetensors 0.8.0, NumPy 2.4.6: python3 make.py"""
import numpy as np
from safetensors import TensorSpec, serialize_file
from safetensors.numpy import save_file

values = {
    "F64": np.array([0.1, -2.5], "f8"), "F32": np.array([[1.5, -0.0], [np.inf, 3.0]], "f4"),
    "F16": np.array([1.5, 65504.0, 2.0**-24], "f2"), "BOOL": np.array([True, False]),
    "I64": np.array([-2**63, 2**63 - 1]), "U64": np.array([0, 2**64 - 1], "u8"),
    "I32": np.array([-2**31, 2**31 - 1], "i4"), "U32": np.array([0, 2**32 - 1], "u4"),
    "I16": np.array([-2**15, 2**15 - 1], "i2"), "U16": np.array([0, 2**16 - 1], "u2"),
    "I8": np.array([-128, 127], "i1"), "U8": np.array([0, 255], "u1"),
    "scalar": np.array(7, "f4"), "empty": np.zeros((0, 3), "f4"),
}
save_file(values, "numpy.safetensors", metadata={"format": "np", "by": "test"})

# NumPy has no bfloat16: the upper halves of float32 values.
floats = np.array([1.0, -2.5, np.inf, 2.0**-130], "f4")
upper = (floats.view("u4") >> 16).astype("<u2")
spec = TensorSpec(dtype="bfloat16", shape=[2, 2], data_ptr=upper.ctypes.data, data_len=upper.nbytes)
serialize_file({"w": spec}, "bf16.safetensors")
