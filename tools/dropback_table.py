"""EdgeDropBack's training from a seed beside a plain emulation of the authors' rule, on Fashion-MNIST: test errors over seeds.

    tools/dropback_table.py artifacts/publish/linux-x64/edb --models FOLDER
    tools/dropback_table.py artifacts/publish/linux-x64/edb --models FOLDER --sides torch --seeds 6 7 8 9 10

The emulation rounds as EdgeDropBack does, so that equal rules end at equal weights; the side `torch` is the same emulation in PyTorch's own
rounding, where two runs of one rule soon part and only means over seeds are comparable. FOLDER gets the seeded model (`edb new`) of every network and seed. Every finished run is a line of tools/results/dropback.csv; runs that stand
there are skipped, so that the script can be stopped and started again at any time. Writes tools/results/dropback.md from them and from the notes in
tools/results/dropback-notes.md. One run at a time, one thread; seconds are processor time. Needs the packages of
tools/requirements-debian.txt.
"""
import argparse
import collections
import csv
import json
import os
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile

DATA = "/usr/share/datasets/fashion-mnist"
HERE = os.path.dirname(os.path.abspath(__file__))
RESULTS = os.path.join(HERE, "results", "dropback.csv")
NOTES = os.path.join(HERE, "results", "dropback-notes.md")
COLUMNS = ["side", "network", "budget", "variant", "seed", "error", "tracked", "seconds", "version"]
SIDES = {"edb": "EdgeDropBack", "emulation": "emulation", "torch": "emulation in PyTorch's rounding"}
ROUNDINGS = {"emulation": "edgedropback", "torch": "torch"}
NETWORKS = ["lenet-300-100", "mnist-100-100"]
SEEDS = [1, 2, 3, 4, 5]
COMMON = "--batch 100 --lr 0.4 --schedule step:0.5@8e --epochs 30 --clip none --score global --threads 1"
INPUTS = "--mean 0.286 --std 0.353"

# variant: (options of `edb train`, options of the emulation or None where there is none)
VARIANTS = {
    "never frozen": ("--freeze-after never", ""),
    "frozen after 5 epochs": ("--freeze-after 5e", "--freeze-after 5"),
    "decay 0.9 a step": ("--freeze-after never --init-decay 0.9", "--init-decay 0.9"),
    "decay 0.9999 a step": ("--freeze-after never --init-decay 0.9999", "--init-decay 0.9999"),
    "quantile": ("--freeze-after never --select quantile", None),
}

# What is run, the lines that matter most first.
PLAN = [
    ("never frozen", 1500, list(SIDES)), ("frozen after 5 epochs", 20000, list(SIDES)), ("never frozen", 20000, list(SIDES)),
    ("quantile", 20000, ["edb"]), ("decay 0.9 a step", 20000, ["edb", "emulation"]), ("decay 0.9999 a step", 20000, ["edb", "emulation"]),
    ("never frozen", 0, list(SIDES)), ("never frozen", 50000, list(SIDES)), ("never frozen", 5000, list(SIDES)),
]


