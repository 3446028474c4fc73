"""Cases that PyTorch exports. Run with one version or another; each writes its own.

    python make_torch.py old    torch 1.13, the exporter by TorchScript
    python make_torch.py new    torch 2.9, that one, and the one by torch.export ("dynamo")

The answers are PyTorch's. What the newer exporter notes at each node of the source it came from, file
names and lines, is taken out.
"""

import io
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import torch
from torch import nn

import case

warnings.simplefilter("ignore")
ROWS = 10


def trained(module, *shape):
    """A module in inference mode, whose moving statistics are not those of an untrained one."""
    torch.manual_seed(0)
    for m in module.modules():
        if isinstance(m, nn.Module) and hasattr(m, "reset_parameters"):
            m.reset_parameters()
    module.train()
    with torch.no_grad():
        for _ in range(20):
            module(1 + 2 * torch.randn(16, *shape))
    return module.eval()


def rows(*shape):
    return torch.randn(ROWS, *shape, generator=torch.Generator().manual_seed(1))


def write(name, module, x, model, shows, **keys):
    with torch.no_grad():
        y = module(x).numpy()
    case.write(name, model, x.numpy(), shows, "torch " + torch.__version__.split("+")[0], y=y, **keys)


def script(module, x, **options):
    """Export by TorchScript."""
    if torch.__version__ >= "2.5":
        options["dynamo"] = False
    out = io.BytesIO()
    torch.onnx.export(module, x, out, **options)
    return out.getvalue()


def dynamo(module, x, **options):
    """Export by torch.export: the model, and the file of its larger weights."""
    import onnx

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        torch.onnx.export(module, (x,), path, dynamo=True, verbose=False, **options)
        model = onnx.load(path, load_external_data=False)
        data = path.with_suffix(".onnx.data")
        files = {data.name: data.read_bytes()} if data.exists() and data.stat().st_size else {}
    for node in model.graph.node:
        del node.metadata_props[:]
    for value in [*model.graph.value_info, *model.graph.input, *model.graph.output]:
        del value.metadata_props[:]
    del model.graph.metadata_props[:]
    return model, files


class View(nn.Module):
    """What people write by hand: standardisation, a view, functions instead of modules."""

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.rand(12))
        self.register_buffer("std", 0.5 + torch.rand(12))
        self.first, self.second = nn.Linear(12, 6), nn.Linear(6, 3)

    def forward(self, x):
        x = (x.view(x.size(0), -1) - self.mean) / self.std
        return self.second(nn.functional.normalize(torch.tanh(self.first(x))))


