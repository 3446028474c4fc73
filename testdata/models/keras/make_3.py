"""Writes the cases whose names begin with 3_: models as Keras 3 saves them. See README.md."""

import os

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_ENABLE_X64"] = "1"

import io
import zipfile

import h5py
import keras
import numpy as np
from keras import Input, Model, Sequential, layers, losses

import case
from case import draw, pixels, rows

MADE_BY = "keras " + keras.__version__


def repack(path, change=lambda weights: None, compression=zipfile.ZIP_STORED):
    """Packs an archive anew, with a change to its weights."""
    with zipfile.ZipFile(path) as z:
        entries = {n: z.read(n) for n in z.namelist()}
    weights = io.BytesIO(entries["model.weights.h5"])
    with h5py.File(weights, "r+") as f:
        change(f)
    entries["model.weights.h5"] = weights.getvalue()
    with zipfile.ZipFile(path, "w", compression) as z:
        for n, content in entries.items():
            z.writestr(n, content)


def write(name, shows, model, x=None, *, save=None, y=None, refused=None, **keys):
    """Writes a case of a model, which answers itself. Most archives are packed anew to be small."""

    def save_small(path):
        model.save(path)
        if path.endswith(".keras"):
            repack(path, compression=zipfile.ZIP_DEFLATED)

    if y is None and not refused:
        y = model.predict(x, verbose=0)
    case.write(name, MADE_BY, shows, save or save_small, x=x, y=y, refused=refused, **keys)


def start(seed=0):
    keras.utils.clear_session()
    keras.utils.set_random_seed(seed)


def whole_models():
    start()
    m = Sequential([
        Input((4,)),
        layers.Dense(6, "relu"),
        layers.Dropout(0.2),
        layers.Dense(3, "softmax"),
    ])
    m.compile(loss="sparse_categorical_crossentropy")
    draw(m)
    shows = ["a .keras archive", "InputLayer", "Dense with a fused activation", "Dropout", "probabilities of softmax"]
    write("3_sequential", shows, m, rows(4), save=m.save, layers="dense,relu,dense,softmax", kind="probabilities")
    write("3_packed_anew", ["an archive packed anew, compressed"], m, rows(4))
    write("3_whole_h5", ["an .h5 of a whole model, written by Keras 3"], m, rows(4), file="model.h5", layers="dense,relu,dense,softmax",
          save=lambda p: m.save(p, include_optimizer=False))
    write("3_weights", ["a .weights.h5, with --arch"], m, rows(4), file="model.weights.h5", save=m.save_weights,
          flags="--arch dense,relu,dense,softmax", layers="dense,relu,dense,softmax")

    start()
    m = Sequential([Input((3,)), layers.Dense(4, "tanh", name="dense_1"), layers.Dense(4, "tanh", name="dense")])
    write("3_names_against_counters", ["layers called otherwise than the paths of their variables"], draw(m), rows(3))

    def unnamed(path):
        """As Keras wrote it before it kept the names beside the variables."""
        m.save(path)
        repack(path, lambda f: f.visititems(lambda n, o: o.attrs.pop("name", None) and None))

    write("3_without_names", ["paths by counters alone"], m, rows(3), save=unnamed)

    start()
    m = Sequential([layers.Dense(4, "relu"), layers.Dense(2)])
    m.build((None, 5))
    write("3_without_input_layer", ["no InputLayer: the shape that the model was built for"], draw(m), rows(5), layers="dense,relu,dense", kind="value")

    start()
    m = Sequential([Input((5,)), layers.Dense(4, use_bias=False), layers.Activation("relu"), layers.Dense(1, "sigmoid")])
    m.compile(loss="binary_crossentropy")
    write("3_binary", ["Dense without bias", "Activation", "a single sigmoid decides between two classes"], draw(m), rows(5),
          layers="dense,relu,dense,sigmoid", kind="probabilities", labels="0,1")


