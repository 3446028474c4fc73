"""Writes the cases made with Debian's PyTorch 1.13: /usr/bin/python3 make_1.py"""
import copy
import os
from collections import OrderedDict

import numpy as np
import torch
from torch import nn
from torch.nn.utils import prune

from case import Net, VERSION, older, rows, saved, script, seed, warm, write

assert VERSION == "torch 1.13.0", VERSION


def sequential():
    seed(1)
    m = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 4), nn.Softmax(dim=1)).eval()
    write("1_sequential", ["zip file", "Sequential"], saved(m), m, rows(6),
          layers="dense,relu,dense,softmax", kind="probabilities")


def nested_older():
    seed(2)
    m = nn.Sequential(OrderedDict([
        ("encoder", nn.Sequential(OrderedDict([("lift", nn.Linear(5, 12)), ("act", nn.Tanh())]))),
        ("head", nn.Sequential(nn.Identity(), nn.Linear(12, 1, bias=False), nn.Sigmoid())),
    ])).eval()
    write("1_nested_older_file", ["older file that is no zip", "nested Sequential with named children"], older(m), m, rows(5),
          layers="dense,tanh,dense,sigmoid", kind="probabilities", labels="0,1")


def batch_norm():
    seed(3)
    m = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.BatchNorm1d(16), nn.Dropout(0.5), nn.Linear(16, 8),
                      nn.BatchNorm1d(8, affine=False, eps=1e-3), nn.LeakyReLU(0.1), nn.Linear(8, 2))
    warm(m, 6).train()
    x = rows(6)

    def save(path):
        torch.save(m, path)
        m.eval()
    write("1_batch_norm_training_mode", ["ReLU before BatchNorm", "BatchNorm before the activation", "saved in training mode"],
          save, m, x, layers="dense,relu,multiply,add,dense,multiply,add,leaky_relu(0.1),dense", kind="value")


def activations():
    seed(4)
    parts = []
    for act in [nn.ELU(0.7), nn.LeakyReLU(0.05), nn.PReLU(), nn.PReLU(8, init=0.1), nn.Hardsigmoid(), nn.Hardtanh(-0.5, 0.8), nn.SELU(),
                nn.SiLU(), nn.GELU(), nn.GELU(approximate="tanh"), nn.CELU(0.5), nn.CELU(), nn.Softplus(), nn.Softplus(beta=2.5, threshold=30),
                nn.RReLU(), nn.ReLU6(), nn.Tanh(), nn.Sigmoid()]:
        parts += [nn.Linear(8, 8), act]
    m = nn.Sequential(*parts).eval()
    for p in m.parameters():
        if p.dim() == 2:
            nn.init.orthogonal_(p, gain=1.5)
    layers = ("elu(0.7) leaky_relu(0.05) prelu prelu hard_sigmoid(0.16666667,0.5) clip(-0.5,0.8) selu silu gelu gelu_tanh "
              "multiply,elu(1),divide elu(1) softplus multiply,softplus,divide leaky_relu(0.22916667) relu6 tanh sigmoid")
    write("1_activations", ["every activation"], saved(m), m, rows(8), layers=",".join("dense," + a for a in layers.split()))


def state_dict_older():
    seed(5)
    m = warm(nn.Sequential(nn.Linear(6, 10), nn.BatchNorm1d(10), nn.ReLU(), nn.Linear(10, 3), nn.Softmax(1)), 6)
    write("1_state_dict_older_file", ["state_dict", "older file that is no zip", "batch normalisation of a state_dict"],
          older(m.state_dict()), m, rows(6),
          flags="--arch dense(0.weight,0.bias),multiply(1.multiply),add(1.add),relu,dense(3.weight,3.bias),softmax",
          layers="dense,multiply,add,relu,dense,softmax")


def checkpoint():
    seed(6)
    m = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 3), nn.Softmax(1))
    parallel = nn.DataParallel(m)
    optimizer = torch.optim.Adam(m.parameters())
    m(rows(6)).sum().backward()
    optimizer.step()
    value = {"epoch": 7, "loss": np.float64(0.25), "model_state_dict": parallel.state_dict(),
             "optimizer_state_dict": optimizer.state_dict()}
    write("1_checkpoint_parallel", ["checkpoint with model_state_dict", "prefix module. of DataParallel"], saved(value), m, rows(6),
          flags="--arch dense,relu,dense,softmax", layers="dense,relu,dense,softmax")


