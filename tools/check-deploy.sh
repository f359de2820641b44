#!/usr/bin/env bash
# usage: tools/check-deploy.sh [ARCHIVE]
# Deploys to an OpenSSH server on loopback, as a user would to a board: selftest runs there, a second deployment keeps the first, a damaged
# archive and a host that is not there leave what stood. The systemd unit passes `systemd-analyze verify`. Needs openssh-server and systemd.
set -euo pipefail
cd "$(dirname "$0")/.."
archive=${1:-$(find artifacts -maxdepth 1 -name 'edgedropback-*-linux-x64.tar.gz' 2>/dev/null | sort | tail -n 1 || true)} # none: the first deployment builds it
work=$(mktemp -d)
server=""
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
fail() { echo "check-deploy: $*" >&2; cat "$work/log" >&2 2>/dev/null || true; exit 1; }

ssh-keygen -q -t ed25519 -N '' -f "$work/host" && ssh-keygen -q -t ed25519 -N '' -f "$work/user"
mkdir -p /run/sshd
port=$((20000 + RANDOM % 20000))
/usr/sbin/sshd -D -e -f /dev/null -h "$work/host" -p "$port" -o ListenAddress=127.0.0.1 -o PidFile=none -o UsePAM=no -o StrictModes=no \
  -o PermitRootLogin=prohibit-password -o AuthorizedKeysFile="$work/user.pub" 2> "$work/sshd" &
server=$!
for ((i = 0; i < 50; i++)); do ssh-keyscan -p "$port" 127.0.0.1 > "$work/known" 2>/dev/null && [ -s "$work/known" ] && break; sleep 0.1; done

deploy() { # ARGUMENT...
  tools/deploy.sh -p "$port" -i "$work/user" -o "UserKnownHostsFile=$work/known" --dir "$work/board" "$@" "$(id -un)@127.0.0.1" > "$work/log" 2>&1
}

archive_option=()
[ -z "$archive" ] || archive_option=(--tar "$archive")
deploy "${archive_option[@]}" --model models/fashion/model.onnx || fail "the first deployment failed"
grep -qE '[0-9]+ bytes of executable, starts on glibc 2\.[0-9]+' "$work/log" || fail "size and glibc floor are not printed"
[ -x "$work/board/edb" ] && cmp -s models/fashion/model.onnx "$work/board/models/model.onnx" && [ -d "$work/board/device-profiles" ] || fail "something did not arrive"
deploy "${archive_option[@]}" || fail "the second deployment failed"
[ -x "$work/board.previous/edb" ] || fail "the folder before was not kept"

before=$(cd "$work/board" && find . -type f -exec sha256sum {} + | sort | sha256sum)
head -c 100000 "${archive:-$(ls -t artifacts/edgedropback-*-linux-x64.tar.gz | head -n 1)}" > "$work/edgedropback-0-linux-x64.tar.gz"
! deploy --tar "$work/edgedropback-0-linux-x64.tar.gz" || fail "a damaged archive was deployed"
[ "$before" = "$(cd "$work/board" && find . -type f -exec sha256sum {} + | sort | sha256sum)" ] || fail "a damaged archive changed the board"
! tools/deploy.sh -p 1 "$(id -un)@127.0.0.1" > "$work/log" 2>&1 || fail "a host that is not there was deployed to"
grep -q 'cannot be reached' "$work/log" || fail "a host that is not there is not named"

# verify wants the executable where the unit has it
sed -e 's|@PORT@|/dev/ttyS0|g' -e 's|@KEY@||' -e "s|/opt/edgedropback/edb|$work/board/edb|" tools/systemd/edgedropback-agent.service > "$work/edgedropback-agent.service"
systemd-analyze verify --man=no "$work/edgedropback-agent.service" > "$work/log" 2>&1 || fail "systemd-analyze verify"
[ ! -s "$work/log" ] || fail "systemd-analyze verify has remarks"
echo "check-deploy: deployed twice over ssh, selftest passed there, damaged archive and absent host refused, unit verified"
