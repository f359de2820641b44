#!/usr/bin/env bash
# usage: tools/kill-resume.sh EDB [KILLS]
# Kills a personalization (with rate search and checkpoints) with SIGKILL at KILLS (20) moments and resumes it each time. After every kill all
# generations can be read, none is lost, and those that runs ended with are that of an undisturbed run, bit for bit. After every fifth kill the
# file that was written last is cut short, as a power cut may leave it: what came before is used. Then SIGTERM: saved within a second, exit code
# 130, and resumed to the same store.
set -euo pipefail
edb=$(realpath "$1")
kills=${2:-20}
tools=$(cd "$(dirname "$0")" && pwd)
example=$tools/../models/fashion
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { cat "$work/log"; ls -l "$work"; echo "kill-resume: $*" >&2; exit 1; }

# Few samples, so that a kill falls into loading, rate search, training, checkpoints or the exchange of stores rather than into measuring.
"$tools/first_samples.py" "$example/user-train.npz" "$work/user.npz" 20
"$tools/first_samples.py" "$example/replay.npz" "$work/replay.npz" 8
begin=("$edb" personalize "$example/model.onnx" --data "$work/user.npz" --replay "$work/replay.npz" --labels "$example/labels.txt" --batch 4
  --threads 1 --accept-if off)
run=("${begin[@]}" --steps 12 --lr auto --checkpoint-every 1 --seed 3)

hash() { sha256sum < "$1" | cut -d ' ' -f 1; }
now() { date +%s%N; }

started=$(now)
"${run[@]}" --store "$work/whole.edb" > "$work/log" 2>&1 || fail "the undisturbed run failed"
whole=$(($(now) - started))
expected=$(hash "$work/whole.edb")

stores() { find "$work" -maxdepth 1 -regex ".*/killed\.edb\(\.new\|\.[0-9]\)?" | sort; }

"${begin[@]}" --steps 2 --lr 0.4 --seed 4 --store "$work/killed.edb" > "$work/log" 2>&1 || fail "the first generation failed"
first=$(hash "$work/killed.edb")
kept=1

# A fixed sequence, so that a failure can be seen again: delays of up to two fifths of the whole run.
state=12345
next() { state=$(((state * 1103515245 + 12345) % 2147483648)); }

# Which file a run wrote last, cut to any length. Where it was the newest store, the one before it is used, and it is put back.
cut_last() {
  local last size
  last=$(find "$work" -maxdepth 1 -name 'killed.edb*' ! -name '*.lock' ! -name '*.corrupt' -printf '%T@ %p\n' | sort -n | tail -n 1 | cut -d ' ' -f 2)
  size=$(stat -c %s "$last")
  [ "$size" -gt 0 ] || return 0
  cp -p "$last" "$work/uncut"
  next
  truncate -s $((state / 7 % size)) "$last"
  cuts=$((cuts + 1))
  case $last in
    *checkpoint* | *.tmp) return 0 ;;
  esac
  if [ "$kept" -gt 1 ]; then
    "$edb" eval "$example/model.onnx" --store "$work/killed.edb" --data "$work/replay.npz" > "$work/log" 2>&1 || fail "kill $i: cut short, '$last' is not passed over"
  fi
  cp -p "$work/uncut" "$last"
}

# Runs that were over before the signal came are not counted.
ended=0 cuts=0 i=0
while [ "$i" -lt "$kills" ]; do
  next
  delay=$((whole / 1000000 * (state / 3 % 1000) / 2500))
  "${run[@]}" --store "$work/killed.edb" --resume > "$work/log" 2>&1 &
  child=$!
  sleep "$(printf '%d.%03d' $((delay / 1000)) $((delay % 1000)))"
  kill -KILL "$child" 2>/dev/null || true
  code=0
  wait "$child" 2>/dev/null || code=$?
  case $code in
    0)
      ended=$((ended + 1))
      [ "$ended" -le $((kills * 20)) ] || fail "runs are over before they can be killed"
      ;;
    137) i=$((i + 1)) ;;
    *) fail "run $i failed with exit code $code" ;;
  esac
  "$edb" store verify "$work/killed.edb" > "$work/log" 2>&1 || fail "kill $i left a damaged generation"
  present=0
  for store in $(stores); do
    present=$((present + 1))
    case $(hash "$store") in "$expected" | "$first") ;; *) fail "kill $i: '$store' is another store" ;; esac
  done
  [ "$present" -ge "$kept" ] || fail "kill $i lost a generation"
  kept=$((present < 6 ? present : 6))
  [ "$code" -ne 137 ] || [ $((i % 5)) -ne 0 ] || cut_last
done
"${run[@]}" --store "$work/killed.edb" --resume > "$work/log" 2>&1 || fail "the last run failed"
[ "$(hash "$work/killed.edb")" = "$expected" ] || fail "after $kills kills the store is $(hash "$work/killed.edb"), expected $expected"
echo "kill-resume: $kills kills, beside $ended runs that were over first, $cuts files cut short, no generation lost or damaged, same store $expected"

# On a machine whose load changes the run may be over before the signal: then it is started again and asked earlier.
delay=$((whole / 2000000))
code=0
for ((try = 1; try <= 6; try++)); do
  rm -f "$work"/term.edb*
  "${run[@]}" --store "$work/term.edb" > "$work/log" 2>&1 &
  child=$!
  sleep "$(printf '%d.%03d' $((delay / 1000)) $((delay % 1000)))"
  asked=$(now)
  kill -TERM "$child" 2>/dev/null || true
  code=0
  wait "$child" || code=$?
  took=$((($(now) - asked) / 1000000))
  [ "$code" -eq 0 ] || break
  delay=$((delay / 2))
done
[ "$code" -eq 130 ] || fail "SIGTERM ended with exit code $code, expected 130"
"${run[@]}" --store "$work/term.edb" --resume > "$work/log" 2>&1 || fail "what SIGTERM ended cannot be resumed"
[ "$(hash "$work/term.edb")" = "$expected" ] || fail "after SIGTERM the store is another one"
echo "kill-resume: SIGTERM ended in $took ms with exit code 130, resumed to the same store"
