"""Writes the HDF5 files of this folder, one after another, with what each dataset shows in its name.

Numbers count up from 0 in C order (text counts too), so a test knows what has to come out. Run it in
an empty virtual environment after: pip install h5py==3.16.0 ml_dtypes==0.6.0
"""

import gzip
import os

import h5py
import ml_dtypes
import numpy as np

os.chdir(os.path.dirname(os.path.abspath(__file__)))


def count(shape, dtype="<f4"):
    return np.arange(np.prod(shape, dtype=int)).astype(dtype).reshape(shape)


def create(group, name, data, **options):
    """A dataset without the times that would make every run write other bytes."""
    return group.create_dataset(name, data=data, track_times=False, **options)


def low_level(group, name, data, chunk=None, compact=False, early=False, maxshape=None):
    """A dataset of a layout that h5py's own interface does not offer."""
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_obj_track_times(False)
    if compact:
        plist.set_layout(h5py.h5d.COMPACT)
    if chunk:
        plist.set_chunk(chunk)
    if early:
        plist.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    space = h5py.h5s.create_simple(data.shape, maxshape or data.shape)
    kind = h5py.h5t.py_create(data.dtype)
    dataset = h5py.h5d.create(group.id, name.encode(), kind, space, plist)
    dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, data)


def fixed_text(group, name, padding, texts):
    """Text of five bytes, with a padding other than NumPy's."""
    kind = h5py.h5t.C_S1.copy()
    kind.set_size(5)
    kind.set_strpad(padding)
    kind.set_cset(h5py.h5t.CSET_UTF8)
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_obj_track_times(False)
    dataset = h5py.h5d.create(group.id, name.encode(), kind, h5py.h5s.create_simple((len(texts),)), plist)
    dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, np.array([t.encode() for t in texts], "S5"), kind)


def layouts(f):
    g = f.create_group("layouts")
    u = h5py.h5s.UNLIMITED
    create(g, "contiguous", count((3, 4)))
    low_level(g, "compact", count((2, 3)), compact=True)
    create(g, "chunked", count((5, 7)), chunks=(2, 3))
    create(g, "chunked_1d", count((10,)), chunks=(4,))
    create(g, "chunked_3d", count((3, 4, 5)), chunks=(2, 4, 2))
    create(g, "single_chunk", count((4, 3)), chunks=(4, 3))
    create(g, "single_chunk_gzip", count((4, 3)), chunks=(4, 3), compression="gzip")
    low_level(g, "implicit", count((5, 6)), chunk=(2, 4), early=True)
    create(g, "growing", count((9, 4)), chunks=(2, 3), maxshape=(None, 4))
    create(g, "growing_second", count((3, 9)), chunks=(2, 2), maxshape=(5, None))
    create(g, "growing_both", count((5, 7)), chunks=(2, 3), maxshape=(None, None))
    create(g, "growing_long", count((200,), "u1"), chunks=(1,), maxshape=(None,))
    create(g, "growing_both_long", count((12, 12), "u1"), chunks=(1, 1), maxshape=(None, None))
    create(g, "growing_both_gzip", count((5, 7)), chunks=(2, 3), maxshape=(None, None), compression="gzip")
    create(g, "limit_beyond", count((3, 5)), chunks=(2, 2), maxshape=(8, 9))
    create(g, "wide_chunk", count((1, 2)), chunks=(8, 8), maxshape=(None, None))
    d = create(g, "shrunk", count((8, 4)), chunks=(2, 2), maxshape=(None, 4))
    d.resize((3, 4))


def filters(f):
    g = f.create_group("filters")
    data = count((20, 6))
    create(g, "gzip", data, chunks=(7, 4), compression="gzip")
    create(g, "shuffle", data, chunks=(7, 4), shuffle=True)
    create(g, "fletcher32", data, chunks=(7, 4), fletcher32=True)
    create(g, "all", data, chunks=(7, 4), compression="gzip", shuffle=True, fletcher32=True)
    create(g, "all_growing", data, chunks=(7, 4), compression="gzip", shuffle=True, fletcher32=True, maxshape=(None, 6))
    create(g, "odd_fletcher32", count((5,), "u1"), chunks=(5,), fletcher32=True)
    create(g, "lzf", data, chunks=(7, 4), compression="lzf")
    create(g, "scale_offset", count((20,), "i4"), chunks=(7,), scaleoffset=0)


def dtypes(f):
    g = f.create_group("dtypes")
    for order in "<>":
        for dtype in "f2 f4 f8 i2 i4 i8 u2 u4 u8".split():
            create(g, {"<": "little_", ">": "big_"}[order] + dtype, count((2, 2), order + dtype))
    create(g, "i1", count((4,), "i1"))
    create(g, "u1", count((4,), "u1"))
    create(g, "negative", -count((3,), "i4"))
    create(g, "bool", np.array([False, True, True]))
    create(g, "enum", np.array([0, 1, 2], "u1"), dtype=h5py.enum_dtype({"a": 0, "b": 1, "c": 2}, "u1"))
    d = create(g, "bfloat16", np.array([0, 1, -2.5, 3e38], ml_dtypes.bfloat16))
    d.attrs["dtype"] = "bfloat16"  # as Keras does
    create(g, "S", np.array([b"0", b"one", b"two2"]))
    create(g, "text", np.array(["0", "one", "", "tw\u00f6"], object), dtype=h5py.string_dtype())
    create(g, "one_text", "only")
    fixed_text(g, "utf8", h5py.h5t.STR_NULLTERM, ["0", "h\u00e9", ""])
    fixed_text(g, "spaced", h5py.h5t.STR_SPACEPAD, ["ab   ", "c d  "])
    create(g, "refused_compound", np.zeros(2, [("a", "f4"), ("b", "i4")]))
    create(g, "refused_complex", np.zeros(2, "c8"))
    create(g, "refused_opaque", np.zeros(2, "V3"))
    create(g, "refused_reference", np.array([f.ref], object), dtype=h5py.ref_dtype)
    create(g, "refused_list", np.array([count((2,)), count((3,))], object), dtype=h5py.vlen_dtype("f4"))
    create(g, "refused_longdouble", np.zeros(2, np.longdouble))


