#!/usr/bin/env python3
"""Personalizes the shipped model and its int8 version (tests/references/fashion-int8) over some seeds and writes a table of the two.

usage: tools/quantized_table.py EDB [--seeds 5] [--output tools/results/int8.md]
EDB is the native binary, such as artifacts/publish/linux-x64/edb. Both choose their learning rate on held-out data (--lr auto).
"""
import argparse
import os
import statistics
import subprocess

from fashion_table import cpu, run

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
MODELS = [("float32", "models/fashion/model.onnx"), ("int8, QDQ", "tests/references/fashion-int8/model.onnx")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("edb")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--output", default="tools/results/int8.md")
    arguments = parser.parse_args()
    data = [part for option, name in (("data", "user-train"), ("test", "user-test"), ("retain", "retain-test"), ("replay", "replay"))
            for part in (f"--{option}", os.path.join(ROOT, "models", "fashion", name + ".npz"))]
    lines = ["| model | user's accuracy before, % | after, % | retention before, % | after, % | rate | tracked | bytes of weights a step |", "|---|---|---|---|---|---|---|---|"]
    after = []
    for name, model in MODELS:
        results = [run(arguments.edb, [os.path.join(ROOT, model), *data], seed) for seed in range(1, arguments.seeds + 1)]

        def spread(field):
            values = [100 * r["accuracy"][field] for r in results]
            return f"{statistics.median(values):.1f} ({min(values):.1f} to {max(values):.1f})"

        after.append(statistics.median(100 * r["accuracy"]["after"] for r in results))
        lines.append(f"| {name} | {100 * results[0]['accuracy']['before']:.1f} | {spread('after')} | {100 * results[0]['accuracy']['retainBefore']:.1f} | {spread('retainAfter')} "
                     f"| {', '.join(f'{rate:g}' for rate in sorted({r['rate'] for r in results}))} | {results[0]['tracked']:,} "
                     f"| {results[0]['traffic']['perStep']['weightBytes']:,} |")
        print(lines[-1], flush=True)
    version = subprocess.run([os.path.abspath(arguments.edb), "--version"], stdout=subprocess.PIPE, text=True).stdout.strip()
    with open(arguments.output, "w") as output:
        output.write(f"Made by `tools/quantized_table.py`: medians over {arguments.seeds} seeds (lowest to highest), each model at the rate that held-out data chose. "
                     f"{version}, {cpu()}.\n\n" + "\n".join(lines) + f"\n\nDifference of the medians after: {after[1] - after[0]:+.1f} points.\n")
    if abs(after[1] - after[0]) > 1:
        raise SystemExit(f"the medians are {after[1] - after[0]:+.1f} points apart, more than 1")


if __name__ == "__main__":
    main()
