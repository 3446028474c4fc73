"""Cases that Keras exports by way of tf2onnx. The answers are Keras's.

    pip install keras==3.15.1 tensorflow-cpu==2.21.0 tf2onnx==1.17.0
"""

import os
import tempfile
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
from keras import activations, layers

import case

MADE_BY = f"keras {keras.__version__}, tf2onnx 1.17.0"
keras.utils.set_random_seed(0)
RANDOM = np.random.default_rng(0)


def write(name, stack, shape, classes, shows, **keys):
    """Train a model a little, so that biases and moving statistics are not zero, and export it."""
    model = keras.Sequential([keras.Input(shape), *stack])
    x = RANDOM.normal(1, 2, (64, *shape)).astype(np.float32)
    model.compile("adam", "mse")
    model.fit(x, RANDOM.random((64, classes)), epochs=2, verbose=0)
    x = x[:10]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        model.export(path, format="onnx", verbose=False)
        case.write(name, path.read_bytes(), x, shows, MADE_BY, y=model.predict(x, verbose=0), **keys)


write("keras", [
    layers.Dense(6, activation="relu"), layers.BatchNormalization(), layers.Dropout(0.5), layers.Dense(5, activation="gelu"),
    layers.LeakyReLU(0.1), layers.Dense(5, activation="silu"), layers.Dense(5), layers.PReLU(), layers.Dense(5, activation="elu"),
    layers.Dense(5, activation="selu"), layers.Dense(5, activation="relu6"), layers.Dense(5, activation="hard_sigmoid"),
    layers.Dense(5, activation="softplus"), layers.Dense(3, activation="softmax")], (4,), 3,
    ["Keras by tf2onnx", "GELU by erfc", "PReLU in pieces", "SiLU in two nodes", "MatMul and Add"], kind="probabilities",
    layers="dense,relu,multiply,add,dense,gelu,leaky_relu(0.1),dense,silu,dense,prelu,dense,elu(1),dense,selu,dense,relu6,"
           "dense,add,relu6,multiply,dense,softplus,dense,softmax")
write("keras_picture", [
    layers.Rescaling(1 / 255), layers.Flatten(), layers.Dense(6, activation="tanh"),
    layers.Dense(6, activation=lambda x: activations.gelu(x, approximate=True)), layers.Dense(1, activation="sigmoid")], (4, 3, 1), 1,
    ["Keras by tf2onnx", "GELU by tanh in seven nodes", "Reshape", "one probability"], kind="probabilities", labels="0,1")
normal = layers.Normalization()
normal.adapt(RANDOM.normal(1, 3, (50, 4)))
write("refused_normalization", [normal, layers.Dense(2)], (4,), 2, ["refused: constants that tf2onnx left out"],
      refused="its values are not in the file")
