#!/usr/bin/python3
"""The same networks in `edb bench` and in PyTorch, side by side: alternating, pinned to one core, ratio PyTorch dense step / our step.

Needs Debian's python3-torch, python3-onnx and libopenblas0-pthread (tools/requirements-debian.txt), and the executable of tools/publish.sh:
    tools/publish.sh linux-x64 && tools/bench/compare.py
    tools/bench/compare.py --edb PATH --networks mlp cnn --modes frozen --rounds 3     # a quick look
    tools/bench/compare.py --batch 1 --networks mlp --modes frozen                      # batch 1
    tools/bench/compare.py --networks mlp --write        # tools/bench/results/CPU.md: rows of these networks, batch and threads, the others stay
    tools/bench/compare.py --check                       # against the committed ratios of this CPU

A round runs PyTorch, then each mode; a ratio is formed within a round, and the median over the rounds stands in the table, lowest and
highest beside it. By `--clock cpu` processor time takes the place of the clock, for machines that do other work at the same time.
"""
import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import time

from networks import NETWORKS, export

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "..", ".."))
MODES = ["dense", "select", "frozen"]
WANTED = {(name, mode, 32, 1): wanted for name in NETWORKS for mode, wanted in zip(MODES, NETWORKS[name][2])} | {("mlp", "frozen", 1, 1): 4.0}
KEYS = 4
TORCH_STEPS = {"mlp": 25, "lenet": 300, "cnn": 15, "resnet": 15, "mobilenet": 10}


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edb", nargs="+", default=[os.path.join(ROOT, "artifacts", "publish", "linux-x64", "edb")], help="executable, or: dotnet edb.dll")
    parser.add_argument("--networks", nargs="+", default=list(NETWORKS), choices=list(NETWORKS))
    parser.add_argument("--modes", nargs="+", default=MODES, choices=MODES)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--core", type=int, default=1, help="the first of the cores to be pinned to")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--clock", choices=["wall", "cpu"], default="wall")
    parser.add_argument("--models", default=os.path.join(ROOT, "artifacts", "bench"), help="folder of the generated ONNX files")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--check", action="store_true", help="exit code 1 when a ratio is more than a tenth below the committed one")
    return parser.parse_args()


def ours(arguments, model, mode, steps):
    command = [*pin(arguments), *arguments.edb, "bench", model, "--mode", mode, "--batch", str(arguments.batch), "--threads", str(arguments.threads),
               "--steps", str(steps), "--warmup", "10", "--json"]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def pin(arguments):
    return ["taskset", "-c", ",".join(str(arguments.core - i) for i in range(arguments.threads))]


def compare(arguments, name):
    model = os.path.join(arguments.models, name + ".onnx")
    if not os.path.exists(model):
        os.makedirs(arguments.models, exist_ok=True)
        export(name, model)
    torch = subprocess.Popen([*pin(arguments), sys.executable, os.path.join(HERE, "torch_step.py"), name, str(arguments.batch), str(arguments.threads)],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def theirs(steps):
        torch.stdin.write(f"{steps}\n")
        torch.stdin.flush()
        return json.loads(torch.stdout.readline())

    rows = {mode: [] for mode in arguments.modes}
    steps = TORCH_STEPS[name] * (1 if arguments.batch > 8 else 5)
    theirs(5)
    for _ in range(arguments.rounds):
        other = theirs(steps)
        for mode in arguments.modes:
            rows[mode].append((other, ours(arguments, model, mode, 2 * steps)))
    torch.stdin.close()
    torch.wait()
    return rows


def milliseconds(arguments, other, own):
    if arguments.clock == "cpu":
        return other["cpu"], own["cpuMilliseconds"]
    return other["median"], own["stepMilliseconds"]["median"]


def line(arguments, name, mode, runs):
    pairs = [milliseconds(arguments, other, own) for other, own in runs]
    ratios = sorted(theirs / own for theirs, own in pairs)
    ratio = statistics.median(ratios)
    wanted = WANTED.get((name, mode, arguments.batch, arguments.threads), "")
    memory = statistics.median(own["memory"]["rssAnonBytes"] for _, own in runs) / 1e6
    return ratio, [name, mode, str(arguments.batch), str(arguments.threads), f"{statistics.median(p[0] for p in pairs):.2f}", f"{statistics.median(p[1] for p in pairs):.2f}", f"{ratio:.2f}",
                   f"{ratios[0]:.2f} to {ratios[-1]:.2f}", f"{wanted}",
                   f"{runs[-1][0]['rssAnon'] / 1e6:.0f}", f"{memory:.0f}"]


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as cpuinfo:
        return next((row.split(":")[1].strip() for row in cpuinfo if row.startswith("model name")), platform.machine())


def versions():
    packages = ["python3-torch", "libopenblas0-pthread", "libdnnl2"]
    found = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}\n", *packages], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return found.stdout.split("\n")[:-1]


def main():
    arguments = parse()
    header = ["network", "step", "batch", "threads", "PyTorch ms", "ours ms", "ratio", "lowest to highest", "wanted", "PyTorch RssAnon MB", "ours MB"]
    table, ratios, sample = [], {}, None
    for name in arguments.networks:
        for mode, runs in compare(arguments, name).items():
            ratios[name, mode, str(arguments.batch), str(arguments.threads)], row = line(arguments, name, mode, runs)
            sample = runs[-1][1]
            table.append(row)
            print("  ".join(f"{cell:>12}" for cell in row), flush=True)
    path = os.path.join(HERE, "results", re.sub(r"[^A-Za-z0-9]+", "-", processor()).strip("-") + ".md")
    if arguments.check:
        sys.exit(check(path, ratios))
    if arguments.write:
        write(path, arguments, header, table, sample)


def committed(path):
    """The rows of a results file by network, step, batch and threads, in its order."""
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        cells = [[cell.strip() for cell in row.split("|")[1:-1]] for row in file if row.startswith("|")]
    return {tuple(c[:KEYS]): c for c in cells[2:]}


def check(path, ratios):
    rows = committed(path)
    slower = [key for key, ratio in ratios.items() if key in rows and ratio < 0.9 * float(rows[key][KEYS + 2])]
    for key in slower:
        print(f"{' '.join(key)}: {ratios[key]:.2f}, committed {rows[key][KEYS + 2]}")
    return 1 if slower else 0


def write(path, arguments, header, table, sample):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    rows = committed(path) | {tuple(row[:KEYS]): [*row, time.strftime("%Y-%m-%d")] for row in table}
    order = {name: place for place, name in enumerate([*NETWORKS, *MODES])}
    ordered = sorted(rows.values(), key=lambda row: (int(row[3]), -int(row[2]), order[row[0]], order[row[1]]))
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"# {processor()}\n\n")
        file.write(f"Pinned; median of {arguments.rounds} rounds, each PyTorch then ours; clock: {arguments.clock}. A ratio is PyTorch's dense step over ours. "
                   f"Memory is RssAnon.\nKernels: {sample['kernels']}; FMA peak of a core: {sample['peakGigaflops']:.0f} GFLOP/s.\n"
                   f"{'; '.join(versions())}; {platform.system()} {platform.release()}.\n\n")
        file.write("Command: `tools/bench/compare.py --networks NETWORK --batch N --threads N --write`\n\n")
        for row in [[*header, "date"], ["---"] * (len(header) + 1), *ordered]:
            file.write("| " + " | ".join(row) + " |\n")


main()
