"""ncnn's two files: PATH.param, a text that lists the layers, and PATH.bin with the weights.

Numbers in a layer's line are KEY=VALUE. InnerProduct: 0 outputs, 1 whether there is a bias, 2 number of
weights, 9 fused activation (1 ReLU, 4 sigmoid). Softmax: 0 axis, counted from the outermost, and 1=1,
which says that it is so counted.
"""

import numpy as np

RELU, SIGMOID = 1, 4
MAGIC = 7767517
FLOAT32 = 0  # the tag before each weight matrix


def write(model, batch, path):
    lines = ["Input input 0 1 x"]
    value = "x"
    with open(path + ".bin", "wb") as file:
        for i, (weights, bias) in enumerate(model.layers, 1):
            if i < len(model.layers):
                activation, name = f" 9={RELU}", f"h{i}"
            elif model.last == "sigmoid":
                activation, name = f" 9={SIGMOID}", "y"
            else:
                activation, name = "", "logits"
            lines.append(f"InnerProduct dense{i} 1 1 {value} {name} 0={len(bias)} 1=1 2={weights.size}{activation}")
            file.write(np.uint32(FLOAT32).tobytes() + np.ascontiguousarray(weights.T).tobytes() + bias.tobytes())
            value = name
    if model.last == "softmax":
        # One row is a vector to ncnn, several are a matrix.
        lines.append(f"Softmax softmax 1 1 {value} y 0={0 if batch == 1 else 1} 1=1")
    blobs = len(lines)  # every layer writes one
    with open(path + ".param", "w", encoding="ascii") as file:
        file.write("\n".join([str(MAGIC), f"{len(lines)} {blobs}", *lines]) + "\n")
