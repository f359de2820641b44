#!/usr/bin/python3
"""Makes the networks that PyTorch users export, with the logits and gradients that PyTorch gives them, for tools/check_exporter_models.py.

Needs Debian's python3-torch, python3-torchvision and python3-onnx (tools/requirements-debian.txt):
    /usr/bin/python3 tools/make_exporter_models.py FOLDER [NAME...]
    /usr/bin/python3 tools/make_exporter_models.py --references        (small ones, into tests/references, without train.npz)

FOLDER/NAME/ gets model.onnx as torch.onnx.export writes it, input.npz (array `x`), target.npy (int64 labels), logits.npy, gradients.npz
(the dense gradient of the mean cross-entropy for every parameter, by initializer name and in its shape) and train.npz (`x`, `y`).
Weights are random, batch norm uses running statistics that fit them. Computed in float64, stored in float32.
"""
import io
import math
import os
import sys
import warnings

import numpy as np
import onnx
import torch
import torchvision
from onnx import numpy_helper
from torch import nn
from torch.nn import functional as F

CLASSES = 10
REFERENCES = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "references"))


class DsCnn(nn.Module):
    """Keyword spotting (Zhang et al. 2017): a wide first convolution, then depthwise separable ones."""

    def __init__(self, width=64, blocks=4):
        super().__init__()
        layers = [nn.Conv2d(1, width, (10, 4), (2, 2), (4, 1), bias=False), nn.BatchNorm2d(width), nn.ReLU()]
        for _ in range(blocks):
            layers += [nn.Conv2d(width, width, 3, padding=1, groups=width, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
                       nn.Conv2d(width, width, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
        self.features = nn.Sequential(*layers)
        self.fc = nn.Linear(width, CLASSES)

    def forward(self, x):
        return self.fc(F.adaptive_avg_pool2d(self.features(x), 1).flatten(1))


class GruClassifier(nn.Module):
    """Two layers over a sensor's windows; the last state of the upper one is classified."""

    def __init__(self, inputs=6, hidden=48):
        super().__init__()
        self.gru = nn.GRU(inputs, hidden, 2, batch_first=True)
        self.fc = nn.Linear(hidden, CLASSES)

    def forward(self, x):
        _, state = self.gru(x)
        return self.fc(state[-1])


class LstmClassifier(nn.Module):
    """Token embeddings, a bidirectional LSTM of two layers, the mean over time."""

    def __init__(self, tokens=200, width=32, hidden=40):
        super().__init__()
        self.embedding = nn.Embedding(tokens, width)
        self.lstm = nn.LSTM(width, hidden, 2, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(2 * hidden, CLASSES)

    def forward(self, x):
        return self.fc(self.lstm(self.embedding(x))[0].mean(1))


class RnnClassifier(nn.Module):
    """A plain recurrent layer with trained initial states."""

    def __init__(self, inputs=6, hidden=32):
        super().__init__()
        self.state = nn.Parameter(0.5 * torch.randn(2, 1, hidden))
        self.rnn = nn.RNN(inputs, hidden, 1, bidirectional=True, batch_first=True)
        self.fc = nn.Linear(2 * hidden, CLASSES)

    def forward(self, x):
        y, _ = self.rnn(x, self.state.expand(-1, x.shape[0], -1).contiguous())
        return self.fc(y[:, -1])


class BertLayer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value = nn.Linear(width, width), nn.Linear(width, width), nn.Linear(width, width)
        self.dense = nn.Linear(width, width)
        self.norm1, self.norm2 = nn.LayerNorm(width, eps=1e-12), nn.LayerNorm(width, eps=1e-12)
        self.intermediate, self.output = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def split(self, x):
        return x.view(x.size()[:-1] + (self.heads, x.size(-1) // self.heads)).permute(0, 2, 1, 3)

    def forward(self, x, mask):
        query, key, value = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
        scores = torch.matmul(query, key.transpose(-1, -2)) / math.sqrt(query.size(-1)) + mask
        context = torch.matmul(F.softmax(scores, -1), value).permute(0, 2, 1, 3).contiguous()
        x = self.norm1(x + self.dense(context.view(context.size()[:-2] + (x.size(-1),))))
        return self.norm2(x + self.output(F.gelu(self.intermediate(x))))


class Bert(nn.Module):
    """An encoder as Hugging Face's BERT is written: token 0 is padding, the first token is classified."""

    def __init__(self, tokens=300, positions=64, width=64, heads=4, layers=2):
        super().__init__()
        self.word, self.position, self.segment = nn.Embedding(tokens, width), nn.Embedding(positions, width), nn.Embedding(2, width)
        self.register_buffer("position_ids", torch.arange(positions).expand((1, -1)))
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList([BertLayer(width, heads) for _ in range(layers)])
        self.pooler, self.classifier = nn.Linear(width, width), nn.Linear(width, CLASSES)

    def forward(self, x):
        mask = (1.0 - (x != 0)[:, None, None, :].to(self.word.weight.dtype)) * -10000.0
        types = torch.zeros(x.size(), dtype=torch.long)
        h = self.norm(self.word(x) + self.position(self.position_ids[:, :x.size(1)]) + self.segment(types))
        for layer in self.layers:
            h = layer(h, mask)
        return self.classifier(torch.tanh(self.pooler(h[:, 0])))


class EinsumEncoder(nn.Module):
    """Attention with learned queries over a feature sequence, every product written as einsum."""

    def __init__(self, inputs=12, width=32, heads=4):
        super().__init__()
        self.embed = nn.Linear(inputs, width)
        self.q = nn.Parameter(torch.randn(width, heads, width // heads) / math.sqrt(width))
        self.k = nn.Parameter(torch.randn(width, heads, width // heads) / math.sqrt(width))
        self.v = nn.Parameter(torch.randn(width, heads, width // heads) / math.sqrt(width))
        self.o = nn.Parameter(torch.randn(heads, width // heads, width) / math.sqrt(width))
        self.fc = nn.Linear(width, CLASSES)

    def forward(self, x):
        h = self.embed(x)
        q, k, v = (torch.einsum("btc,chd->bthd", h, w) for w in (self.q, self.k, self.v))
        weights = torch.softmax(torch.einsum("bihd,bjhd->bhij", q, k) / math.sqrt(q.shape[-1]), -1)
        h = h + torch.einsum("bihd,hdc->bic", torch.einsum("bhij,bjhd->bihd", weights, v), self.o)
        return self.fc(F.silu(h).mean(1))


def vit(size, patch, layers, heads, width):
    return lambda: torchvision.models.VisionTransformer(size, patch, layers, heads, width, 2 * width, num_classes=CLASSES)


def vision(name):
    return lambda: getattr(torchvision.models, name)(weights=None, num_classes=CLASSES)


# name: (network, shape of one sample, tokens or 0, opset)
NETWORKS = {
    "mobilenet-v2": (vision("mobilenet_v2"), (3, 96, 96), 0, 13),
    "resnet-18": (vision("resnet18"), (3, 96, 96), 0, 11),
    "densenet-121": (vision("densenet121"), (3, 64, 64), 0, 12),
    "squeezenet": (vision("squeezenet1_1"), (3, 96, 96), 0, 9),
    "efficientnet-b0": (vision("efficientnet_b0"), (3, 96, 96), 0, 14),
    "ds-cnn": (DsCnn, (1, 49, 10), 0, 15),
    "gru": (GruClassifier, (20, 6), 0, 13),
    "lstm": (LstmClassifier, (16,), 200, 14),
    "rnn": (RnnClassifier, (12, 6), 0, 16),
    "vit-tiny": (vit(32, 8, 4, 3, 96), (3, 32, 32), 0, 17),
    "bert": (Bert, (24,), 300, 17),
    "bert-opset-12": (Bert, (24,), 300, 12),
    "einsum-encoder": (EinsumEncoder, (10, 12), 0, 14),
}

SMALL = {
    "gru": (lambda: GruClassifier(6, 16), (7, 6), 0, 13),
    "lstm": (lambda: LstmClassifier(40, 8, 12), (9,), 40, 14),
    "rnn": (lambda: RnnClassifier(4, 12), (6, 4), 0, 16),
    "encoder": (lambda: Bert(40, 16, 24, 2, 1), (10,), 40, 17),
    "encoder-opset-12": (lambda: Bert(40, 16, 24, 2, 1), (10,), 40, 12),
    "einsum": (lambda: EinsumEncoder(6, 16, 2), (7, 6), 0, 14),
    "vit": (vit(16, 8, 1, 2, 16), (3, 16, 16), 0, 17),
}


def prepare(model, x, generator):
    """
    Scales and shifts that differ (equal ones are one initializer in the file), running statistics near those of x, so that deep networks
    with random weights stay in range, and no dropout.
    """
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.ndim == 1 or "class_token" in name or "heads.head" in name:
                parameter.add_(0.1 * torch.randn(parameter.shape, generator=generator))
    norms = [m for m in model.modules() if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d))]
    for module in model.modules():
        if isinstance(module, (nn.Dropout, torchvision.ops.StochasticDepth)):
            module.p = 0.0
    for norm in norms:
        norm.momentum = 1.0
    if norms:
        with torch.no_grad():
            model.train()(x)
    for norm in norms:
        norm.momentum = 0.1
    return model.eval()


def export(model, x, opset, axes):
    """PRESERVE keeps batch norm apart from convolution, as a model that is to be trained is exported."""
    keep = any(isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)) for m in model.modules())
    stream = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model, x, stream, input_names=["x"], output_names=["logits"], opset_version=opset, dynamic_axes={"x": axes, "logits": {0: "N"}},
            training=torch.onnx.TrainingMode.PRESERVE if keep else torch.onnx.TrainingMode.EVAL, do_constant_folding=not keep)
    proto = onnx.load_from_string(stream.getvalue())
    onnx.checker.check_model(proto, full_check=True)
    return proto


# PyTorch's gates in ONNX's order.
GATES = {nn.LSTM: (0, 3, 1, 2), nn.GRU: (1, 0, 2), nn.RNN: (0,)}


def recurrent_tensors(module, of):
    """W, R and B of every layer as ONNX has them: directions stacked, gates reordered, both biases in one."""
    order, directions = GATES[type(module)], 2 if module.bidirectional else 1

    def gates(name):
        parts = np.split(of(getattr(module, name)), len(order))
        return np.concatenate([parts[gate] for gate in order])

    for layer in range(module.num_layers):
        names = [f"_l{layer}" + suffix for suffix in ("", "_reverse")[:directions]]
        yield np.stack([gates("weight_ih" + name) for name in names])
        yield np.stack([gates("weight_hh" + name) for name in names])
        yield np.stack([np.concatenate([gates("bias_ih" + name), gates("bias_hh" + name)]) for name in names])


def initializer_gradients(proto, model):
    """A folded initializer is recognised by its values: as they are, transposed, reshaped, or as a recurrent layer's."""
    value, gradient = (lambda p: p.detach().numpy().astype(np.float32)), (lambda p: p.grad.numpy())
    plain = dict(model.named_parameters())
    known = []
    for prefix, module in model.named_modules():
        if type(module) in GATES:
            known += zip(recurrent_tensors(module, value), recurrent_tensors(module, gradient))
            plain = {name: p for name, p in plain.items() if not name.startswith(prefix + ".")}
    gradients, unknown = {}, []
    left = dict(plain)
    tensors = [(i.name, i) for i in proto.graph.initializer]
    tensors += [(n.output[0], n.attribute[0].t) for n in proto.graph.node if n.op_type == "Constant" and n.attribute[0].name == "value"]
    for name, tensor in tensors:
        if tensor.data_type != onnx.TensorProto.FLOAT:
            continue
        array = numpy_helper.to_array(tensor)
        if name in plain:
            gradients[name] = gradient(plain[name])
            left.pop(name, None)
            continue
        for other, parameter in left.items():
            p, g = value(parameter), gradient(parameter)
            if array.size == p.size and np.array_equal(array.ravel(), p.ravel()):
                gradients[name] = g.reshape(array.shape)
            elif p.ndim == 2 and array.shape == p.T.shape and np.array_equal(array, p.T):
                gradients[name] = g.T
            else:
                continue
            del left[other]
            break
        else:
            at = next((i for i, (v, _) in enumerate(known) if v.shape == array.shape and np.array_equal(v, array)), None)
            if at is not None:
                gradients[name] = known.pop(at)[1]
            elif array.size > 1:
                unknown.append(name)
    if left or known:
        raise SystemExit(f"not found in the exported file: {list(left)}, {[v.shape for v, _ in known]}")
    return {name: np.ascontiguousarray(g, np.float32) for name, g in gradients.items()}, unknown


def samples(count, shape, tokens, generator):
    """Every class has a pattern of its own under the noise, so that there is something to learn."""
    y = torch.arange(count) % CLASSES
    if tokens:
        x = torch.randint(1, tokens, (count,) + shape, generator=generator)
        x[:, ::2] = (1 + y[:, None] * (tokens // CLASSES) + x[:, ::2] % (tokens // CLASSES)).clamp(max=tokens - 1)
        x[::3, -shape[0] // 4:] = 0
        return x, y
    patterns = torch.randn(CLASSES, *shape, generator=generator)
    return 0.5 * torch.randn(count, *shape, generator=generator) + 0.7 * patterns[y], y


def gradients_at(model, x, y):
    model.zero_grad()
    logits = model(x)
    F.cross_entropy(logits, y).backward()
    return logits, [p.grad.double().clone() for p in model.parameters()]


def settled(model, x, y, count):
    """
    The first samples at which float32 and float64 agree on every gradient: elsewhere some ReLU has an input within float32's rounding
    of its kink, and which side it is on is nobody's error. Without such samples, those that agree best.
    """
    best = (float("inf"), 0)
    for start in range(0, len(x) - count + 1, count):
        part, labels = x[start:start + count], y[start:start + count]
        narrow = gradients_at(model.float(), part, labels)[1]
        wide = gradients_at(model.double(), part if part.dtype == torch.long else part.double(), labels)[1]
        floor = 1e-4 * max(w.abs().max() for w in wide)
        worst = max(float((n - w).abs().max() / max(w.abs().max(), floor)) for n, w in zip(narrow, wide))
        best = min(best, (worst, start))
        if worst < 1e-4:
            break
    return best[1], best[0]


def make(folder, name, networks, train=True):
    network, shape, tokens, opset = networks[name]
    torch.manual_seed(sum(map(ord, name)))
    generator = torch.Generator().manual_seed(1)
    model = network()
    x, y = samples(40, shape, tokens, generator)
    prepare(model, x[:8], generator)
    axes = {0: "N"}
    if len(shape) < 3:
        axes[1] = "T"
    proto = export(model, x[:4], opset, axes)
    out = os.path.join(folder, name)
    os.makedirs(out, exist_ok=True)
    onnx.save(proto, os.path.join(out, "model.onnx"))
    count = 4 if len(shape) < 3 else 2
    start, rounding = settled(model, x, y, count)
    few, labels = x[start:start + count], y[start:start + count]
    logits, _ = gradients_at(model.double(), few if tokens else few.double(), labels)
    gradients, unknown = initializer_gradients(proto, model)
    np.savez(os.path.join(out, "input.npz"), x=few.numpy())
    np.save(os.path.join(out, "target.npy"), labels.numpy())
    np.save(os.path.join(out, "logits.npy"), logits.detach().float().numpy())
    np.savez_compressed(os.path.join(out, "gradients.npz"), **gradients)
    if train:
        np.savez(os.path.join(out, "train.npz"), x=x.numpy(), y=y.numpy())
    kinds = sorted({node.op_type for node in proto.graph.node})
    print(f"{name}: opset {opset}, {sum(g.size for g in gradients.values())} parameters, logits to {logits.abs().max():.3g}, samples from {start} "
          f"(float32 within {rounding:.1e}), {len(unknown)} other tensors: {', '.join(kinds)}", flush=True)


def main():
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    torch.set_num_threads(1)
    if sys.argv[1] == "--references":
        for name in SMALL:
            make(REFERENCES, name, SMALL, train=False)
        return
    for name in sys.argv[2:] or NETWORKS:
        make(sys.argv[1], name, NETWORKS)


if __name__ == "__main__":
    main()
