"""What make_1.py and make_2.py have in common: writing a case, and the models."""
import os
import shutil
import zipfile

import numpy as np
import torch
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
VERSION = "torch " + torch.__version__.split("+")[0].removesuffix("a0")


class Net(nn.Module):
    """A module whose forward is code, as most people write them."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(6, 16)
        self.act = nn.ReLU()
        self.drop = nn.Dropout(0.2)
        self.out = nn.Linear(16, 3)

    def forward(self, x):
        return torch.softmax(self.out(self.drop(self.act(self.hidden(x)))), dim=1)


def seed(n):
    torch.manual_seed(n)
    np.random.seed(n)


def warm(model, width):
    """Gives batch normalisation statistics and affine parameters of its own."""
    model.train()
    for _ in range(20):
        model(torch.randn(64, width) * 2 + 1)
    for m in model.modules():
        if isinstance(m, nn.BatchNorm1d) and m.affine:
            nn.init.uniform_(m.weight, 0.5, 2)
            nn.init.uniform_(m.bias, -1, 1)
    return model.eval()


def rows(width, n=12):
    return torch.randn(n, width) * 2


def write(name, shows, save, answer=None, x=None, file="model.pt", **keys):
    """Writes a case. save(path) writes the file; answer(x) is what the model says."""
    folder = os.path.join(HERE, name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    save(os.path.join(folder, file))
    if answer is not None:
        with torch.no_grad():
            y = answer(x)
        np.save(os.path.join(folder, "x.npy"), x.numpy())
        np.save(os.path.join(folder, "y.npy"), y.double().numpy() if y.dtype == torch.float64 else y.float().numpy())
    lines = [f"file: {file}", f"made by: {VERSION}"] + [f"shows: {s}" for s in shows]
    lines += [f"{key}: {value}" for key, value in keys.items()]
    with open(os.path.join(folder, "case.txt"), "w") as f:
        f.write("\n".join(lines) + "\n")


def saved(value, **options):
    return lambda path: torch.save(value, path, **options)


def older(value):
    """The form before PyTorch 1.6. It holds the source code of PyTorch's classes, which is left out."""
    def save(path):
        def none(_):
            raise OSError
        original = torch.serialization.get_source_lines_and_file
        torch.serialization.get_source_lines_and_file = none
        torch.save(value, path, _use_new_zipfile_serialization=False)
        torch.serialization.get_source_lines_and_file = original
    return save


def script(module):
    """TorchScript, without the places in source files that it keeps for error messages."""
    def save(path):
        torch.jit.save(module, path)
        with zipfile.ZipFile(path) as z:
            entries = [(i, z.read(i)) for i in z.infolist() if not i.filename.endswith(".debug_pkl")]
        with zipfile.ZipFile(path, "w") as z:
            for info, data in entries:
                z.writestr(zipfile.ZipInfo(info.filename), data, info.compress_type)
        torch.jit.load(path)
    return save
