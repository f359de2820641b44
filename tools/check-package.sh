#!/usr/bin/env bash
# usage: tools/check-package.sh
# The NuGet package as a user has it: packed, looked into, and taken by a program outside the sources from a folder of packages, compiled with
# NativeAOT and run. The program's store is that of edb personalize, byte for byte.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
data=$root/models/fashion
version=0.0.0-check$$
cache=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')
work=$(mktemp -d)
trap 'rm -rf "$work" "$cache/edgedropback/$version" artifacts/packages/*."$version".*nupkg' EXIT

fail() { echo "check-package: $*" >&2; exit 1; }

holds() { # PACKAGE FILE...: the package holds these files
  local package=$1 file
  shift
  unzip -Z1 "artifacts/packages/$package" > "$work/list"
  for file in "$@"; do
    grep -qxF "$file" "$work/list" || { cat "$work/list" >&2; fail "$package lacks $file"; }
  done
}

tools/pack.sh "$version"
holds "EdgeDropBack.$version.nupkg" PACKAGE.md ref/net10.0/EdgeDropBack.dll ref/net10.0/EdgeDropBack.xml lib/net10.0/EdgeDropBack.dll \
  lib/net10.0/EdgeDropBack.Kernels.dll contentFiles/any/any/device-profiles/raspberry-pi-4b.json
holds "EdgeDropBack.$version.snupkg" lib/net10.0/EdgeDropBack.pdb lib/net10.0/EdgeDropBack.Kernels.pdb
holds "EdgeDropBack.OnnxRuntime.$version.nupkg" PACKAGE.md lib/net10.0/EdgeDropBack.OnnxRuntime.dll
unzip -p "artifacts/packages/EdgeDropBack.$version.nupkg" EdgeDropBack.nuspec > "$work/nuspec"
grep -q '<license type="expression">MIT</license>' "$work/nuspec" || fail "no licence"
! grep -q 'EdgeDropBack.Kernels' "$work/nuspec" || fail "the package depends on EdgeDropBack.Kernels, which is none"

cp -r tests/package "$work/sample"
cat > "$work/sample/nuget.config" <<XML
<configuration><packageSources><add key="check" value="$root/artifacts/packages" /></packageSources></configuration>
XML
rid=linux-$([ "$(uname -m)" = aarch64 ] && echo arm64 || echo x64)
dotnet publish "$work/sample" -c Release -r "$rid" -o "$work/out" -p:EdgeDropBackVersion="$version" -nologo -v quiet
mkdir "$work/run"
(cd / && "$work/out/Sample" "$data/model.onnx" "$data/user-train.npz" "$data/labels.txt" "$work/run") > "$work/sample.sha256"
[ -s "$work/run/traffic.json" ] || fail "no traffic report"

(cd "$work/run" && "$root/artifacts/publish/$rid/edb" personalize "$data/model.onnx" --data "$data/user-train.npz" --labels "$data/labels.txt" \
  --steps 8 --batch 8 --lr 0.4 --seed 3 --threads 1 --accept-if off --store edb.edb > /dev/null)
sha256sum "$work/run/edb.edb" | cut -d' ' -f1 > "$work/edb.sha256"
diff "$work/edb.sha256" "$work/sample.sha256" || fail "the program's store is not that of edb personalize"
echo "check-package: a program that has nothing but the package gives the store of edb personalize, $(cat "$work/sample.sha256")"
