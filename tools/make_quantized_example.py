#!/usr/bin/python3
"""Makes tests/references/fashion-int8: the shipped model quantized to 8 bits in QDQ form, as exporters' static quantization writes it.

Needs Debian's python3-torch, python3-onnx (tools/requirements-debian.txt); models/fashion must exist:
    /usr/bin/python3 tools/make_quantized_example.py

Batch norm is folded into the convolutions. Weights are int8, symmetric, per output channel; biases int32 with the scale of input times weight;
activations uint8 per tensor, their ranges those of the 200 samples of models/fashion/replay.npz. The logits stay float32. Beside model.onnx:
input.npz (array `x`), target.npy, logits.npy and gradients.npz as in the other folders, with the straight-through estimator that passes the
gradient where an activation was not clipped. The samples are those that bring no activation within 1e-4 steps of a tie, which another order of
summation would round the other way. Computed in float64, stored in float32.
"""
import os

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch.nn import functional as F

from make_fashion_example import OUT as FASHION

OUT = os.path.normpath(os.path.join(FASHION, "..", "..", "tests", "references", "fashion-int8"))
SAMPLES = 8
MARGIN = 1e-4


class Quantizer:
    """Walks the float model once, runs it on the calibration samples, and writes the quantized one beside."""

    def __init__(self, model, x):
        self.values = {tensor.name: numpy_helper.to_array(tensor).astype(np.float64) for tensor in model.graph.initializer}
        self.activations = {model.graph.input[0].name: torch.from_numpy(x)}
        self.scales, self.names, self.nodes, self.initializers = {}, {}, [], []
        name = model.graph.input[0].name
        self.names[name] = self.activation(name, name)
        nodes = list(model.graph.node)
        while nodes:
            node = nodes.pop(0)
            if node.op_type in ("Conv", "Gemm"):
                norm = nodes.pop(0) if nodes and nodes[0].op_type == "BatchNormalization" else None
                relu = nodes.pop(0) if nodes and nodes[0].op_type == "Relu" else None
                self.layer(node, norm, relu)
            else:
                self.passed(node)

    def constant(self, name, array):
        self.initializers.append(numpy_helper.from_array(array, name))
        return name

    def activation(self, name, source):
        """QuantizeLinear and DequantizeLinear behind a float value; the name of what they give."""
        values = self.activations[name]
        low, high = min(0.0, values.min().item()), max(0.0, values.max().item())
        scale = np.float32((high - low) / 255)
        zero = np.uint8(np.clip(np.rint(-low / scale), 0, 255))
        self.scales[name] = scale
        parts = [source, self.constant(name + ".scale", scale), self.constant(name + ".zero_point", zero)]
        self.nodes.append(helper.make_node("QuantizeLinear", parts, [name + ".quantized"], name + ".quantize"))
        self.nodes.append(helper.make_node("DequantizeLinear", [name + ".quantized", *parts[1:]], [name + ".dequantized"], name + ".dequantize"))
        return name + ".dequantized"

    def weights(self, name, array, scale):
        """A constant behind DequantizeLinear with one scale a channel (axis 0)."""
        integers = np.rint(array / scale.astype(np.float64).reshape(-1, *[1] * (array.ndim - 1)))
        kind = np.int8 if array.ndim > 1 else np.int32
        if kind == np.int8:
            integers = np.clip(integers, -127, 127)
        parts = [self.constant(name, integers.astype(kind)), self.constant(name + ".scale", scale), self.constant(name + ".zero_point", np.zeros(len(scale), kind))]
        self.nodes.append(helper.make_node("DequantizeLinear", parts, [name + ".dequantized"], name + ".dequantize", axis=0))
        return name + ".dequantized"

    def layer(self, node, norm, relu):
        w = self.values[node.input[1]]
        b = self.values[node.input[2]] if len(node.input) > 2 else np.zeros(len(w))
        if norm is not None:
            gamma, beta, mean, variance = (self.values[name] for name in norm.input[1:5])
            factor = gamma / np.sqrt(variance + [a.f for a in norm.attribute if a.name == "epsilon"][0])
            w, b = w * factor.reshape(-1, *[1] * (w.ndim - 1)), (b - mean) * factor + beta
        scale = (np.abs(w).reshape(len(w), -1).max(axis=1) / 127).astype(np.float32)
        bias = node.input[2] if len(node.input) > 2 else node.input[1].replace("weight", "bias")
        inputs = [self.names[node.input[0]], self.weights(node.input[1], w, scale), self.weights(bias, b, scale * self.scales[node.input[0]])]
        output = (norm or node).output[0] if relu is None else relu.output[0]
        raw = output if relu is None else node.output[0]
        self.nodes.append(helper.make_node(node.op_type, inputs, [raw], node.name, **{a.name: helper.get_attribute_value(a) for a in node.attribute}))
        x, w, b = self.activations[node.input[0]], torch.from_numpy(w), torch.from_numpy(b)
        y = F.conv2d(x, w, b, padding=1) if node.op_type == "Conv" else x @ w.T + b
        if relu is None:
            return
        self.nodes.append(helper.make_node("Relu", [raw], [output], relu.name))
        self.activations[output] = F.relu(y)
        self.names[output] = self.activation(output, output)

    def passed(self, node):
        """MaxPool and Flatten: what comes out has the range of what went in."""
        x = self.activations[node.input[0]]
        self.activations[node.output[0]] = F.max_pool2d(x, 2) if node.op_type == "MaxPool" else x.flatten(1)
        self.nodes.append(helper.make_node(node.op_type, [self.names[node.input[0]]], list(node.output), node.name,
                                           **{a.name: helper.get_attribute_value(a) for a in node.attribute}))
        self.names[node.output[0]] = node.output[0]
        self.scales[node.output[0]] = self.scales[node.input[0]]


