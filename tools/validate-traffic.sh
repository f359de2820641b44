#!/usr/bin/env bash
# usage: tools/validate-traffic.sh [EDB] [OUT.md] [NETWORK...]
# Compares the modelled lens with valgrind's cache simulation of the native x64 executable: line fills and write-backs of one training step, in
# dense, select and frozen steps, through the last-level caches of a Raspberry Pi 4 and a Zero 2 W; for some through 256 KiB in 8 ways, and 2 MiB
# in 16. The simulator's figure is the difference of two step counts, both after warm-up. Both sides run the AVX2 kernels on one
# thread: valgrind knows no wider ones.
# Needs valgrind, python3-onnx and a published executable (tools/publish.sh linux-x64).
set -euo pipefail
cd "$(dirname "$0")/.."
edb=$(realpath "${1:-artifacts/publish/linux-x64/edb}")
out=${2:-tools/validate-traffic.md}
shift $(($# < 2 ? $# : 2))
networks=("$@")
[ $# -gt 0 ] || networks=(lenet-300-100 fashion residual depthwise mlp-784-2048-2048-10,zero mlp-784-2048-2048-10)
warmup=2 batch=8
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Without symbols beside it: valgrind would read them all.
cp "$edb" "$work/edb"
cp -r device-profiles "$work/"
/usr/bin/python3 tools/make_mlp.py "$work/lenet-300-100.onnx" 784 300 100 10
/usr/bin/python3 tools/make_mlp.py "$work/mlp-784-2048-2048-10.onnx" 784 2048 2048 10
cp models/fashion/model.onnx "$work/fashion.onnx"
cp tests/references/residual/model.onnx "$work/residual.onnx"
cp tests/references/depthwise-separable/model.onnx "$work/depthwise.onnx"

profile() { # PROFILE [BYTES WAYS]: a profile that runs AVX2 kernels, with another last level where one is given; prints D1 and LL
  /usr/bin/python3 - "$work/profile.json" "device-profiles/$1.json" "${@:2}" <<'PY'
import json, sys
profile = json.load(open(sys.argv[2]))
profile["instructionSets"] = ["avx2"]
d1 = next(c for c in profile["caches"] if c["level"] == "L1" and c["kind"] == "data")
ll = next(c for c in profile["caches"] if c["level"] == "L2")
if len(sys.argv) > 3:
    ll["bytes"], ll["ways"] = int(sys.argv[3]), int(sys.argv[4])
json.dump(profile, open(sys.argv[1], "w"))
print(*(f'{c["bytes"]},{c["ways"]},{c["lineBytes"]}' for c in (d1, ll)))
PY
}

settled() { # NETWORK MODE: the fewest steps before one that was not computed twice, its threshold having been too high; sets warmup
  local again=() steps
  for steps in {2..12}; do
    # shellcheck disable=SC2046
    again+=("$(EDB_KERNELS=avx2 "$work/edb" $(warmup=0 bench "$1" "$2" "$steps") | /usr/bin/python3 -c 'import json, sys; print(json.load(sys.stdin)["stepsRunAgain"])')")
    warmup=$((steps - 2))
    [ ${#again[@]} -lt 3 ] || [ "${again[-1]}" != "${again[-2]}" ] || return 0
  done
  echo "$1 $2: every step is computed twice" >&2
}

bench() { # NETWORK[,BASE] MODE STEPS [OPTION...]
  local base=()
  [[ $1 != *,* ]] || base=(--base "${1#*,}")
  echo bench "$work/${1%,*}.onnx" "${base[@]}" --mode "$2" --batch $batch --threads 1 --steps "$3" --warmup $warmup --no-layers --json "${@:4}"
}

simulate() { # NETWORK MODE D1 LL STEPS -> the events' sums
  local file="$work/simulated-$5"
  # shellcheck disable=SC2046
  EDB_KERNELS=avx2 valgrind --tool=callgrind --cache-sim=yes --simulate-wb=yes --I1=49152,3,64 --D1="$3" --LL="$4" \
    --callgrind-out-file="$file" "$work/edb" $(bench "$1" "$2" "$5") >/dev/null 2>"$file.err" || { cat "$file.err" >&2; return 1; }
  grep '^summary:' "$file"
}

compare() { # NETWORK MODE PROFILE [BYTES WAYS]: a line of the table
  read -r d1 ll < <(profile "${@:3}")
  settled "$1" "$2"
  simulate "$1" "$2" "$d1" "$ll" 1 >"$work/1" &
  simulate "$1" "$2" "$d1" "$ll" 2 >"$work/2"
  wait $!
  # shellcheck disable=SC2046
  EDB_KERNELS=avx2 "$work/edb" $(bench "$1" "$2" 2 --profile "$work/profile.json") >"$work/modelled"
  /usr/bin/python3 - "$1" "$2" "$ll" "$work" <<'PY' | tee -a "$work/table"
import json, sys
network, mode, ll, work = sys.argv[1:]
names = "Ir Dr Dw I1mr D1mr D1mw ILmr DLmr DLmw ILdmr DLdmr DLdmw".split()
one, two = ([int(n) for n in open(f"{work}/{steps}").read().split()[1:]] for steps in (1, 2))
step = {name: b - a for name, a, b in zip(names, one, two)}
fills, backs = step["DLmr"] + step["DLmw"], step["DLdmr"] + step["DLdmw"]
modelled = json.load(open(f"{work}/modelled"))["modelled"]
f, b = modelled["fillLines"], modelled["writeBackLines"]
size, ways, line = ll.split(",")


def off(value, truth):
    return f"{100 * (value / truth - 1):+.1f}%" if truth > 0 else ""


print(f"| {network.replace(',', ', base ')} | {mode} | {int(size) >> 10} KiB, {ways} ways | {fills} | {f} | {off(f, fills)} "
      f"| {backs} | {b} | {off(b, backs)} | {step['ILmr']} |")
PY
}

{
  echo "| network | step | cache | fills, simulated | modelled | | write-backs, simulated | modelled | | instruction fills |"
  echo "|---|---|---|---:|---:|---:|---:|---:|---:|---:|"
} >"$work/table"
for network in "${networks[@]}"; do
  for mode in dense select frozen; do
    case $network in
      residual | depthwise) compare "$network" $mode raspberry-pi-4b 262144 8 ;;
      *,*) [ $mode != frozen ] || compare "$network" $mode raspberry-pi-zero-2w ;;
      *)
        compare "$network" $mode raspberry-pi-4b
        compare "$network" $mode raspberry-pi-zero-2w
        ;;
    esac
  done
  [ "$network" != lenet-300-100 ] || compare "$network" frozen raspberry-pi-4b 262144 8
  [ "$network" != mlp-784-2048-2048-10 ] || compare "$network" frozen raspberry-pi-4b 2097152 16
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
lie at any offset); what the runtime itself touches is an average in the model; operators without a description of their own are taken to run
through their operands side by side. A select step that has to be computed twice, because its threshold was too high, moves more than the one
pass that is modelled; candidates are taken to lie evenly.
TXT
} >"$out"
