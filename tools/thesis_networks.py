"""The five networks of the thesis, trained from a seed for 50 real steps: what is stored, held and moved, before and after the initial weights
have decayed.

    tools/thesis_networks.py artifacts/publish/linux-x64/edb --work FOLDER

Samples are Fashion-MNIST, for the convolutional networks repeated to 32 x 32 x 3; ten batches of them, so that the loss of the first and the last
ten steps are comparable. Every finished run is a line of tools/results/networks.csv; runs that stand there are skipped, so that the script can be
stopped and started again at any time. Writes tools/results/networks.md from them. Needs the packages of tools/requirements-debian.txt.
"""
import argparse
import csv
import gzip
import json
import os
import shlex
import subprocess

import numpy as np

DATA = "/usr/share/datasets/fashion-mnist"
RESULTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "results", "networks.csv")
COLUMNS = ["network", "budget", "base", "parameters", "tracked", "batch", "modelBytes", "storeBytes", "compactBytes", "heldWeightBytes", "plannedBytes",
           "residentBytes", "denseAccesses", "accesses", "denseWeightBytes", "weightBytes", "denseOperations", "operations", "lossFirst", "lossLast"]

# network: (batch, learning rate, budgets by the thesis' ratios, the cheapest first)
NETWORKS = {
    "mnist-100-100": (32, 0.1, [1500, 20000, 50000]),
    "lenet-300-100": (32, 0.1, [1500, 20000, 50000]),
    "vgg-s": (32, 0.1, [790000, 3000000]),
    "wrn-28-10": (8, 0.05, [500000, 1000000, 8100000]),
    "densenet": (8, 0.05, [1000000, 6060000]),
}
BASES = {
    "regenerated": "--freeze-after 20",
    "decayed": "--freeze-after 15 --init-decay 0.1 --clip 1",
}
COMMON = "--steps 50 --mean 0.286 --std 0.353 --schedule constant --score global --checkpoint-every 1000000 --profile thesis-45nm --seed 7 --threads 2"


