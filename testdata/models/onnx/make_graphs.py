"""Cases built operator by operator, as exporters write them that are old or hard to install."""

import tempfile
from pathlib import Path

import ml_dtypes
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto as T
from onnx import helper, numpy_helper

import case

MADE_BY = f"onnx {onnx.__version__}"
RANDOM = np.random.default_rng(0)
X = RANDOM.normal(0, 1, (10, 4)).astype(np.float32)


def values(*shape, scale=0.7):
    return RANDOM.normal(0, scale, shape).astype(np.float32)


def tensor(name, array):
    return numpy_helper.from_array(np.asarray(array), name)


def node(op, inputs, outputs, **attributes):
    domain = attributes.pop("domain", "")
    return helper.make_node(op, inputs.split(), outputs.split(), domain=domain, name=attributes.pop("name", ""), **attributes)


def ml(op, inputs, outputs, **attributes):
    return node(op, inputs, outputs, domain="ai.onnx.ml", **attributes)


def model(nodes, initializers, *, x=(None, 4), kind=T.FLOAT, y="y", out=T.FLOAT, opset=17, ir=8, inputs=None, functions=(), kinds={}, **fields):
    if not isinstance(initializers, list):
        initializers = [v if isinstance(v, T) else tensor(k, v) for k, v in initializers.items()]
    graph = helper.make_graph(
        nodes, "graph", inputs or [helper.make_tensor_value_info("x", kind, x)],
        [helper.make_tensor_value_info(name, kinds.get(name, out), None) for name in y.split()], initializers)
    sets = [helper.make_opsetid("", opset), helper.make_opsetid("ai.onnx.ml", 3)]
    m = helper.make_model(graph, opset_imports=sets, ir_version=ir, functions=functions, producer_name="", producer_version="")
    for key, value in fields.items():
        if key == "metadata":
            helper.set_model_props(m, value)
        else:
            setattr(m, key, value)
    return m


def write(name, m, shows, x=X, **keys):
    case.write(name, m, x, shows, MADE_BY, **keys)


def lists(name, kind, array):
    """A tensor whose values lie in a list of their type."""
    return helper.make_tensor(name, kind, array.shape, array.ravel().tolist(), raw=False)


