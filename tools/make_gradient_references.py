#!/usr/bin/python3
"""Makes tests/references: models exported by PyTorch with the gradients autograd gives, to check our backward pass against.

Needs Debian's python3-torch, python3-onnx (tools/requirements-debian.txt); models/fashion must exist:
    /usr/bin/python3 tools/make_gradient_references.py

tests/references/NAME/ holds model.onnx (for `fashion`: models/fashion/model.onnx), input.npz (array `x`), target.npy (int64 labels),
logits.npy, and gradients.npz: the dense gradient of the mean cross-entropy for every parameter, by initializer name and in its shape.
Batch norm uses its running statistics. Computed in float64, stored in float32.
"""
import io
import os

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from torch import nn
from torch.nn import functional as F

from make_fashion_example import FashionNet, OUT as FASHION

OUT = os.path.normpath(os.path.join(FASHION, "..", "..", "tests", "references"))


class Mlp(nn.Module):
    """Three Gemm with biases."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(40, 33)
        self.fc2 = nn.Linear(33, 20)
        self.fc3 = nn.Linear(20, 7)

    def forward(self, x):
        return self.fc3(F.leaky_relu(self.fc2(F.relu(self.fc1(x))), 0.1))


class ResidualBlock(nn.Module):
    def __init__(self, inner, outer, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inner, outer, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outer)
        self.conv2 = nn.Conv2d(outer, outer, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outer)
        self.shortcut = nn.Sequential()
        if stride != 1 or inner != outer:
            self.shortcut = nn.Sequential(nn.Conv2d(inner, outer, 1, stride, bias=False), nn.BatchNorm2d(outer))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + self.shortcut(x))


class Residual(nn.Module):
    """Batch norm, identity and projected shortcuts, overlapping max pooling, global average pooling."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 5, 2, 2, bias=False)
        self.bn = nn.BatchNorm2d(8)
        self.block1 = ResidualBlock(8, 8, 1)
        self.block2 = ResidualBlock(8, 16, 2)
        self.block3 = ResidualBlock(16, 24, 2)
        self.fc = nn.Linear(24, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn(self.stem(x))), 3, 2, 1)
        x = self.block3(self.block2(self.block1(x)))
        return self.fc(F.adaptive_avg_pool2d(x, 1).flatten(1))


