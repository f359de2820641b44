#!/usr/bin/env bash
# usage: tools/publish.sh [linux-x64|linux-arm64|all]
# Makes what users install: artifacts/edgedropback-VERSION-RID.tar.gz and its .sha256, holding the executable, its side libraries, the device
# profiles, the example, LICENSE and README; and the same with ONNX Runtime's library beside the executable, edgedropback-VERSION-RID-onnxruntime.
# Prints size and glibc floor; fails when the arm64 executable reaches 8 MB or the floor is above 2.34.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

glibc_limit=2.34                # Raspberry Pi OS Bookworm, Debian 12, Ubuntu 22.04 and newer
arm64_limit=$((8 * 1000 * 1000))

fail() { echo "publish: $*" >&2; exit 1; }

need() { # COMMAND PACKAGE
  command -v "$1" >/dev/null || fail "$1 is missing: apt-get install $2"
}

# The newest glibc symbol version that any of the given ELF files asks for.
glibc_floor() {
  objdump -T "$@" | grep -o 'GLIBC_[0-9][0-9.]*' | sed 's/GLIBC_//' | sort -uV | tail -n 1
}

archive() { # FOLDER NAME [LIBRARY]: the installation, with a library of ONNX Runtime where one is named
  local out=$1 name=$2 library=${3:-} stage epoch
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

  epoch=$(git log -1 --format=%ct 2>/dev/null || echo 0)
  tar --sort=name --mtime="@$epoch" --owner=0 --group=0 --numeric-owner --mode='u+rwX,go+rX,go-w' --format=gnu \
    -C artifacts/stage -cf - "$name" | gzip -9n > "artifacts/$name.tar.gz"
  (cd artifacts && sha256sum "$name.tar.gz" > "$name.tar.gz.sha256")
  rm -rf artifacts/stage
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
  rm -rf "$out"
  echo "publish: $rid"
  dotnet publish src/EdgeDropBack.Cli -c Release -r "$rid" -o "$out" -nologo -v quiet

  archive "$out" "$name"
  archive "$out" "$name-onnxruntime" libonnxruntime.so

  size=$(stat -c %s "$out/edb")
  mapfile -t binaries < <(find "$out" -maxdepth 1 \( -name edb -o -name '*.so' ! -name 'libonnxruntime_providers*' \) | sort)
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