def layers():
    w, b = values(4, 3), values(3)
    write("gemm", model([node("Gemm", "x w b", "h", alpha=0.5, beta=2.0), node("Relu", "h", "r"), node("Gemm", "r w2 c", "y", transB=1)],
                        {"w": w, "b": b, "w2": values(5, 3), "c": np.float32([0.25])}, opset=11, ir=6),
          ["Gemm with alpha and beta", "Gemm with transB"], layers="dense,relu,dense", kind="value")
    write("opset7", model([node("Gemm", "x w b", "h"), node("BatchNormalization", "h s o m v", "n", epsilon=1e-3), node("Clip", "n", "c", min=-1.0, max=0.5),
                           node("Dropout", "c", "d mask"), node("Softmax", "d", "y")],
                          {"w": w, "b": b, "s": values(3), "o": values(3), "m": values(3), "v": values(3) ** 2 + np.float32(0.5)}, opset=7, ir=3),
          ["opset 7", "Clip by attributes", "Dropout", "softmax before opset 13", "BatchNormalization"], kind="probabilities",
          layers="dense,multiply,add,clip(-1,0.5),softmax")
    old = model([node("Gemm", "x w b", "y")], {"w": w, "b": b}, opset=8, ir=3)
    old.graph.input.extend([helper.make_tensor_value_info("w", T.FLOAT, (4, 3)), helper.make_tensor_value_info("b", T.FLOAT, (3,))])
    write("initializers_as_inputs", old, ["initializers among the inputs"], layers="dense")
    write("lists", model([node("Gemm", "x w b", "h"), node("Reshape", "h shape", "y")],
                         [lists("w", T.FLOAT, w), lists("b", T.FLOAT, b), lists("shape", T.INT64, np.array([0, -1]))]),
          ["float_data and int64_data"], layers="dense")
    write("open_columns", model([node("Sub", "x mean", "c"), node("MatMul", "c w", "h"), node("Add", "h b", "y")],
                                {"w": w, "b": b, "mean": np.float32([0.5])}, x=(None, None)),
          ["columns left open"], layers="subtract,dense")
    write("functions", model([
        node("Elu", "x", "a", alpha=0.5), node("Celu", "a", "b"), node("HardSigmoid", "b", "c"), node("Neg", "c", "d"), node("LeakyRelu", "d", "e", alpha=0.3),
        node("Softplus", "e", "f"), node("Exp", "f", "g"), node("Erf", "g", "h"), node("Selu", "h", "i"), node("PRelu", "i slope", "j"),
        node("Gelu", "j", "k", approximate="tanh"), node("Sigmoid", "k", "l"), node("Tanh", "l", "m"), node("Relu", "m", "y")],
        {"slope": np.float32([[0.1, 0.2, 0.3, 0.4]])}, opset=20, ir=9), ["functions", "PRelu"], kind="value",
        layers="elu(0.5),elu(1),hard_sigmoid(0.2,0.5),multiply,leaky_relu(0.3),softplus,exp,erf,selu,prelu,gelu_tanh,sigmoid,tanh,relu")
    write("arithmetic", model([
        node("Sub", "one x", "a"), node("Div", "a s", "b"), node("Mul", "s b", "c"), node("Add", "v c", "d"), node("Max", "d low", "e"),
        node("Min", "e high", "f"), node("Pow", "f one", "g"), node("Mul", "g leak", "h"), node("Max", "g h", "y")],
        {"one": np.float32(1), "s": values(1, 4), "v": values(4), "low": np.float32(-1), "high": np.float32(0.75), "leak": np.float32(0.2)}),
        ["a constant − x", "Sub and Div by constants", "Max and Min"], kind="value",
        layers="multiply,add,divide,multiply,add,clip(-1,+Inf),clip(-Inf,0.75),leaky_relu(0.2)")