class InvertedResidual(nn.Module):
    def __init__(self, inner, expanded, outer, stride, dilation, activation):
        super().__init__()
        self.expand = nn.Conv2d(inner, expanded, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(expanded)
        self.depthwise = nn.Conv2d(expanded, expanded, 3, stride, dilation, dilation, groups=expanded, bias=False)
        self.bn2 = nn.BatchNorm2d(expanded)
        self.squeeze = nn.Conv2d(expanded, 4, 1)
        self.excite = nn.Conv2d(4, expanded, 1)
        self.project = nn.Conv2d(expanded, outer, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outer)
        self.activation = activation
        self.residual = stride == 1 and inner == outer

    def forward(self, x):
        y = self.activation(self.bn1(self.expand(x)))
        y = self.activation(self.bn2(self.depthwise(y)))
        gate = F.hardsigmoid(self.excite(F.relu(self.squeeze(F.adaptive_avg_pool2d(y, 1)))))
        y = self.bn3(self.project(y * gate))
        return x + y if self.residual else y


class DepthwiseSeparable(nn.Module):
    """MobileNet parts: depthwise convolution, stride 2, dilation 2, ReLU6, HardSwish, squeeze and excite."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, 2, 1, bias=False)
        self.bn = nn.BatchNorm2d(8)
        self.block1 = InvertedResidual(8, 16, 8, 1, 1, F.relu6)
        self.block2 = InvertedResidual(8, 24, 12, 2, 1, F.hardswish)
        self.block3 = InvertedResidual(12, 24, 12, 1, 2, F.hardswish)
        self.fc = nn.Linear(12, 6)

    def forward(self, x):
        x = F.hardswish(self.bn(self.stem(x)))
        x = self.block3(self.block2(self.block1(x)))
        return self.fc(x.mean((2, 3)))


class Mixed(nn.Module):
    """Grouped convolution, both kinds of padded average pooling, PReLU, Sigmoid, Concat, LogSoftmax."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 8, 3)
        self.prelu = nn.PReLU(8)
        self.grouped = nn.Conv2d(8, 12, 3, padding=1, groups=4)
        self.side = nn.Conv2d(8, 6, (3, 1), padding=(1, 0))
        self.fc = nn.Linear(18, 5)

    def forward(self, x):
        x = F.avg_pool2d(self.prelu(self.conv(x)), 3, 2, 1, count_include_pad=True)
        x = torch.cat([torch.sigmoid(self.grouped(x)), self.side(x)], 1)
        x = F.avg_pool2d(x, 2, 2, 1, count_include_pad=False)
        return F.log_softmax(self.fc(F.adaptive_avg_pool2d(x, 1).flatten(1)), 1)


class Conv1d(nn.Module):
    """A one-dimensional network for sensor windows."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv1d(3, 12, 5, padding=2, bias=False)
        self.bn1 = nn.BatchNorm1d(12)
        self.conv2 = nn.Conv1d(12, 16, 3, stride=2)
        self.bn2 = nn.BatchNorm1d(16)
        self.fc = nn.Linear(16, 6)

    def forward(self, x):
        x = F.max_pool1d(F.relu(self.bn1(self.conv1(x))), 2)
        x = F.relu(self.bn2(self.conv2(x)))
        return self.fc(x.mean(2))


class SequenceMlp(nn.Module):
    """Linear over [N,T,C], so MatMul and Add on transposed, renamed weights; Softplus, Tanh, Elu."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(6, 24)
        self.fc2 = nn.Linear(24, 18)
        self.fc3 = nn.Linear(18, 12)
        self.head = nn.Linear(12, 5)

    def forward(self, x):
        x = F.softplus(self.fc1(x))
        x = torch.tanh(self.fc2(x))
        x = F.elu(self.fc3(x), 0.7)
        return self.head(x.mean(1))


class FreshConvolutions(nn.Module):
    """Scales, shifts, statistics and biases as PyTorch initializes them: all ones or all zeros, which the exporter merges."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(6)
        self.conv2 = nn.Conv2d(6, 6, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(6)
        self.drop = nn.Dropout(0.4)
        self.fc = nn.Linear(96, 6)
        for bias in (self.conv1.bias, self.conv2.bias, self.fc.bias):
            nn.init.zeros_(bias)

    def forward(self, x):
        x = F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))))
        return self.fc(self.drop(F.max_pool2d(x, 2).flatten(1)))


class FreshLayerNorms(nn.Module):
    """Five blocks whose layer norms and biases are merged into one pair of initializers."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(8, 16)
        self.norms = nn.ModuleList([nn.LayerNorm(16) for _ in range(5)])
        self.layers = nn.ModuleList([nn.Linear(16, 16) for _ in range(5)])
        self.head = nn.Linear(16, 5)
        for layer in self.layers:
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        x = self.embed(x)
        for norm, layer in zip(self.norms, self.layers):
            x = x + torch.tanh(layer(norm(x)))
        return self.head(x)


class FreshNorms(nn.Module):
    """Group, instance and batch norm side by side, and one convolution used twice: its weights are truly tied."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 4, 3, padding=1)
        self.group = nn.GroupNorm(2, 4)
        self.instance = nn.InstanceNorm2d(4, affine=True)
        self.shared = nn.Conv2d(4, 4, 3, padding=1)
        self.batch = nn.BatchNorm2d(4)
        self.fc = nn.Linear(64, 5)

    def forward(self, x):
        x = self.shared(F.relu(self.group(self.stem(x))))
        x = self.batch(self.shared(F.relu(self.instance(x))))
        return self.fc(F.avg_pool2d(F.relu(x), 2).flatten(1))


def randomize(model, x, generator):
    """Scales activations so that every kink and both ends of every clamp are met: wide gammas, batch norm statistics near those of x."""
    norms = [m for m in model.modules() if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d))]
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "excite" in name:
                parameter.mul_(8)
        for module in model.modules():
            if isinstance(module, nn.PReLU):
                module.weight.copy_(0.5 * torch.rand(module.num_parameters, generator=generator))
        for norm in norms:
            norm.weight.copy_(0.5 + 2.5 * torch.rand(norm.num_features, generator=generator))
            norm.bias.copy_(0.3 * torch.randn(norm.num_features, generator=generator))
            norm.momentum = 1.0
        model.train()(x)
        model.eval()
        for norm in norms:
            norm.momentum = 0.1
            norm.running_mean.add_(0.1 * torch.randn(norm.num_features, generator=generator) * norm.running_var.sqrt())
            norm.running_var.mul_(0.5 + torch.rand(norm.num_features, generator=generator))


def fuse_zero_pads(proto):
    """The exporter writes count_include_pad as Pad and AveragePool; we want the attribute, as other exporters write it."""
    graph = proto.graph
    constants = {n.output[0]: numpy_helper.to_array(n.attribute[0].t) for n in graph.node if n.op_type == "Constant"}
    constants.update({i.name: numpy_helper.to_array(i) for i in graph.initializer})
    for pad in [n for n in graph.node if n.op_type == "Pad"]:
        pool, = [n for n in graph.node if pad.output[0] in n.input]
        before = constants[pad.input[1]].reshape(2, -1)[:, 2:]
        kept = [a for a in pool.attribute if a.name not in ("pads", "count_include_pad")]
        del pool.attribute[:]
        pool.attribute.extend(kept)
        pool.attribute.append(helper.make_attribute("pads", before.ravel().tolist()))
        pool.attribute.append(helper.make_attribute("count_include_pad", 1))
        pool.input[0] = pad.input[0]
        graph.node.remove(pad)
    used = {name for node in graph.node for name in node.input}
    for node in [n for n in graph.node if n.op_type == "Constant" and n.output[0] not in used]:
        graph.node.remove(node)
    for unused in [i for i in graph.initializer if i.name not in used]:
        graph.initializer.remove(unused)


def export(model, x):
    """PRESERVE keeps batch norm apart from convolution; nets without it take the exporter's defaults, folding included."""
    keep = any(isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)) for m in model.modules())
    mode = torch.onnx.TrainingMode.PRESERVE if keep else torch.onnx.TrainingMode.EVAL
    stream = io.BytesIO()
    torch.onnx.export(
        model, x, stream, input_names=["x"], output_names=["logits"], opset_version=14, training=mode, do_constant_folding=not keep,
        dynamic_axes={"x": {0: "N"}, "logits": {0: "N"}})
    proto = onnx.load_from_string(stream.getvalue())
    fuse_zero_pads(proto)
    onnx.checker.check_model(proto, full_check=True)
    for node in proto.graph.node:
        assert node.op_type != "Dropout"
        if node.op_type == "BatchNormalization":
            assert len(node.output) == 1 and all(a.i == 0 for a in node.attribute if a.name == "training_mode")
    return proto


