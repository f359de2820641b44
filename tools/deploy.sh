#!/usr/bin/env bash
# usage: tools/deploy.sh [options] USER@HOST
# Builds the native runtime for the board, copies it there by SSH with the device profiles and the example, and runs `edb selftest` on it.
#   -p PORT          SSH port (22)
#   -i FILE          SSH identity
#   -o OPTION        an option for ssh, may be given several times
#   --dir DIR        where it goes on the board (edgedropback, in the home folder); what stood there is kept as DIR.previous
#   --model FILE     a model to copy too, into DIR/models; may be given several times
#   --tar FILE       this archive of tools/publish.sh instead of a new build
#   --agent PORT     install and start a systemd unit there that serves `edb agent` on this serial port, such as /dev/serial0 (needs root or sudo)
#   --key FILE       the agent's shared key, copied to the unit's folder
# The board: arm64 or x86-64 Linux, glibc 2.34 or newer (Raspberry Pi OS Bookworm, Debian 12, Ubuntu 22.04), libssl3.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() { sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
fail() { echo "deploy: $*" >&2; exit 1; }

dir=edgedropback host="" tar="" agent="" key="" models=() ssh_options=(-o ConnectTimeout=15)
while [ $# -gt 0 ]; do
  case $1 in
    -p) ssh_options+=(-o "Port=${2:?}"); shift 2 ;;
    -i) ssh_options+=(-i "${2:?}"); shift 2 ;;
    -o) ssh_options+=(-o "${2:?}"); shift 2 ;;
    --dir) dir=${2:?}; shift 2 ;;
    --model) models+=("${2:?}"); shift 2 ;;
    --tar) tar=${2:?}; shift 2 ;;
    --agent) agent=${2:?}; shift 2 ;;
    --key) key=${2:?}; shift 2 ;;
    -h | --help | -*) usage ;;
    *) [ -z "$host" ] || usage; host=$1; shift ;;
  esac
done
[ -n "$host" ] || usage
[[ $dir =~ ^[A-Za-z0-9._/-]+$ && $dir != / ]] || fail "--dir '$dir' may hold letters, digits, dots, dashes and slashes"
[[ -z $agent || $agent =~ ^/dev/[A-Za-z0-9._/-]+$ ]] || fail "--agent '$agent' is no port such as /dev/serial0"
[ -z "$key" ] || [ -n "$agent" ] || fail "--key is the agent's; give --agent PORT too"
for file in "${models[@]}" ${key:+"$key"} ${tar:+"$tar"}; do [ -f "$file" ] || fail "'$file' does not exist"; done

on() { ssh "${ssh_options[@]}" "$host" "$@"; }

echo "deploy: asking $host"
about=$(on 'uname -m; getconf GNU_LIBC_VERSION 2>/dev/null || echo "glibc none"') || fail "$host cannot be reached by ssh; try: ssh $host true"
read -r machine _ glibc <<< "$(echo "$about" | tr '\n' ' ')"
case $machine in
  aarch64) rid=linux-arm64 ;;
  x86_64) rid=linux-x64 ;;
  armv6l | armv7l) fail "$host runs a 32-bit system ($machine); install the 64-bit image" ;;
  *) fail "$host is a $machine; edb is built for aarch64 and x86_64" ;;
esac

if [ -z "$tar" ]; then
  tools/publish.sh "$rid"
  tar=$(ls -t artifacts/edgedropback-*-"$rid".tar.gz | grep -v onnxruntime | sed -n 1p)
fi
name=$(tar tzf "$tar" | sed -n "1s|/.*||p")
case $name in *"$rid") ;; *) fail "'$tar' holds $name, the board needs $rid" ;; esac
floor=$(tar xzOf "$tar" "$name/edb" | strings -a | grep -oE '^GLIBC_2\.[0-9]+' | sort -uV | tail -n 1 | cut -d _ -f 2)
echo "deploy: $(tar xzOf "$tar" "$name/edb" | wc -c) bytes of executable, starts on glibc $floor or newer; $host has $glibc"
[ "$(printf '%s\n' "$floor" "$glibc" | sort -V | sed -n 1p)" = "$floor" ] || fail "$host has glibc $glibc, edb needs $floor; upgrade its system"

# The archive arrives beside the old folder, is checked, and takes its place by two renames.
sum=$(sha256sum < "$tar" | cut -d ' ' -f 1)
on "set -e; mkdir -p \"\$(dirname $dir)\"; rm -rf $dir.new; mkdir $dir.new; cat > $dir.new/archive" < "$tar"
on "set -e
  echo '$sum  $dir.new/archive' | sha256sum -c --quiet
  tar xzf $dir.new/archive -C $dir.new --strip-components=1
  rm $dir.new/archive
  ! [ -e $dir ] || { rm -rf $dir.previous; mv $dir $dir.previous; }
  mv $dir.new $dir"
for model in "${models[@]}"; do
  on "mkdir -p $dir/models && cat > \"$dir/models/$(basename "$model" | tr -cd 'A-Za-z0-9._-')\"" < "$model"
done
echo "deploy: $name is in $dir on $host"
on "cd $dir && ./edb selftest" || fail "selftest failed on $host; what stood there before is $dir.previous"

[ -n "$agent" ] || exit 0
root=$(on '[ "$(id -u)" -eq 0 ] && echo "" || echo "sudo -n"')
key_option=""
[ -z "$key" ] || key_option=" --key /var/lib/edgedropback/agent.key"
unit=$(sed -e "s|@PORT@|$agent|g" -e "s|@KEY@|$key_option|" tools/systemd/edgedropback-agent.service)
on "set -e; $root install -d -m 700 /var/lib/edgedropback; $root rm -rf /opt/edgedropback.new; $root cp -r $dir /opt/edgedropback.new
  $root rm -rf /opt/edgedropback; $root mv /opt/edgedropback.new /opt/edgedropback"
[ -z "$key" ] || on "$root install -m 600 /dev/stdin /var/lib/edgedropback/agent.key" < "$key"
on "$root install -m 644 /dev/stdin /etc/systemd/system/edgedropback-agent.service" <<< "$unit"
if on '[ -d /run/systemd/system ]'; then
  on "$root systemctl daemon-reload && $root systemctl enable --quiet edgedropback-agent && $root systemctl restart edgedropback-agent"
  echo "deploy: edgedropback-agent serves $agent; watch it with: ssh $host journalctl -fu edgedropback-agent"
else
  echo "deploy: the unit is /etc/systemd/system/edgedropback-agent.service; systemd does not run on $host, start it there by hand"
fi