def numbers():
    w, b = values(4, 3), values(3)
    f16 = model([node("Gemm", "x w b", "h"), node("Relu", "h", "r"), node("Cast", "r", "y", to=T.FLOAT)],
                [tensor("w", w.astype(np.float16)), helper.make_tensor("b", T.FLOAT16, b.shape, b.astype(np.float16))], kind=T.FLOAT16)
    write("float16", f16, ["float16", "Cast"], x=X.astype(np.float16), tolerance=1e-3, layers="dense,relu")
    half = ml_dtypes.bfloat16
    wide = helper.make_tensor("b16", T.BFLOAT16, b.shape, [float(v) for v in b.astype(half)])
    write("bfloat16", model([node("Cast", "w16", "w", to=T.FLOAT), node("Cast", "b16", "b", to=T.FLOAT), node("Gemm", "x w b", "y")],
                            [tensor("w16", w.astype(half)), wide]), ["bfloat16", "constants that are computed"], layers="dense")
    q = RANDOM.integers(-128, 128, (4, 3)).astype(np.int8)
    write("dequantized", model([
        node("DequantizeLinear", "q s z", "w", axis=1), node("DequantizeLinear", "p t", "v"), node("MatMul", "x w", "h"), node("Relu", "h", "r"),
        node("MatMul", "r v", "y")],
        {"q": q, "s": np.float32([0.01, 0.02, 0.005]), "z": np.int8([0, 3, -5]), "p": RANDOM.integers(0, 255, (3, 2)).astype(np.uint8), "t": np.float32(0.03)}),
        ["weights quantized to int8"], layers="dense,relu,dense")
    pixels = RANDOM.integers(0, 256, (8, 3, 4, 1)).astype(np.uint8)
    write("pixels", model([node("Cast", "x", "f", to=T.FLOAT), node("Div", "f max", "d"), node("Transpose", "d", "t", perm=[0, 3, 2, 1]),
                           node("Flatten", "t", "l"), node("MatMul", "l w", "y")],
                          {"max": np.float32(255), "w": values(12, 3)}, x=("n", 3, 4, 1), kind=T.UINT8),
          ["inputs of uint8", "Transpose", "Flatten", "Cast"], x=pixels, layers="divide,select(0,4,8,1,5,9,2,6,10,3,7,11),dense")
    write("folded", model([
        node("Constant", "", "half", value_float=0.5), node("Constant", "", "row", value_floats=[0.25, -0.5, 1.0]), node("Constant", "", "flat", value_ints=[4, 3]),
        node("Constant", "", "zero", value_ints=[0]), node("Constant", "", "eps", value=tensor("", np.float32(1e-3))),
        node("Transpose", "wt", "w0"), node("Mul", "w0 half", "w1"), node("Reshape", "w1 flat", "w2"), node("MatMul", "w2 r", "w3"), node("Concat", "w3 w0", "w4", axis=1),
        node("Unsqueeze", "row zero", "rows"), node("Concat", "rows rows", "c", axis=1), node("Squeeze", "c zero", "c1"), node("Sub", "c1 half", "c2"), node("Identity", "c2", "c3"),
        node("Constant", "", "n", value_int=1), node("Cast", "n", "one", to=T.FLOAT), node("Mul", "eps one", "eps1"), node("Add", "var eps1", "v1"), node("Sqrt", "v1", "v2"), node("Div", "half v2", "v3"), node("Slice", "v3 starts ends", "v4"), node("Gather", "v4 order", "v5"),
        node("MatMul", "x w4", "h"), node("Add", "h c3", "b"), node("Mul", "b v5", "y")],
        {"wt": values(3, 4), "r": values(3, 3), "var": values(8) ** 2, "starts": np.int64([1]), "ends": np.int64([7]), "order": np.int64([5, 1, 2, 0, 3, 4])}),
        ["constants that are computed", "Constant"], layers="dense,multiply", kind="value")


def shapes():
    w = values(12, 3)
    x = RANDOM.normal(0, 1, (8, 1, 3, 4)).astype(np.float32)
    write("squeeze", model([node("Squeeze", "x", "a", axes=[1]), node("Unsqueeze", "a", "b", axes=[1]), node("Reshape", "b shape", "c"), node("MatMul", "c w", "d"),
                            node("Unsqueeze", "d", "e", axes=[2]), node("Squeeze", "e", "f"), node("Softmax", "f", "y", axis=1)],
                           {"shape": np.int64([-1, 12]), "w": w}, x=("n", 1, 3, 4), opset=11, ir=6),
          ["Squeeze", "Unsqueeze", "Reshape", "softmax before opset 13"], x=x, layers="dense,softmax")
    write("channels", model([node("BatchNormalization", "x s o m v", "n", training_mode=0), node("PRelu", "n slope", "p"), node("Flatten", "p", "f", axis=1),
                             node("Gemm", "f w", "y", transB=1)],
                            {"s": values(2), "o": values(2), "m": values(2), "v": values(2) ** 2 + np.float32(0.5), "slope": values(2, 1, 1), "w": values(3, 12)}, x=("n", 2, 3, 2)),
          ["BatchNormalization of channels", "PRelu", "Flatten"], x=x.reshape(8, 2, 3, 2), layers="multiply,add,prelu,dense")
    write("columns_of_x", model([node("Split", "x", "a b c", axis=1), node("Concat", "c a", "d", axis=1), node("Gather", "x second", "e", axis=1),
                                 node("Slice", "x from to axes", "f"), node("Relu", "f", "g"), node("Concat", "d e g", "h", axis=-1), node("MatMul", "h w", "y")],
                                {"second": np.int64([1, -1]), "from": np.int64([1]), "to": np.int64([2**31]), "axes": np.int64([1]), "w": values(11, 2)}, x=(None, 6), opset=13),
          ["Split, Slice and Gather"], x=RANDOM.normal(0, 1, (8, 6)).astype(np.float32), layers="columns,dense")
    ports = [helper.make_tensor_value_info(name, T.FLOAT, (None, 1)) for name in ("speed", "load", "heat")]
    write("feature_vectorizer", model([ml("FeatureVectorizer", "speed load heat", "f", inputdimensions=[1, 1, 1]), ml("LinearRegressor", "f", "y", coefficients=[0.5, -1.5, 2.0], intercepts=[0.1])],
                                      {}, inputs=ports), ["FeatureVectorizer", "an input for each column"], x=X[:, :3], layers="dense", features="speed,load,heat")


