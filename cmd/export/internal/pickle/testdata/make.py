# Writes the pickles that the tests read, the same values in every protocol.
#
#   python3 make.py values      (any Python 3)
#   python3 make.py numpy1      (NumPy 1.24)
#   python3 make.py numpy2      (NumPy 2)
import collections
import os
import pickle
import sys


class Thing:
    pass


def write(name, value, protocols=range(6)):
    for p in protocols:
        with open(f"{name}-{p}.pickle", "wb") as f:
            pickle.dump(value, f, protocol=p)


def values():
    shared = ["shared"]
    thing = Thing()
    thing.name, thing.size = "thing", 3
    loop = []
    loop.append(loop)
    write("values", {
        "none": None, "true": True, "false": False,
        "ints": [0, 1, -1, 255, 256, 65535, 65536, -2**31, 2**31, 2**63 - 1, -2**63, 2**63, -2**63 - 1, 2**200],
        "floats": [0.1, -0.0, 1e308, float("inf"), float("nan"), 3.0],
        "texts": ["", "plain", "back\\slash\nline", "é", "日本", "😀", "\\u0041", "x" * 300],
        "bytes": [b"", b"ab\x00\xff", b"x" * 300, bytearray(b"ba\x80"), bytearray()],
        "tuples": [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)],
        "sets": [set(), {1}, frozenset({"a"})],
        "ordered": collections.OrderedDict([("z", 1), ("a", 2)]),
        "default": collections.defaultdict(list, {"k": [1]}),
        "keys": {1: "one", 2.5: "float", None: "none", (1, "a"): "tuple", "1": "text"},
        "shared": [shared, shared],
        "loop": loop,
        "thing": thing,
    })
    with open("system.pickle", "wb") as f:
        class Attack:
            def __reduce__(self):
                return os.system, ("true",)
        pickle.dump(Attack(), f)
    with open("two.pickle", "wb") as f:
        pickle.dump("first", f)
        f.write(b"raw")
        pickle.dump(["second"], f, protocol=2)


def numpy(major):
    import numpy as np
    assert np.__version__.startswith(major + "."), np.__version__
    write("numpy" + major, {
        "f8": np.array([[1.5, 2, 3], [4, 5, 6]]),
        "fortran": np.asfortranarray(np.array([[1.5, 2, 3], [4, 5, 6]])),
        "f4": np.array([1, 2, 3], "f4"),
        "big": np.array([1, 2, 3], ">i4"),
        "bool": np.array([True, False]),
        "unicode": np.array(["no", "yes", "été"]),
        "bytes": np.array([b"no", b"yes"]),
        "objects": np.array(["a", None, 2.5], object),
        "objects2": np.asfortranarray(np.array([["a", "b"], ["c", "d"]], object)),
        "empty": np.zeros((0, 3)),
        "zero-d": np.array(7),
        "scalar": np.float64(0.1),
        "int": np.int64(-5),
        "uint": np.uint64(2**64 - 1),
        "flag": np.bool_(True),
        "text": np.str_("label"),
        "dtype": np.dtype("float32"),
        "strided": np.arange(10.0)[::2],
    })


if __name__ == "__main__":
    kind = sys.argv[1]
    values() if kind == "values" else numpy(kind[-1])