def run(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{shlex.join(command)} failed: {done.stderr.strip()[-400:]}")
    return done.stdout


def seeded(options, network, seed):
    path = os.path.join(options.models, f"{network}-{seed}.onnx")
    if not os.path.exists(path):
        run([*options.edb, "new", network, "--seed", str(seed), "--input", "1x28x28", "-o", path, "--overwrite"])
    return path


def ours(options, network, budget, variant, seed):
    with tempfile.TemporaryDirectory() as folder:
        command = [*options.edb, "train", seeded(options, network, seed), "--data", f"{DATA}/train-images-idx3-ubyte.gz",
                   "--test", f"{DATA}/t10k-images-idx3-ubyte.gz", *shlex.split(COMMON), *shlex.split(INPUTS), "--seed", str(seed), "--json",
                   "--checkpoint-every", "1000000", "--store", os.path.join(folder, "store.edb"),
                   *(["--budget", str(budget), *shlex.split(VARIANTS[variant][0])] if budget else ["--mode", "dense"])]
        result = json.loads(run(command))
    return 100 * (1 - result["accuracy"]["after"]), result["tracked"], options.version


def emulation(options, rounding, network, budget, variant, seed):
    command = [*options.python, os.path.join(HERE, "dropback_emulation.py"), network, "--budget", str(budget), "--seed", str(seed),
               "--rounding", rounding, *shlex.split(INPUTS), *shlex.split(VARIANTS[variant][1])]
    result = json.loads(run(command))
    return result["error"], result["tracked"], result["version"]


def finished(path):
    if not os.path.exists(path):
        return {}
    with open(path, newline="") as file:
        return {(r["side"], r["network"], int(r["budget"]), r["variant"], int(r["seed"])): r for r in csv.DictReader(file)}


def append(path, row):
    is_new = not os.path.exists(path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "a", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        if is_new:
            writer.writeheader()
        writer.writerow(row)


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def by_cell(rows):
    """{(network, budget, variant): {side: {seed: row}}}"""
    cells = collections.defaultdict(dict)
    for (side, network, budget, variant, seed), row in rows.items():
        cells[network, budget, variant].setdefault(side, {})[seed] = row
    return cells


def errors(sides, side):
    """{seed: test error in percent}"""
    return {seed: float(row["error"]) for seed, row in sides.get(side, {}).items()}


def shown(by_seed):
    values = by_seed.values()
    return f"{statistics.mean(values):.2f} ({min(values):.1f} to {max(values):.1f}, {len(values)} seeds)" if by_seed else "-"


def difference(mine, other):
    """Of the means, over the seeds of both."""
    both = sorted(set(mine) & set(other))
    return f"{statistics.mean(mine[seed] - other[seed] for seed in both):+.2f}" if both else "-"


def order(cell):
    network, budget, variant = cell
    return network, list(VARIANTS).index(variant), -(budget or 1 << 40)


def table(cells):
    """Markdown: mean (lowest to highest) of the test error in percent, by network, budget and variant."""
    yield ("| network | weights stored | rule | EdgeDropBack | emulation | difference | runs that end with the same error | emulation in PyTorch's rounding | difference |")
    yield "|---|---|---|---|---|---|---|---|---|"
    for network, budget, variant in sorted(cells, key=order):
        edb, emulated, torch = (errors(cells[network, budget, variant], side) for side in SIDES)
        both = set(edb) & set(emulated)
        same = f"{sum(edb[seed] == emulated[seed] for seed in both)} of {len(both)}" if both else "-"
        yield (f"| {network} | {budget or 'all (dense SGD)'} | {variant} | {shown(edb)} | {shown(emulated)} | {difference(edb, emulated)} | {same} "
               f"| {shown(torch)} | {difference(edb, torch)} |")


def rules(cells):
    """Markdown: what freezing, the quantile and decay cost against the rule that selects exactly and never freezes, over the seeds of both."""
    yield "| network | weights stored | rule | side | more error than never frozen, exact | seeds |"
    yield "|---|---|---|---|---|---|"
    for network, budget, variant in sorted(cells, key=order):
        for side in SIDES if variant != "never frozen" else []:
            runs, plain = errors(cells[network, budget, variant], side), errors(cells[network, budget, "never frozen"], side)
            if both := set(runs) & set(plain):
                yield f"| {network} | {budget} | {variant} | {SIDES[side]} | {difference(runs, plain)} | {len(both)} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("edb", type=shlex.split, help="the native executable, or a command that runs it")
    parser.add_argument("--models", required=True, help="folder for the model files")
    parser.add_argument("--python", type=shlex.split, default=[sys.executable], help="interpreter for the emulation, or a command that runs it")
    parser.add_argument("--results", default=RESULTS)
    parser.add_argument("--sides", nargs="+", choices=SIDES, default=list(SIDES), help="what is run; all")
    parser.add_argument("--only", nargs="+", choices=NETWORKS, default=NETWORKS, help="networks")
    parser.add_argument("--seeds", nargs="+", type=int, default=SEEDS)
    parser.add_argument("--budgets", nargs="+", type=int, help="what is run; all, 0 is dense SGD")
    parser.add_argument("--table-only", action="store_true", help="runs nothing, writes the tables")
    options = parser.parse_args()
    os.makedirs(options.models, exist_ok=True)
    options.version = run([*options.edb, "--version"]).strip()
    for variant, budget, sides in PLAN if not options.table_only else []:
        if options.budgets and budget not in options.budgets:
            continue
        for seed in options.seeds:
            for network in options.only:
                for side in sides:
                    if side not in options.sides or (side, network, budget, variant, seed) in finished(options.results):
                        continue
                    before = processor_seconds()
                    cell = network, budget, variant, seed
                    error, tracked, version = ours(options, *cell) if side == "edb" else emulation(options, ROUNDINGS[side], *cell)
                    append(options.results, dict(zip(COLUMNS, (side, network, budget, variant, seed, f"{error:.2f}", tracked,
                                                              f"{processor_seconds() - before:.1f}", version))))
                    print(f"{side} {network} {budget} {variant} seed {seed}: {error:.2f}%", flush=True)
    cells = by_cell(finished(options.results))
    with open(NOTES) as file:
        notes = file.read()
    with open(os.path.splitext(options.results)[0] + ".md", "w") as file:
        file.write("Test error in percent on Fashion-MNIST, mean over seeds (lowest to highest); made by `tools/dropback_table.py`. Batch 100, SGD 0.4 halved "
                   "every 8 epochs, 30 epochs, no clipping; both sides start from the same weights and see the same batches; inputs scaled to 0..1, then "
                   f"`{INPUTS}`.\n\n" + "\n".join(table(cells)) + "\n\n" + "\n".join(rules(cells)) + "\n\n" + notes)


if __name__ == "__main__":
    main()