def images(part, count, side):
    """Images [count, 1, 28, 28], or [count, 3, side, side] with rows and columns repeated, and their labels."""
    with gzip.open(f"{DATA}/{part}-images-idx3-ubyte.gz") as x, gzip.open(f"{DATA}/{part}-labels-idx1-ubyte.gz") as y:
        x = np.frombuffer(x.read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)[:count]
        y = np.frombuffer(y.read(), np.uint8, offset=8)[:count].astype(np.int64)
    if side == 28:
        return x, y
    places = np.minimum(np.arange(side) * 28 // side, 27)
    return np.repeat(x[:, :, places][:, :, :, places], 3, 1), y


def data(folder, network, batch):
    side = 28 if network.endswith("-100") else 32
    paths = []
    for part, count in (("train", 10 * batch), ("t10k", 16)):
        paths.append(os.path.join(folder, f"{part}-{side}-{count}.npz"))
        x, y = images(part, count, side)
        np.savez(paths[-1], x=x, y=y)
    return paths


def measure(options, network, budget, base):
    batch, rate, _ = NETWORKS[network]
    train, test = data(options.work, network, batch)
    model, store, report, compact = (os.path.join(options.work, f"{network}{suffix}") for suffix in (".onnx", ".edb", ".json", "-compact.onnx"))
    run = lambda *command: subprocess.run([*options.edb, *command], check=True, stdout=subprocess.PIPE, text=True).stdout
    run("new", network, "--seed", "7", "-o", model, "--overwrite")
    result = json.loads(run("train", model, "--data", train, "--test", test, "--batch", str(batch), "--lr", str(rate), "--budget", str(budget),
                            "--store", store, "--report", report, "--json", *shlex.split(COMMON), *shlex.split(BASES[base])))
    run("export", model, "--store", store, "--compact", "-o", compact, "--overwrite")
    with open(report) as file:
        return row(network, budget, base, result, json.load(file), *(os.path.getsize(path) for path in (model, store, compact)))


def row(network, budget, base, result, report, model_bytes, store_bytes, compact_bytes):
    accesses = {line["mode"]: line["total"] for line in report["thesis"]}
    steps = {step["mode"]: step for step in report["steps"] if step["lens"] == "algorithmic"}
    held = {item["name"]: item["bytes"] for item in result["memory"]["plan"]}
    return dict(zip(COLUMNS, (
        network, budget, base, result["parameters"], result["tracked"], result["batch"], model_bytes, store_bytes, compact_bytes, held["tracked weights"],
        result["memory"]["plannedPeakBytes"], result["memory"]["peakResidentBytes"], accesses["dense"], accesses["frozen"],
        steps["dense"]["totals"]["weightBytes"], steps["frozen"]["totals"]["weightBytes"], steps["dense"]["operations"], steps["frozen"]["operations"],
        f"{result['loss']['first']:.4f}", f"{result['loss']['last']:.4f}")))


def read():
    if not os.path.exists(RESULTS):
        return []
    with open(RESULTS, newline="") as file:
        return list(csv.DictReader(file))


def append(line):
    is_new = not os.path.exists(RESULTS)
    with open(RESULTS, "a", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        if is_new:
            writer.writeheader()
        writer.writerow(line)


def table(lines):
    yield ("| network | weights | tracked | compression | base | store, MB | compact file, MB | weights held, MB | resident, MB | weight accesses a step: dense / here | ratio "
           "| weight bytes a step: dense / here, MB | ratio | operations, share of dense | loss, steps 1-10 and 41-50 |")
    yield "|---|---:|---:|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    order = list(NETWORKS)
    for r in sorted(lines, key=lambda r: (order.index(r["network"]), -int(r["budget"]), r["base"] == "decayed")):
        n = {key: float(r[key]) for key in COLUMNS[3:]}
        mega = lambda key: f"{n[key] / 1e6:.2f}"
        yield (f"| {r['network']} | {int(n['parameters']):,} | {int(n['tracked']):,} | {n['parameters'] / n['tracked']:.1f} | {r['base']} | {mega('storeBytes')} | {mega('compactBytes')} "
               f"| {mega('heldWeightBytes')} | {n['residentBytes'] / 1e6:.0f} | {int(n['denseAccesses']):,} / {int(n['accesses']):,} | {n['denseAccesses'] / n['accesses']:.1f} "
               f"| {mega('denseWeightBytes')} / {mega('weightBytes')} | {n['denseWeightBytes'] / n['weightBytes']:.1f} | {n['operations'] / n['denseOperations']:.2f} "
               f"| {r['lossFirst']} to {r['lossLast']} |")


def write():
    with open(os.path.splitext(RESULTS)[0] + ".md", "w") as file:
        file.write("Fifty real training steps from a seed, made by `tools/thesis_networks.py`: MLPs and VGG-S at batch 32, WRN-28-10 and DenseNet at batch 8, Fashion-MNIST, for "
                   "the convolutional networks repeated to 32 x 32 x 3. Base *regenerated*: untracked weights are computed from the seed throughout, the tracked set is frozen "
                   "after 20 steps. *decayed*: they fade by 0.1 a step and are exactly zero from step 13 on, frozen after 15. Weight accesses are those of the thesis: "
                   "each weight once in forward, backward and update, off-chip unless it is computed or zero. Weight bytes, by the algorithmic lens, also count the places of tracked weights, their gradients and batch norm's statistics, "
                   "in a frozen step. Resident memory is the process's peak with two threads, the selecting steps and the samples included; weights held are tracked values and places in it.\n\n"
                   + "\n".join(table(read())) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("edb", type=shlex.split, help="the native executable, or a command that runs it")
    parser.add_argument("--work", required=True, help="folder for models, samples and stores")
    parser.add_argument("--only", nargs="*", default=list(NETWORKS), choices=NETWORKS, help="networks")
    options = parser.parse_args()
    os.makedirs(options.work, exist_ok=True)
    for network in options.only:
        for budget in NETWORKS[network][2]:
            for base in BASES:
                if any((r["network"], r["budget"], r["base"]) == (network, str(budget), base) for r in read()):
                    continue
                append(measure(options, network, budget, base))
                print(f"{network} {budget} {base}: done", flush=True)
    write()


if __name__ == "__main__":
    main()
