#!/usr/bin/env bash
# usage: tools/validate-traffic.sh [EDB] [OUT.md]
# Compares the modelled lens with valgrind's cache simulation of the native x64 executable: line fills and write-backs of one training step, in
# dense, select and frozen steps of three networks, through the last-level caches of a Raspberry Pi 4 and a Zero 2 W. The simulator's figure is
# the difference of two step counts, both after warm-up. Both sides run the AVX2 kernels on one thread: valgrind knows no wider ones.
# Needs valgrind, python3-onnx and a published executable (tools/publish.sh linux-x64).
set -euo pipefail
cd "$(dirname "$0")/.."
edb=$(realpath "${1:-artifacts/publish/linux-x64/edb}")
out=${2:-tools/validate-traffic.md}
few=1 many=2 warmup=3 batch=8
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Without symbols beside it: valgrind would read them all.
cp "$edb" "$work/edb"
cp -r device-profiles "$work/"
/usr/bin/python3 tools/make_mlp.py "$work/lenet-300-100.onnx" 784 300 100 10
/usr/bin/python3 tools/make_mlp.py "$work/mlp-784-2048-2048-10.onnx" 784 2048 2048 10
cp models/fashion/model.onnx "$work/fashion.onnx"

cache() { # PROFILE LEVEL: size,ways,line of the data cache
  /usr/bin/python3 - "$1" "$2" <<'PY'
import json, sys
for c in json.load(open(sys.argv[1]))["caches"]:
    if c["level"] == sys.argv[2] and c["kind"] != "instruction":
        print(f'{c["bytes"]},{c["ways"]},{c["lineBytes"]}')
        break
PY
}

simulate() { # NETWORK MODE D1 LL STEPS -> the events' sums
  local file="$work/$1-$2-$4-$5"
  EDB_KERNELS=avx2 valgrind --tool=callgrind --cache-sim=yes --simulate-wb=yes --I1=49152,3,64 --D1="$3" --LL="$4" \
    --callgrind-out-file="$file" "$work/edb" bench "$work/$1.onnx" --mode "$2" --batch $batch --threads 1 --steps "$5" --warmup $warmup --json \
    >/dev/null 2>"$file.err" || { cat "$file.err" >&2; return 1; }
  grep '^summary:' "$file"
}

{
  echo "| network | step | cache | fills, simulated | modelled | | write-backs, simulated | modelled | | instruction fills |"
  echo "|---|---|---|---:|---:|---:|---:|---:|---:|---:|"
} >"$work/table"
for network in lenet-300-100 fashion mlp-784-2048-2048-10; do
  for mode in dense select frozen; do
    for profile in raspberry-pi-4b raspberry-pi-zero-2w; do
      sed 's/"instructionSets": .*/"instructionSets": ["avx2"],/' "device-profiles/$profile.json" >"$work/$profile.json"
      d1=$(cache "$work/$profile.json" L1) ll=$(cache "$work/$profile.json" L2)
      simulate "$network" "$mode" "$d1" "$ll" $few >"$work/few" &
      simulate "$network" "$mode" "$d1" "$ll" $many >"$work/many"
      wait $!
      EDB_KERNELS=avx2 "$work/edb" bench "$work/$network.onnx" --mode "$mode" --batch $batch --threads 1 --steps $many --warmup $warmup \
        --profile "$work/$profile.json" --json >"$work/modelled"
      /usr/bin/python3 - "$network" "$mode" "$ll" "$work" $((2 * (many - few))) <<'PY' | tee -a "$work/table"
import json, sys
network, mode, ll, work, steps = sys.argv[1:]
names = "Ir Dr Dw I1mr D1mr D1mw ILmr DLmr DLmw ILdmr DLdmr DLdmw".split()
few, many = ([int(n) for n in open(f"{work}/{f}").read().split()[1:]] for f in ("few", "many"))
step = {name: (b - a) / int(steps) for name, a, b in zip(names, few, many)}
fills, backs = step["DLmr"] + step["DLmw"], step["DLdmr"] + step["DLdmw"]
modelled = json.load(open(f"{work}/modelled"))["modelled"]
f, b = modelled["fillLines"], modelled["writeBackLines"]
size, ways, line = ll.split(",")
print(f"| {network} | {mode} | {int(size) >> 10} KiB, {ways} ways | {fills:.0f} | {f} | {100 * (f / fills - 1):+.1f}% "
      f"| {backs:.0f} | {b} | {100 * (b / backs - 1):+.1f}% | {step['ILmr']:.0f} |")
PY
    done
  done
done

{
  echo "# The modelled lens against a cache simulator"
  echo
  echo "Lines of 64 bytes that one training step moves, batch $batch, budget 2%, by \`tools/validate-traffic.sh\`:"
  echo "$("$edb" --version | head -1), $(valgrind --version) (callgrind, \`--cache-sim=yes --simulate-wb=yes\`),"
  echo "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), AVX2 kernels, one thread."
  echo
  cat "$work/table"
  echo
  cat <<'TXT'
Why they differ at all: an access across two missing lines is one miss to the simulator, and two fills to the model (weights in a model file
lie at any offset); the runtime's own data, and instructions in the shared last level, are the simulator's alone; operators without a
description of their own are taken to run through their operands side by side. A select step that has to be computed twice, because its
threshold was too high, moves more than the one pass that is modelled; candidates are taken to lie evenly.
TXT
} >"$out"