def initializer_gradients(proto, model):
    """A folded initializer is recognised by its values, transposed or reshaped."""
    gradients = {}
    parameters = dict(model.named_parameters())
    for initializer in proto.graph.initializer:
        value = numpy_helper.to_array(initializer)
        if initializer.name in parameters:
            gradients[initializer.name] = parameters.pop(initializer.name).grad.numpy()
            continue
        for name, parameter in parameters.items():
            plain = parameter.detach().numpy()
            if plain.size == value.size and np.array_equal(plain.astype(np.float32).ravel(), value.ravel()):
                gradients[initializer.name] = parameter.grad.numpy().reshape(value.shape)
            elif plain.ndim == 2 and plain.T.shape == value.shape and np.array_equal(plain.T.astype(np.float32), value):
                gradients[initializer.name] = parameter.grad.numpy().T
            else:
                continue
            del parameters[name]
            break
    assert not parameters, f"not found in the exported file: {list(parameters)}"
    return {name: np.ascontiguousarray(value, np.float32) for name, value in gradients.items()}


def write_reference(name, model, proto, x, target):
    model = model.double().eval()
    logits = model(x.double())
    F.cross_entropy(logits, target).backward()
    folder = os.path.join(OUT, name)
    os.makedirs(folder, exist_ok=True)
    np.savez_compressed(os.path.join(folder, "input.npz"), x=x.numpy())
    np.save(os.path.join(folder, "target.npy"), target.numpy())
    np.save(os.path.join(folder, "logits.npy"), logits.detach().float().numpy())
    gradients = initializer_gradients(proto, model)
    np.savez_compressed(os.path.join(folder, "gradients.npz"), **gradients)
    size = sum(entry.stat().st_size for entry in os.scandir(folder))
    kinds = sorted({node.op_type for node in proto.graph.node})
    print(f"{name}: {sum(g.size for g in gradients.values())} parameters, {size} bytes: {', '.join(kinds)}")


