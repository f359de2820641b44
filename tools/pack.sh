#!/usr/bin/env bash
# usage: tools/pack.sh [VERSION]
# Makes the NuGet packages EdgeDropBack and EdgeDropBack.OnnxRuntime with their symbols in artifacts/packages.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
version=${1:-$(dotnet msbuild src/EdgeDropBack -getProperty:Version)}
for project in EdgeDropBack EdgeDropBack.OnnxRuntime; do
  rm -f "artifacts/packages/$project.$version".*nupkg
  dotnet pack "src/$project" -c Release -o artifacts/packages -p:Version="$version" -nologo -v quiet
  echo "pack: artifacts/packages/$project.$version.nupkg"
done
