"""Writes the cases whose names begin with 2_: models as Keras 2 saves them. See README.md."""

import io
import json
import os
import zipfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import h5py
import numpy as np
import tensorflow as tf
from tensorflow.keras import Input, Model, Sequential, layers

import case
from case import draw, pixels, rows

MADE_BY = "tensorflow " + tf.__version__


def write(name, shows, model, x=None, *, save=None, file="model.h5", refused=None, **keys):
    def save_model(path):
        model.save(path, include_optimizer=False)

    y = None if refused else model.predict(x, verbose=0)
    case.write(name, MADE_BY, shows, save or save_model, x=x, y=y, file=file, refused=refused, **keys)


def start():
    tf.keras.backend.clear_session()
    tf.keras.utils.set_random_seed(0)


def functional():
    """A chain with models in it, one of them with frozen layers."""
    start()
    inner = Sequential([
        Input((5,)),
        layers.Dense(4, "tanh"),
        layers.BatchNormalization(),
        layers.Dense(4, "tanh"),
    ], name="inner")
    inputs = Input((3,))
    x = layers.Dense(5, "relu")(inputs)
    x = inner(x)
    tail = Input((4,))
    x = Model(tail, layers.Dense(4, "tanh")(tail), name="tail")(x)
    m = Model(inputs, layers.Dense(2, "softmax")(x))
    inner.layers[0].trainable = False
    m.compile(loss="sparse_categorical_crossentropy")
    return draw(m)


def whole_models():
    m = functional()
    expected = {"layers": "dense,relu,dense,tanh,multiply,add,dense,tanh,dense,tanh,dense,softmax", "kind": "probabilities"}
    write("2_functional_h5", ["an .h5 of a whole model, written by Keras 2", "frozen layers in a model within the model"], m, rows(3), **expected)
    write("2_functional", ["a .keras archive, written by Keras 2", "models within the model", "paths by counters alone"], m, rows(3), file="model.keras", save=m.save, **expected)

    def older(path, slash="/"):
        """As Keras 2.12 wrote it, where layers were called dependencies; on Windows with other slashes."""
        m.save(path)
        with zipfile.ZipFile(path) as z:
            entries = {n: z.read(n) for n in z.namelist()}
        weights = io.BytesIO()
        with h5py.File(io.BytesIO(entries["model.weights.h5"])) as old, h5py.File(weights, "w") as new:

            def copy(name, o):
                if isinstance(o, h5py.Dataset) and name.startswith("layers"):
                    group, number = name.replace("layers/", "_layer_checkpoint_dependencies/").split("/vars/")
                    new.require_group(group.replace("/", slash)).require_group("vars")[number] = o[()]

            old.visititems(copy)
        entries["model.weights.h5"] = weights.getvalue()
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
            for n, content in entries.items():
                z.writestr(n, content)

    by_hand = "renamed by hand to how 2.12 wrote it"
    write("2_dependencies", ["an archive of Keras 2.12: " + by_hand], m, rows(3), file="model.keras", save=older, **expected)
    write("2_windows", ["an archive of Keras 2.12, saved on Windows: " + by_hand], m, rows(3), file="model.keras", save=lambda p: older(p, "\\"), **expected)

    start()
    m = draw(Sequential([Input((4,)), layers.Dense(6, "relu", name="hidden"), layers.Dense(3, "softmax", name="out")]))
    arch = "dense(hidden/kernel,hidden/bias),relu,dense(out/kernel,out/bias),softmax"
    write("2_weights", ["weights with lists of layers, with --arch"], m, rows(4), save=m.save_weights, flags="--arch " + arch, layers="dense,relu,dense,softmax")
    write("2_counted_weights", ["a .weights.h5, with --arch"], m, rows(4), file="model.weights.h5", save=m.save_weights,
          flags="--arch dense,relu,dense,softmax", layers="dense,relu,dense,softmax")

    def plain(path):
        with h5py.File(path, "w") as f:
            for i, l in enumerate(m.layers):
                f[f"W{i + 1}"], f[f"b{i + 1}"] = (v.numpy() for v in l.weights)

    write("2_by_hand", ["arrays that a person saved with h5py, with --arch"], m, rows(4), file="weights.hdf5", save=plain,
          flags="--arch dense,relu,dense,softmax", layers="dense,relu,dense,softmax")


