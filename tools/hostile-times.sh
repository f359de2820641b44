#!/usr/bin/env bash
# usage: tools/hostile-times.sh EDB
# Models that promise more than anybody has (4 GB in 1 KB, a million nodes, names of 100 MB, shapes beyond 64 bits): each is refused in one line
# with exit code 3. Prints the median of five runs of `edb inspect`, the whole process, and fails at 100 ms.
set -euo pipefail
edb=$(realpath "${1:?usage: tools/hostile-times.sh EDB}")
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet run -c Release --project tests/EdgeDropBack.Fuzz -- extremes "$work"
code=0
printf '| file | bytes | median of 5, ms | refusal |\n|---|---:|---:|---|\n'
for file in "$work"/*.onnx; do
  times=()
  for _ in 1 2 3 4 5; do
    started=$(date +%s%N)
    exit_code=0
    "$edb" inspect "$file" > "$work/out" 2> "$work/err" || exit_code=$?
    times+=($(($(date +%s%N) - started)))
    [ $exit_code -eq 3 ] || { echo "$file: exit code $exit_code" >&2; code=1; }
  done
  median=$(printf '%s\n' "${times[@]}" | sort -n | sed -n 3p)
  [ "$median" -lt 100000000 ] || { echo "$file takes $((median / 1000000)) ms" >&2; code=1; }
  refusal=$(cat "$work/out" "$work/err" | grep -v '^$' | tail -n 1 | sed "s|$work/||" | cut -c 1-120)
  printf '| %s | %d | %d.%d | %s |\n' "$(basename "$file" .onnx)" "$(stat -c %s "$file")" $((median / 1000000)) $((median / 100000 % 10)) "$refusal"
done
exit $code
