#!/usr/bin/env python3
"""usage: make_mlp.py FILE SIZE SIZE...   Writes a network of dense layers and ReLUs with stored random weights, such as 784 300 100 10."""
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

path, *sizes = sys.argv[1:]
sizes = [int(size) for size in sizes]
random = np.random.RandomState(1)
nodes, weights, value = [], [], "x"
for layer, (inputs, outputs) in enumerate(zip(sizes, sizes[1:]), 1):
    matrix = (random.standard_normal((outputs, inputs)) / np.sqrt(inputs)).astype(np.float32)
    weights.append(numpy_helper.from_array(matrix, f"fc{layer}.weight"))
    weights.append(numpy_helper.from_array(np.zeros(outputs, np.float32), f"fc{layer}.bias"))
    is_last = layer == len(sizes) - 1
    output = "y" if is_last else f"h{layer}"
    nodes.append(helper.make_node("Gemm", [value, f"fc{layer}.weight", f"fc{layer}.bias"], [output], name=f"fc{layer}", transB=1))
    if not is_last:
        nodes.append(helper.make_node("Relu", [output], [f"a{layer}"], name=f"relu{layer}"))
        value = f"a{layer}"
x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", sizes[0]])
y = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", sizes[-1]])
graph = helper.make_graph(nodes, "mlp", [x], [y], weights)
onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), path)