def outputs():
    w, b = values(4, 3), values(3)
    x = X
    classes = np.argmax(x @ w + b, axis=1)
    write("label_encoder", model([node("Gemm", "x w b", "h"), node("ArgMax", "h", "i", axis=1, keepdims=0), ml("LabelEncoder", "i", "label", keys_int64s=[0, 1, 2], values_strings=["low", "middle", "high"])],
                                 {"w": w, "b": b}, y="label", out=T.STRING), ["LabelEncoder", "ArgMax"], y=classes.astype(np.float32), kind="class", labels="low,middle,high", layers="dense,argmax")
    write("argmax", model([node("Gemm", "x w b", "h"), node("Softmax", "h", "p", axis=-1), node("ArgMax", "p", "y", axis=-1)], {"w": w, "b": b}, out=T.INT64),
          ["ArgMax"], kind="class", layers="dense,softmax,argmax")
    write("metadata", model([node("Gemm", "x w b", "y")], {"w": w, "b": b}, doc_string="Three classes.",
                            metadata={"names": "{0: 'cat', 1: \"dog\", 2: 'cow'}", "feature_names": '["a", "b", "c", "d"]'}),
          ["names in the metadata"], kind="logits", labels="cat,dog,cow", features="a,b,c,d")
    write("logits_and_label", model([node("Gemm", "x w b", "logits"), node("ArgMax", "logits", "i", axis=1, keepdims=0), node("Gather", "names i", "label")],
                                    {"w": w, "b": b, "names": np.array(["red", "green", "blue"], dtype=object)}, y="logits label", kinds={"label": T.STRING}),
          ["a label beside the probabilities"], output="logits", kind="logits", labels="red,green,blue", layers="dense")
    write("one_of_two", model([node("Gemm", "x w b", "h"), node("Relu", "h", "p"), node("Tanh", "h", "q")], {"w": w, "b": b}, y="p q"),
          ["one of several outputs"], output="q", flags="--onnx-output q", kind="value", layers="dense,tanh")
    write("log_softmax_before", model([node("Gemm", "x w b", "logits"), node("LogSoftmax", "logits", "y", axis=1)], {"w": w, "b": b}),
          ["one of several outputs"], y=x @ w + b, flags="--onnx-output logits", kind="value", layers="dense")
    write("logits_and_index", model([node("Gemm", "x w b", "logits"), node("ArgMax", "logits", "index", axis=1, keepdims=0)], {"w": w, "b": b}, y="logits index", kinds={"index": T.INT64}),
          ["a label beside the probabilities"], output="logits", kind="logits", layers="dense")
    write("threshold", model([node("Gemm", "x w b", "h"), node("Greater", "h zero", "g"), node("Cast", "g", "y", to=T.FLOAT)],
                             {"w": values(4, 1), "b": values(1), "zero": np.float32(0)}), ["Greater"], kind="class", layers="dense,threshold(>0)")
    write("one_row", model([ml("Scaler", "x", "s", offset=[0.5], scale=[2.0]), ml("LinearClassifier", "s", "label p", coefficients=[0.5, -1, 2, 0.25], intercepts=[0.3], classlabels_ints=[3, 7], post_transform="LOGISTIC")],
                           {}, y="label p", kinds={"label": T.INT64}), ["a binary classifier"], output="p", column=1, kind="probabilities", labels="3,7", layers="subtract,multiply,dense,sigmoid")
    write("binary_normalized", model([ml("LinearClassifier", "x", "label s", coefficients=[-0.5, 1, -2, -0.25, 0.5, -1, 2, 0.25], intercepts=[-0.3, 0.3], classlabels_ints=[0, 1], post_transform="LOGISTIC"),
                                      ml("Normalizer", "s", "n", norm="L1"), node("Identity", "n", "p")], {}, y="label p", kinds={"label": T.INT64}),
          ["a binary classifier", "Normalizer"], output="p", column=1, kind="probabilities", labels="0,1", layers="dense,sigmoid")
    write("softmax_binary", model([ml("LinearClassifier", "x", "label p", coefficients=[-0.5, 1, -2, -0.25, 0.5, -1, 2, 0.25], intercepts=[-0.3, 0.3], classlabels_strings=["no", "yes"], post_transform="SOFTMAX")],
                                  {}, y="label p", kinds={"label": T.STRING}), ["a binary classifier"], output="p", kind="probabilities", labels="no,yes", layers="dense,softmax")
    write("normalizer", model([node("Relu", "x", "r"), ml("Normalizer", "r", "n", norm="MAX"), node("MatMul", "n w", "h"), node("LpNormalization", "h", "l", p=2, axis=-1),
                               node("Exp", "l", "e"), node("ReduceSum", "e axes", "s"), node("Div", "e s", "y")], {"w": w, "axes": np.int64([1])}),
          ["Normalizer", "softmax in three nodes"], kind="probabilities", layers="relu,normalize(max),dense,normalize(l2),softmax")


