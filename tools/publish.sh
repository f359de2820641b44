#!/usr/bin/env bash
# usage: tools/publish.sh [linux-x64|linux-arm64|all]
# Makes what users install: artifacts/edgedropback-VERSION-RID.tar.gz and its .sha256, holding the executable, its side libraries, the device
# profiles, the example, LICENSE and README; the same with ONNX Runtime beside an executable that calls it, edgedropback-VERSION-RID-onnxruntime; and
# the C library, edgedropback-VERSION-RID-library.
# Prints size and glibc floor; fails when the arm64 executable reaches 10 MB or the floor is above 2.34.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

glibc_limit=2.34                # Raspberry Pi OS Bookworm, Debian 12, Ubuntu 22.04 and newer
arm64_limit=$((10 * 1000 * 1000))

fail() { echo "publish: $*" >&2; exit 1; }

need() { # COMMAND PACKAGE
  command -v "$1" >/dev/null || fail "$1 is missing: apt-get install $2"
}

# The newest glibc symbol version that any of the given ELF files asks for.
glibc_floor() {
  objdump -T "$@" | grep -o 'GLIBC_[0-9][0-9.]*' | sed 's/GLIBC_//' | sort -uV | tail -n 1
}

# The C library with its header and examples, artifacts/edgedropback-VERSION-RID-library.tar.gz.
library() { # RID NAME
  local rid=$1 name=$2 out=artifacts/library/$1 stage=artifacts/stage/$2
  rm -rf "$out" "$stage"
  mkdir -p "$stage"
  dotnet publish src/EdgeDropBack.Native -c Release -r "$rid" -o "$out" -nologo -v quiet
  cp "$out/libedgedropback.so" src/EdgeDropBack.Native/edgedropback.h tests/library/example.c tests/library/example.py LICENSE "$stage/"
  cp -r device-profiles "$stage/"
  pack "$name"
  binaries+=("$out/libedgedropback.so")
}

archive() { # FOLDER NAME [LIBRARY]: the installation, with a library of ONNX Runtime where one is named
  local out=$1 name=$2 library=${3:-} stage
  stage=artifacts/stage/$name
  rm -rf "$stage"
  mkdir -p "$stage"
  cp "$out/edb" LICENSE "$stage/"
  find "$out" -maxdepth 1 -name '*.so*' ! -name 'libonnxruntime*' -exec cp -P {} "$stage/" \;
  [ -z "$library" ] || cp "$out/$library" "$stage/"
  cp -r device-profiles "$stage/"
  [ ! -f README.md ] || cp README.md "$stage/"
  if [ -d models/fashion ]; then
    mkdir -p "$stage/models"
    cp -r models/fashion "$stage/models/"
  fi
  pack "$name"
}

pack() { # NAME: artifacts/stage/NAME as an archive with its checksum
  local name=$1 epoch
  epoch=$(git log -1 --format=%ct 2>/dev/null || echo 0)
  tar --sort=name --mtime="@$epoch" --owner=0 --group=0 --numeric-owner --mode='u+rwX,go+rX,go-w' --format=gnu \
    -C artifacts/stage -cf - "$name" | gzip -9n > "artifacts/$name.tar.gz"
  (cd artifacts && sha256sum "$name.tar.gz" > "$name.tar.gz.sha256")
  rm -rf "artifacts/stage/$name"
  echo "publish: artifacts/$name.tar.gz, $(stat -c %s "artifacts/$name.tar.gz") bytes"
  cat "artifacts/$name.tar.gz.sha256"
}

publish() { # RID
  local rid=$1 version name out floor size
  need clang clang
  need objdump binutils
  [ "$rid" != linux-arm64 ] || [ "$(uname -m)" = aarch64 ] || need aarch64-linux-gnu-objcopy "gcc-aarch64-linux-gnu binutils-aarch64-linux-gnu"

  version=$(dotnet msbuild src/EdgeDropBack.Cli -getProperty:Version)
  name=edgedropback-$version-$rid
  out=artifacts/publish/$rid
  rm -rf "$out" "$out-onnxruntime"
  echo "publish: $rid"
  dotnet publish src/EdgeDropBack.Cli -c Release -r "$rid" -o "$out" -p:WithOnnxRuntime=false -nologo -v quiet
  archive "$out" "$name"
  dotnet publish src/EdgeDropBack.Cli -c Release -r "$rid" -o "$out-onnxruntime" -p:WithOnnxRuntime=true -nologo -v quiet
  archive "$out-onnxruntime" "$name-onnxruntime" libonnxruntime.so

  size=$(stat -c %s "$out/edb")
  mapfile -t binaries < <(find "$out" -maxdepth 1 \( -name edb -o -name '*.so' ! -name 'libonnxruntime_providers*' \) | sort)
  library "$rid" "$name-library"
  floor=$(glibc_floor "${binaries[@]}")
  echo "publish: $rid executable $size bytes, glibc $floor or newer"

  if [ "$(printf '%s\n' "$floor" "$glibc_limit" | sort -V | tail -n 1)" != "$glibc_limit" ]; then
    objdump -T "${binaries[@]}" | grep "GLIBC_$floor" >&2
    fail "$rid needs glibc $floor, the limit is $glibc_limit; the symbols above are the reason"
  fi
  if [ "$rid" = linux-arm64 ] && [ "$size" -ge "$arm64_limit" ]; then
    fail "$rid executable has $size bytes, the limit is $arm64_limit"
  fi
}

case ${1:-all} in
  all) publish linux-x64; publish linux-arm64 ;;
  linux-x64 | linux-arm64) publish "$1" ;;
  *) sed -n '2s/^# //p' "$0" >&2; exit 2 ;;
esac
