#!/usr/bin/python3
"""A product of 1024 x 1024 x 1024 on one core: the BLAS of PyTorch and `edb bench` in the same run, alternating, with the weights mapped and
regenerated from a seed, one of them tracked. The peak is the best of windows of 10 ms: for some tenths of a millisecond a core can be faster.

    tools/publish.sh linux-x64 && tools/bench/gemm.py            # --core N, --edb PATH, --rounds N; --write: tools/bench/results/CPU-gemm.md
"""
import argparse
import json
import os
import re
import subprocess
import sys
import time

if "OPENBLAS_NUM_THREADS" not in os.environ:  # the BLAS takes the number of its threads when it is loaded
    os.execvpe(sys.executable, [sys.executable, *sys.argv], {**os.environ, "OPENBLAS_NUM_THREADS": "1"})

import torch
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "..", ".."))
SIZE, CALLS = 1024, 20
OPERATIONS = 2 * SIZE ** 3


def blas(a, b):
    times = []
    for _ in range(CALLS):
        start = time.perf_counter()
        torch.mm(a, b)
        times.append(time.perf_counter() - start)
    return OPERATIONS / min(times) / 1e9


def ours(arguments, model, base):
    command = ["taskset", "-c", str(arguments.core), arguments.edb, "bench", model, "--mode", "frozen", "--base", base, "--batch", str(SIZE),
               "--threads", "1", "--steps", str(CALLS), "--budget", "1", "--json"]
    result = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return max(layer["forwardGigaflops"] for layer in result["layers"]), result["peakGigaflops"], result["kernels"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edb", default=os.path.join(ROOT, "artifacts", "publish", "linux-x64", "edb"))
    parser.add_argument("--core", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--models", default=os.path.join(ROOT, "artifacts", "bench"))
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    os.sched_setaffinity(0, {arguments.core})
    torch.set_num_threads(1)
    os.makedirs(arguments.models, exist_ok=True)
    model = os.path.join(arguments.models, "gemm.onnx")
    torch.onnx.export(nn.Linear(SIZE, SIZE, bias=False), torch.zeros(1, SIZE), model, opset_version=13, input_names=["x"], output_names=["logits"],
                      dynamic_axes={"x": {0: "N"}, "logits": {0: "N"}}, training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False)
    a, b = torch.randn(SIZE, SIZE), torch.randn(SIZE, SIZE)
    blas(a, b)
    best = {"BLAS": 0.0, "mapped": 0.0, "regenerated": 0.0}
    peak, kernels = 0.0, ""
    for _ in range(arguments.rounds):
        best["BLAS"] = max(best["BLAS"], blas(a, b))
        for base in ["mapped", "regenerated"]:
            rate, core, kernels = ours(arguments, model, base)
            best[base], peak = max(best[base], rate), max(peak, core)
    lines = [f"Multiply-add peak of a core: {peak:.1f} GFLOP/s; kernels {kernels}; PyTorch {torch.__version__}; best of {arguments.rounds} rounds of {CALLS}.", "",
             "| 1024 x 1024 x 1024 | GFLOP/s | of the peak | of the BLAS |", "| --- | --- | --- | --- |"]
    lines += [f"| {name} | {rate:.1f} | {rate / peak:.0%} | {rate / best['BLAS']:.2f} |" for name, rate in best.items()]
    print("\n".join(lines))
    if arguments.write:
        with open("/proc/cpuinfo", encoding="utf-8") as cpuinfo:
            processor = next(row.split(":")[1].strip() for row in cpuinfo if row.startswith("model name"))
        path = os.path.join(HERE, "results", re.sub(r"[^A-Za-z0-9]+", "-", processor).strip("-") + "-gemm.md")
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join([f"# {processor}", "", "Command: `tools/bench/gemm.py --write`", "", *lines]) + "\n")
    sys.exit(0 if min(best["mapped"], best["regenerated"]) >= max(0.8 * peak, best["BLAS"]) else "below 80% of the peak, or below the BLAS")


main()
