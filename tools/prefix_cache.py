#!/usr/bin/env python3
"""usage: tools/prefix_cache.py EDB [--samples N] [--keep DIR]

What --cache saves on a MobileNetV2 (224x224, random weights): trains its last convolution and classifier behind a prefix on ONNX Runtime for
two epochs, the first of which fills the cache, and prints both epochs' times. EDB is the executable of the archive with ONNX Runtime.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import torch
from torch import nn

# expansion, channels, blocks, stride: table 2 of Sandler et al., MobileNetV2, CVPR 2018.
STAGES = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]


def convolution(inner, outer, kernel, stride=1, groups=1):
    return [nn.Conv2d(inner, outer, kernel, stride, kernel // 2, groups=groups, bias=False), nn.BatchNorm2d(outer), nn.ReLU6()]


class Block(nn.Module):
    def __init__(self, inner, outer, stride, expansion):
        super().__init__()
        wide = inner * expansion
        expand = convolution(inner, wide, 1) if expansion > 1 else []
        self.body = nn.Sequential(*expand, *convolution(wide, wide, 3, stride, wide), nn.Conv2d(wide, outer, 1, bias=False), nn.BatchNorm2d(outer))
        self.around = stride == 1 and inner == outer

    def forward(self, x):
        return x + self.body(x) if self.around else self.body(x)


def mobilenet(classes):
    layers, channels = convolution(3, 32, 3, 2), 32
    for expansion, outer, blocks, stride in STAGES:
        for block in range(blocks):
            layers.append(Block(channels, outer, stride if block == 0 else 1, expansion))
            channels = outer
    layers += convolution(channels, 1280, 1)
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(1280, classes))


def run(folder, arguments):
    torch.manual_seed(1)
    model, rng = folder / "mobilenetv2.onnx", np.random.default_rng(1)
    torch.onnx.export(mobilenet(10).eval(), torch.zeros(1, 3, 224, 224), str(model), input_names=["x"], output_names=["logits"], opset_version=13,
                      dynamic_axes={"x": {0: "N"}, "logits": {0: "N"}})
    last = [node.name for node in onnx.load(model).graph.node if node.op_type == "Conv"][-1]
    for name, count in ("train", arguments.samples), ("test", 16):
        np.savez(folder / f"{name}.npz", x=rng.integers(0, 256, (count, 3, 224, 224), np.uint8), y=np.arange(count) % 10)
    command = [arguments.edb, "personalize", str(model), "--data", str(folder / "train.npz"), "--test", str(folder / "test.npz"), "--train-from", last,
               "--cache", str(folder / "cache"), "--epochs", "2", "--batch", "16", "--lr", "0.01", "--score", "global", "--accept-if", "off",
               "--threads", "1", "--store", str(folder / "mobilenetv2.edb"), "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("edb")
    parser.add_argument("--samples", type=int, default=96)
    parser.add_argument("--keep")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        result = run(pathlib.Path(arguments.keep or temporary), arguments)
    first, second = result["epochMilliseconds"][:2]
    prefix, memory = result["prefix"], result["memory"]
    print(f"{prefix['runtime']}, {prefix['nodes']} nodes frozen, {prefix['runBatch']} samples a run, {prefix['cacheBytes']:,} bytes of cache")
    print(f"{arguments.samples} samples: first epoch {first:,.0f} ms, second {second:,.0f} ms, {first / second:.1f} times faster")
    print(f"memory: planned {memory['plannedPeakBytes']:,}, anonymous {memory['anonymousBytes']:,}, peak resident {memory['peakResidentBytes']:,}, "
          f"of it ONNX Runtime {prefix['residentBytes']:,}")
    return 0 if first >= 3 * second else 1


if __name__ == "__main__":
    sys.exit(main())