def layers_of_2():
    start()
    m = Sequential([
        Input((6,)),
        layers.Dense(6, "hard_sigmoid"),
        layers.Dense(6, layers.LeakyReLU(0.1)),
        layers.Dense(6, "LeakyReLU"),
        layers.LeakyReLU(),
        layers.Activation(tf.nn.leaky_relu),
        layers.Activation("gelu"),
        layers.Activation("swish"),
        layers.ReLU(6.0),
        layers.ReLU(max_value=2.0, negative_slope=0.2),
        layers.ELU(),
        layers.Softmax(),
    ])
    expected = "dense,hard_sigmoid(0.2,0.5),dense,leaky_relu(0.1),dense,leaky_relu(0.3),leaky_relu(0.3),leaky_relu(0.2),gelu,silu,relu6,leaky_relu(0.2),clip(-Inf,2),elu(1),softmax"
    shows = ["hard_sigmoid of Keras 2", "LeakyReLU of Keras 2", "a layer as a fused activation", "activations by name", "ReLU with max_value and negative_slope", "ELU", "Softmax"]
    write("2_activations", shows, draw(m), rows(6), layers=expected)

    start()
    data = np.random.default_rng(5).normal(size=(50, 4, 3)) * [1, 10, 100] + [0, 50, -7]
    norm = layers.Normalization()
    norm.adapt(data)
    m = Sequential([Input((4, 3)), norm, layers.PReLU(shared_axes=[1]), layers.Flatten(), layers.Dense(2)])
    for l in m.layers[1:]:
        for v in l.weights:
            v.assign(np.random.default_rng(0).uniform(0.1, 0.5, v.shape))
    shows = ["Normalization that adapt() fitted", "PReLU with shared_axes", "rows of two dimensions"]
    write("2_normalization", shows, m, data[:8].astype("f4"), layers="subtract,divide,prelu,dense", kind="value")

    start()
    inputs = Input((4, 4, 1))
    x = layers.Rescaling(1 / 127.5, -1)(inputs)
    x = layers.Flatten()(x)
    m = Model(inputs, layers.Dense(3, "softmax")(x))
    write("2_picture", ["Flatten of a grey picture", "Rescaling"], draw(m), pixels(4, 4, 1), layers="multiply,add,dense,softmax")

    start()
    inputs = Input((4,))
    m = Model(inputs, layers.Dense(2)(inputs / 255.0))
    write("2_arithmetic", ["refused: arithmetic between layers"], m, refused='of type TFOpLambda: it holds Python code or a call of it')

    start()
    inputs = Input((4,))
    m = Model(inputs, layers.Dense(2)(layers.Dropout(0.5, name="always")(inputs, training=True)))
    write("2_training", ["refused: a call with training=True"], m, refused='"always" of type Dropout: it is called with training=True')


def early():
    """Files as early versions of Keras 2, and Keras 1, wrote them: configurations by hand."""
    start()
    m = draw(Sequential([Input((4,)), layers.Dense(5, name="dense_1"), layers.LeakyReLU(0.3), layers.Dense(2, "softmax", name="dense_2")]))

    def save(path, version="2.0.4"):
        dense = {"trainable": True, "use_bias": True, "activation": "linear"}
        config = {"class_name": "Sequential", "config": [
            {"class_name": "Dense", "config": {"name": "dense_1", "units": 5, "batch_input_shape": [None, 4], "dtype": "float32", **dense}},
            {"class_name": "LeakyReLU", "config": {"name": "leaky_re_lu_1", "trainable": True, "alpha": {"type": "ndarray", "value": 0.3}}},
            {"class_name": "Dense", "config": {"name": "dense_2", "units": 2, **dense, "activation": "softmax"}},
        ]}
        with h5py.File(path, "w") as f:
            if version:
                f.attrs["keras_version"] = np.bytes_(version)
            f.attrs["model_config"] = np.bytes_(json.dumps(config))
            f.attrs["training_config"] = np.bytes_(json.dumps({"loss": "categorical_crossentropy"}))
            g = f.create_group("model_weights")
            g.attrs["layer_names"] = np.array([b"dense_1", b"leaky_re_lu_1", b"dense_2"])
            for l in m.layers:
                layer = g.create_group("leaky_re_lu_1" if "leaky" in l.name else l.name)
                names = [f"{l.name}/{v.name.split('/')[-1]}" for v in l.weights]
                layer.attrs["weight_names"] = np.array([n.encode() for n in names])
                for n, v in zip(names, l.weights):
                    layer[n] = v.numpy()

    write("2_early", ["a Sequential whose configuration is a list", "a number in an object"], m, rows(4), save=save, layers="dense,leaky_relu(0.3),dense,softmax")
    write("1_whole", ["refused: Keras 1"], m, save=lambda p: save(p, None), refused="which version of Keras wrote it")


for part in [whole_models, layers_of_2, early]:
    part()