def weight_norm():
    seed(7)
    norm = nn.utils.weight_norm
    m = nn.Sequential(norm(nn.Linear(6, 12)), nn.Tanh(), norm(nn.Linear(12, 9), dim=1), nn.Tanh(),
                      norm(nn.Linear(9, 2), dim=None)).eval()
    x = rows(6)
    for name, p in m.named_parameters():
        if name.endswith("_g"):
            nn.init.uniform_(p, 0.5, 2)
    y = m(x)  # recomputes the weights
    write("1_weight_norm_sequential", ["weight_norm of a Sequential"], saved(m), lambda _: y.detach(), x,
          layers="dense,tanh,dense,tanh,dense")
    write("1_weight_norm_state_dict", ["weight_norm of a state_dict"], saved(m.state_dict()), m, x,
          flags="--arch dense,tanh,dense,tanh,dense", layers="dense,tanh,dense,tanh,dense")


def half():
    seed(8)
    m = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 3)).half().eval()
    write("1_float16", ["float16"], saved(m), copy.deepcopy(m).float(), rows(6), layers="dense,relu,dense", tolerance="1e-3")


def double():
    seed(9)
    m = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 1)).double().eval()
    write("1_float64", ["float64"], saved(m), m, rows(6).double(), layers="dense,relu,dense")


def custom():
    seed(10)
    Net.__module__ = "__main__"  # as of a class of the script that trains
    m = Net().eval()
    write("1_custom_module", ["module of a class of one's own"], saved(m), m, rows(6),
          flags="--arch dense,relu,dense,softmax", layers="dense,relu,dense,softmax")


def torchscript():
    seed(11)
    m = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 3), nn.Softmax(1)).eval()
    write("1_torchscript", ["TorchScript"], script(torch.jit.script(m)), m, rows(6),
          flags="--arch dense,relu,dense,softmax", layers="dense,relu,dense,softmax")


def strided():
    seed(12)
    m = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 3))
    state = m.state_dict()
    everything = torch.zeros(200)  # all tensors are views of one storage
    w = everything[5:5 + 2 * 48:2].view(6, 8).t()  # transposed, every other value
    w.copy_(state["0.weight"])
    b = everything[6:22:2]
    b.copy_(state["0.bias"])
    last = everything[110:110 + 60].view(6, 10)[1:4, 2:10]  # a window of a larger matrix
    last.copy_(state["2.weight"])
    end = everything[190:196].view(3, 2)[:, 1]
    end.copy_(state["2.bias"])
    views = OrderedDict([("0.weight", w), ("0.bias", b), ("2.weight", last), ("2.bias", end)])
    assert all(torch.equal(views[k], state[k]) for k in state)
    write("1_strided_views", ["strided views of one storage"], saved(views), m, rows(6),
          flags="--arch dense,relu,dense", layers="dense,relu,dense")


def pruned():
    seed(13)
    m = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 3)).eval()
    prune.l1_unstructured(m[0], "weight", amount=0.5)
    prune.random_unstructured(m[2], "weight", amount=0.3)
    write("1_pruned", ["pruned with masks"], saved(m), m, rows(6), layers="dense,relu,dense")


def dangerous():
    class Attack:
        def __reduce__(self):
            return os.system, ("echo executed",)
    write("1_os_system", ["code in the pickle is never executed"], saved({"state_dict": {"0.weight": torch.ones(2, 2)}, "x": Attack()}),
          refused='"posix.system" is refused')


def refused():
    seed(14)
    m = nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8, track_running_stats=False), nn.ReLU())
    write("1_batch_norm_without_statistics", ["refused by name"], saved(m),
          refused='layer "1", BatchNorm1d: it has no running statistics')
    m = nn.Sequential(nn.utils.spectral_norm(nn.Linear(6, 8)))
    write("1_spectral_norm", ["refused by name"], saved(m.state_dict()), refused='tensor "0.weight": it has spectral norm')


if __name__ == "__main__":
    sequential()
    nested_older()
    batch_norm()
    activations()
    state_dict_older()
    checkpoint()
    weight_norm()
    half()
    double()
    custom()
    torchscript()
    strided()
    pruned()
    dangerous()
    refused()
