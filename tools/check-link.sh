#!/usr/bin/env bash
# usage: tools/check-link.sh [--short] EDB_X64 [EDB_ARM64]
# The serial link between real processes on pseudo-terminals: the example pushed, trained, watched and pulled, on a clean line and on one that
# spoils 1% of the bytes, with the store of a local run; throughput at baud rates, ten bits a byte; lines unplugged and agents killed in the
# middle of a transfer and of a training; random and mutated frames; bad input; what an idle agent costs. With EDB_ARM64 the board's side is that
# executable under qemu-user. --short leaves out slow lines, sends 20,000 hostile frames instead of 1,000,000, and looks at the idle agent for 10
# seconds instead of 60. Needs socat, python3, and qemu-user-static.
set -euo pipefail
short=
[ "${1:-}" != --short ] || { short=1; shift; }
[ $# -ge 1 ] || { sed -n '2p' "$0" | sed 's/^# //' >&2; exit 2; }
tools=$(cd "$(dirname "$0")" && pwd)
x64=$(realpath "$1")
arm64=${2:+$(realpath "$2")}
example=$tools/../models/fashion
for command in socat python3 ${arm64:+qemu-aarch64-static}; do
  command -v "$command" >/dev/null || { echo "check-link: $command is missing: apt-get install ${command/qemu-aarch64-static/qemu-user-static}" >&2; exit 1; }
done
work=$(mktemp -d)
passed=0
failed=0
pids=()
finish() {
  [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
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
    pids=()
    trap 'kill "${pids[@]}" 2> /dev/null || true' EXIT
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

figure() { tee "$work/figure" <<< "$*"; }

start() { # COMMAND...: in the background; its process is $!
  "$@" &
  pids+=($!)
}

until_there() { # FILE PATTERN: for up to 30 seconds
  local i
  for i in $(seq 300); do
    grep -qs "$2" "$1" && return 0
    sleep 0.1
  done
  echo "no '$2' in $1:"; cat "$1"; return 1
}

line() { # NAME relay|socat [RELAY OPTION...]: a line between $work/NAME.host and $work/NAME.board; its process is $!
  local name=$1 kind=$2 i
  shift 2
  if [ "$kind" = socat ]; then
    start socat "pty,raw,echo=0,link=$work/$name.host" "pty,raw,echo=0,link=$work/$name.board"
  else
    start "$tools/link_relay.py" "$work/$name.host" "$work/$name.board" "$@" 2> "$work/$name.relay"
  fi
  for i in $(seq 300); do
    [ ! -e "$work/$name.board" ] || [ ! -e "$work/$name.host" ] || return 0
    sleep 0.1
  done
}

agent() { # LINE BAUD x64|board [OPTION...]: its process is $!
  local name=$1 baud=$2 on=$3
  shift 3
  if [ "$on" = board ] && [ -n "$arm64" ]; then
    start "$tools/qemu-run.sh" cortex-a72 "$arm64" agent --port "$work/$name.board" --baud "$baud" --dir "$work/$name.dir" "$@" 2> "$work/$name.agent"
  else
    start "$x64" agent --port "$work/$name.board" --baud "$baud" --dir "$work/$name.dir" "$@" 2> "$work/$name.agent"
  fi
  until_there "$work/$name.agent" serving
}

device() { # LINE BAUD ARGUMENT...
  local name=$1 baud=$2
  shift 2
  "$x64" device --port "$work/$name.host" --baud "$baud" --timeout 20 "$@"
}

number() { # FILE FIELD: of a JSON object, the first of that name
  grep -o "\"$2\":[0-9.eE+-]*" "$1" | head -n 1 | cut -d : -f 2
}

options=(--data user-train.npz --replay replay.npz --labels labels.txt --steps 20 --batch 8 --lr 0.4 --seed 1)

locally() (
  cd "$example"
  "$x64" personalize model.onnx "${options[@]}" --store "$work/local.edb" --json
)

# Sets up line and agent before it goes to the background, so that both are ended with this script.
over_a_line() { # LINE BAUD: push, train, watch, pull
  local name=$1 baud=$2
  {
    device "$name" "$baud" push "$example"/{model.onnx,user-train.npz,replay.npz,labels.txt} --json > "$work/$name.push" &&
    device "$name" "$baud" train model.onnx "${options[@]}" --verbose --json > "$work/$name.train" 2> "$work/$name.progress" &&
    device "$name" "$baud" watch --json > "$work/$name.watch" &&
    device "$name" "$baud" pull model.edb -o "$work/$name.edb" --json > "$work/$name.pull"
  } 2> "$work/$name.errors" && touch "$work/$name.done"
}

same() { # LINE ERRORS
  local name=$1 part again=0 rejected=0
  [ -f "$work/$name.done" ] || { cat "$work/$name.errors" "$work/$name.agent" "$work/$name".{push,train,watch,pull}; return 1; }
  cmp "$work/local.edb" "$work/$name.edb"
  for part in push train watch pull; do
    again=$((again + $(number "$work/$name.$part" sentAgain)))
    rejected=$((rejected + $(number "$work/$name.$part" rejected)))
  done
  [ "$2" = 0 ] || [ "$again" -gt 0 ]
  [ "$2" = 0 ] || [ "$rejected" -gt 0 ]
  figure "store $(sha256sum < "$work/$name.edb" | cut -c 1-16), by the host $again frames sent again, $rejected damaged ones dropped"
}

# Where something else has the processor the relay keeps no rate, so there are three tries.
throughput() { # BAUD ERRORS LEAST_PERCENT FILE: pushed and pulled
  local try
  for try in 1 2 3; do
    measured "$1" "$2" "$4" "$try"
    awk -v a="${percent[0]}" -v b="${percent[1]}" -v least="$3" 'BEGIN { exit !(a >= least && b >= least) }' && return 0
  done
  return 1
}

measured() { # BAUD ERRORS FILE TRY: sets percent
  local name=rate$1-$2-$4 baud=$1 rate part
  percent=()
  line "$name" relay --baud "$baud" --errors "$2"
  local relay=$!
  agent "$name" "$baud" x64
  local agent=$!
  device "$name" "$baud" push "$3" --json > "$work/$name.push"
  device "$name" "$baud" pull "$(basename "$3")" -o "$work/$name.file" --json > "$work/$name.pull"
  kill "$agent" "$relay"
  cmp "$3" "$work/$name.file"
  for part in push pull; do
    rate=$(number "$work/$name.$part" bytesPerSecond)
    percent+=("$(awk -v r="$rate" -v b="$baud" 'BEGIN { printf "%.1f", 1000 * r / b }')")
  done
  figure "${percent[0]}% of the rate to the board, ${percent[1]}% back"
}

interrupted() { # unplug|restart: in the middle of a transfer
  local name=$1 kind=$1 line agent push
  line "$name" relay --baud 921600
  line=$!
  agent "$name" 921600 x64
  agent=$!
  device "$name" 921600 push "$example/model.onnx" --verbose --json > "$work/$name.push" 2> "$work/$name.errors" &
  push=$!
  sleep 2
  if [ "$kind" = unplug ]; then
    kill "$line"
    sleep 2
    line "$name" relay --baud 921600
  else
    kill -9 "$agent"
    sleep 1
    agent "$name" 921600 x64
  fi
  wait "$push" || { cat "$work/$name.errors" "$work/$name.agent"; return 1; }
  cmp "$example/model.onnx" "$work/$name.dir/model.onnx"
  grep -q 'connecting again' "$work/$name.errors"
  device "$name" 921600 status --json > /dev/null
  figure "$(number "$work/$name.push" sent) frames for 1,960 of the file, $(number "$work/$name.push" sessions) sessions"
}

refused() { # EXIT_CODE PATTERN COMMAND...: one line on standard error
  local expected=$1 code=0
  shift
  [ "$1" != -- ] || shift
  local pattern=$1
  shift
  "$@" > "$work/refused" 2>&1 || code=$?
  cat "$work/refused"
  [ "$code" -eq "$expected" ] && [ "$(wc -l < "$work/refused")" -eq 1 ] && grep -q -e "$pattern" "$work/refused" || { echo "exit code $code"; return 1; }
  figure "$(cut -c 1-110 "$work/refused")"
}

sensor() { # a sensor of three axes, and one line that is no number
  start sh -c "i=0; while :; do i=\$((i + 1)); echo \$i,0.5,-9.81; [ \$i != 150 ] || echo boot; sleep 0.01; done > $work/sensor.board 2> /dev/null"
  local pid=$!
  "$x64" record --port "$work/sensor.host" --label walking --window 20 --seconds 4 -o "$work/motion.npz" --json > "$work/record" 2> "$work/record.log"
  kill "$pid"
  cat "$work/record" "$work/record.log"
  [ "$(number "$work/record" axes)" = 3 ]
  [ "$(number "$work/record" skipped)" = 1 ]
  [ "$(number "$work/record" windows)" -ge 5 ]
  grep -q 'skipped line "boot": not numbers' "$work/record.log"
  figure "$(number "$work/record" windows) windows at $(number "$work/record" rate) Hz, $(number "$work/record" skipped) line skipped"
}

watched() { # `eval --watch` sees the second generation of a store
  local options=(--data "$example/user-train.npz" --steps 2 --batch 8 --lr 0.1 --accept-if off --store "$work/watched.edb") pid code=0
  "$x64" personalize "$example/model.onnx" "${options[@]}" --json
  start "$x64" eval "$example/model.onnx" --data "$example/user-test.npz" --store "$work/watched.edb" --watch --json > "$work/watch" 2> "$work/watch.log"
  pid=$!
  until_there "$work/watch" accuracy
  "$x64" personalize "$example/model.onnx" "${options[@]}" --seed 2 --json
  for _ in $(seq 100); do [ "$(wc -l < "$work/watch")" -lt 2 ] || break; sleep 0.1; done
  kill "$pid"
  wait "$pid" || code=$?
  cat "$work/watch" "$work/watch.log"
  [ "$(wc -l < "$work/watch")" -eq 2 ] && [ "$code" -eq 0 ]
}

idle() { # SECONDS: CPU time and resident memory of an agent without work
  line idle socat
  agent idle 115200 x64
  local pid=$! before after kilobytes
  ticks() { awk '{ print $14 + $15 }' "/proc/$pid/stat"; }
  sleep 1
  before=$(ticks)
  sleep "$1"
  after=$(ticks)
  kilobytes=$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status")
  figure "$((after - before)) hundredths of a second of CPU in $1 s, $kilobytes KiB resident"
  [ $((after - before)) -lt "$1" ] && [ "$kilobytes" -lt 25000 ]
}

# A training whose host is killed goes on; the next host sees it live. Both `train` and `watch` end with the result of one undisturbed training.
watched_live() {
  local host
  device live 3000000 push "$example"/{model.onnx,user-train.npz,replay.npz,labels.txt} --json
  "$x64" device --port "$work/live.host" --baud 3000000 train model.onnx "${options[@]}" --duty 25% --verbose --json > "$work/live.train" 2> "$work/live.progress" &
  host=$!
  until_there "$work/live.progress" 'a step (dense'
  kill -9 "$host"
  device live 3000000 watch --verbose --json > "$work/live.watch" 2> "$work/live.watched"
  cat "$work/live.progress" "$work/live.watched"
  [ "$(grep -c 'a step (dense .* so far' "$work/live.watched")" -ge 4 ]
  device live 3000000 pull model.edb -o "$work/live.edb" --json
  cmp "$work/local.edb" "$work/live.edb"
  figure "after the host was killed: $(grep 'a step (dense' "$work/live.watched" | tail -n 1)"
}

accuracy() { device live 3000000 eval model.onnx --store model.edb --data replay.npz --labels labels.txt --json | grep -o '"accuracy":[0-9.]*' | head -n 1; }

# What the agent answers is of the newest generation, whoever made it.
next_generation() {
  local first second
  first=$(accuracy)
  (cd "$work/live.dir" && "$x64" personalize model.onnx --data user-train.npz --labels labels.txt --steps 40 --batch 8 --lr 0.4 --accept-if off --store model.edb --json)
  second=$(accuracy)
  echo "$first, then $second"
  [ "$first" != "$second" ]
  head -c 2000 "$work/live.dir/model.edb" > "$work/cut" && cp "$work/cut" "$work/live.dir/model.edb"
  device live 3000000 eval model.onnx --store model.edb --data replay.npz --labels labels.txt --json 2> "$work/live.notice" | grep -F "$first"
  grep 'using the previous generation' "$work/live.notice"
  device live 3000000 rollback model.edb --json
  cmp "$work/local.edb" "$work/live.dir/model.edb"
  figure "$first, then $second; cut short, it falls back and says so"
}

# The board loses its power while it trains: with --resume it ends where it would have.
killed_while_training() {
  local agent host code=0
  line outage socat
  agent outage 3000000 x64
  agent=$!
  device outage 3000000 push "$example"/{model.onnx,user-train.npz,replay.npz,labels.txt} --json
  "$x64" device --port "$work/outage.host" --baud 3000000 train model.onnx "${options[@]}" --duty 20% --checkpoint-every 3 --json > "$work/outage.train" 2> "$work/outage.errors" &
  host=$!
  for _ in $(seq 1200); do [ ! -e "$work/outage.dir/model.edb.checkpoint" ] || break; sleep 0.05; done
  kill -9 "$agent"
  agent outage 3000000 x64
  wait "$host" || code=$?
  cat "$work/outage.errors"
  [ "$code" -eq 3 ]
  grep -q -- '--resume' "$work/outage.errors"
  device outage 3000000 train model.onnx "${options[@]}" --checkpoint-every 3 --resume --json
  cmp "$work/local.edb" "$work/outage.dir/model.edb"
}

limits() {
  line small socat
  agent small 3000000 x64 --max-file 200KB --max-files 3 --max-disk 300KB
  refused 3 -- '--max-file' device small 3000000 push "$example/model.onnx"
  device small 3000000 push "$example"/{replay.npz,labels.txt,user-train.npz} --json
  refused 3 -- '--max-files' device small 3000000 push "$example/results.md"
  head -c 150000 /dev/zero > "$work/labels.txt"
  refused 3 -- '--max-disk' device small 3000000 push "$work/labels.txt"
  cmp "$example/labels.txt" "$work/small.dir/labels.txt"
}

hostile() { # FRAMES [KEY]: into an agent, which then still answers; nothing is outside its folder
  local name=hostile${2:+-key} key=() pid
  [ -z "${2:-}" ] || key=(--key "$2")
  line "$name" socat
  mkdir "$work/$name.root"
  (cd "$work/$name.root" && exec "$x64" agent --port "$work/$name.board" --baud 3000000 --dir only --max-file 20000 --max-files 20 --max-disk 100000 "${key[@]}") \
    2> "$work/$name.agent" &
  pid=$!
  pids+=("$pid")
  until_there "$work/$name.agent" serving
  "$tools/link_peer.py" hostile "$work/$name.host" --frames "$1" "${key[@]}" > "$work/$name.sent"
  cat "$work/$name.sent"
  device "$name" 3000000 "${key[@]}" status --json
  [ "$(ls -A "$work/$name.root")" = only ]
  [ "$(ls -A "$work/$name.root/only" | wc -l)" -le 20 ]
  [ -z "${2:-}" ] || [ "$(number "$work/$name.sent" accepted)" = 0 ]
  [ -n "${2:-}" ] || [ "$(number "$work/$name.sent" sessions)" -gt 10 ]
  local kilobytes
  kilobytes=$(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status")
  figure "$(tr -d '{}"' < "$work/$name.sent"); at most $kilobytes KiB resident"
  [ "$kilobytes" -lt 64000 ]
}

preview() { # `record` on a terminal: what the sensor sends is drawn
  start sh -c "i=0; while :; do i=\$((i + 1)); echo \$i,0.5; sleep 0.01; done > $work/shown.board 2> /dev/null"
  local pid=$!
  python3 -c 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)' \
    "$x64" record --port "$work/shown.host" --label walking --window 20 --seconds 3 -o "$work/shown.npz" > "$work/shown" < /dev/null
  kill "$pid"
  tr '\r' '\n' < "$work/shown" | tail -n 3
  grep -q 'walking: 2 axes, [0-9.]* Hz, [0-9]* lines, 0 drop-outs .*▁.*█' "$work/shown"
}

notified() { # READY, WATCHDOG and STOPPING reach a service manager's socket
  line notify socat
  start socat -u "UNIX-RECV:$work/notify.socket" "OPEN:$work/notify.states,creat,append"
  sleep 0.3
  NOTIFY_SOCKET=$work/notify.socket WATCHDOG_USEC=400000 agent notify 115200 x64
  local pid=$!
  sleep 0.7
  kill "$pid"
  until_there "$work/notify.states" STOPPING=1
  grep -q 'READY=1.*WATCHDOG=1.*WATCHDOG=1.*STOPPING=1' "$work/notify.states"
}

check "the example, locally" locally
line clean socat
agent clean 3000000 board
over_a_line clean 3000000 &
clean=$!
line noisy relay --errors 0.01
agent noisy 921600 board
over_a_line noisy 921600 &
noisy=$!

[ -n "$short" ] || check "115,200 baud without errors" throughput 115200 0 70 "$example/replay.npz"
[ -n "$short" ] || check "115,200 baud, 1% of the bytes spoiled" throughput 115200 0.01 40 "$example/replay.npz"
check "921,600 baud without errors" throughput 921600 0 70 "$example/user-test.npz"
check "921,600 baud, 1% of the bytes spoiled" throughput 921600 0.01 40 "$example/user-test.npz"
head -c 10000 "$example/replay.npz" > "$work/small"
[ -n "$short" ] || check "9,600 baud" throughput 9600 0 70 "$work/small"
check "3,000,000 baud" throughput 3000000 0 30 "$example/user-test.npz"
check "unplugged and back" interrupted unplug
check "agent killed and started again" interrupted restart

line live socat
agent live 3000000 x64
check "followed live, and further when the host is killed" watched_live
check "a new generation is picked up" next_generation
check "the board is killed while it trains" killed_while_training
check "caps on size, count and disk" limits
head -c 32 /dev/urandom > "$work/key"
head -c 32 /dev/urandom > "$work/other"
frames=$([ -n "$short" ] && echo 20000 || echo 1000000)
check "hostile frames" hostile "$frames"
check "hostile frames, with a key" hostile "$frames" "$work/key"

check "no such port" refused 3 "there is no port '/dev/none'" "$x64" device --port /dev/none status
check "no --port" refused 2 "port is missing" "$x64" device status
line bad socat
check "a silent peer" refused 3 "heard nothing" "$x64" device --port "$work/bad.host" --timeout 1 status
start sh -c "while printf '\\370\\200\\007'; do sleep 0.05; done > $work/bad.board"
check "a wrong baud rate" refused 3 "make no sense, at first f88007" "$x64" device --port "$work/bad.host" --timeout 1 status
line newer socat
start "$tools/link_peer.py" agent "$work/newer.board" 2 3
check "a newer agent" refused 3 'the agent speaks link protocol 2 to 3, this program 1;' device newer 115200 status
line older socat
start "$tools/link_peer.py" agent "$work/older.board" 0 0
check "an older agent" refused 3 'the agent speaks link protocol 0, this program 1;' device older 115200 status
line host socat
agent host 115200 x64
check "a newer host is told the agent's versions" sh -c "'$tools/link_peer.py' host '$work/host.host' 2 3 | grep '\"lowest\":1,\"highest\":1,\"agreed\":0'"
line keyed socat
agent keyed 115200 x64 --key "$work/key"
check "the right key" device keyed 115200 --key "$work/key" status
check "a wrong key" refused 3 "another key" device keyed 115200 --key "$work/other" status
check "no key" refused 3 "give it with --key" device keyed 115200 status
check "a name with a separator" refused 3 "separator" device keyed 115200 --key "$work/key" pull ../key -o "$work/stolen"
check "a busy port" refused 3 "is busy" "$x64" agent --port "$work/keyed.board" --dir "$work/second"
check "the service manager is told" notified
line sensor socat
check "a recording" sensor
line shown socat
check "a recording is drawn on a terminal" preview
line silent socat
check "a sensor that is silent" refused 3 "no line of numbers within 1 s: heard nothing" "$x64" record --port "$work/silent.host" --label x --timeout 1 -o "$work/none.npz"
check "eval --watch sees the next generation" watched

wait "$clean" "$noisy" || true
check "trained over a clean line${arm64:+ by arm64 under qemu}: the store of the local run" same clean 0
check "trained over a line that spoils 1%${arm64:+ by arm64 under qemu}: the store of the local run" same noisy 1
grep -q 'a step (dense' "$work/clean.progress" && echo "        $(grep -m 1 'a step (dense' "$work/clean.progress")" || true
check "an idle agent" idle "$([ -n "$short" ] && echo 10 || echo 60)"

echo "check-link: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
