#!/usr/bin/env python3
"""Runs `edb personalize` on the shipped example in every mode over five seeds and writes the table that the README quotes.

usage: tools/fashion_table.py EDB [--seeds 5] [--output models/fashion/results.md]
EDB is the native binary, such as artifacts/publish/linux-x64/edb. Every mode chooses its own learning rate on held-out data (--lr auto).
"""
import argparse
import json
import os
import platform
import statistics
import subprocess
import tempfile

MODES = [
    ("DropBack 2%, layer score (the default)", []),
    ("DropBack 2%, `--select once`", ["--select", "once"]),
    ("DropBack 2%, `--score global` (the authors' rule)", ["--score", "global"]),
    ("DropBack 1,300 weights (twice the last layer)", ["--budget", "1300"]),
    ("last layer", ["--mode", "last-layer"]),
    ("biases", ["--mode", "bias"]),
    ("dense SGD", ["--mode", "dense"]),
]


def run(edb, options, seed):
    with tempfile.TemporaryDirectory() as folder:
        command = [os.path.abspath(edb), "personalize", "--seed", str(seed), "--json", "--accept-if", "user>=-1", "--threads", "1",
                   "--store", os.path.join(folder, "user.edb"), *options]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(command)} failed: {done.stderr.strip()}")
        return json.loads(done.stdout)


def cpu():
    with open("/proc/cpuinfo") as info:
        for line in info:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("edb")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--output", default="models/fashion/results.md")
    arguments = parser.parse_args()
    lines = [
        "| mode | user's accuracy, points | retention, points | rate | stored weights | store, bytes | bytes a step | of these weights |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, options in MODES:
        results = [run(arguments.edb, options, seed) for seed in range(1, arguments.seeds + 1)]
        gains = [100 * (r["accuracy"]["after"] - r["accuracy"]["before"]) for r in results]
        kept = [100 * (r["accuracy"]["retainAfter"] - r["accuracy"]["retainBefore"]) for r in results]
        rates = sorted({r["rate"] for r in results})
        middle = statistics.median
        lines.append(
            f"| {name} | {middle(gains):+.1f} ({min(gains):+.1f} to {max(gains):+.1f}) | {middle(kept):+.1f} ({min(kept):+.1f} to {max(kept):+.1f}) "
            f"| {', '.join(f'{rate:g}' for rate in rates)} | {results[0]['tracked']:,} | {results[0]['store']['bytes']:,} "
            f"| {results[0]['traffic']['perStep']['totalBytes']:,} | {results[0]['traffic']['perStep']['weightBytes']:,} |")
        print(lines[-1], flush=True)
    version = subprocess.run([os.path.abspath(arguments.edb), "--version"], stdout=subprocess.PIPE, text=True).stdout.strip()
    with open(arguments.output, "w") as output:
        output.write(
            f"Made by `tools/fashion_table.py`: medians over {arguments.seeds} seeds (lowest to highest), every mode at the rate that held-out data chose. "
            f"{version}, {cpu()}. Bytes of a step by the algorithmic lens, after the freeze where there is one.\n\n")
        output.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