def spaces(f):
    g = f.create_group("spaces")
    create(g, "one", np.float32(7))
    create(g, "none", h5py.Empty("f4"))
    create(g, "empty", np.zeros((0, 3), "f4"))
    create(g, "empty_chunked", np.zeros((0, 3), "f4"), maxshape=(None, 3), chunks=(2, 3))
    g.create_dataset("unwritten", (2, 2), "f4", track_times=False)
    g.create_dataset("unwritten_filled", (2, 2), "f4", fillvalue=2.5, track_times=False)
    d = g.create_dataset("half_written", (4, 2), "i4", chunks=(2, 2), fillvalue=-3, track_times=False)
    d[:2] = 1


def groups(f):
    g = f.create_group("groups")
    many = g.create_group("many")
    for i in range(60):
        create(many, f"dataset_{i}", np.int32(i))
    g.create_group("empty")
    inner = g.create_group("a/b/c")
    create(inner, "leaf", count((2,)))
    g["hard"] = inner["leaf"]
    g["soft"] = h5py.SoftLink("/groups/a/b/c/leaf")
    inner["relative"] = h5py.SoftLink("leaf")
    g["through"] = h5py.SoftLink("a/b")
    g["dangling"] = h5py.SoftLink("/groups/nothing")
    g["round"] = h5py.SoftLink("round")
    g["external"] = h5py.ExternalLink("other.h5", "/x")
    inner["up"] = g


def attributes(f):
    g = f.create_group("attributes")
    g.attrs["number"] = np.float32(7)
    g.attrs["numbers"] = count((2, 2))
    g.attrs["text"] = "v\u00e4ried"
    g.attrs["fixed"] = np.bytes_("fixed")
    g.attrs["texts"] = np.array([b"a", b"bcd"])
    g.attrs["variable"] = np.array(["a", "bcd"], object)
    g.attrs["truth"] = True
    g.attrs["refused"] = np.complex64(1)
    many = f.create_group("many_attributes")
    for i in range(40):
        many.attrs[f"attribute_{i}"] = np.int32(i)


def everything(name, libver):
    with h5py.File(name, "w", libver=libver) as f:
        layouts(f)
        filters(f)
        dtypes(f)
        spaces(f)
        groups(f)
        attributes(f)


def newest(name, libver):
    """What only the newer structures can hold, or is large."""
    with h5py.File(name, "w", libver=libver) as f:
        create(f, "paged", count((1500,), "u1"), chunks=(1,))
        # Of so many chunks few are there; the last lie in pages of a data block of their own.
        sparse = f.create_dataset("sparse", (160000,), "u1", chunks=(1,), maxshape=(None,), track_times=False)
        for at in (0, 300, 70000, 140000, 159999):
            sparse[at] = at % 251
        f.attrs["large"] = np.bytes_("x" * 70000)
        f.attrs["ordered"] = np.int32(1)
        g = f.create_group("ordered", track_order=True)
        for i in range(20):
            create(g, f"{9 - i % 10}{i}", np.int32(i))


everything("earliest.h5", "earliest")
everything("v110.h5", ("v110", "v110"))
everything("latest.h5", "latest")
newest("large.h5", "latest")
with h5py.File("userblock.h5", "w", userblock_size=1024) as f:
    create(f, "x", count((2, 2)))
with h5py.File("committed.h5", "w") as f:  # the only file with a time in it
    f["kind"] = np.dtype("f4")
    create(f, "x", count((2, 2)), dtype=f["kind"])


def small(name, libver):
    """A little of everything, to begin fuzzing from."""
    with h5py.File(name, "w", libver=libver) as f:
        create(f, "gzip", count((6,)), chunks=(4,), compression="gzip", shuffle=True, fletcher32=True)
        create(f, "growing", count((3, 2), "u1"), chunks=(2, 1), maxshape=(None, 2))
        create(f, "both", count((3, 2), "u1"), chunks=(2, 1), maxshape=(None, None))
        create(f, "text", np.array(["a", "bc"], object), dtype=h5py.string_dtype())
        g = f.create_group("g")
        for i in range(9):
            g.attrs[f"a{i}"] = np.int8(i)
            g[f"l{i}"] = h5py.SoftLink("/text")


small("fuzz_old.h5", "earliest")
small("fuzz_new.h5", "latest")

# A heap of attributes so large that its tables hold tables. It is almost all zeros.
with h5py.File("heap.h5", "w", libver="latest") as f:
    for i in range(200):
        f.attrs[f"a{i}"] = np.concatenate([np.zeros(3900, "u1"), np.uint8([i])])
with open("heap.h5", "rb") as f, open("heap.h5.gz", "wb") as z:
    z.write(gzip.compress(f.read(), mtime=0))
os.remove("heap.h5")
