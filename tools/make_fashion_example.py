#!/usr/bin/python3
"""Makes models/fashion: a small CNN pretrained on Fashion-MNIST, and one user whose camera is tilted and dim.

Needs Debian's dataset-fashion-mnist, python3-torch, python3-onnx (tools/requirements-debian.txt):
    /usr/bin/python3 tools/make_fashion_example.py
One thread and fixed seeds: the same machine and the same package versions give the same files.
"""
import argparse
import gzip
import hashlib
import math
import os
import platform

import numpy as np
import onnx
import torch
from torch import nn
from torch.nn import functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.normpath(os.path.join(HERE, "..", "models", "fashion"))
DATA = "/usr/share/datasets/fashion-mnist"
LABELS = ["t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle-boot"]
SEED = 1
TILT_DEGREES = 30.0
BRIGHTNESS = 0.4


class FashionNet(nn.Module):
    """x [N,1,28,28] in 0..1 => logits [N,10]."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(32)
        self.conv3 = nn.Conv2d(32, 64, 3, padding=1, bias=False)
        self.bn3 = nn.BatchNorm2d(64)
        self.conv4 = nn.Conv2d(64, 80, 3, padding=1, bias=False)
        self.bn4 = nn.BatchNorm2d(80)
        self.fc1 = nn.Linear(80 * 3 * 3, 64)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 2)
        x = F.max_pool2d(F.relu(self.bn2(self.conv2(x))), 2)
        x = F.relu(self.bn3(self.conv3(x)))
        x = F.max_pool2d(F.relu(self.bn4(self.conv4(x))), 2)
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


def read_idx(name):
    with gzip.open(os.path.join(DATA, name), "rb") as file:
        raw = file.read()
    rank = raw[3]
    shape = [int.from_bytes(raw[4 + 4 * i:8 + 4 * i], "big") for i in range(rank)]
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * rank).reshape(shape)


def read_part(part):
    x = torch.from_numpy(read_idx(f"{part}-images-idx3-ubyte.gz").copy()).unsqueeze(1)
    y = torch.from_numpy(read_idx(f"{part}-labels-idx1-ubyte.gz").astype(np.int64))
    return x, y


def augment(x, generator):
    """Shifts by up to 2 pixels and mirrors left to right; no rotation, no brightness: those are the user's."""
    padded = F.pad(x, (2, 2, 2, 2))
    dy, dx = torch.randint(0, 5, (2,), generator=generator).tolist()
    x = padded[:, :, dy:dy + 28, dx:dx + 28]
    mirrored = torch.rand(len(x), 1, 1, 1, generator=generator) < 0.5
    return torch.where(mirrored, x.flip(3), x)


def pretrain(model, x, y, epochs, batch=128, peak=0.1):
    generator = torch.Generator().manual_seed(SEED)
    optimizer = torch.optim.SGD(model.parameters(), lr=peak, momentum=0.9, weight_decay=5e-4, nesterov=True)
    steps = len(x) // batch
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, peak, total_steps=epochs * steps, pct_start=0.25)
    for epoch in range(epochs):
        model.train()
        order = torch.randperm(len(x), generator=generator)
        total = 0.0
        for step in range(steps):
            pick = order[step * batch:(step + 1) * batch]
            loss = F.cross_entropy(model(augment(x[pick].float() / 255, generator)), y[pick])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(f"epoch {epoch + 1}/{epochs}: training loss {total / steps:.4f}", flush=True)
    model.eval()


@torch.no_grad()
def accuracy(model, x, y):
    hits = sum((model(part.float() / 255).argmax(1) == labels).sum().item() for part, labels in zip(x.split(500), y.split(500)))
    return hits / len(y)


