#!/usr/bin/env python3
"""usage: thesis_traffic.py EDB [OUT.md] [NETWORK...]

What a step of the thesis' networks moves on a Raspberry Pi 4, by `edb plan`: at the thesis' budgets, selecting and frozen, with the base
regenerated from the seed and after it has decayed to zero, beside dense SGD; by the algorithmic and the modelled lens. Training batch of the
thesis, but for the modelled lens of the convolutional networks, whose replay of a whole batch takes long: one sample there."""
import json
import os
import subprocess
import sys
import tempfile

# name: (batch of the thesis, or what the profile has memory for, tracked weights: counts, or ratios to all weights where the thesis gives ratios)
NETWORKS = {
    "mnist-100-100": (100, ["50000", "20000", "1500"]),
    "lenet-300-100": (100, ["50000", "20000", "1500"]),
    "vgg-s": (64, ["3000000", "790000"]),
    "densenet": (8, ["/4.5", "/27"]),
    "wrn-28-10": (64, ["8100000", "1000000", "500000"]),
}
PROFILE = "raspberry-pi-4b"


def edb(*arguments):
    done = subprocess.run([EDB, *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"thesis_traffic: edb {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout


def plan(model, batch, budget, base, lens):
    result = json.loads(edb("plan", model, "--profile", PROFILE, "--batch", str(batch), "--budget", budget, "--base", base, "--lens", lens, "--json"))
    return {step["mode"]: step for step in result["steps"]}


def megabytes(traffic):
    return f"{traffic['totalBytes'] / 1e6:.2f} | {traffic['weightBytes'] / 1e6:.3f}"


def milliseconds(step, lens):
    return f"{step['modelledMilliseconds' if lens == 'modelled' else 'rooflineMilliseconds']:.2f} ms"


def lines(name, model, parameters):
    batch, budgets = NETWORKS[name]
    small = batch if name in ("mnist-100-100", "lenet-300-100") else 1
    for budget in budgets:
        budget = str(round(parameters / float(budget[1:]))) if budget.startswith("/") else budget
        for base in ("regenerated", "zero"):
            for lens, at in (("algorithmic", batch), ("modelled", small)):
                steps = plan(model, at, budget, base, "both" if lens == "modelled" else lens)
                key = "modelled" if lens == "modelled" else "traffic"
                dense, select, frozen = (steps[mode][key] for mode in ("dense SGD", "dropback, selecting", "dropback, frozen"))
                ratio = dense["weightBytes"] / frozen["weightBytes"] if frozen["weightBytes"] else float("inf")
                yield (f"| {name} | {int(budget):,} of {parameters:,} | {base} | {lens} | {at} | {megabytes(dense)} | {megabytes(select)} "
                       f"| {megabytes(frozen)} | {ratio:.1f} | {milliseconds(steps['dropback, frozen'], lens)} |")
                print(name, budget, base, lens, file=sys.stderr, flush=True)


EDB = sys.argv[1]
out = sys.argv[2] if len(sys.argv) > 2 else "tools/results/thesis-traffic.md"
known = edb("new", "--help")
with tempfile.TemporaryDirectory() as folder:
    table, missing = [], []
    for name in sys.argv[3:] or NETWORKS:
        if name not in known:
            missing.append(name)
            continue
        model = os.path.join(folder, f"{name}.onnx")
        parameters = json.loads(edb("new", name, "--seed", "1", "-o", model, "--overwrite", "--json"))["parameters"]
        table += lines(name, model, parameters)

with open(out, "w", encoding="utf-8") as file:
    file.write(f"# What a step of the thesis' networks moves\n\nMB a step and MB of weights alone on the profile `{PROFILE}`, by `tools/thesis_traffic.py` "
               f"({edb('--version').splitlines()[0]}). *Regenerated* is the\nbase before it decays, *zero* after. *Ratio* is dense weights over frozen ones. "
               "By the modelled lens a convolutional network's\nstep has one sample, since a replay of the whole batch takes long: its activations are then a small part, "
               "its weights are not. *At least* is the frozen step's\nroofline time.\n\n")
    file.write("| network | tracked | base | lens | batch | dense | weights | selecting | weights | frozen | weights | ratio | at least |\n"
               "|---|---|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n")
    file.writelines(line + "\n" for line in table)
    if missing:
        file.write(f"\nNot among `edb new`'s networks: {', '.join(missing)}.\n")
