"""TensorFlow Lite: FullyConnected with a fused ReLU, by the schema that comes with LiteRT."""

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

VERSION = 3
IDENTIFIER = b"TFL3"


class Graph:
    """The parts of a file as they are put together: tensors, and the operators between them."""

    def __init__(self):
        self.buffers = [schema.BufferT()]  # the first is empty, for tensors without constant data
        self.tensors, self.operators, self.codes = [], [], []

    def tensor(self, name, shape, data=None):
        t = schema.TensorT()
        t.name, t.shape, t.type = name, list(shape), schema.TensorType.FLOAT32
        t.buffer = 0
        if data is not None:
            buffer = schema.BufferT()
            buffer.data = np.ascontiguousarray(data).view(np.uint8).ravel()
            t.buffer = len(self.buffers)
            self.buffers.append(buffer)
        self.tensors.append(t)
        return len(self.tensors) - 1

    def operator(self, code, inputs, output, options_type=schema.BuiltinOptions.NONE, options=None):
        if code not in self.codes:
            self.codes.append(code)
        op = schema.OperatorT()
        op.opcodeIndex = self.codes.index(code)
        op.inputs, op.outputs = inputs, [output]
        op.builtinOptionsType, op.builtinOptions = options_type, options
        self.operators.append(op)

    def file(self, source, target):
        subgraph = schema.SubGraphT()
        subgraph.tensors, subgraph.operators = self.tensors, self.operators
        subgraph.inputs, subgraph.outputs = [source], [target]
        whole = schema.ModelT()
        whole.version, whole.subgraphs, whole.buffers = VERSION, [subgraph], self.buffers
        whole.operatorCodes = []
        for code in self.codes:
            c = schema.OperatorCodeT()
            c.builtinCode = c.deprecatedBuiltinCode = code
            c.version = 1
            whole.operatorCodes.append(c)
        builder = flatbuffers.Builder()
        builder.Finish(whole.Pack(builder), IDENTIFIER)
        return builder.Output()


def write(model, batch, path):
    graph = Graph()
    source = value = graph.tensor("x", (batch, model.inputs))
    for i, (weights, bias) in enumerate(model.layers, 1):
        matrix = graph.tensor(f"W{i}", weights.T.shape, weights.T)
        vector = graph.tensor(f"b{i}", bias.shape, bias)
        target = graph.tensor(f"dense{i}", (batch, len(bias)))
        options = schema.FullyConnectedOptionsT()
        if i < len(model.layers):
            options.fusedActivationFunction = schema.ActivationFunctionType.RELU
        code = schema.BuiltinOperator.FULLY_CONNECTED
        graph.operator(code, [value, matrix, vector], target, schema.BuiltinOptions.FullyConnectedOptions, options)
        value = target
    target = graph.tensor("y", (batch, model.outputs))
    if model.last == "sigmoid":
        graph.operator(schema.BuiltinOperator.LOGISTIC, [value], target)
    else:
        options = schema.SoftmaxOptionsT()
        options.beta = 1.0
        graph.operator(schema.BuiltinOperator.SOFTMAX, [value], target, schema.BuiltinOptions.SoftmaxOptions, options)
    with open(path, "wb") as file:
        file.write(graph.file(source, target))