def optimized():
    """A model as onnxruntime saves it after its own optimizations."""
    nodes = [node("Gemm", "x w b", "h"), node("Div", "h root", "d"), node("Erf", "d", "e"), node("Add", "e one", "a"), node("Mul", "h a", "m"), node("Mul", "m half", "g"),
             node("Gemm", "g w2 b2", "i"), node("LeakyRelu", "i", "l", alpha=0.05), node("Gemm", "l w3 b3", "y")]
    plain = model(nodes, {"w": values(4, 5), "b": values(5), "root": np.float32(2**0.5), "one": np.float32(1), "half": np.float32(0.5), "w2": values(5, 4), "b2": values(4),
                          "w3": values(4, 2), "b3": values(2)})
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    with tempfile.TemporaryDirectory() as folder:
        options.optimized_model_filepath = str(Path(folder) / "model.onnx")
        onnxruntime.InferenceSession(plain.SerializeToString(), options, providers=["CPUExecutionProvider"])
        m = onnx.load(options.optimized_model_filepath)
    assert {n.op_type for n in m.graph.node} >= {"Gelu", "FusedGemm"}
    case.write("optimized", m, X, ["operators of onnxruntime"], f"onnxruntime {onnxruntime.__version__}", kind="value", layers="dense,gelu,dense,leaky_relu(0.05),dense")


