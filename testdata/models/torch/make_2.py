"""Writes the cases made with a current PyTorch: python make_2.py, after pip install -r requirements.txt"""
import copy
import io
import zipfile
from collections import OrderedDict

import numpy as np
import torch
from torch import nn

from case import VERSION, older, rows, saved, script, seed, warm, write

assert VERSION == "torch 2.9.1", VERSION


class Residual(nn.Module):
    """A block of somebody's own."""

    def __init__(self, width):
        super().__init__()
        self.inner = nn.Linear(width, width)

    def forward(self, x):
        return x + self.inner(x)


class Stack(nn.Sequential):
    """A class derived from Sequential, which may compute anything."""


def sequential():
    seed(21)
    m = nn.Sequential(nn.Flatten(), nn.Linear(12, 16), nn.GELU(), nn.Dropout(0.1), nn.Linear(16, 4), nn.Softmax(dim=-1))
    write("2_sequential_training_mode", ["zip file", "Sequential", "saved in training mode"],
          saved(m), lambda x: copy.deepcopy(m).eval()(x), rows(12),
          layers="dense,gelu,dense,softmax", kind="probabilities")


def nested():
    seed(22)
    block = nn.Sequential(OrderedDict([("norm", nn.BatchNorm1d(10)), ("act", nn.GELU(approximate="tanh"))]))
    m = warm(nn.Sequential(OrderedDict([
        ("stem", nn.Linear(7, 10)), ("block", block), ("flat", nn.Flatten()), ("head", nn.Linear(10, 5)), ("log", nn.LogSoftmax(dim=1)),
    ])), 7)
    write("2_nested_log_softmax", ["nested Sequential with named children", "BatchNorm before the activation", "LogSoftmax at the end"],
          saved(m), m[:-1], rows(7), layers="dense,multiply,add,gelu_tanh,dense", kind="logits")


def binary():
    seed(23)
    m = nn.Sequential(nn.Linear(5, 8), nn.SiLU(), nn.Linear(8, 1), nn.Sigmoid()).eval()
    write("2_binary_protocol_5", ["one sigmoid", "pickle of protocol 5"], saved(m, pickle_protocol=5), m, rows(5),
          layers="dense,silu,dense,sigmoid", kind="probabilities", labels="0,1")


def many_labels():
    seed(24)
    m = nn.Sequential(nn.Linear(5, 8), nn.ELU(), nn.Linear(8, 3), nn.Sigmoid()).eval()
    write("2_sigmoids_protocol_4_older_file", ["several sigmoids", "older file that is no zip"],
          lambda path: torch.save(m.state_dict(), path, pickle_protocol=4, _use_new_zipfile_serialization=False), m, rows(5),
          flags="--arch dense,elu(1),dense,sigmoid", layers="dense,elu(1),dense,sigmoid")


def linear():
    seed(25)
    m = nn.Linear(9, 3)
    write("2_linear_alone", ["a layer alone"], saved(m), m, rows(9), layers="dense", kind="value")


def compiled():
    seed(26)
    m = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 3))
    state = torch.compile(nn.DataParallel(m)).state_dict()
    assert all(k.startswith("_orig_mod.module.") for k in state)
    write("2_compiled_state_dict", ["prefix _orig_mod. of torch.compile", "prefix module. of DataParallel"], saved(state), m, rows(6),
          flags="--arch dense,relu,dense", layers="dense,relu,dense")


def parallel():
    seed(27)
    m = nn.DataParallel(nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 3))).eval()
    write("2_data_parallel", ["DataParallel around a Sequential"], saved(m), m.module, rows(6), layers="dense,relu,dense")


def weight_norm():
    seed(28)
    norm = nn.utils.parametrizations.weight_norm
    m = nn.Sequential(norm(nn.Linear(6, 12)), nn.Tanh(), norm(nn.Linear(12, 3), dim=1))
    for name, p in m.named_parameters():
        if name.endswith("original0"):
            nn.init.uniform_(p, 0.5, 2)
    write("2_weight_norm_parametrizations", ["weight_norm of torch.nn.utils.parametrizations"], saved(m.state_dict()), m, rows(6),
          flags="--arch dense,tanh,dense", layers="dense,tanh,dense")


def bfloat():
    seed(29)
    m = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 3)).bfloat16().eval()
    write("2_bfloat16", ["bfloat16"], saved(m), copy.deepcopy(m).float(), rows(6), layers="dense,relu,dense", tolerance="1e-3")


def lightning():
    seed(30)
    m = warm(nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.BatchNorm1d(16), nn.Linear(16, 3)), 6)
    mean, std = torch.randn(6), torch.rand(6) + 0.5
    state = OrderedDict((f"model.{k}", v) for k, v in m.state_dict().items())
    value = {"epoch": 3, "global_step": 100, "pytorch-lightning_version": "2.5.0", "hyper_parameters": {"lr": 1e-3, "sizes": (6, 16, 3)},
             "state_dict": state, "mean": mean, "std": std.double().numpy(), "optimizer_states": []}
    write("2_checkpoint_with_scaling", ["checkpoint with state_dict", "tensors beside the state_dict", "ReLU before BatchNorm"],
          saved(value), lambda x: m((x - mean) / std), rows(6),
          flags="--arch subtract(mean),divide(std),dense(model.0.weight,model.0.bias),relu,multiply(model.2.multiply),add(model.2.add),dense(model.3.weight,model.3.bias)", layers="subtract,divide,dense,relu,multiply,add,dense")


