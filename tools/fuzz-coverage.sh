#!/usr/bin/env bash
# usage: tools/fuzz-coverage.sh KIND SECONDS
# Guided by coverage: the library is instrumented by SharpFuzz and driven by afl-fuzz, from the sound samples of KIND (EdgeDropBack.Fuzz kinds
# lists them). Prints what afl counted and fails where a file ended in anything but an answer or a refusal; such files stay in artifacts/fuzz.
# Needs afl++ (Debian) and `dotnet tool install --global SharpFuzz.CommandLine --version 2.3.0`.
set -euo pipefail
kind=${1:?usage: tools/fuzz-coverage.sh KIND SECONDS}
seconds=${2:?usage: tools/fuzz-coverage.sh KIND SECONDS}
cd "$(dirname "$0")/.."
for needed in afl-fuzz sharpfuzz; do
  command -v $needed > /dev/null || { echo "$needed is missing: apt-get install afl++, dotnet tool install --global SharpFuzz.CommandLine --version 2.3.0" >&2; exit 2; }
done
dotnet build -c Release tests/EdgeDropBack.Fuzz -nologo -v quiet
work=artifacts/fuzz/$kind
rm -rf "$work"
mkdir -p "$work"
cp -r artifacts/bin/EdgeDropBack.Fuzz/release "$work/bin"
dotnet "$work/bin/EdgeDropBack.Fuzz.dll" seeds "$kind" "$work/seeds"
sharpfuzz "$work/bin/EdgeDropBack.dll"
export AFL_NO_UI=1 AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 DOTNET_TieredPGO=0
afl-fuzz -i "$work/seeds" -o "$work/out" -t 10000 -m none -V "$seconds" -- dotnet "$work/bin/EdgeDropBack.Fuzz.dll" afl "$kind" > "$work/log"
grep -E '^(run_time|execs_done|corpus_count|saved_crashes|saved_hangs|edges_found)' "$work/out/default/fuzzer_stats"
grep -Eq '^saved_crashes +: 0$' "$work/out/default/fuzzer_stats" || { echo "crashes: $work/out/default/crashes" >&2; exit 1; }
