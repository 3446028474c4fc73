"""ONNX: Gemm and Relu, which every runtime fuses, with input x and output y of fixed shapes."""

import onnx
from onnx import TensorProto, helper, numpy_helper

LAST = {"softmax": ("Softmax", {"axis": 1}), "sigmoid": ("Sigmoid", {})}


def write(model, batch, path):
    nodes, constants = [], []
    value = "x"
    for i, (weights, bias) in enumerate(model.layers, 1):
        constants.append(numpy_helper.from_array(weights, f"W{i}"))
        constants.append(numpy_helper.from_array(bias, f"b{i}"))
        nodes.append(helper.make_node("Gemm", [value, f"W{i}", f"b{i}"], [f"dense{i}"]))
        value = f"dense{i}"
        if i < len(model.layers):
            nodes.append(helper.make_node("Relu", [value], [f"relu{i}"]))
            value = f"relu{i}"
    kind, attributes = LAST[model.last]
    nodes.append(helper.make_node(kind, [value], ["y"], **attributes))
    graph = helper.make_graph(
        nodes,
        model.name,
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [batch, model.inputs])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [batch, model.outputs])],
        constants,
    )
    # An older version of the format, which every peer reads.
    whole = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(whole)
    onnx.save(whole, path)
