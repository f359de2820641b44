#!/usr/bin/env bash
# usage: tools/onnx-tests.sh FOLDER
# The node tests in FOLDER, of any ONNX release, or suites of tests in folders below it, against this program and against ONNX Runtime: how many
# pass, why the others do not. Fails where a result is computed and wrong. Lists of names stand in artifacts/onnx-tests.
set -euo pipefail
folder=$(realpath "${1:?usage: tools/onnx-tests.sh FOLDER}")
cd "$(dirname "$0")/.."
rm -rf artifacts/onnx-tests
code=0
EDB_ONNX_TESTDATA=$folder dotnet test -c Release tests/EdgeDropBack.Tests --filter FullyQualifiedName~OnnxConformanceTests -nologo -v quiet || code=$?
cat artifacts/onnx-tests/*-summary.md
exit $code
