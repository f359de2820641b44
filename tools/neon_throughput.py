#!/usr/bin/python3
"""How near the NEON micro-kernel comes to the multiply-add rate of ARM cores, by llvm-mca on the published executable's own machine code.

Needs Debian's llvm and binutils-aarch64-linux-gnu, and the executable of tools/publish.sh linux-arm64:
    tools/neon_throughput.py [EXECUTABLE] [--write]          # --write: tools/bench/results/neon-throughput.md

The kernel's loop is the innermost one with the most multiply-adds by lane. Its cycles are compared with those of its multiply-adds alone on
the same model of the core: 100% is a loop that hides all its loads. Caches are taken to hit, which packed panels see to.
"""
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
CORES = ["cortex-a53", "cortex-a72", "cortex-a76"]
FMLA = re.compile(r"^fmla v\d+\.4s, v\d+\.4s, v\d+\.s\[\d\]$")
LONGEST, FLOPS, WANTED = 400, 2 * 4, 0.8    # instructions of a loop, operations of one multiply-add


def disassemble(path):
    """[(address, instruction)]"""
    text = subprocess.run(["aarch64-linux-gnu-objdump", "-d", "--no-show-raw-insn", path], check=True, stdout=subprocess.PIPE, text=True).stdout
    return [(int(m[1], 16), " ".join(m[2].split("//")[0].split("<")[0].split())) for m in re.finditer(r"^ *([0-9a-f]+):\t(.*)$", text, re.M)]


def multiply_adds(body):
    return [text for text in body if FMLA.match(text)]


def kernel_loop(code):
    """The instructions of a loop, without its branch"""
    places, loops, start_after = {address: i for i, (address, _) in enumerate(code)}, [], -1
    for i, (_, instruction) in enumerate(code):
        branch = re.match(r"(?:b\.\w+ |cbn?z \w+, )(?:0x)?([0-9a-f]+)$", instruction)
        start = places.get(int(branch[1], 16)) if branch else None
        if start is not None and 0 < i - start < LONGEST and start > start_after:    # from behind the last loop's end: holds no other
            loops.append([text for _, text in code[start:i]])
            start_after = i
    best = max(loops, key=lambda body: len(multiply_adds(body)), default=[])
    return best if multiply_adds(best) else sys.exit("no loop with multiply-adds by lane: is this the arm64 executable?")


def cycles(body, core):
    with tempfile.NamedTemporaryFile("w", suffix=".s") as file:
        file.write("\n".join(body) + "\n")
        file.flush()
        report = subprocess.run(["llvm-mca", "-mtriple=aarch64", f"-mcpu={core}", "-iterations=200", file.name], check=True, stdout=subprocess.PIPE, text=True)
    return int(re.search(r"Total Cycles: +(\d+)", report.stdout)[1]) / 200


def main():
    names = [a for a in sys.argv[1:] if a != "--write"]
    body = kernel_loop(disassemble(names[0] if names else os.path.join(ROOT, "artifacts", "publish", "linux-arm64", "edb")))
    version = re.search(r"LLVM version \S+", subprocess.run(["llvm-mca", "--version"], stdout=subprocess.PIPE, text=True).stdout)[0]
    fmlas = multiply_adds(body)
    lines = ["# The NEON micro-kernel by llvm-mca", "", f"{version}; `tools/neon_throughput.py --write`. One pass of the loop: {len(fmlas)} multiply-adds of four lanes, "
             f"{len(body)} instructions and a branch.", "", "| core | cycles of the loop | of its multiply-adds alone | share | FLOP a cycle |", "| --- | --- | --- | --- | --- |"]
    low = []
    for core in CORES:
        loop, bound = cycles(body, core), cycles(fmlas, core)
        lines.append(f"| {core} | {loop:.1f} | {bound:.1f} | {bound / loop:.0%} | {FLOPS * len(fmlas) / loop:.1f} |")
        low += [core] if bound / loop < WANTED else []
    lines += ["", "```", *body, "```"]
    print("\n".join(lines))
    if "--write" in sys.argv:
        with open(os.path.join(ROOT, "tools", "bench", "results", "neon-throughput.md"), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
    if low:
        sys.exit(f"below {WANTED:.0%}: {', '.join(low)}")


main()
