#!/usr/bin/env bash
# usage: tools/check-disk.sh [--short] EDB
# What was learned survives what happens to a board: 1,000 SIGKILLs (--short: 50) while training, every fifth followed by a last written file
# that is cut short as a power cut may leave it; a full disk, a read-only one, a clock that goes back, two processes on one store. Samples and
# model are only read. Mounts small file systems in a namespace of its own: as root, or where users may make namespaces. Needs faketime, socat and
# python3.
set -euo pipefail
short=
[ "${1:-}" != --short ] || { short=1; shift; }
[ $# -eq 1 ] || { sed -n '2s/^# //p' "$0" >&2; exit 2; }
if [ -z "${EDB_CHECK_DISK:-}" ]; then
  map=(--map-root-user)
  [ "$(id -u)" -ne 0 ] || map=()
  export EDB_CHECK_DISK=1
  unshare --mount "${map[@]}" true || { echo "check-disk: run it as root, or where users may make namespaces" >&2; exit 1; }
  exec unshare --mount "${map[@]}" "$0" ${short:+--short} "$1"
fi
for command in faketime socat python3; do
  command -v "$command" >/dev/null || { echo "check-disk: $command is missing: apt-get install $command" >&2; exit 1; }
done
tools=$(cd "$(dirname "$0")" && pwd)
edb=$(realpath "$1")
example=$(realpath "$tools/../models/fashion")
work=$(mktemp -d)
disk=$work/disk
mkdir "$disk"
passed=0
failed=0
finish() {
  ! mountpoint -q "$disk" || umount -l "$disk"
  rm -rf "$work"
}
trap finish EXIT

check() { # NAME COMMAND...: the command's output is shown only when it fails; what it writes to $work/figure always is
  local name=$1 code
  shift
  rm -f "$work/figure"
  set +e # in the condition of an `if` a failure in the middle of a function would pass unseen
  (
    set -e
    trap 'jobs -p | xargs -r kill -9 2> /dev/null' EXIT
    "$@"
  ) > "$work/output" 2>&1
  code=$?
  set -e
  if [ "$code" -eq 0 ]; then
    echo "ok      $name$([ ! -f "$work/figure" ] || echo ": $(cat "$work/figure")")"
    passed=$((passed + 1))
  else
    echo "FAILED  $name"
    sed 's/^/        /' "$work/output" | tail -n 20
    failed=$((failed + 1))
  fi
}

figure() { echo "$*" > "$work/figure"; }
fail() { echo "$*"; exit 1; } # of a check
hash() { sha256sum < "$1" | cut -c 1-16; }
number() { grep -o "\"$2\":[0-9.eE+-]*" "$1" | head -n 1 | cut -d : -f 2; }

# 24 steps, a checkpoint every 4
train=("$edb" personalize "$example/model.onnx" --data "$work/user.npz" --replay "$work/replay.npz" --labels "$example/labels.txt"
  --steps 24 --batch 8 --lr 0.4 --accept-if off --checkpoint-every 4 --json --store)
"$tools/first_samples.py" "$example/user-train.npz" "$work/user.npz" 60
"$tools/first_samples.py" "$example/replay.npz" "$work/replay.npz" 20

refused() { # EXIT_CODE PATTERN COMMAND...: one line on standard error
  local expected=$1 pattern=$2 code=0
  shift 2
  "$@" > "$work/out" 2> "$work/refused" || code=$?
  cat "$work/refused"
  [ "$code" -eq "$expected" ] && grep -q "$pattern" "$work/refused" || fail "exit code $code, expected $expected and /$pattern/"
}

# Everything that a store is: its generations with their sidecars.
listing() { (cd "$1" && find . -maxdepth 1 -name 'user.edb*' ! -name '*.lock' ! -name '*.checkpoint*' -exec sha256sum {} + | sort -k 2); }

fresh() { # SIZE: an empty file system with two generations of a store
  ! mountpoint -q "$disk" || umount "$disk"
  mount -t tmpfs -o "size=$1" tmpfs "$disk"
  cp "$work/first.edb" "$disk/user.edb.1"
  cp "$work/first.edb.json" "$disk/user.edb.1.json"
  cp "$work/second.edb" "$disk/user.edb"
  cp "$work/second.edb.json" "$disk/user.edb.json"
}

leave() { # KIB: so much room on the disk
  local available
  rm -f "$disk/filler"
  available=$(df --output=avail -k "$disk" | tail -n 1)
  [ "$available" -le "$1" ] || head -c $(((available - $1) * 1024)) /dev/zero > "$disk/filler"
}

# However much room there is, a run that has not enough leaves the generations as they were; with room again it goes on and ends the same.
full() {
  local room before refusals=0
  for room in 0 4 8 16 20 24 32 40 60 80 100; do
    fresh 300k
    before=$(listing "$disk")
    leave "$room"
    if "${train[@]}" "$disk/user.edb" --seed 3 > "$work/out" 2> "$work/refused"; then continue; fi
    refusals=$((refusals + 1))
    grep -q 'the disk is full' "$work/refused" || { cat "$work/refused"; fail "$room KiB left: not named"; }
    [ "$(wc -l < "$work/refused")" -eq 1 ] || { cat "$work/refused"; fail "$room KiB left: more than one line"; }
    [ "$before" = "$(listing "$disk")" ] || { listing "$disk"; fail "$room KiB left: the generations have changed"; }
    "$edb" store verify "$disk/user.edb"
    rm "$disk/filler"
    "${train[@]}" "$disk/user.edb" --seed 3 --resume
    cmp "$work/third.edb" "$disk/user.edb"
    cmp "$work/second.edb" "$disk/user.edb.1"
    cmp "$work/first.edb" "$disk/user.edb.2"
  done
  [ "$refusals" -ge 5 ] || fail "only $refusals runs were refused"
  figure "$refusals runs refused by name, generations untouched, resumed to the same store"
}

full_for_rollback() {
  local before
  fresh 200k
  "$edb" store pin "$disk/user.edb"
  "$edb" store rollback "$disk/user.edb" --to 1
  cmp "$work/first.edb" "$disk/user.edb"
  before=$(listing "$disk")
  leave 4
  refused 1 'the disk is full' "$edb" store pin "$disk/user.edb"
  refused 1 'the disk is full' "$edb" store rollback "$disk/user.edb" --to pinned
  [ "$before" = "$(listing "$disk")" ] || fail "the generations have changed"
}

read_only() {
  fresh 1m
  mount -o remount,ro "$disk"
  refused 1 'read-only' "${train[@]}" "$disk/user.edb" --seed 3
  refused 1 'read-only' "$edb" store rollback "$disk/user.edb"
  "$edb" eval "$example/model.onnx" --store "$disk/user.edb" --data "$example/user-test.npz" --json
  "$edb" store verify "$disk/user.edb"
  mount -o remount,rw "$disk"
  "${train[@]}" "$disk/user.edb" --seed 3
  cmp "$work/third.edb" "$disk/user.edb"
}

# Files from ten years ahead, and a clock that says ten years ago when the run goes on: what is learned then is newer all the same.
backwards() {
  local code=0 pid
  fresh 1m
  "${train[@]}" "$disk/user.edb" --seed 3 --duty 20% > "$work/out" 2>&1 &
  pid=$!
  for _ in $(seq 1200); do [ ! -e "$disk/user.edb.checkpoint" ] || break; sleep 0.05; done
  kill -KILL "$pid"
  wait "$pid" || code=$?
  [ "$code" -eq 137 ] && [ -e "$disk/user.edb.checkpoint" ] || fail "not killed in the middle: exit code $code"
  "$edb" eval "$example/model.onnx" --data "$example/user-train.npz" --store "$disk/user.edb" --watch --json > "$work/watch" 2> "$work/watch.log" &
  pid=$!
  for _ in $(seq 600); do [ "$(wc -l < "$work/watch")" -lt 1 ] || break; sleep 0.1; done
  find "$disk" -name 'user.edb*' -exec touch -d '+10 years' {} +
  sleep 1
  FAKETIME_DONT_FAKE_MONOTONIC=1 faketime -f -10y "${train[@]}" "$disk/user.edb" --seed 3 --resume
  [ "$(stat -c %Y "$disk/user.edb")" -lt "$(stat -c %Y "$disk/user.edb.1")" ] || fail "the new store is not the older file"
  cmp "$work/third.edb" "$disk/user.edb"
  cmp "$work/second.edb" "$disk/user.edb.1"
  for _ in $(seq 600); do [ "$(wc -l < "$work/watch")" -lt 2 ] || break; sleep 0.1; done
  kill "$pid"
  wait "$pid" || true
  [ "$(wc -l < "$work/watch")" -eq 2 ] || { cat "$work/watch" "$work/watch.log"; fail "eval --watch did not see the new generation"; }
}

until_there() { # FILE PATTERN
  for _ in $(seq 300); do ! grep -qs "$2" "$1" || return 0; sleep 0.1; done
  fail "no '$2' in $1: $(cat "$1")"
}

until_linked() { # LINE
  for _ in $(seq 300); do
    [ ! -e "$work/$1.host" ] || [ ! -e "$work/$1.board" ] || return 0
    sleep 0.1
  done
  fail "no line $1"
}

serve() { # LINE [COMMAND...]: an agent for the disk; its process is $!
  local name=$1
  shift
  "$@" "$edb" agent --port "$work/$name.board" --baud 3000000 --dir "$disk" 2> "$work/agent.log" &
  until_there "$work/agent.log" serving
}

device() { "$edb" device --port "$work/$line.host" --baud 3000000 "$@"; }

# An agent whose disk is full or read-only says so to its host, keeps what it has, and goes on when there is room.
agent_on_a_full_disk() {
  local line=full agent before
  socat "pty,raw,echo=0,link=$work/full.host" "pty,raw,echo=0,link=$work/full.board" &
  until_linked full
  umount "$disk"
  mount -t tmpfs -o size=1m tmpfs "$disk"
  cp "$example/model.onnx" "$work/user.npz" "$example/labels.txt" "$disk"
  serve full
  agent=$!
  before=$(sha256sum "$disk/model.onnx" "$disk/user.npz")
  leave 8
  refused 1 "disk is full: it has 8192 bytes left and 'replay.npz' needs" device push "$work/replay.npz"
  refused 1 'the disk is full' device train model.onnx --data user.npz --labels labels.txt --steps 24 --batch 8 --lr 0.4 --seed 3 --checkpoint-every 4
  [ "$before" = "$(sha256sum "$disk/model.onnx" "$disk/user.npz")" ] || fail "files have changed"
  rm "$disk/filler"
  device push "$work/replay.npz"
  device train model.onnx --data user.npz --replay replay.npz --labels labels.txt --steps 24 --batch 8 --lr 0.4 --seed 3 --accept-if off \
    --checkpoint-every 4 --store user.edb
  cmp "$work/third.edb" "$disk/user.edb"
  kill "$agent"
  wait "$agent" || true
  mount -o remount,ro "$disk"
  serve full
  refused 1 'read-only' device push "$work/first.edb"
  refused 1 'read-only' device train model.onnx --data user.npz --labels labels.txt --steps 2 --batch 8 --lr 0.4
  refused 1 'read-only' device train model.onnx --data user.npz --labels labels.txt --steps 2 --batch 8 --lr 0.4 --store other.edb
  device eval model.onnx --store user.edb --data replay.npz --labels labels.txt
  device pull user.edb -o "$work/pulled.edb"
  cmp "$work/third.edb" "$work/pulled.edb"
}

# The agent's clock goes back by a day in the middle of a transfer.
clock_in_a_transfer() {
  local line=clock host
  "$tools/link_relay.py" "$work/clock.host" "$work/clock.board" --baud 921600 &
  until_linked clock
  fresh 2m
  echo +0 > "$work/clock"
  serve clock env FAKETIME_TIMESTAMP_FILE="$work/clock" FAKETIME_CACHE_DURATION=1 FAKETIME_DONT_FAKE_MONOTONIC=1 \
    LD_PRELOAD="$(ls /usr/lib/*/faketime/libfaketime.so.1)"
  "$edb" device --port "$work/clock.host" --baud 921600 push "$example/model.onnx" --json > "$work/pushed" &
  host=$!
  sleep 2
  echo -1d > "$work/clock"
  wait "$host"
  cmp "$example/model.onnx" "$disk/model.onnx"
  [ "$(number "$work/pushed" sessions)" = 1 ] || fail "the session was lost"
}

one_at_a_time() {
  local pid
  fresh 1m
  "${train[@]}" "$disk/user.edb" --seed 3 --duty 10% > "$work/out" 2>&1 &
  pid=$!
  for _ in $(seq 1200); do [ ! -e "$disk/user.edb.checkpoint" ] || break; sleep 0.05; done
  refused 3 'is in use by another process' "${train[@]}" "$disk/user.edb" --seed 3
  refused 3 'is in use by another process' "$edb" store rollback "$disk/user.edb"
  kill -KILL "$pid"
  wait "$pid" || true
  "${train[@]}" "$disk/user.edb" --seed 3 --resume
  cmp "$work/third.edb" "$disk/user.edb"
}

samples=$(find "$example" -type f -exec sha256sum {} + | sort)
for seed in 1 2 3; do
  name=$(sed -n "${seed}p" <<< $'first\nsecond\nthird')
  "${train[@]}" "$work/$name.edb" --seed "$seed" > "$work/output" 2>&1 || { cat "$work/output"; exit 1; }
done
check "a full disk" full
check "a full disk, going back to the pinned generation" full_for_rollback
check "a read-only disk" read_only
check "a clock that goes back" backwards
check "two processes on one store" one_at_a_time
check "an agent on a full disk and on a read-only one" agent_on_a_full_disk
check "an agent's clock that goes back in a transfer" clock_in_a_transfer
check "SIGKILL and power cuts" "$tools/kill-resume.sh" "$edb" "$([ -n "$short" ] && echo 50 || echo 1000)"
check "samples and model are as they were" test "$samples" = "$(find "$example" -type f -exec sha256sum {} + | sort)"

echo "check-disk: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
