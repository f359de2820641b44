"""The authors' rule, plainly: a dense SGD step on everything, the k largest |p - p0| of one global vector stay, the rest goes back to p0.

    tools/dropback_emulation.py lenet-300-100 --budget 20000 --seed 1
    tools/dropback_emulation.py lenet-300-100 --budget 20000 --seed 1 --rounding torch --score difference

Initial weights are those that `edb new NETWORK --seed N` computes, and batches follow EdgeDropBack's order of samples, both written down here a
second time. What the rule leaves open is as EdgeDropBack has it, so that equal rules give equal bits (without --clip and --warmup):
  - products are rounded in its order, by dropback_chains.c; with `--rounding torch` by PyTorch in its own;
  - an untracked weight was at p0, so that |p - p0| is rate x |gradient|; with `--score difference` it is subtracted, which rounds equal gradients
    (pixels that are background in a whole batch) apart by the size of p0;
  - of equal scores tracked weights stay, then those of the larger gradient, then the first; a score of 0 is never kept.
Two runs of one rule that differ in any of these part sooner or later, some within thirty steps. Prints one JSON object. Needs the packages of
tools/requirements-debian.txt; one thread.
"""
import argparse
import ctypes
import functools
import gzip
import json
import os
import subprocess
import tempfile
import time

import numpy as np
import torch
from torch.nn import functional as F

DATA = "/usr/share/datasets/fashion-mnist"
MASK = (1 << 64) - 1


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def sample_hash(seed, index):
    """`index` may be an array of uint64."""
    golden = 0x9E3779B97F4A7C15
    return mix(mix((seed + golden) & MASK) ^ mix((index * golden + golden) & MASK))


def sample_order(count, seed, epoch):
    """SampleOrder.Fill: Fisher-Yates over SplitMix64."""
    order, draws = list(range(count)), sample_hash(sample_hash(seed, epoch), np.arange(count, dtype=np.uint64)).tolist()
    for i in range(count - 1, 0, -1):
        j = draws[i] * (i + 1) >> 64
        order[i], order[j] = order[j], order[i]
    return torch.tensor(order)


def fashion(part, mean, std):
    """Images [count, 784] scaled to 0..1 and then standardised, and their labels."""
    with gzip.open(f"{DATA}/{part}-images-idx3-ubyte.gz") as images, gzip.open(f"{DATA}/{part}-labels-idx1-ubyte.gz") as labels:
        x = np.frombuffer(images.read(), np.uint8, offset=16).reshape(-1, 784)
        x = (x.astype(np.float32) / np.float32(255) - np.float32(mean)) / np.float32(std)
        return torch.from_numpy(x), torch.from_numpy(np.frombuffer(labels.read(), np.uint8, offset=8).astype(np.int64))