class Binary(nn.Module):
    """One probability, without a dimension of its own."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(5, 4), nn.ReLU(), nn.Linear(4, 1))

    def forward(self, x):
        return torch.sigmoid(self.body(x)).squeeze(1)


def net():
    return nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Dropout(), nn.Linear(6, 5), nn.BatchNorm1d(5), nn.LeakyReLU(0.1), nn.Linear(5, 3), nn.Softmax(dim=1))


def functions():
    """Most activation functions, one after the other."""
    return nn.Sequential(
        nn.Linear(4, 8), nn.GELU(), nn.Linear(8, 8), nn.SiLU(), nn.Linear(8, 8), nn.GELU(approximate="tanh"), nn.Linear(8, 8), nn.PReLU(8),
        nn.Linear(8, 8), nn.Hardtanh(-0.5, 0.7), nn.Linear(8, 8), nn.ReLU6(), nn.Softplus(), nn.Linear(8, 8), nn.ELU(0.7), nn.SELU(),
        nn.Hardsigmoid(), nn.Linear(8, 3), nn.Tanh())


FUNCTIONS = ("dense,gelu,dense,silu,dense,gelu_tanh,dense,prelu,dense,clip(-0.5,0.7),dense,relu6,softplus,dense,"
             "elu(0.7),selu,hard_sigmoid(0.16666667,0.5),dense,tanh")
NET = "dense,multiply,add,relu,dense,multiply,add,leaky_relu(0.1),dense,softmax"


def old():
    dynamic = dict(input_names=["x"], output_names=["y"], dynamic_axes={"x": {0: "n"}, "y": {0: "n"}})
    m, x = trained(net(), 4), rows(4)
    write("torch_old", m, x, script(m, x[:1], **dynamic), ["torch by TorchScript", "Gemm", "BatchNormalization", "an open batch", "raw_data"],
          layers=NET, kind="probabilities")
    m = trained(functions(), 4)
    write("torch_old_functions", m, x, script(m, x[:1], **dynamic), ["torch by TorchScript", "GELU in five nodes", "GELU by tanh in nine nodes", "SiLU in two nodes", "PRelu", "Constant"],
          layers=FUNCTIONS, kind="value")
    m = trained(nn.Sequential(nn.BatchNorm1d(4), nn.ReLU(), nn.BatchNorm1d(4), nn.Linear(4, 2)), 4)
    write("torch_old_opset9", m, x, script(m, x[:1], opset_version=9), ["torch by TorchScript", "a batch of one", "BatchNormalization"],
          layers="multiply,add,relu,multiply,add,dense", kind="value")
    fresh = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.BatchNorm1d(3)).eval()
    write("torch_old_identity", fresh, x, script(fresh, x[:1], **dynamic), ["initializers that an Identity replaces"], layers="dense,relu,multiply,add")
    m, x = trained(View(), 1, 3, 4), rows(1, 3, 4)
    write("torch_old_view", m, x, script(m, x[:2], **dynamic), ["torch by TorchScript", "a shape that is computed", "Sub and Div by constants"],
          layers="subtract,divide,dense,tanh,normalize(l2),dense", kind="value")
    m, x = trained(Binary(), 5), rows(5)
    write("torch_old_binary", m, x, script(m, x[:2], **dynamic), ["one probability", "Squeeze"], layers="dense,relu,dense,sigmoid",
          kind="probabilities", labels="0,1")
    m = nn.Sequential(nn.Linear(5, 3), nn.Mish()).eval()
    write("refused_mish", m, x, script(m, x[:2]), ["refused: mish"], refused="mish is not defined here")


def new():
    n = torch.export.Dim("n")
    m, x = trained(net(), 4), rows(4)
    model, files = dynamo(m, x[:2], dynamic_shapes=({0: n},))
    write("torch_new", m, x, model, ["torch by torch.export", "an open batch"], files=files, layers="dense,relu,dense,leaky_relu(0.1),dense,softmax", kind="probabilities")
    m = trained(functions(), 4)
    model, files = dynamo(m, x[:2], dynamic_shapes=({0: n},))
    write("torch_new_functions", m, x, model, ["torch by torch.export", "softplus in pieces", "Gelu"], files=files, layers=FUNCTIONS, kind="value")
    model, files = dynamo(m, x[:1], opset_version=18)
    write("torch_new_opset18", m, x, model, ["torch by torch.export", "GELU in five nodes", "a batch of one"], files=files, layers=FUNCTIONS, kind="value")
    write("torch_script_2", m, x, script(m, x[:1]), ["torch by TorchScript"], layers=FUNCTIONS, kind="value")
    m, x = trained(View(), 1, 3, 4), rows(1, 3, 4)
    model, files = dynamo(m, x[:2], dynamic_shapes=({0: n},))
    write("torch_new_view", m, x, model, ["torch by torch.export", "Reshape"], files=files, layers="subtract,divide,dense,tanh,normalize(l2),dense", kind="value")
    m, x = trained(nn.Sequential(nn.Flatten(), nn.Linear(36, 12), nn.ReLU(), nn.Linear(12, 4)), 1, 6, 6), rows(1, 6, 6)
    model, files = dynamo(m, x[:2], dynamic_shapes=({0: n},))
    assert files
    write("torch_new_external", m, x, model, ["torch by torch.export", "external data", "Flatten"], files=files, layers="dense,relu,dense", kind="value")
    fresh = nn.Sequential(nn.Linear(4, 3), nn.LogSoftmax(dim=1)).eval()
    write("refused_log_softmax", fresh, rows(4), dynamo(fresh, rows(4)[:2])[0], ["refused: LogSoftmax"], refused="log_softmax is not defined here")
    normal = nn.Sequential(nn.Linear(4, 3), nn.LayerNorm(3)).eval()
    write("refused_layer_norm", normal, rows(4), dynamo(normal, rows(4)[:2])[0], ["refused: a normalisation over a row"], refused="LayerNormalization")


if __name__ == "__main__":
    {"old": old, "new": new}[sys.argv[1]]()
