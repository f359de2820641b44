#!/usr/bin/env bash
# usage: tools/check.sh
# Everything before a commit: format, build without warnings, tests, NativeAOT publish, and a run of the published executables.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

step() { echo; echo "== $*"; }

step restore
dotnet restore EdgeDropBack.sln -v quiet
step format
dotnet format EdgeDropBack.sln --no-restore --verify-no-changes
step build
dotnet build EdgeDropBack.sln -c Release --no-restore -nologo -v quiet
step test
dotnet test EdgeDropBack.sln -c Release --no-build -nologo
step publish
tools/publish.sh all
step "run what was published"
tools/check-binary.sh
