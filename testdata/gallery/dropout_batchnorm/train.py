"""Train a network with batch normalisation and dropout on iris with PyTorch, and save it whole.

Every file lands beside this script, and no byte changes when it runs again: every random choice is seeded.
"""

from pathlib import Path

import numpy as np
import torch
from sklearn.datasets import load_iris
from torch import nn

HERE = Path(__file__).resolve().parent
SEED = 0
EPOCHS = 300


def train(x, label):
    model = nn.Sequential(
        nn.BatchNorm1d(4),  # instead of a scaler
        nn.Linear(4, 16),
        nn.BatchNorm1d(16),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(16, 3),
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(EPOCHS):
        loss = nn.functional.cross_entropy(model(x), label)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    # From here on batch normalisation uses the statistics of training, and dropout does nothing.
    return model.eval()


def main():
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    iris = load_iris()
    x, label = torch.tensor(iris.data), torch.tensor(iris.target)
    test = torch.arange(len(x)) % 5 == 0  # 30 of 150, ten of each species
    model = train(x[~test].float(), label[~test])
    torch.save(model, HERE / "model.pt")

    with torch.no_grad():
        logits = model.double()(x[test])
    np.savez(HERE / "golden.npz", x=x[test].numpy(), y=logits.numpy())
    np.savetxt(HERE / "test.csv", np.column_stack([x[test], iris.target_names[label[test]]]), "%s", ",", comments="",
               header="sepal_length,sepal_width,petal_length,petal_width,species")
    loss = nn.functional.cross_entropy(logits, label[test])
    print("accuracy", (logits.argmax(dim=1) == label[test]).double().mean().item(), "cross-entropy", loss.item())


if __name__ == "__main__":
    main()
