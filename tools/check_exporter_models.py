#!/usr/bin/python3
"""Holds edb against PyTorch and ONNX Runtime on the networks of tools/make_exporter_models.py, and writes what it measured as a table.

    /usr/bin/python3 tools/check_exporter_models.py FOLDER EDB [--table FILE.md] [NAME...]

EDB is the executable, of the archive or the build with ONNX Runtime in it. Per network, with the limits that fail the check:
loads with every node trainable or folded; outputs within 1e-4 of ONNX Runtime and of PyTorch, relative to the largest logit; the gradient
of every parameter within 1e-3 of autograd, relative to the largest of that parameter (or to 1e-4 of the largest of all, where it is smaller:
the gradient of a key's bias is zero but for rounding); one DropBack epoch at a budget of 2% lowers the loss over the training data; what is
exported then runs in ONNX Runtime with the outputs that edb gives it, and passes onnx.checker.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import onnx

COLUMNS = ["network", "parameters", "nodes without gradient", "logits, ORT", "logits, PyTorch", "gradients", "loss before", "after one epoch",
           "exported, ORT", "onnx.checker"]


class Failed(Exception):
    pass


def edb(executable, *arguments, codes=(0,)):
    run = subprocess.run([executable, *arguments, "--json"], capture_output=True, text=True)
    if run.returncode not in codes:
        raise Failed((run.stderr.strip().splitlines() or ["exit code " + str(run.returncode)])[-1])
    return json.loads(run.stdout)


def difference(ours, theirs, floor=0.0):
    return float(np.abs(ours.astype(np.float64) - theirs).max() / max(np.abs(theirs).max(), floor, 1e-30))


def largest_verified(result):
    return max(value["difference"] / max(value["largest"], 1e-30) for value in result["values"])


def gradients(executable, folder, scratch):
    out = os.path.join(scratch, "g.npz")
    edb(executable, "gradients", os.path.join(folder, "model.onnx"), "--input", os.path.join(folder, "input.npz"), "--target",
        os.path.join(folder, "target.npy"), "-o", out)
    ours, theirs = np.load(out), np.load(os.path.join(folder, "gradients.npz"))
    missing = [name for name in theirs.files if name not in ours.files]
    if missing:
        raise Failed(f"no gradient for {missing[:3]}")
    floor = 1e-4 * max(np.abs(theirs[name]).max() for name in theirs.files)
    return max((difference(ours[name], theirs[name], floor), name) for name in theirs.files)


def check(executable, folder, row):
    model, few, train = (os.path.join(folder, file) for file in ("model.onnx", "input.npz", "train.npz"))
    proto = onnx.load(model)
    x = np.load(few)["x"]
    dims = []
    for given, dim in zip(x.shape[1:], proto.graph.input[0].type.tensor_type.shape.dim[1:]):
        if dim.dim_param:
            dims = ["--dim", f"{dim.dim_param}={given}"]
    inspected = edb(executable, "inspect", model, *dims)
    row["parameters"] = inspected["parameters"]
    row["nodes without gradient"] = sum(node["verdict"] not in ("trainable", "folded") for node in inspected["nodes"])
    with tempfile.TemporaryDirectory() as scratch:
        verified = edb(executable, "verify", model, "--input", few, codes=(0, 1))
        row["logits, ORT"] = largest_verified(verified)
        outputs = os.path.join(scratch, "y.npz")
        edb(executable, "run", model, "--input", few, "-o", outputs)
        row["logits, PyTorch"] = difference(np.load(outputs)["logits"], np.load(os.path.join(folder, "logits.npy")))
        row["gradients"], worst = gradients(executable, folder, scratch)
        store, exported = os.path.join(scratch, "m.edb"), os.path.join(scratch, "out.onnx")
        row["loss before"] = edb(executable, "eval", model, "--data", train)["loss"]
        edb(executable, "personalize", model, "--data", train, "--test", train, "--epochs", "1", "--batch", "4", "--lr", "0.05", "--budget", "2%",
            "--accept-if", "user>=-1", "--store", store)
        row["after one epoch"] = edb(executable, "eval", model, "--store", store, "--data", train)["loss"]
        edb(executable, "export", model, "--store", store, "-o", exported)
        row["exported, ORT"] = largest_verified(edb(executable, "verify", exported, "--input", few, codes=(0, 1)))
        onnx.checker.check_model(exported, full_check=True)
        row["onnx.checker"] = "passes"
    limits = [row["logits, ORT"] <= 1e-4, row["logits, PyTorch"] <= 1e-4, row["gradients"] <= 1e-3, row["after one epoch"] < row["loss before"],
              row["exported, ORT"] <= 1e-4]
    if not all(limits):
        raise Failed(f"beyond its limit: {row} (worst gradient: {worst})")


def text(value):
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.1e}" if value < 0.01 else f"{value:.4f}"
    return value


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("edb")
    parser.add_argument("--table")
    parser.add_argument("names", nargs="*")
    options = parser.parse_intermixed_args()
    lines, failures = [], 0
    for name in options.names or sorted(os.listdir(options.folder)):
        row = {"network": name}
        try:
            check(options.edb, os.path.join(options.folder, name), row)
            print(f"{name}: {row}", flush=True)
        except (Failed, onnx.checker.ValidationError) as e:
            failures += 1
            print(f"{name} FAILS: {e}\n  {row}", flush=True)
        lines.append("| " + " | ".join(text(row.get(column, "fails")) for column in COLUMNS) + " |")
    if options.table:
        with open(options.table, "w", encoding="utf-8") as file:
            file.write("| " + " | ".join(COLUMNS) + " |\n|---" + "|---:" * (len(COLUMNS) - 1) + "|\n" + "\n".join(lines) + "\n")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
