"""Write the cases of this folder: TensorFlow Lite models and what its interpreter answers.

Weights are drawn, not trained: what matters is that every operator gets numbers that show a
mistake. Run it twice on one machine and no byte changes, except that the converter puts the buffers
of the case `outside` into any order.
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import keras
import numpy as np
import tensorflow as tf
from keras import layers as L

from files import Case, edit, old_codes, rename, set_beta, with_labels

f32 = tf.float32


def sequential(shape, *layers, seed=1):
    """A Keras model whose weights and moving statistics are all drawn."""
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    model = keras.Sequential([keras.Input(shape), *layers])
    for layer in model.layers:
        drawn = []
        for w in layer.weights:
            scale = 1.5 / np.sqrt(w.shape[0]) if len(w.shape) > 1 else 0.4
            value = rng.normal(size=w.shape) * scale
            if any(word in w.path for word in ("variance", "gamma")):
                value = np.abs(value) + 0.5
            drawn.append(value.astype("float32") if w.dtype == "float32" else w.numpy())
        if not isinstance(layer, L.Normalization):
            layer.set_weights(drawn)
    return model


def convert(model, **settings):
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    for name, value in settings.items():
        setattr(converter, name, value)
    return converter.convert()


def function(fn, shape, dtype=f32):
    """A model of one function, for operators that no Keras layer gives."""
    module = tf.Module()
    module.run = tf.function(fn, input_signature=[tf.TensorSpec(shape, dtype)])
    return tf.lite.TFLiteConverter.from_concrete_functions([module.run.get_concrete_function()], module).convert()


def quantised(model, rows, ops=tf.lite.OpsSet.TFLITE_BUILTINS_INT8, **settings):
    return convert(
        model,
        optimizations=[tf.lite.Optimize.DEFAULT],
        representative_dataset=lambda: ([r[None]] for r in rows),
        target_spec=tf.lite.TargetSpec(supported_ops=[ops]),
        **settings,
    )


def normalization():
    return L.Normalization(mean=[1.0, -2.0, 0.5, 10.0], variance=[4.0, 0.25, 1.0, 9.0])


def classifier():
    return sequential((4,), normalization(), L.Dense(8, "relu"), L.BatchNormalization(), L.Dropout(0.2), L.Dense(3, "softmax"))


def near(case):
    """Rows about the means of normalization()."""
    return case.rows(4) * np.float32([2, 0.5, 1, 3]) + np.float32([1, -2, 0.5, 10])


def float_models():
    c = Case("float", "float32 weights", "Normalization as SUB and MUL", "BatchNormalization and Dropout, which the converter folds")
    c.write(convert(classifier()), near(c), layers="subtract,multiply,dense,relu,dense,softmax", kind="probabilities")

    c = Case("regression", "a plain dense layer at the end", "a dense layer without bias")
    dense = L.Dense(2, use_bias=False)
    c.write(convert(sequential((5,), dense)), c.rows(5), layers="dense", kind="value")

    c = Case("sigmoid", "one sigmoid output")
    c.write(convert(sequential((3,), L.Dense(4, "tanh"), L.Dense(1, "sigmoid"))), c.rows(3), layers="dense,tanh,dense,sigmoid", kind="probabilities")

    c = Case("multilabel", "several sigmoid outputs")
    c.write(convert(sequential((3,), L.Dense(3, "sigmoid"))), c.rows(3), layers="dense,sigmoid", kind="probabilities")

    c = Case("activations", "RELU, RELU6, RELU_N1_TO_1 and TANH, fused or not", "LEAKY_RELU, PRELU, ELU, LOGISTIC, EXP, GELU")
    clip = lambda x: tf.clip_by_value(x, -1.0, 1.0)
    tanh_gelu = lambda x: keras.activations.gelu(x, approximate=True)
    c.write(
        convert(sequential(
            (4,), L.Dense(6, "relu"), L.Dense(6, "relu6"), L.Dense(6, clip), L.Dense(6, "tanh"), L.Dense(6, "leaky_relu"), L.Dense(6),
            L.PReLU(), L.Dense(6, "elu"), L.Dense(6, "gelu"), L.Dense(6, tanh_gelu), L.Dense(6, "sigmoid"), L.Dense(4, "exponential"))),
        c.rows(4), kind="value",
        layers="dense,relu,dense,relu6,dense,clip(-1,1),dense,tanh,dense,leaky_relu(0.2),dense,prelu,dense,elu(1),"
        "dense,gelu,dense,gelu_tanh,dense,sigmoid,dense,exp")

    c = Case("idioms", "silu, softplus, selu and a scaled elu as several operators")
    c.write(
        convert(sequential((4,), L.Dense(5, "silu"), L.Dense(5, "softplus"), L.Dense(5, "selu"), L.Dense(5), L.ELU(0.5), L.Dense(2))),
        c.rows(4), layers="dense,silu,dense,softplus,dense,selu,dense,elu(0.5),dense", kind="value")

    c = Case("unit_norm", "UnitNormalization as five operators")
    c.write(convert(sequential((4,), L.UnitNormalization(), L.Dense(3, "softmax"))), c.rows(4), layers="normalize(l2),dense,softmax")

    c = Case("hard_sigmoid", "hard_sigmoid as a fused RELU6 and MUL")
    c.write(convert(sequential((4,), L.Dense(3, "hard_sigmoid"))), c.rows(4), layers="dense,relu6,multiply", kind="value")


def shapes():
    c = Case("flatten", "SHAPE, STRIDED_SLICE and PACK before RESHAPE", "a picture's shape is kept")
    picture = sequential((4, 4, 1), L.Rescaling(1 / 255.0), L.Flatten(), L.Dense(5, "relu"), L.Reshape((5, 1)), L.Flatten(), L.Dense(3))
    c.write(convert(picture), np.round(c.rows(4, 4, 1) * 40 + 120), layers="multiply,dense,relu,dense", kind="value")

    c = Case("dense_3d", "GATHER, REDUCE_PROD and CONCATENATION before RESHAPE", "a RESHAPE of open shape")
    c.write(convert(sequential((1, 4), L.Dense(3, "relu"), L.Flatten(), L.Dense(2))), c.rows(1, 4), layers="dense,add,relu,dense")

    c = Case("expand", "EXPAND_DIMS and SQUEEZE, RESHAPE to a constant")
    w = tf.constant(c.rng.normal(size=(4, 3)), f32)
    c.write(function(lambda x: tf.nn.softmax(tf.reshape(tf.squeeze(tf.expand_dims(x @ w, 1), [1]), [-1, 3])), [None, 4]), c.rows(4), layers="dense,softmax")

    c = Case("broadcast", "constants that are spread over a row")
    a = tf.constant(c.rng.normal(size=(2, 1)), f32)
    b = tf.constant(c.rng.normal(size=(1, 1, 3)), f32)
    c.write(function(lambda x: (x * a + b) / a, [None, 2, 3]), c.rows(2, 3), layers="multiply,add,multiply", kind="value")

    c = Case("one_row", "a model for a single row, without a dimension of rows")
    c.write(function(lambda x: tf.nn.softmax(tf.reshape(x, [1, 4]) @ w), [4]), c.rows(4), layers="dense,softmax")

    c = Case("batch", "a batch of fixed size")
    c.write(function(lambda x: tf.nn.relu(x @ w), [4, 4]), c.rows(4), layers="dense,relu")

    c = Case("batch_matmul", "BATCH_MATMUL with a constant")
    y = tf.constant(c.rng.normal(size=(1, 4, 3)), f32)
    c.write(function(lambda x: tf.reshape(tf.matmul(x, y), [-1, 3]), [1, 1, 4]), c.rows(1, 4), layers="dense")


def arithmetic():
    c = Case("arithmetic", "ADD, SUB and MUL with constants, on either side", "fused activations of ADD and MUL", "NEG and ABS")
    k = [tf.constant(c.rng.uniform(0.5, 2, size=4), f32) for _ in range(4)]
    c.write(
        function(lambda x: tf.abs(k[3] - tf.nn.relu(-(x + k[0]) * k[1]) - k[2]), [None, 4]),
        c.rows(4), layers="add,multiply,multiply,relu,multiply,add,subtract,leaky_relu(-1)")

    c = Case("divide", "DIV by a constant")
    c.write(edit(function(lambda x: tf.nn.relu(x * k[0]), [None, 4]), rename("MUL", "DIV")), c.rows(4), layers="divide,relu")

    c = Case("limits", "MINIMUM and MAXIMUM", "RELU_0_TO_1")
    c.write(
        edit(function(lambda x: tf.nn.relu(tf.maximum(tf.minimum(x * 2.0, 1.5), -0.25)), [None, 4]), rename("RELU", "RELU_0_TO_1")),
        c.rows(4), layers="multiply,clip(-Inf,1.5),clip(-0.25,+Inf),clip(0,1)")

    c = Case("argmax", "ARG_MAX at the end")
    c.write(convert(sequential((4,), L.Dense(5), L.Lambda(lambda x: tf.argmax(x, -1)))), c.rows(4), layers="dense,argmax", kind="class")

    c = Case("step", "GREATER and CAST, as of a perceptron")
    perceptron = sequential((4,), L.Dense(1), L.Lambda(lambda x: tf.cast(x > 0.25, f32)))
    c.write(convert(perceptron), c.rows(4), layers="dense,threshold(>0.25)", kind="class")

    c = Case("less", "LESS, turned round")
    c.write(function(lambda x: tf.cast(x < 0.25, f32), [None, 3]), c.rows(3), layers="multiply,threshold(>-0.25)", kind="value")

    c = Case("beta", "SOFTMAX with a factor beta")
    c.write(edit(convert(sequential((4,), L.Dense(3, "softmax"))), set_beta(2.5)), c.rows(4), layers="dense,multiply,softmax")


def quantisation():
    rows = Case("calibration").rows(4, count=200)
    model = sequential((4,), L.Dense(16, "relu"), L.Dense(8, "tanh"), L.Dense(3, "softmax"), seed=3)
    c = Case("int8", "int8 weights, a scale for each output", "QUANTIZE and DEQUANTIZE at the ends", tolerance=0.02)
    c.write(quantised(model, rows), c.rows(4), layers="dense,relu,dense,tanh,dense,softmax", kind="probabilities")

    c = Case("int8_ends", "int8 weights, one scale for all", "uint8 inputs and int8 outputs", tolerance=0.02)
    c.write(
        quantised(model, rows, inference_input_type=tf.uint8, inference_output_type=tf.int8, _experimental_disable_per_channel_quantization_for_dense_layers=True),
        c.rows(4), layers="dense,relu,dense,tanh,dense,softmax", kind="probabilities")

    c = Case("int16", "int16 activations with int8 weights", tolerance=2e-4)
    c.write(quantised(model, rows, tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8), c.rows(4), kind="probabilities")

    c = Case("hybrid", "dynamic range: int8 weights with float32 rows", tolerance=0.01)
    wide = sequential((8,), L.Dense(160, "relu"), L.Dense(3))
    c.write(convert(wide, optimizations=[tf.lite.Optimize.DEFAULT]), c.rows(8), layers="dense,relu,dense", kind="value")

    c = Case("float16", "float16 weights behind DEQUANTIZE")
    half = tf.lite.TargetSpec(supported_types=[tf.float16])
    c.write(convert(classifier(), optimizations=[tf.lite.Optimize.DEFAULT], target_spec=half), near(c), layers="subtract,multiply,dense,relu,dense,softmax")

    c = Case("bytes", "uint8 inputs that are not quantised, and CAST")
    w = tf.constant(c.rng.normal(size=(4, 3)) / 100, f32)
    c.write(function(lambda x: tf.cast(x, f32) @ w, [None, 4], tf.uint8), c.rng.integers(0, 256, size=(10, 4)), layers="dense")


def files():
    model = convert(classifier())
    c = Case("labels", "labels.txt behind the model, named by its metadata")
    c.write(with_labels(model, "cat\ndog\nfish\n", metadata="labels.txt"), near(c), labels="cat,dog,fish", kind="probabilities")

    c = Case("labels_alone", "labels without metadata")
    c.write(with_labels(convert(sequential((4,), L.Dense(1, "sigmoid"))), "no\r\nyes\r\n"), c.rows(4), labels="no,yes", kind="probabilities")

    c = Case("labels_many", "labels that do not fit are left out")
    c.write(with_labels(model, "background\ncat\ndog\nfish\n", metadata="labels.txt"), near(c), kind="probabilities")

    c = Case("outside", "buffers behind the flatbuffer")
    c.write(convert(classifier(), _experimental_use_buffer_offset=True), near(c), layers="subtract,multiply,dense,relu,dense,softmax")

    c = Case("old_codes", "operator codes of one byte, as before TensorFlow 2.4")
    c.write(edit(model, old_codes), near(c), layers="subtract,multiply,dense,relu,dense,softmax")

    c = Case("signatures", "several signatures: the first subgraph is read")
    module = tf.Module()
    w = [tf.constant(c.rng.normal(size=(4, n)), f32) for n in (3, 2)]
    module.first = tf.function(lambda x: x @ w[0], input_signature=[tf.TensorSpec([None, 4], f32)])
    module.second = tf.function(lambda x: x @ w[1], input_signature=[tf.TensorSpec([None, 4], f32)])
    both = {name: getattr(module, name) for name in ("first", "second")}
    saved = os.path.join(c.scratch(), "saved")
    tf.saved_model.save(module, saved, signatures=both)
    c.write(tf.lite.TFLiteConverter.from_saved_model(saved, signature_keys=list(both)).convert(), c.rows(4), layers="dense", kind="value")


def refused():
    def case(name, shows, words, model):
        Case(name, shows, refused=words).write(model)

    case("conv", "refused: an operator without an equal, by index and name", "operator 0 (CONV_2D): there is no layer for it here",
         convert(sequential((6, 6, 1), L.Conv2D(2, 3), L.Flatten(), L.Dense(2))))
    case("hard_swish", "refused: HARD_SWISH, with a way out", "operator 1 (HARD_SWISH): there is no layer for it here; train with silu",
         convert(sequential((4,), L.Dense(3, "hard_silu"))))
    case("residual", "refused: branches", "(ADD) joins two branches",
         function(lambda x: x + tf.nn.relu(x @ tf.eye(4)), [None, 4]))
    a, b = keras.Input((2,), name="age"), keras.Input((2,), name="height")
    case("two_inputs", "refused: several inputs, by name", "2 inputs (",
         convert(keras.Model([a, b], L.Dense(1)(L.Concatenate()([a, b])))))
    case("two_outputs", "refused: several outputs", "2 outputs (",
         convert(keras.Model(a, [L.Dense(1)(a), L.Dense(2)(a)])))
    case("positions", "refused: a dense layer at each of several positions", "a weight for 4 inputs where rows have 20 values",
         convert(sequential((5, 4), L.Dense(3), L.Flatten(), L.Dense(2))))
    case("softmax_axis", "refused: softmax along a part of a row", "(SOFTMAX): it works along the last dimension of [2 3]",
         function(lambda x: tf.nn.softmax(x), [None, 2, 3]))
    case("integers", "refused: arithmetic of integers", "it computes with elements of int32",
         function(lambda x: x // 3 + 1, [None, 4], tf.int32))
    custom = tf.lite.TFLiteConverter.from_keras_model(sequential((4,), L.Lambda(lambda x: tf.math.erf(x))))
    custom.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS]
    case("flex", "refused: operators of TensorFlow itself", 'custom "FlexErf"', custom.convert())
    case("reciprocal", "refused: a constant divided by the row", "it divides a constant by the row",
         function(lambda x: 2.0 / x, [None, 4]))


if __name__ == "__main__":
    for group in (float_models, shapes, arithmetic, quantisation, files, refused):
        group()
