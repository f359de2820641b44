#!/usr/bin/python3
"""How much faster two threads are than one: `edb bench` on one and on two cores, alternating; median and spread of the ratios.

Beside it stands what the cores give: one thread on each of them at once, two programs. Work is split in halves, so that two threads wait for the
slower core: twice the step alone over the slower of the two steps is what a split without any cost would reach in that round. On a machine
that is shared, other work only ever slows a round: so the ratio of the fastest round on one thread to the fastest on two stands there too.

Needs the executable of tools/publish.sh, and the models that tools/bench/compare.py left:
    tools/bench/scaling.py [--networks mlp cnn] [--modes dense select frozen] [--rounds N] [--write]      # --write: results/CPU-scaling.md
"""
import argparse
import json
import os
import re
import statistics
import subprocess

from networks import export

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "..", ".."))
WANTED = 1.75


def start(arguments, model, mode, cores):
    command = ["taskset", "-c", ",".join(str(core) for core in cores), arguments.edb, "bench", model, "--mode", mode, "--threads", str(len(cores)),
               "--steps", str(arguments.steps), "--no-layers", "--json"]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


def step(process):
    output, _ = process.communicate()
    if process.returncode != 0:
        raise SystemExit(f"edb bench ended with {process.returncode}")
    return json.loads(output)["stepMilliseconds"]["median"]


def measure(arguments, model, mode):
    """One round: (one thread, two threads, the slower of two programs side by side), ms."""
    one = step(start(arguments, model, mode, [0]))
    two = step(start(arguments, model, mode, [0, 1]))
    return one, two, max(step(process) for process in [start(arguments, model, mode, [core]) for core in (0, 1)])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edb", default=os.path.join(ROOT, "artifacts", "publish", "linux-x64", "edb"))
    parser.add_argument("--networks", nargs="+", default=["mlp", "cnn"])
    parser.add_argument("--modes", nargs="+", default=["dense", "select", "frozen"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--models", default=os.path.join(ROOT, "artifacts", "bench"))
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    lines = ["| network | step | one thread, ms | two threads, ms | ratio | lowest to highest | of the fastest rounds | the cores give | wanted |",
             "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"]
    for name in arguments.networks:
        model = os.path.join(arguments.models, name + ".onnx")
        if not os.path.exists(model):
            os.makedirs(arguments.models, exist_ok=True)
            export(name, model)
        for mode in arguments.modes:
            rounds = [measure(arguments, model, mode) for _ in range(arguments.rounds)]
            ratios = sorted(one / two for one, two, _ in rounds)
            lines.append(f"| {name} | {mode} | {statistics.median(r[0] for r in rounds):.2f} | {statistics.median(r[1] for r in rounds):.2f} | "
                         f"{statistics.median(ratios):.2f} | {ratios[0]:.2f} to {ratios[-1]:.2f} | "
                         f"{min(r[0] for r in rounds) / min(r[1] for r in rounds):.2f} | "
                         f"{statistics.median(2 * one / slower for one, _, slower in rounds):.2f} | {WANTED} |")
            print(lines[-1], flush=True)
    if not arguments.write:
        return
    with open("/proc/cpuinfo", encoding="utf-8") as cpuinfo:
        processor = next(row.split(":")[1].strip() for row in cpuinfo if row.startswith("model name"))
    with open(os.path.join(HERE, "results", re.sub(r"[^A-Za-z0-9]+", "-", processor).strip("-") + "-scaling.md"), "w", encoding="utf-8") as file:
        file.write("\n".join([f"# {processor}", "", f"Batch 32; median of {arguments.rounds} rounds. Command: `tools/bench/scaling.py --write`", "", *lines]) + "\n")


main()
