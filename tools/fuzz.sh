#!/usr/bin/env bash
# usage: tools/fuzz.sh [COUNT [KIND...]]
# Reads COUNT (100000) changed files of each kind and writes one row a kind to tools/results/hostile.md. A file fails that ends in anything but an
# answer or a refusal of one line, that allocates more than its kind's cap, or that takes longer than 2 s; one that never ends is stopped and named.
set -euo pipefail
cd "$(dirname "$0")/.."
count=${1:-100000}
shift || true
dotnet build -c Release tests/EdgeDropBack.Fuzz -nologo -v quiet
fuzz=artifacts/bin/EdgeDropBack.Fuzz/release/EdgeDropBack.Fuzz.dll
kinds=("$@")
[ ${#kinds[@]} -gt 0 ] || mapfile -t kinds < <(dotnet $fuzz kinds)
table=$(mktemp)
trap 'rm -f "$table"' EXIT
code=0
for kind in "${kinds[@]}"; do
  timeout 7200 dotnet $fuzz run "$kind" 0 "$count" | tee -a "$table" || { echo "$kind failed" >&2; code=1; }
done
if [ $# -eq 0 ]; then
  dotnet $fuzz heading > artifacts/heading
  sed -i -e '/^| kind/,/^<!-- \/table/d' tools/results/hostile.md
  { cat artifacts/heading "$table"; echo "<!-- /table -->"; } >> tools/results/hostile.md
fi
exit $code
