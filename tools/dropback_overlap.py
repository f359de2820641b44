"""How long EdgeDropBack and the plain emulation of the authors' rule train the very same weights: tracked sets and losses after so many steps.

    tools/dropback_overlap.py artifacts/publish/linux-x64/edb lenet-300-100 --budgets 20000 --seeds 1 --steps 1 10 100

Both sides start from the same weights and see the same batches of Fashion-MNIST; with `--rounding torch` the emulation's sums of products are
rounded in another order. Needs the packages of tools/requirements-debian.txt.
"""
import argparse
import itertools
import json
import os
import shlex
import subprocess
import tempfile

import numpy as np
import onnx
import torch
from onnx import numpy_helper

import dropback_emulation as emulation

INPUTS = {"mean": 0.286, "std": 0.353}


def ours(options, budget, seed, steps, folder):
    """Flat weights in the emulation's order, and the loss."""
    model, store, plain = (os.path.join(folder, name) for name in ("model.onnx", "store.edb", "plain.onnx"))
    subprocess.run([*options.edb, "new", options.network, "--seed", str(seed), "--input", "1x28x28", "-o", model, "--overwrite"], check=True, stdout=subprocess.PIPE)
    trained = subprocess.run(
        [*options.edb, "train", model, "--data", f"{emulation.DATA}/train-images-idx3-ubyte.gz", "--test", f"{emulation.DATA}/t10k-images-idx3-ubyte.gz",
         "--batch", "100", "--lr", str(options.lr), "--schedule", "step:0.5@8e", "--clip", "none", "--score", "global",
         "--freeze-after", "never" if options.freeze_after is None else f"{options.freeze_after}e",
         *(["--init-decay", str(options.init_decay)] if options.init_decay < 1 else []),
         "--steps", str(steps), "--budget", str(budget), "--mean", str(INPUTS["mean"]), "--std", str(INPUTS["std"]), "--store", store, "--json"],
        check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    subprocess.run([*options.edb, "export", model, "--store", store, "-o", plain, "--overwrite"], check=True, stdout=subprocess.PIPE)
    tensors = {t.name: numpy_helper.to_array(t) for t in onnx.load(plain).graph.initializer}
    layers = sum(name.endswith(".weight") for name in tensors)
    weights = [tensors[f"fc{layer}.{part}"].reshape(-1) for layer in range(1, layers + 1) for part in ("weight", "bias")]
    return np.concatenate(weights), json.loads(trained.stdout)["loss"]["last"]


def theirs(options, budget, seed, steps, data):
    rule = argparse.Namespace(
        network=options.network, budget=budget, batch=100, steps=steps, epochs=1, seed=seed, lr=options.lr, schedule_factor=0.5,
        schedule_epochs=8, warmup=0, clip=0, freeze_after=options.freeze_after, init_decay=options.init_decay, score=options.score, rounding=options.rounding)
    return emulation.train(rule, *data)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("edb", type=shlex.split, help="the native executable, or a command that runs it")
    parser.add_argument("network", choices=["lenet-300-100", "mnist-100-100"])
    parser.add_argument("--budgets", nargs="+", type=int, default=[20000])
    parser.add_argument("--seeds", nargs="+", type=int, default=[1])
    parser.add_argument("--lr", type=float, default=0.4)
    parser.add_argument("--freeze-after", type=int, help="epochs")
    parser.add_argument("--init-decay", type=float, default=1, help="factor on the base a step")
    parser.add_argument("--steps", nargs="+", type=int, default=[1, 10, 100])
    parser.add_argument("--rounding", choices=["edgedropback", "torch"], default="edgedropback", help="of the emulation")
    parser.add_argument("--score", choices=["gradient", "difference"], default="gradient", help="of the emulation's untracked weights")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    data = emulation.fashion("train", **INPUTS)
    print("| network | weights stored | seed | steps | tracked | overlap | largest difference of a weight | mean loss, EdgeDropBack | mean loss, emulation |\n|---|---|---|---|---|---|---|---|---|")
    for budget, seed, steps in itertools.product(options.budgets, options.seeds, options.steps):
        with tempfile.TemporaryDirectory() as folder:
            weights, loss = ours(options, budget, seed, steps, folder)
        network, tracked, base, (_, other) = theirs(options, budget, seed, steps, data)
        mine = np.flatnonzero(weights != base) if budget < len(weights) else np.arange(len(weights))
        shared, furthest = np.intersect1d(mine, tracked), np.abs(weights - network.parameters.numpy()).max()
        print(f"| {options.network} | {budget} | {seed} | {steps} | {len(mine)} | {100 * len(shared) / len(mine):.2f}% | {furthest:.1e} | {loss:.6f} | {other:.6f} |", flush=True)


if __name__ == "__main__":
    main()
