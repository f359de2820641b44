"""The networks of the side-by-side benchmark, with random weights, as PyTorch modules and as ONNX files."""
import onnx
import torch
from torch import nn
from torch.nn import functional as F


def mlp():
    """784-2048-2048-10."""
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 2048), nn.ReLU(), nn.Linear(2048, 2048), nn.ReLU(), nn.Linear(2048, 10))


def lenet():
    """784-300-100-10."""
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 300), nn.ReLU(), nn.Linear(300, 100), nn.ReLU(), nn.Linear(100, 10))


def convolution(inner, outer, kernel=3, stride=1, groups=1, relu=True):
    layers = [nn.Conv2d(inner, outer, kernel, stride, kernel // 2, groups=groups, bias=False), nn.BatchNorm2d(outer)]
    return layers + [nn.ReLU()] if relu else layers


def cnn():
    """3x3 convolutions of 32, 64, 128 channels on 28x28, 14x14, 7x7, each with batch norm and ReLU."""
    return nn.Sequential(
        *convolution(1, 32), nn.MaxPool2d(2), *convolution(32, 64), nn.MaxPool2d(2), *convolution(64, 128), nn.Flatten(), nn.Linear(128 * 49, 10))


class Residual(nn.Module):
    def __init__(self, inner, outer, stride):
        super().__init__()
        self.body = nn.Sequential(*convolution(inner, outer, 3, stride), *convolution(outer, outer, relu=False))
        self.skip = nn.Sequential(*convolution(inner, outer, 1, stride, relu=False)) if inner != outer else nn.Sequential()

    def forward(self, x):
        return F.relu(self.body(x) + self.skip(x))


def resnet():
    """ResNet-8: a stem of 16 channels, one residual block each of 16, 32 and 64, on 32x32, 16x16, 8x8."""
    return nn.Sequential(
        *convolution(3, 16), Residual(16, 16, 1), Residual(16, 32, 2), Residual(32, 64, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def separable(inner, outer, stride):
    return convolution(inner, inner, 3, stride, groups=inner) + convolution(inner, outer, 1)


def mobilenet():
    """Depthwise separable blocks of 64, 128, 128, 256, 256 channels after a stem of 32, on 32x32 down to 4x4."""
    return nn.Sequential(
        *convolution(3, 32), *separable(32, 64, 1), *separable(64, 128, 2), *separable(128, 128, 1), *separable(128, 256, 2), *separable(256, 256, 2),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(256, 10))


# name: (module, shape of a sample, required ratios for dense, select and frozen steps at batch 32)
NETWORKS = {
    "mlp": (mlp, (1, 28, 28), (1.0, 1.2, 2.3)),
    "lenet": (lenet, (1, 28, 28), (1.2, 1.2, 2.5)),
    "cnn": (cnn, (1, 28, 28), (1.3, 1.3, 2.0)),
    "resnet": (resnet, (3, 32, 32), (1.0, 1.1, 1.7)),
    "mobilenet": (mobilenet, (3, 32, 32), (1.2, 1.2, 1.8)),
}


def build(name):
    torch.manual_seed(1)
    make, shape, _ = NETWORKS[name]
    return make().eval(), shape


def export(name, path):
    model, shape = build(name)
    torch.onnx.export(
        model, torch.zeros(1, *shape), path, input_names=["x"], output_names=["logits"], opset_version=13,
        dynamic_axes={"x": {0: "N"}, "logits": {0: "N"}}, training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False)
    onnx.checker.check_model(onnx.load(path), full_check=True)