class Straight(torch.autograd.Function):
    """Rounds to the grid of a quantized type; the gradient passes where nothing was clipped."""

    @staticmethod
    def forward(context, x, scale, zero):
        # The quotient is taken as the runtimes take it, in float32.
        steps = torch.round(x.float() / np.float32(scale)).double()
        context.save_for_backward((steps + zero >= 0) & (steps + zero <= 255))
        return (torch.clip(steps + zero, 0, 255) - zero) * float(scale)

    @staticmethod
    def backward(context, gradient):
        return gradient * context.saved_tensors[0], None, None


def run(model, x, margins=None):
    """The quantized model in float64; its logits, and the dequantized weights by initializer name. Margins: each sample's least distance of an
    activation from a tie, in steps."""
    arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    values, parameters = {"x": x}, {}
    for node in model.graph.node:
        name = node.input[0]
        if node.op_type == "QuantizeLinear":
            if margins is not None:
                quotient = (values[name] / float(arrays[node.input[1]])).detach().flatten(1)
                margins[:] = np.minimum(margins, (quotient - torch.floor(quotient) - 0.5).abs().min(dim=1).values.numpy())
            values[node.output[0]] = Straight.apply(values[name], arrays[node.input[1]], int(arrays[node.input[2]]))
        elif node.op_type == "DequantizeLinear" and name in arrays:
            scale = arrays[node.input[1]].astype(np.float64)
            w = torch.from_numpy(arrays[name] * scale.reshape(-1, *[1] * (arrays[name].ndim - 1))).requires_grad_()
            parameters[name] = values[node.output[0]] = w
        elif node.op_type == "DequantizeLinear":
            values[node.output[0]] = values[name]
        elif node.op_type == "Conv":
            values[node.output[0]] = F.conv2d(*(values[i] for i in node.input), padding=1)
        elif node.op_type == "Gemm":
            values[node.output[0]] = F.linear(*(values[i] for i in node.input))
        else:
            values[node.output[0]] = {"Relu": F.relu, "MaxPool": lambda v: F.max_pool2d(v, 2), "Flatten": lambda v: v.flatten(1)}[node.op_type](values[name])
    return values[model.graph.output[0].name], parameters


def main():
    source = onnx.load(os.path.join(FASHION, "model.onnx"))
    data = np.load(os.path.join(FASHION, "replay.npz"))
    x = data["x"].astype(np.float64) / 255
    quantizer = Quantizer(source, x)
    graph = helper.make_graph(quantizer.nodes, "fashion-int8", source.graph.input, source.graph.output, quantizer.initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7, producer_name="make_quantized_example.py")
    onnx.checker.check_model(model, full_check=True)
    os.makedirs(OUT, exist_ok=True)
    onnx.save(model, os.path.join(OUT, "model.onnx"))

    parts = [np.load(os.path.join(FASHION, file + ".npz")) for file in ("replay", "user-train", "retain-test", "user-test")]
    samples, classes = np.concatenate([part["x"] for part in parts]).astype(np.float32) / np.float32(255), np.concatenate([part["y"] for part in parts])
    margins = np.full(len(samples), np.inf)
    with torch.no_grad():
        run(model, torch.from_numpy(samples).double(), margins)
    chosen = np.flatnonzero(margins >= MARGIN)[:SAMPLES]
    assert len(chosen) == SAMPLES, f"only {len(chosen)} samples are far enough from ties"
    batch, target = torch.from_numpy(samples[chosen]).double(), classes[chosen]
    logits, parameters = run(model, batch)
    F.cross_entropy(logits, torch.from_numpy(target)).backward()
    np.savez_compressed(os.path.join(OUT, "input.npz"), x=batch.numpy().astype(np.float32))
    np.save(os.path.join(OUT, "target.npy"), target)
    np.save(os.path.join(OUT, "logits.npy"), logits.detach().numpy().astype(np.float32))
    np.savez_compressed(os.path.join(OUT, "gradients.npz"), **{name: w.grad.numpy().astype(np.float32) for name, w in parameters.items()})
    whole, _ = run(model, torch.from_numpy(np.load(os.path.join(FASHION, "retain-test.npz"))["x"].astype(np.float64) / 255))
    accuracy = np.mean(whole.detach().numpy().argmax(1) == np.load(os.path.join(FASHION, "retain-test.npz"))["y"])
    print(f"{OUT}: {os.path.getsize(os.path.join(OUT, 'model.onnx')):,} bytes, {100 * accuracy:.1f}% on retain-test.npz")


if __name__ == "__main__":
    main()