def outputs():
    for name, loss, width, kind, shows in [
        ("3_logits", losses.SparseCategoricalCrossentropy(from_logits=True), 3, "logits", "logits by the loss"),
        ("3_binary_logits", losses.BinaryCrossentropy(from_logits=True), 1, "logits", "a single logit decides between two classes"),
        ("3_regression", "mse", 2, "value", "values by the loss"),
        ("3_hinge", "squared_hinge", 1, "decision", "decisions by the loss"),
        ("3_multilabel", "binary_crossentropy", 3, "probabilities", "a sigmoid for each of several outputs"),
    ]:
        start()
        m = Sequential([Input((4,)), layers.Dense(width, "sigmoid" if name == "3_multilabel" else None)])
        m.compile(loss=loss)
        extra = {"labels": "0,1"} if kind in ("logits", "decision") and width == 1 else {}
        whole = name == "3_logits"  # the loss stands elsewhere in an .h5
        write(name, [shows], draw(m), rows(4), kind=kind, **extra, **({"file": "model.h5"} if whole else {}))


def normalisations():
    start()
    m = Sequential([
        Input((4,)),
        layers.Dense(5),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.BatchNormalization(scale=False, epsilon=0.01),
        layers.BatchNormalization(center=False),
        layers.BatchNormalization(center=False, scale=False),
    ])
    write("3_batch_normalization", ["BatchNormalization", "BatchNormalization without scale or center"], draw(m), rows(4))

    start()
    data = np.random.default_rng(5).normal(size=(50, 3)) * [1, 10, 100] + [0, 50, -7]
    data[:, 2] = 3  # a variance of 0
    norm = layers.Normalization()
    norm.adapt(data)
    m = Sequential([Input((3,)), norm, layers.Dense(2, "relu"), layers.Dense(2)])
    for v in m.layers[1].weights + m.layers[2].weights:
        v.assign(np.random.default_rng(0).normal(size=v.shape))
    write("3_normalization_adapted", ["Normalization that adapt() fitted", "a variance of 0"], m, data[:8].astype("f4"), layers="subtract,divide,dense,relu,dense")

    start()
    m = Sequential([
        Input((3,)),
        layers.Normalization(mean=[1.0, 2.0, -3.0], variance=[4.0, 0.25, 9.0]),
        layers.Dense(2, "tanh"),
        layers.Normalization(axis=None, mean=20.0, variance=100.0, invert=True),
    ])
    m.compile(loss="mse")
    write("3_normalization_given", ["Normalization with a given mean and variance", "Normalization without axis", "Normalization that inverts"], draw(m), rows(3),
          layers="subtract,divide,dense,tanh,multiply,add", kind="value")


def pictures():
    start()
    m = Sequential([Input((6, 6), dtype="uint8"), layers.Rescaling(1 / 255), layers.Flatten(), layers.Dense(3, "softmax")])
    write("3_grey_picture", ["Flatten of a grey picture without channels", "Rescaling", "pixels of uint8"], draw(m), pixels(6, 6), layers="multiply,dense,softmax")

    start()
    m = Sequential([
        Input((4, 5, 3)),
        layers.RandomFlip("horizontal"),
        layers.Rescaling([1 / 255, 1 / 128, 1 / 64], offset=[0.0, -1.0, -2.0]),
        layers.Normalization(mean=[0.5, 0.25, 0.0], variance=[0.1, 0.2, 0.3]),
        layers.BatchNormalization(),
        layers.PReLU(shared_axes=[1, 2]),
        layers.Flatten(),
        layers.Dense(2),
    ])
    shows = ["Flatten of a picture of three colours", "Rescaling with an offset, by channel", "channels in pictures", "PReLU with shared_axes"]
    write("3_colour_picture", shows, draw(m), pixels(4, 5, 3), layers="multiply,add,subtract,divide,multiply,add,prelu,dense")

    start()
    m = Sequential([Input((5, 4, 1)), layers.BatchNormalization(axis=2), layers.Flatten(), layers.Dense(2)])
    write("3_one_channel", ["Flatten of a grey picture", "BatchNormalization along another axis"], draw(m), pixels(5, 4, 1))

    start()
    m = Sequential([Input((4, 3)), layers.Reshape((-1,)), layers.Dense(2), layers.Reshape((2, 1)), layers.Reshape((2,)), layers.Softmax()])
    write("3_reshape", ["Reshape", "rows of two dimensions"], draw(m), rows(4, 3), layers="dense,softmax", kind="probabilities")


