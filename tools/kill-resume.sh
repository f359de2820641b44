#!/usr/bin/env bash
# usage: tools/kill-resume.sh EDB [KILLS]
# Kills a personalization of the shipped example with SIGKILL at KILLS (20) moments and resumes it each time; after every kill all generations
# can be read and none is lost, and the store ends with the hash of an undisturbed run. Then SIGTERM: saved within a second, exit code 130, and
# resumed to the same hash.
set -euo pipefail
edb=$(realpath "$1")
kills=${2:-20}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
options=(--epochs 8 --lr auto --checkpoint-every 7 --seed 3)

hash() { sha256sum < "$1" | cut -d ' ' -f 1; }

started=$(date +%s%N)
"$edb" personalize "${options[@]}" --store "$work/whole.edb" > /dev/null 2>&1
whole=$(($(date +%s%N) - started))
expected=$(hash "$work/whole.edb")

generations() { find "$work" -maxdepth 1 -regex ".*/killed\.edb\(\.new\|\.[0-9]\)?" | wc -l; }

"$edb" personalize --steps 2 --batch 8 --lr 0.4 --seed 4 --accept-if off --store "$work/killed.edb" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
kept=1

# A fixed sequence, so that a failure can be seen again: delays of up to a fifth of the whole run.
state=12345
for ((i = 1; i <= kills; i++)); do
  state=$(((state * 1103515245 + 12345) % 2147483648))
  delay=$((whole / 1000000 * (state % 1000) / 5000))
  "$edb" personalize "${options[@]}" --store "$work/killed.edb" --resume > "$work/log" 2>&1 &
  child=$!
  sleep "$(printf '%d.%03d' $((delay / 1000)) $((delay % 1000)))"
  kill -KILL "$child" 2>/dev/null || true
  wait "$child" 2>/dev/null || true
  "$edb" store verify "$work/killed.edb" > "$work/log" 2>&1 || { cat "$work/log"; echo "kill-resume: kill $i left a damaged generation" >&2; exit 1; }
  present=$(generations)
  [ "$present" -ge "$kept" ] || { ls -l "$work"; echo "kill-resume: kill $i lost a generation" >&2; exit 1; }
  kept=$present
  [ "$kept" -lt 6 ] || kept=6
done
"$edb" personalize "${options[@]}" --store "$work/killed.edb" --resume > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
[ "$(hash "$work/killed.edb")" = "$expected" ] || { echo "kill-resume: after $kills kills the store is $(hash "$work/killed.edb"), expected $expected" >&2; exit 1; }
echo "kill-resume: $kills kills, no generation lost or damaged, same store $expected"

# On a machine whose load changes the run may be over before the signal: then it is started again and asked earlier.
delay=$((whole / 4000000))
code=0
for ((try = 1; try <= 6; try++)); do
  rm -f "$work"/term.edb*
  "$edb" personalize "${options[@]}" --store "$work/term.edb" > "$work/log" 2>&1 &
  child=$!
  sleep "$(printf '%d.%03d' $((delay / 1000)) $((delay % 1000)))"
  asked=$(date +%s%N)
  kill -TERM "$child" 2>/dev/null || true
  code=0
  wait "$child" || code=$?
  took=$((($(date +%s%N) - asked) / 1000000))
  [ "$code" -eq 0 ] || break
  delay=$((delay / 2))
done
[ "$code" -eq 130 ] || { cat "$work/log"; echo "kill-resume: SIGTERM ended with exit code $code, expected 130" >&2; exit 1; }
"$edb" personalize "${options[@]}" --store "$work/term.edb" --resume > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
[ "$(hash "$work/term.edb")" = "$expected" ] || { echo "kill-resume: after SIGTERM the store is another one" >&2; exit 1; }
echo "kill-resume: SIGTERM ended in $took ms with exit code 130, resumed to the same store"