def refusals():
    w, b = values(4, 4), values(4)
    wb = {"w": w, "b": b}
    gemm = node("Gemm", "x w b", "h", name="first")

    def refuse(name, m, item, words):
        write("refused_" + name, m, ["refused: " + item], refused=words)

    refuse("conv", model([node("Conv", "x w", "y", name="conv1")], {"w": values(2, 1, 3, 3)}, x=(None, 1, 8, 8)), "Conv", '0: Conv "conv1": convolutions')
    refuse("residual", model([gemm, node("Relu", "h", "r"), node("Add", "x r", "y", name="skip")], wb), "a sum of computed values", '2: Add "skip": the sum of two')
    refuse("transposed_a", model([node("Gemm", "x w b", "y", transA=1)], {"w": w, "b": b}), "transA", "transA")
    refuse("outputs", model([gemm, node("Relu", "h", "p"), node("Tanh", "h", "q")], wb, y="p q"), "several outputs", "2 outputs: p, q: choose one of them")
    refuse("opset6", model([node("Gemm", "x w b", "y", broadcast=1)], wb, opset=6, ir=3), "operator sets before 7", "operator set 6")
    refuse("no_batch", model([node("MatMul", "x w", "y")], wb, x=(4,)), "inputs without a batch", "without a dimension for the batch")
    refuse("training_dropout", model([gemm, node("Dropout", "h ratio training", "y")], {**wb, "ratio": np.float32(0.5), "training": np.array(True)}), "training mode", "training mode")
    refuse("training_batchnorm", model([gemm, node("BatchNormalization", "h b b b b", "y u v", training_mode=1)], wb), "training mode", "training mode")
    refuse("reshape", model([node("Reshape", "x shape", "y")], {"shape": np.int64([2, -1])}), "a reshape across rows", "rows would mix")
    refuse("softmax_axis", model([gemm, node("Softmax", "h", "y", axis=0)], wb), "a softmax across rows", "axis 0")
    refuse("texts", model([node("Identity", "x", "y")], {}, kind=T.STRING), "inputs of text", "it holds texts")
    refuse("qlinear", model([node("QuantizeLinear", "x s z", "q"), node("QLinearMatMul", "q s z i s z s z", "p"), node("DequantizeLinear", "p s z", "y")],
                            {"s": np.float32(0.1), "z": np.int8(0), "i": np.zeros((4, 2), np.int8)}), "activations quantized to int8", "0: QuantizeLinear")
    then = helper.make_graph([node("Identity", "x", "t")], "then", [], [helper.make_tensor_value_info("t", T.FLOAT, None)])
    other = helper.make_graph([node("Neg", "x", "t")], "else", [], [helper.make_tensor_value_info("t", T.FLOAT, None)])
    refuse("if", model([node("If", "c", "y", then_branch=then, else_branch=other)], {"c": np.array(True)}), "control flow", "holds a graph of its own")
    function = helper.make_function("local", "Twice", ["a"], ["c"], [node("Add", "a a", "c")], [helper.make_opsetid("", 17)])
    m = model([node("Twice", "x", "y", domain="local")], {}, functions=[function])
    m.opset_import.append(helper.make_opsetid("local", 1))
    refuse("function", m, "functions of the file's own", "a function that the file itself defines")
    refuse("hard_swish", model([gemm, node("HardSwish", "h", "y")], wb), "hard_swish", "hard_swish is not defined here")
    refuse("normalizer_max", model([ml("Normalizer", "x", "y", norm="MAX")], {}), "Normalizer MAX", "which may be negative")

    def external(name, words, item, **properties):
        outside = tensor("w", w)
        outside.ClearField("raw_data")
        outside.data_location = T.EXTERNAL
        for key, value in properties.items():
            outside.external_data.add(key=key, value=value)
        write("refused_external_" + name, model([node("MatMul", "x w", "y")], [outside]), ["refused: " + item], files={"weights.bin": w.tobytes()}, refused=words)

    external("path", "only a bare name", "external data by a path", location="../refused_conv/model.onnx")
    external("missing", "no such file", "external data that are missing", location="nowhere.bin")
    external("beyond", "64 bytes from byte 8 of a file of 64", "external data beyond the file", location="weights.bin", offset="8")
    external("length", "32 bytes where the values take 64", "external data of another length", location="weights.bin", length="32")


if __name__ == "__main__":
    layers()
    numbers()
    shapes()
    outputs()
    optimized()
    refusals()
