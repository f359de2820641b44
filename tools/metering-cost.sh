#!/usr/bin/env bash
# usage: tools/metering-cost.sh [EDB] [OUT.md]
# What counting traffic by the algorithmic lens costs a training step: pairs of steps with and without it, taken in turn in one process, of the
# shipped model. The share is the median over the pairs. The machine must do nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."
edb=${1:-artifacts/publish/linux-x64/edb}
out=${2:-tools/results/metering.md}
pairs=600

{
  echo "# What counting costs"
  echo
  echo "Steps of the shipped model with and without the algorithmic lens, taken in turn, $pairs pairs each, one thread, by"
  echo "\`tools/metering-cost.sh\`: $("$edb" --version | head -1), $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)."
  echo
  echo "| step | batch | off, ms | on, ms | more, median of pairs |"
  echo "|---|---:|---:|---:|---:|"
  for batch in 8 32; do
    for mode in dense select frozen; do
      "$edb" bench models/fashion/model.onnx --mode $mode --batch $batch --threads 1 --steps $pairs --warmup 20 --metering --no-layers --json |
        python3 -c '
import json, sys
bench = json.load(sys.stdin)
cost = bench["metering"]
row = (bench["mode"], bench["batch"], cost["offMilliseconds"], cost["onMilliseconds"], 100 * cost["share"])
print("| %s | %d | %.3f | %.3f | %+.2f%% |" % row)'
    done
  done
} >"$out"
cat "$out"
