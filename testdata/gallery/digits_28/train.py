"""Train the perceptron 784-256-10 of the textbooks with PyTorch, on digits scaled to 28x28.

Every file lands beside this script, and no byte changes when it runs again: every random choice is seeded.
"""

from pathlib import Path

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn

HERE = Path(__file__).resolve().parent
SEED = 0
BATCH = 64
EPOCHS = 20


def load():
    """Scikit-learn's 8x8 digits, scaled to 28x28 bytes from 0 to 255, as MNIST has them."""
    digits = load_digits()
    small = torch.tensor(digits.images, dtype=torch.float64)[:, None] * (255 / 16)
    large = nn.functional.interpolate(small, size=(28, 28), mode="bilinear", align_corners=False)
    return large.round().to(torch.uint8).flatten(1), torch.tensor(digits.target)


def train(x, label):
    model = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10))
    optimizer = torch.optim.Adam(model.parameters())
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(x)).split(BATCH):
            loss = nn.functional.cross_entropy(model(x[rows]), label[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return model.eval()


def main():
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    pixels, label = load()
    test = torch.arange(len(pixels)) % 45 == 0  # 40 of 1797
    model = train(pixels[~test] / 255, label[~test])

    # Half the bytes, and the accuracy stays. Saved whole, so that the file says which layers there are.
    model.half()
    torch.save(model, HERE / "model.pt")

    with torch.no_grad():
        logits = model.double()(pixels[test].double() / 255)
    np.savez(HERE / "golden.npz", x=pixels[test][:16].numpy(), y=logits[:16].numpy())
    np.save(HERE / "images.npy", pixels[test].numpy())
    columns = [*(f"pixel_{i}_{j}" for i in range(28) for j in range(28)), "digit"]
    np.savetxt(HERE / "test.csv", np.column_stack([pixels[test], label[test]]), "%d", ",", comments="",
               header=",".join(columns))
    loss = nn.functional.cross_entropy(logits, label[test])
    print("accuracy", (logits.argmax(dim=1) == label[test]).double().mean().item(), "cross-entropy", loss.item())


if __name__ == "__main__":
    main()