def activations():
    names = ["relu", "leaky_relu", "relu6", "elu", "selu", "gelu", "silu", "tanh", "softplus", "hard_sigmoid"]
    start()
    m = Sequential([Input((6,)), layers.Dense(6)])
    for n in names:
        m.add(layers.Activation(n))
    expected = "dense,relu,leaky_relu(0.2),relu6,elu(1),selu,gelu,silu,tanh,softplus,hard_sigmoid(0.16666667,0.5)"
    write("3_activations", ["activations by name", "hard_sigmoid of Keras 3"], draw(m), rows(6), layers=expected)

    start()
    m = Sequential([Input((6,)), layers.Dense(6), *(layers.Activation(n) for n in ["sparse_sigmoid", "hard_tanh", "celu", "swish", "exponential", "linear"])])
    write("3_more_activations", ["activations by name"], draw(m), rows(6), layers="dense,hard_sigmoid(0.5,0.5),clip(-1,1),elu(1),silu,exp")

    start()
    m = Sequential([Input((4,)), layers.Dense(4, gelu_approximate)])
    write("3_gelu_approximate", ["gelu_approximate of keras_hub"], draw(m), rows(4), layers="dense,gelu_tanh")

    start()
    m = Sequential([
        Input((8,)),
        layers.Dense(8, layers.LeakyReLU(0.15)),
        layers.LeakyReLU(),
        layers.ReLU(negative_slope=0.1, max_value=3.0),
        layers.ReLU(max_value=2.5),
        layers.ReLU(max_value=6),
        layers.ELU(0.7),
        layers.PReLU(),
        layers.ReLU(),
        layers.Softmax(),
    ])
    expected = "dense,leaky_relu(0.15),leaky_relu(0.3),leaky_relu(0.1),clip(-Inf,3),clip(0,2.5),relu6,elu(0.7),prelu,relu,softmax"
    write("3_activation_layers", ["ReLU", "ReLU with max_value and negative_slope", "LeakyReLU of Keras 3", "ELU", "PReLU", "Softmax", "a layer as a fused activation"], draw(m), rows(8, scale=3), layers=expected)

    start()
    m = Sequential([
        Input((4,)),
        layers.GaussianNoise(0.1),
        layers.Dense(4, "relu"),
        layers.AlphaDropout(0.1),
        layers.GaussianDropout(0.1),
        layers.ActivityRegularization(0.1),
        layers.Identity(),
        layers.Dense(2, "softmax"),
        layers.Dropout(0.1),
    ])
    write("3_idle", ["layers that do nothing when a model runs"], draw(m), rows(4), layers="dense,relu,dense,softmax", kind="probabilities")


def functional():
    start()
    inner = Sequential([Input((4,)), layers.Dense(3, "relu"), layers.BatchNormalization()], name="inner")
    x = inputs = Input((4,))
    x = inner(x)
    tail = Input((3,))
    x = Model(tail, layers.Dense(3, "tanh")(tail), name="tail")(x)
    m = Model(inputs, layers.Dense(2, "softmax")(x))
    inner.layers[0].trainable = False
    draw(m)
    expected = {"layers": "dense,relu,multiply,add,dense,tanh,dense,softmax"}
    write("3_functional", ["a functional model that is a chain", "models within the model"], m, rows(4), save=m.save, **expected)
    write("3_functional_h5", ["frozen layers in a model within the model"], m, rows(4), file="model.h5", **expected)

    start()
    inputs = Input((4,))
    x = layers.Dense(4, name="left")(inputs)
    m = Model(inputs, layers.Add(name="sum")([x, inputs]))
    write("3_branches", ["refused: a graph that is not a chain"], m, refused='layer 2, "sum" of type Add: it takes the outputs of 2 layers (left, input_layer)')

    start()
    inputs = Input((4,))
    shared = layers.Dense(4, name="shared")
    m = Model(inputs, shared(shared(inputs)))
    write("3_shared", ["refused: a layer that is called twice"], m, refused='layer 1, "shared" of type Dense: it is called 2 times')

    start()
    inputs = Input((4,))
    m = Model(inputs, [layers.Dense(2, name="a")(inputs), layers.Dense(2, name="b")(inputs)])
    write("3_two_outputs", ["refused: several inputs or outputs"], m, refused="2 outputs of the model (a, b)")

    start()
    inputs = Input((4,))
    m = Model(inputs, layers.Dense(2)(layers.Dropout(0.5, name="always")(inputs, training=True)))
    write("3_training", ["refused: a call with training=True"], m, refused='"always" of type Dropout: it is called with training=True')


