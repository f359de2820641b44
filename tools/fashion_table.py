#!/usr/bin/env python3
"""Runs `edb personalize` on the shipped example in every mode over five seeds; writes every run to results.csv, the table that the README quotes
to results.md, and the picture of the first run.

usage: tools/fashion_table.py EDB [--seeds 5] [--folder models/fashion]
EDB is the native binary, such as artifacts/publish/linux-x64/edb. Every mode chooses its own learning rate on held-out data (--lr auto).
"""
import argparse
import csv
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


COLUMNS = ["mode", "options", "seed", "rate", "before", "after", "retainBefore", "retainAfter", "tracked", "storeBytes", "bytesPerStep",
           "weightBytesPerStep", "denseBytesPerStep"]


def run(edb, name, options, seed, picture):
    with tempfile.TemporaryDirectory() as folder:
        command = [os.path.abspath(edb), "personalize", "--seed", str(seed), "--json", "--accept-if", "user>=-1", "--threads", "1",
                   "--store", os.path.join(folder, "user.edb"), *options, *(["--picture", picture] if picture else [])]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(command)} failed: {done.stderr.strip()}")
        result = json.loads(done.stdout)
    accuracy, traffic = result["accuracy"], result["traffic"]
    return {"mode": name, "options": " ".join(options), "seed": seed, "rate": f"{result['rate']:g}",
            **{key: accuracy[key] for key in ("before", "after", "retainBefore", "retainAfter")},
            "tracked": result["tracked"], "storeBytes": result["store"]["bytes"], "bytesPerStep": traffic["perStep"]["totalBytes"],
            "weightBytesPerStep": traffic["perStep"]["weightBytes"], "denseBytesPerStep": traffic["densePerStep"]["totalBytes"]}


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
    parser.add_argument("--folder", default="models/fashion")
    arguments = parser.parse_args()
    lines = [
        "| mode | user's accuracy, points | retention, points | rate | stored weights | store, bytes | bytes per step | of these weights |",
        "|---|---|---|---|---|---|---|---|",
    ]
    runs = []
    for name, options in MODES:
        picture = None if options else os.path.join(arguments.folder, "personalized.svg")
        results = [run(arguments.edb, name, options, seed, picture if seed == 1 else None) for seed in range(1, arguments.seeds + 1)]
        runs += results
        gains = [100 * (r["after"] - r["before"]) for r in results]
        kept = [100 * (r["retainAfter"] - r["retainBefore"]) for r in results]
        rates = sorted({float(r["rate"]) for r in results})
        middle = statistics.median
        lines.append(
            f"| {name} | {middle(gains):+.1f} ({min(gains):+.1f} to {max(gains):+.1f}) | {middle(kept):+.1f} ({min(kept):+.1f} to {max(kept):+.1f}) "
            f"| {', '.join(f'{rate:g}' for rate in rates)} | {results[0]['tracked']:,} | {results[0]['storeBytes']:,} "
            f"| {results[0]['bytesPerStep']:,} | {results[0]['weightBytesPerStep']:,} |")
        print(lines[-1], flush=True)
    version = subprocess.run([os.path.abspath(arguments.edb), "--version"], stdout=subprocess.PIPE, text=True).stdout.strip()
    with open(os.path.join(arguments.folder, "results.csv"), "w", newline="") as output:
        writer = csv.DictWriter(output, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(runs)
    with open(os.path.join(arguments.folder, "results.md"), "w") as output:
        output.write(
            f"Made by `tools/fashion_table.py`: medians over {arguments.seeds} seeds (lowest to highest), every mode at the rate that held-out data chose. "
            f"{version}, {cpu()}. Bytes per step by the algorithmic lens, after the freeze where there is one, for the weights that the first seed tracked: "
            f"the backward pass stops at the first layer with a tracked weight. Every run is in results.csv.\n\n")
        output.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