def checkpoint_of_model():
    seed(31)
    m = nn.Sequential(nn.Linear(6, 16), nn.Softplus(), nn.Linear(16, 3), nn.Softmax(1)).eval()
    write("2_checkpoint_of_model", ["checkpoint with a whole model"], saved({"model": m, "epoch": 3, "rng": torch.get_rng_state()[:16]}),
          m, rows(6), layers="dense,softplus,dense,softmax")


def traced():
    seed(32)
    m = nn.Sequential(nn.Linear(6, 16), nn.Tanh(), nn.Linear(16, 3)).eval()
    write("2_torchscript_traced", ["TorchScript"], script(torch.jit.trace(m, torch.zeros(1, 6))), m, rows(6),
          flags="--arch dense,tanh,dense", layers="dense,tanh,dense")


def own_blocks():
    seed(33)
    m = nn.Sequential(nn.Linear(6, 4), nn.ReLU(), Residual(4))
    x = rows(6)
    # What a person may say of the block: x + Wx + b is one dense layer, but its weight is another.
    write("2_block_of_own_class", ["module of a class of one's own"], saved(m), lambda x: m[2].inner(m[1](m[0](x))), x,
          flags="--arch dense,relu,dense", layers="dense,relu,dense")
    m = Stack(nn.Linear(6, 4), nn.Tanh(), nn.Linear(4, 2))
    write("2_derived_from_sequential", ["module of a class of one's own"], saved(m), m, x,
          flags="--arch dense,tanh,dense", layers="dense,tanh,dense")


def attributes():
    seed(34)
    m = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 3))
    m[0].weight.note = "a parameter with an attribute"
    state = OrderedDict(m.state_dict())
    state["0.weight"] = m[0].weight
    state["0.bias"].note = "a tensor with an attribute"
    state["count"] = torch.tensor([1, 2, 3], dtype=torch.uint16)  # an untyped storage, with the dtype in the tensor
    write("2_tensors_with_attributes", ["tensors with attributes"], saved(state), m, rows(6),
          flags="--arch dense(0.weight,0.bias),relu,dense(2.weight,2.bias) --ignore count", layers="dense,relu,dense")


def big_endian():
    seed(35)
    m = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 3)).eval()

    def save(path):
        """As a machine writes it whose numbers have the most significant byte first."""
        torch.save(m, path)
        with zipfile.ZipFile(path) as z:
            entries = [(i.filename, z.read(i)) for i in z.infolist()]
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as z:
            for name, data in entries:
                if name.endswith("/byteorder"):
                    data = b"big"
                elif "/data/" in name and name[-1].isdigit():
                    data = np.frombuffer(data, "<f4").astype(">f4").tobytes()
                z.writestr(zipfile.ZipInfo(name), data)
        again = torch.load(path, weights_only=False)
        assert torch.equal(again[0].weight, m[0].weight)
    write("2_big_endian", ["most significant byte first"], save, m, rows(6), layers="dense,relu,dense")


def refused():
    seed(36)
    write("2_layer_norm", ["refused by name"], saved(nn.Sequential(nn.Linear(6, 8), nn.LayerNorm(8), nn.Linear(8, 1))),
          refused='layer "1", LayerNorm: no layer of a model file computes this')
    write("2_hardswish", ["refused by name"], saved(nn.Sequential(nn.Linear(6, 8), nn.Hardswish())),
          refused='layer "1", Hardswish')
    write("2_softmax_of_columns", ["refused by name"], saved(nn.Sequential(nn.Linear(6, 8), nn.Softmax(dim=0))),
          refused='layer "1", Softmax: dim is the number 0')
    frozen = torch.jit.freeze(torch.jit.script(nn.Sequential(nn.Linear(2, 2)).eval()))
    write("2_torchscript_frozen", ["refused by name"], script(frozen), refused="save it before torch.jit.freeze")
    write("2_expanded", ["refused by name"], saved({"w": torch.zeros(1).expand(1000)}), refused="save it with .contiguous()")
    quantised = torch.quantize_per_tensor(torch.zeros(2), 0.1, 0, torch.qint8)
    write("2_quantised_tensor", ["refused by name"], saved({"w": quantised}), refused="torch.QInt8Storage")
    write("2_orthogonal", ["refused by name"], saved(nn.utils.parametrizations.orthogonal(nn.Linear(2, 2)).state_dict()),
          refused='tensor "weight": it has spectral norm or another parametrization')

    def export(path):
        program = torch.export.export(nn.Sequential(nn.Linear(2, 2)), (torch.zeros(1, 2),))
        buffer = io.BytesIO()
        torch.export.save(program, buffer)
        # Its description names places in source files; to be refused, the archive's nature is enough.
        with zipfile.ZipFile(buffer) as z, zipfile.ZipFile(path, "w") as out:
            for i in z.infolist():
                if i.filename.endswith(("archive_format", "archive_version", "version", "byteorder")):
                    out.writestr(zipfile.ZipInfo(i.filename), z.read(i))
    write("2_exported_program", ["refused by name"], export, file="model.pt2", refused="a program of torch.export")


if __name__ == "__main__":
    sequential()
    nested()
    binary()
    many_labels()
    linear()
    compiled()
    parallel()
    weight_norm()
    bfloat()
    lightning()
    checkpoint_of_model()
    traced()
    own_blocks()
    attributes()
    big_endian()
    refused()