def random_reference(name, model, shape, classes, seed):
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    model = model().eval()
    x = torch.randn(*shape, generator=generator)
    randomize(model, x, generator)
    target = torch.randint(0, classes, (shape[0],), generator=generator)
    proto = export(model, x)
    os.makedirs(os.path.join(OUT, name), exist_ok=True)
    onnx.save(proto, os.path.join(OUT, name, "model.onnx"))
    write_reference(name, model, proto, x, target)


def fresh_reference(name, model, shape, classes, seed, mode, opset=14):
    """A network just made, exported as it is: equal initializers are merged (not so in training mode). Gradients by PyTorch's names."""
    torch.manual_seed(seed)
    model = model().train(mode == torch.onnx.TrainingMode.TRAINING)
    x, target = torch.randn(*shape), torch.randint(0, classes, (shape[0],))
    folder = os.path.join(OUT, name)
    os.makedirs(folder, exist_ok=True)
    file = os.path.join(folder, "model.onnx")
    torch.onnx.export(
        model, x, file, input_names=["x"], output_names=["logits"], opset_version=opset, training=mode, do_constant_folding=False,
        dynamic_axes={"x": {0: "N"}, "logits": {0: "N"}})
    onnx.checker.check_model(onnx.load(file), full_check=True)
    model = model.double().eval()
    logits = model(x.double())
    F.cross_entropy(logits, target).backward()
    np.savez_compressed(os.path.join(folder, "input.npz"), x=x.numpy())
    np.save(os.path.join(folder, "target.npy"), target.numpy())
    np.save(os.path.join(folder, "logits.npy"), logits.detach().float().numpy())
    gradients = {parameter: value.grad.float().numpy() for parameter, value in model.named_parameters()}
    np.savez_compressed(os.path.join(folder, "gradients.npz"), **gradients)
    print(f"{name}: {sum(g.size for g in gradients.values())} parameters")


def fashion_reference():
    """Four samples of the user and four upright ones."""
    proto = onnx.load(os.path.join(FASHION, "model.onnx"))
    model = FashionNet()
    weights = {i.name: torch.from_numpy(numpy_helper.to_array(i).copy()) for i in proto.graph.initializer}
    missing, unexpected = model.load_state_dict(weights, strict=False)
    assert not unexpected and all(name.endswith("num_batches_tracked") for name in missing)
    parts = [np.load(os.path.join(FASHION, file)) for file in ("user-train.npz", "replay.npz")]
    x = torch.from_numpy(np.concatenate([part["x"][:4] for part in parts]).astype(np.float32) / np.float32(255))
    target = torch.from_numpy(np.concatenate([part["y"][:4] for part in parts]))
    write_reference("fashion", model, proto, x, target)


def main():
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    random_reference("mlp", Mlp, (8, 40), 7, 1)
    random_reference("residual", Residual, (4, 3, 32, 32), 10, 2)
    random_reference("depthwise-separable", DepthwiseSeparable, (4, 3, 24, 24), 6, 3)
    random_reference("mixed", Mixed, (5, 2, 11, 13), 5, 4)
    random_reference("conv1d", Conv1d, (6, 3, 40), 6, 5)
    random_reference("sequence-mlp", SequenceMlp, (5, 9, 6), 5, 6)
    preserve, training = torch.onnx.TrainingMode.PRESERVE, torch.onnx.TrainingMode.TRAINING
    fresh_reference("fresh-convolutions", FreshConvolutions, (6, 1, 8, 8), 6, 7, preserve)
    fresh_reference("fresh-layer-norms", FreshLayerNorms, (6, 8), 5, 8, preserve)
    fresh_reference("fresh-norms", FreshNorms, (6, 1, 8, 8), 5, 9, preserve)
    fresh_reference("training-mode", FreshConvolutions, (6, 1, 8, 8), 6, 10, training)
    fresh_reference("training-mode-opset-12", FreshConvolutions, (6, 1, 8, 8), 6, 11, training, opset=12)
    if os.path.exists(os.path.join(FASHION, "model.onnx")):
        fashion_reference()
    else:
        print("fashion: skipped, models/fashion/model.onnx is not there (tools/make_fashion_example.py makes it)")


if __name__ == "__main__":
    main()
