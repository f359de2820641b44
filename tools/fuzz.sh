#!/usr/bin/env bash
# usage: tools/fuzz.sh [COUNT [KIND...]]
# Reads COUNT (100000) changed files of each kind and, where COUNT is 100000 or more, puts the row of each kind that held in tools/results/hostile.md:
# a run that was broken off goes on with the KINDs that are left. A file fails that ends in anything but an answer or a refusal of one line, that
# allocates more than its kind's cap, or that takes longer than 2 s; one that never ends is stopped and named. Building meanwhile does no harm.
set -euo pipefail
cd "$(dirname "$0")/.."
count=${1:-100000}
shift || true
dotnet build -c Release tests/EdgeDropBack.Fuzz -nologo -v quiet
run=artifacts/fuzz-run-$$ table=tools/results/hostile.md
trap 'rm -rf "$run"' EXIT
cp -r artifacts/bin/EdgeDropBack.Fuzz/release "$run"
fuzz=$run/EdgeDropBack.Fuzz.dll
kinds=("$@")
[ ${#kinds[@]} -gt 0 ] || mapfile -t kinds < <(dotnet "$fuzz" kinds)
code=0
for kind in "${kinds[@]}"; do
  if ! row=$(timeout 7200 dotnet "$fuzz" run "$kind" 0 "$count"); then
    echo "$kind failed: $row" >&2
    code=1
    continue
  fi
  echo "$row"
  [ "$count" -ge 100000 ] || continue
  sed -i -e "1,/^<!-- \/table -->/{/^| $kind |/d}" -e "s#^<!-- /table -->#$row\n&#" $table
done
exit $code