def murmur(h):
    h = (h ^ (h >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    h = (h ^ (h >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return h ^ (h >> np.uint32(16))


@functools.cache
def centred_sums(seed, tensor, count):
    """IndexedRandom: the centred sum of the four bytes of a hash of (seed, tensor, index)."""
    with np.errstate(over="ignore"):
        before = murmur(np.uint32(seed) ^ murmur(np.uint32(tensor) + np.uint32(0x9E3779B9)))
        between = murmur(before + np.uint32(0x9E3779B9))
        h = np.arange(count, dtype=np.uint32) ^ before
        h = (h ^ (h >> np.uint32(16))) * np.uint32(0x85EBCA6B)
        h = (h ^ (h >> np.uint32(13)) ^ between) * np.uint32(0xC2B2AE35)
        h ^= h >> np.uint32(16)
    total = sum(((h >> np.uint32(8 * byte)) & np.uint32(255)).astype(np.int32) for byte in range(4)) - 510
    return total.astype(np.float32)


def near_normal(seed, tensor, scale, count):
    return centred_sums(seed, tensor, count) * np.float32(np.float64(np.float32(scale)) / np.sqrt(21845.0))


def initial(network, seed, factor=1):
    """[(weights [outputs, inputs], bias [outputs])]: LeCun normal, faded by a factor; biases 0."""
    sizes = [784, *map(int, network.split("-")[1:]), 10]
    return [(torch.from_numpy(near_normal(seed, layer, np.float64(np.float32(np.sqrt(1 / inner))) * factor, inner * outer).reshape(outer, inner)), torch.zeros(outer))
            for layer, (inner, outer) in enumerate(zip(sizes, sizes[1:]))]


def flat(layers):
    return torch.cat([t.reshape(-1) for layer in layers for t in layer])


class Network:
    """All parameters are one flat vector, each layer a view of it. Rounds as PyTorch does."""

    def __init__(self, layers):
        shapes = [t.shape for layer in layers for t in layer]
        self.parameters = flat(layers)
        self.gradients = torch.zeros_like(self.parameters)
        self.weights, self.slots = self.views(self.parameters, shapes), self.views(self.gradients, shapes)

    @staticmethod
    def views(flat, shapes):
        parts = [part.view(shape) for part, shape in zip(flat.split([s.numel() for s in shapes]), shapes)]
        return list(zip(parts[::2], parts[1::2]))

    def forward(self, x):
        activations = [x]
        for i, (weight, bias) in enumerate(self.weights):
            x = self.layer(x, weight, bias)
            activations.append(x if i + 1 == len(self.weights) else x.relu_())
        return activations

    def backward(self, x, labels, frozen=False):
        """Gradients of the mean cross-entropy, written into the flat vector; returns the loss."""
        activations = self.forward(x)
        loss, delta = self.cross_entropy(activations.pop(), labels)
        for i in reversed(range(len(self.weights))):
            weight, bias = self.slots[i]
            self.layer_gradients(delta, activations[i], weight, bias, frozen)
            if i:
                delta = self.product(delta, self.weights[i][0]).mul_(activations[i] > 0)
        return loss

    def error(self, x, labels):
        """Share of wrong answers in percent."""
        return 100 * float((self.forward(x)[-1].argmax(1) != labels).float().mean())

    def product(self, a, b):
        return a.mm(b)

    def layer(self, x, weight, bias):
        return torch.addmm(bias, x, weight.T)

    def layer_gradients(self, delta, x, weight, bias, frozen):
        torch.mm(delta.T, x, out=weight)
        torch.sum(delta, 0, out=bias)

    def cross_entropy(self, outputs, labels):
        """The mean loss and its gradient on the outputs."""
        logits = F.log_softmax(outputs, 1)
        delta, rows = logits.exp(), torch.arange(len(labels))
        delta[rows, labels] -= 1
        return -float(logits[rows, labels].mean()), delta.div_(len(labels))

    def descend(self, rate):
        self.parameters.sub_(self.gradients, alpha=float(rate))


class ChainNetwork(Network):
    """Rounds as EdgeDropBack promises: dropback_chains.c."""

    def __init__(self, layers):
        super().__init__(layers)
        self.code = build_chains()

    def product(self, a, b):
        a, b, c = a.contiguous(), b.contiguous(), torch.empty(a.shape[0], b.shape[1])
        self.code.product(address(a), address(b), address(c), *c.shape, b.shape[0])
        return c

    def layer(self, x, weight, bias):
        return self.product(x, weight.T) + bias

    def layer_gradients(self, delta, x, weight, bias, frozen):
        if frozen:
            # The gradients of frozen weights are dot products: eight chains, sample s in chain s mod 8, and a tree.
            l = [self.product(delta[lane::8].T, x[lane::8]) for lane in range(8)]
            torch.add((l[0] + l[4]) + (l[2] + l[6]), (l[1] + l[5]) + (l[3] + l[7]), out=weight)
        else:
            weight.copy_(self.product(delta.T, x))
        bias.copy_(self.product(torch.ones(1, len(delta)), delta)[0])

    def cross_entropy(self, outputs, labels):
        delta = torch.empty_like(outputs)
        loss = self.code.cross_entropy(address(outputs), address(labels.contiguous()), address(delta), *delta.shape)
        return loss, delta

    def descend(self, rate):
        self.code.step(address(self.parameters), address(self.gradients), ctypes.c_float(rate), ctypes.c_long(len(self.parameters)))


def address(tensor):
    return ctypes.c_void_p(tensor.data_ptr())


def build_chains():
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "dropback_chains.c")
    with tempfile.TemporaryDirectory() as folder:
        library = os.path.join(folder, "chains.so")
        subprocess.run(["cc", "-O3", "-march=native", "-ffp-contract=off", "-fno-math-errno", "-shared", "-fPIC", source, "-o", library, "-lm"], check=True)
        code = ctypes.CDLL(library)
    code.cross_entropy.restype = ctypes.c_double
    return code


def keep(score, gradient, tracked, k, admitted):
    """Places of the k largest scores, ascending, and the k-th score; of equal ones those that are tracked stay, then those of the larger gradient,
    then the first; a score of 0 is never kept. `admitted` is a bound that the k-th is expected to exceed; where it does not, a lower one is tried."""
    places = np.flatnonzero(score >= admitted)
    while len(places) < k and admitted > 0:
        admitted = 0.7 * admitted if admitted > 1e-9 else 0
        places = np.flatnonzero(score >= admitted)
    if len(places) < k:
        raise SystemExit("a score is NaN; give a lower --lr, or --clip")
    candidates = score[places]
    cutoff = np.partition(candidates, len(candidates) - k)[len(candidates) - k]
    above, equal = places[candidates > cutoff], places[candidates == cutoff]
    stays = np.isin(equal, tracked)
    entering = equal[~stays]
    entering = entering[np.argsort(-np.abs(gradient[entering]), kind="stable")]
    kept = np.concatenate([above, equal[stays], entering])[:k]
    return np.sort(kept[score[kept] > 0]), cutoff


def train(options, x, labels):
    """Returns the network, the places of tracked weights, the base of all, and the losses of first and last epoch."""
    network = (ChainNetwork if options.rounding == "edgedropback" else Network)(initial(options.network, options.seed))
    p, g, base = network.parameters.numpy(), network.gradients.numpy(), network.parameters.numpy().copy()
    k = options.budget or len(p)
    per_epoch = len(x) // options.batch
    steps = options.steps or options.epochs * per_epoch
    tracked, cutoff, losses, factor = np.arange(len(p) if k == len(p) else 0), 0.0, [], 1.0
    for step in range(steps):
        if step % per_epoch == 0:
            order = sample_order(len(x), options.seed, step // per_epoch)
        picked = order[step % per_epoch * options.batch:][:options.batch]
        rate = np.float32(options.lr * options.schedule_factor ** (step // (options.schedule_epochs * per_epoch)))
        if step < options.warmup:
            rate = np.float32(options.lr * (step + 1) / (options.warmup + 1))
        frozen = k < len(p) and options.freeze_after is not None and step >= options.freeze_after * per_epoch
        losses.append(network.backward(x[picked], labels[picked], frozen))
        if not np.isfinite(losses[-1]):
            raise SystemExit(f"the loss of step {step} is {losses[-1]}; give a lower --lr, or --clip")
        if options.clip:
            g *= np.float32(min(1.0, options.clip / float(network.gradients.norm())))
        network.descend(rate)
        if k == len(p):
            continue
        if not frozen:
            score = np.abs(p - base) if options.score == "difference" else np.abs(g) * rate
            score[tracked] = np.abs(p[tracked] - base[tracked])
            tracked, cutoff = keep(score, g, tracked, k, 0.9 * cutoff)
        if options.init_decay < 1 and factor > 0:
            factor = factor * options.init_decay if factor * options.init_decay >= 2.0 ** -40 else 0.0
            base = flat(initial(options.network, options.seed, factor)).numpy()
        kept = p[tracked]
        p[:] = base
        p[tracked] = kept
    first, last = losses[:per_epoch], losses[(steps - 1) // per_epoch * per_epoch:]
    return network, tracked, base, (sum(first) / len(first), sum(last) / len(last))


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network", choices=["lenet-300-100", "mnist-100-100"])
    parser.add_argument("--budget", type=int, default=0, help="tracked weights; 0 is dense SGD")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--mean", type=float, default=0, help="subtracted from inputs in 0..1")
    parser.add_argument("--std", type=float, default=1, help="divides inputs after that")
    parser.add_argument("--lr", type=float, default=0.4)
    parser.add_argument("--schedule-factor", type=float, default=0.5)
    parser.add_argument("--schedule-epochs", type=int, default=8)
    parser.add_argument("--warmup", type=int, default=0, help="steps")
    parser.add_argument("--clip", type=float, default=0, help="limit of the gradient's norm")
    parser.add_argument("--freeze-after", type=int, help="epochs")
    parser.add_argument("--init-decay", type=float, default=1, help="factor on the base a step")
    parser.add_argument("--score", choices=["gradient", "difference"], default="gradient", help="of an untracked weight: rate x |gradient|, or p - p0 as it is rounded")
    parser.add_argument("--rounding", choices=["edgedropback", "torch"], default="edgedropback")
    parser.add_argument("--save-tracked", help="writes the places of tracked weights in the flat vector as .npy")
    options = parser.parse_args()
    if 60000 % options.batch:
        parser.error(f"--batch {options.batch} does not divide the 60000 samples: a last batch with fewer is not emulated")
    return options


def main():
    options = parse()
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    x, labels = fashion("train", options.mean, options.std)
    started = time.process_time()
    network, tracked, _, loss = train(options, x, labels)
    if options.save_tracked:
        np.save(options.save_tracked, tracked)
    print(json.dumps({"error": network.error(*fashion("t10k", options.mean, options.std)), "tracked": len(tracked),
                      "lossFirst": loss[0], "lossLast": loss[1], "seconds": round(time.process_time() - started, 1), "version": f"torch {torch.__version__}"}))


if __name__ == "__main__":
    main()