def tilted_and_dim(x):
    """Rotates counter-clockwise about the centre (bilinear, zero fill), then darkens; uint8 in, uint8 out."""
    angle = math.radians(TILT_DEGREES)
    c, s = math.cos(angle), math.sin(angle)
    theta = torch.tensor([[[c, -s, 0.0], [s, c, 0.0]]]).expand(len(x), 2, 3)
    grid = F.affine_grid(theta, list(x.shape), align_corners=False)
    rotated = F.grid_sample(x.float() / 255, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    return (rotated * BRIGHTNESS * 255).round().clamp(0, 255).to(torch.uint8)


def pick_per_class(y, counts, generator):
    """Disjoint index sets, each with counts[i] samples of every class, in mixed order."""
    parts = [[] for _ in counts]
    for label in range(len(LABELS)):
        members = (y == label).nonzero().flatten()
        members = members[torch.randperm(len(members), generator=generator)]
        start = 0
        for part, count in zip(parts, counts):
            part.append(members[start:start + count])
            start += count
    return [torch.cat(part)[torch.randperm(sum(map(len, part)), generator=generator)] for part in parts]


def export(model, path):
    model.eval()
    torch.onnx.export(
        model, torch.zeros(1, 1, 28, 28), path, input_names=["x"], output_names=["logits"], opset_version=13,
        dynamic_axes={"x": {0: "N"}, "logits": {0: "N"}},
        training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False)
    proto = onnx.load(path)
    onnx.checker.check_model(proto, full_check=True)
    norms = [node for node in proto.graph.node if node.op_type == "BatchNormalization"]
    assert len(norms) == 4 and all(len(node.output) == 1 for node in norms)
    assert all(a.i == 0 for node in norms for a in node.attribute if a.name == "training_mode")


def save(name, x, y):
    np.savez_compressed(os.path.join(OUT, name), x=x.numpy(), y=y.numpy())


def multiply_adds(model):
    counts = []

    def count(module, _, output):
        counts.append(module.weight[0].numel() * output.numel())

    hooks = [m.register_forward_hook(count) for m in model.modules() if isinstance(m, (nn.Conv2d, nn.Linear))]
    with torch.no_grad():
        model(torch.zeros(1, 1, 28, 28))
    for hook in hooks:
        hook.remove()
    return sum(counts)


def write_readme(parameters, macs, epochs, scores):
    files = ["model.onnx", "user-train.npz", "user-test.npz", "retain-test.npz", "replay.npz", "labels.txt"]
    rows = []
    for name in files:
        with open(os.path.join(OUT, name), "rb") as file:
            raw = file.read()
        rows.append(f"| `{name}` | {len(raw)} | `{hashlib.sha256(raw).hexdigest()}` |")
    table = "\n".join(rows)
    text = f"""# A model and one user to try `edb personalize` on

`model.onnx` is a convolutional network of {parameters:,} trainable parameters, pretrained on upright Fashion-MNIST.
The user's camera hangs tilted by {TILT_DEGREES:.0f} degrees and sees {BRIGHTNESS:g} of the light, which the network has never seen.

| measured on | samples | accuracy of `model.onnx` |
|---|---|---|
| Fashion-MNIST, whole test part, upright | 10,000 | {scores["upright"]:.2%} |
| `retain-test.npz` | 1,000 | {scores["retain"]:.1%} |
| `user-test.npz` | 1,000 | {scores["user"]:.1%} |

## Files

| file | bytes | SHA-256 |
|---|---|---|
{table}

- `user-train.npz`: 500 samples of the user to learn from; `user-test.npz`: 1,000 others of the same user to measure on.
- `retain-test.npz`: 1,000 upright samples, to measure what is forgotten.
- `replay.npz`: 200 upright samples of what the network was pretrained on, to mix in against forgetting.
- `labels.txt`: the ten class names in the order of the network's outputs.

Every `.npz` holds `x`, uint8 [N,1,28,28], and `y`, int64 [N]. The network takes `x / 255`, so 0..1, as float32 [N,1,28,28].
The first three come from the data set's test part, are disjoint, have equally many samples of every class, and were never seen in
pretraining; `replay.npz` comes from the training part.

## Model

Four times 3x3 convolution (16, 32, 64, 80 channels, no bias), batch norm, ReLU, with 2x2 max pooling after the first, second and fourth; then
720 => 64 => 10 fully connected. {macs:,} multiply-adds a sample, forward. Input `x`, output `logits`, opset 13, dynamic batch; batch norm stays a
node of its own in inference mode, and initializers keep their PyTorch names. Pretrained for {epochs} epochs (SGD, momentum 0.9, one-cycle, batch 128;
shifts by up to 2 pixels and mirroring, but neither rotation nor brightness), from seed {SEED}.

## Origin and licence

Fashion-MNIST, (c) 2017 Zalando SE, https://github.com/zalandoresearch/fashion-mnist, MIT licence (text in `LICENSE.fashion-mnist`); taken from Debian's package
`dataset-fashion-mnist`. The pictures here are excerpts, those of the user rotated and darkened. The model's weights are under this repository's licence.

Made by `tools/make_fashion_example.py` with PyTorch {torch.__version__}, onnx {onnx.__version__}, NumPy {np.__version__} on {platform.machine()}.
Another machine's PyTorch may round differently, so its files may have other hashes.
"""
    with open(os.path.join(OUT, "README.md"), "w", encoding="utf-8") as file:
        file.write(text)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--epochs", type=int, default=12)
    epochs = arguments.parse_args().epochs

    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    torch.use_deterministic_algorithms(True)
    os.makedirs(OUT, exist_ok=True)

    train_x, train_y = read_part("train")
    test_x, test_y = read_part("t10k")
    model = FashionNet()
    pretrain(model, train_x, train_y, epochs)
    export(model, os.path.join(OUT, "model.onnx"))

    generator = torch.Generator().manual_seed(SEED)
    user_train, user_test, retain = pick_per_class(test_y, [50, 100, 100], generator)
    replay, = pick_per_class(train_y, [20], generator)
    save("user-train.npz", tilted_and_dim(test_x[user_train]), test_y[user_train])
    save("user-test.npz", tilted_and_dim(test_x[user_test]), test_y[user_test])
    save("retain-test.npz", test_x[retain], test_y[retain])
    save("replay.npz", train_x[replay], train_y[replay])
    with open(os.path.join(OUT, "labels.txt"), "w", encoding="utf-8") as file:
        file.write("\n".join(LABELS) + "\n")

    parameters = sum(p.numel() for p in model.parameters())
    macs = multiply_adds(model)
    scores = {
        "upright": accuracy(model, test_x, test_y),
        "retain": accuracy(model, test_x[retain], test_y[retain]),
        "user": accuracy(model, tilted_and_dim(test_x[user_test]), test_y[user_test]),
    }
    write_readme(parameters, macs, epochs, scores)
    size = sum(entry.stat().st_size for entry in os.scandir(OUT))
    print(f"parameters {parameters}, multiply-adds a sample {macs}, folder {size} bytes")
    print(f"accuracy: upright {scores['upright']:.4f}, retain-test {scores['retain']:.4f}, user-test {scores['user']:.4f}")
    assert scores["upright"] >= 0.91, "below 91% on the upright test part: train for more --epochs"
    assert size <= 3_000_000


if __name__ == "__main__":
    main()