def numbers():
    for dtype in ["float16", "bfloat16", "float64"]:
        start()
        m = Sequential([Input((4,), dtype=dtype), layers.Dense(5, "relu", dtype=dtype), layers.Dense(3, dtype=dtype)])
        draw(m)
        same = Sequential([Input((4,)), layers.Dense(5, "relu"), layers.Dense(3)])
        for v, w in zip(same.weights, m.weights):
            v.assign(np.asarray(w.value).astype("f4"))
        x = rows(4)
        # What float16 loses in arithmetic is not the file's: the same weights in float32 answer.
        write(f"3_{dtype}", [f"variables of {dtype}"], m, x, y=same.predict(x, verbose=0), tolerance="1e-3" if "16" in dtype else "1e-5")

    start()
    m = Sequential([Input((4,)), layers.Dense(5, "relu", dtype="mixed_float16"), layers.Dense(3, dtype="mixed_float16")])
    write("3_mixed_float16", ["layers that compute in float16"], draw(m), rows(4), tolerance="5e-3")

    start()
    m = Sequential([Input((4,)), layers.Dense(5, "relu", name="first")])
    m.quantize("int8")
    write("3_quantised", ["refused: quantised layers"], m, refused='layer 1, "first" of type Dense: it is quantised: save the model before')


def attributes():
    """Attributes of more than 64 KB are split. The length of all names counts as that of the longest."""
    start()
    m = Sequential([Input((3,)), layers.Dense(2, name="d" * 3000)])
    for i in range(20):
        m.add(layers.Identity(name=f"i{i}"))
    m.add(layers.Dense(2))
    draw(m)

    def save(path):
        m.save(path)
        with h5py.File(path) as f:
            names = list(f["model_weights"].attrs)
            assert "layer_names1" in names and "layer_names" not in names, names

    write("3_split_attributes", ["attributes in parts: layer_names0, layer_names1"], m, rows(3), file="model.h5", save=save)


@keras.saving.register_keras_serializable(package="mine")
class Doubled(layers.Layer):
    def call(self, x):
        return 2 * x


@keras.saving.register_keras_serializable(package="mine")
def bend(x):
    return keras.ops.square(x)


@keras.saving.register_keras_serializable(package="keras_hub")
def gelu_approximate(x):
    """As keras_hub registers it, which need not be installed for that."""
    return keras.ops.gelu(x, approximate=True)


@keras.saving.register_keras_serializable(package="mine")
class OwnModel(Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.hidden = layers.Dense(4, "relu")
        self.last = layers.Dense(2)

    def call(self, x):
        return self.last(self.hidden(x))


def refused():
    for name, layer, shape, shows, words in [
        ("3_conv", layers.Conv2D(1, 2, name="edges"), (3, 3, 1), "refused: a layer without an equal", 'layer 1, "edges" of type Conv2D: it has no equal here'),
        ("3_lambda", layers.Lambda(eval(compile("lambda x: 2 * x", "example.py", "eval")), name="twice"), (2,), "refused: a Lambda layer", '"twice" of type Lambda: it holds Python code'),
        ("3_own_layer", Doubled(name="own"), (2,), "refused: a layer of one's own class", "it is a class of its own (mine>Doubled)"),
        ("3_own_activation", layers.Dense(1, bend), (2,), "refused: an activation of one's own", 'activation "mine>bend" is a Python function of its own'),
        ("3_softsign", layers.Dense(1, "softsign"), (2,), "refused: an activation without an equal", 'activation "softsign" is not defined here'),
        ("3_threshold", layers.ReLU(threshold=1.0), (2,), "refused: ReLU with a threshold", "a threshold of 1: only 0 is possible"),
        ("3_dense_of_rows", layers.Dense(2), (3, 2), "refused: Dense along the last of several dimensions", "it works on the last dimension of rows of shape [3 2]"),
        ("3_open_shape", layers.Flatten(), (None, 2), "refused: an input of open shape", "only the first dimension, the batch, may be left open"),
    ]:
        start()
        write(name, [shows], Sequential([Input(shape), layer]), refused=words)

    start()
    m = OwnModel()
    x = rows(3)
    m.predict(x, verbose=0)
    draw(m)
    write("3_own_model", ["a model of one's own class, with --arch"], m, x, flags="--arch dense(hidden/kernel,hidden/bias),relu,dense(last/kernel,last/bias)", layers="dense,relu,dense")


for part in [whole_models, outputs, normalisations, pictures, activations, functional, numbers, attributes, refused]:
    part()
