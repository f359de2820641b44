#!/usr/bin/env python3
"""Times `edb inspect` on 50 different model files: those of this repository, those that `edb new` writes, and the largest of Debian's
libonnx-testdata. Fails where one takes a second or more.

usage: tools/inspect_times.py EDB [--count 50] [--limit 1.0] [MODEL ...]
EDB is the native binary, such as artifacts/publish/linux-x64/edb; further models may be given.
"""
import argparse
import glob
import os
import subprocess
import tempfile
import time

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
TESTDATA = "/usr/share/libonnx-testdata/data"
ARCHITECTURES = ["mnist-100-100", "lenet-300-100", "vgg-s", "densenet", "wrn-28-10"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("edb")
    parser.add_argument("models", nargs="*")
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--limit", type=float, default=1.0)
    arguments = parser.parse_args()
    edb = os.path.abspath(arguments.edb)
    with tempfile.TemporaryDirectory() as folder:
        models = list(arguments.models)
        for name in ARCHITECTURES:
            models.append(os.path.join(folder, name + ".onnx"))
            subprocess.run([edb, "new", name, "--seed", "1", "-o", models[-1], "--overwrite"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        models += [os.path.join(ROOT, "models", "fashion", "model.onnx"), *sorted(glob.glob(os.path.join(ROOT, "tests", "references", "*", "model.onnx")))]
        rest = glob.glob(os.path.join(TESTDATA, "**", "model.onnx"), recursive=True)
        models += sorted(rest, key=lambda path: (-os.path.getsize(path), path))[:max(0, arguments.count - len(models))]
        if len(models) < arguments.count:
            raise SystemExit(f"only {len(models)} models found; apt install libonnx-testdata, or name further ones")
        rows = []
        for model in models:
            start = time.perf_counter()
            done = subprocess.run([edb, "inspect", model, "--json"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            seconds = time.perf_counter() - start
            if done.returncode not in (0, 3):
                raise SystemExit(f"edb inspect {model} ended with {done.returncode}: {done.stderr.strip()}")
            rows.append((seconds, done.returncode, os.path.getsize(model), model))
    rows.sort(reverse=True)
    for seconds, code, size, model in rows[:5]:
        print(f"{1000 * seconds:7.1f} ms  {size:12,} bytes  exit {code}  {model}")
    print(f"{len(rows)} models, {sum(code == 0 for _, code, _, _ in rows)} usable, slowest {1000 * rows[0][0]:.1f} ms, median {1000 * rows[len(rows) // 2][0]:.1f} ms")
    if rows[0][0] >= arguments.limit:
        raise SystemExit(f"{rows[0][3]} took {rows[0][0]:.2f} s, more than {arguments.limit} s")


if __name__ == "__main__":
    main()
