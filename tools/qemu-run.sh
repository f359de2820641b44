#!/usr/bin/env bash
# usage: tools/qemu-run.sh CPU COMMAND...
# Runs an arm64 executable under qemu-user as cortex-a53, cortex-a72, cortex-a76 or max (a53, a72, a76 for short).
# COMMAND edb stands for the published one. Some 300 times slower than a board: small runs only.
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,4s/^# //p' "$0" >&2; exit 2; }

cpu=$1
shift
case $cpu in
  a53 | a72 | a76) cpu=cortex-$cpu ;;
  cortex-a53 | cortex-a72 | cortex-a76 | max) ;;
  *) echo "qemu-run: unknown CPU '$cpu': cortex-a53, cortex-a72, cortex-a76 or max" >&2; exit 2 ;;
esac
command -v qemu-aarch64-static >/dev/null || { echo "qemu-run: qemu-aarch64-static is missing: apt-get install qemu-user-static" >&2; exit 1; }

if [ "$1" = edb ]; then
  shift
  set -- "$(dirname "$0")/../artifacts/publish/linux-arm64/edb" "$@"
fi
exec qemu-aarch64-static -cpu "$cpu" "$@"
