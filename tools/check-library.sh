#!/usr/bin/env bash
# usage: tools/check-library.sh [linux-x64|linux-arm64|all]
# The C library as users get it: the archives of tools/publish.sh, unpacked away from the sources. A C program and, on x64, a Python program
# with ctypes train the shipped example and give the same store, byte for byte, as edb personalize; wrong handles and null pointers are
# answered with a code and a text. arm64 runs under qemu-user.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

check() { # NAME COMMAND...: the command's output is shown only when it fails
  local name=$1
  shift
  if "$@" > "$work/output" 2>&1; then
    echo "ok      $name"
    passed=$((passed + 1))
  else
    echo "FAILED  $name"
    sed 's/^/        /' "$work/output" | tail -n 20
    failed=$((failed + 1))
  fi
}

data=$root/models/fashion
options=(--data "$data/user-train.npz" --test "$data/replay.npz" --labels "$data/labels.txt" --steps 8 --batch 8 --lr 0.4 --seed 3 --threads 1 --accept-if off)

# Errors do not end a function that check calls, so each step says what its failure means.
on() { # RID COMMAND...
  local rid=$1
  shift
  if [ "$rid" = linux-x64 ]; then "$@"; else "$root/tools/qemu-run.sh" cortex-a72 "$@"; fi
}

unpack() { # RID
  local rid=$1 name
  name=$(ls "artifacts" | grep -E "^edgedropback-[0-9.]+-$rid-library\.tar\.gz$" | tail -n 1)
  [ -n "$name" ] || { echo "there is no library archive for $rid: run tools/publish.sh $rid"; return 1; }
  (cd artifacts && sha256sum --check --quiet "$name.sha256") || return 1
  mkdir -p "$work/$rid"
  tar -C "$work/$rid" --strip-components=1 -xf "artifacts/$name"
}

compile() { # RID SOURCE
  local compiler=cc
  [ "$1" = linux-x64 ] || compiler=aarch64-linux-gnu-gcc
  # shellcheck disable=SC2016
  (cd "$work/$1" && $compiler -std=c11 -Wall -Wextra -Werror -o "$2" "$root/tests/library/$2.c" -I. -L. -ledgedropback -Wl,-rpath,'$ORIGIN')
}

example() { # RID: the C program's store is edb's
  (cd "$work/$1" && on "$1" ./example "$data/model.onnx" c.edb "${options[@]}") > "$work/c.sha256" || return 1
  diff "$work/edb.sha256" "$work/c.sha256"
}

python() {
  (cd "$work/linux-x64" && LD_LIBRARY_PATH=. python3 "$root/tests/library/example.py" "$data/model.onnx" python.edb "${options[@]}") \
    > "$work/python.sha256" || return 1
  diff "$work/edb.sha256" "$work/python.sha256"
}

reference() {
  (cd "$work" && "$root/artifacts/publish/linux-x64/edb" personalize "$data/model.onnx" "${options[@]}" --store edb.edb > /dev/null) || return 1
  sha256sum "$work/edb.edb" | cut -d' ' -f1 > "$work/edb.sha256"
}

exports() { # RID: the functions of the header and no others
  diff <(objdump -T "$work/$1/libedgedropback.so" | grep -oE '\bedb_[a-z0-9_]+$' | sort -u) \
    <(grep -oE '\bedb_[a-z0-9_]+\(' "$work/$1/edgedropback.h" | tr -d '(' | sort -u)
}

rids=(linux-x64 linux-arm64)
[ "${1:-all}" = all ] || rids=("$1")
check "edb personalize, to compare with" reference
for rid in "${rids[@]}"; do
  check "$rid library unpacks" unpack "$rid"
  check "$rid exports what its header declares" exports "$rid"
  check "$rid C examples compile without a warning" compile "$rid" example
  check "$rid C program that misuses it compiles" compile "$rid" hostile
  check "$rid C example gives the store of edb personalize" example "$rid"
  check "$rid answers wrong handles and null pointers" on "$rid" "$work/$rid/hostile" "$data/model.onnx" "$work/$rid"
done
if [ "${rids[0]}" = linux-x64 ]; then check "Python example gives the store of edb personalize" python; fi
[ ! -f "$work/edb.sha256" ] || echo "store SHA-256 $(cat "$work/edb.sha256")"
echo "check-library: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
