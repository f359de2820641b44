#!/usr/bin/env bash
# usage: tools/check-binary.sh
# Runs the published executables, unpacked from their archives, away from the sources: x64 natively, arm64 under qemu-user as Cortex-A53, A72
# and A76. info names the kernels, selftest passes, and 20 steps of the shipped example give the same store, byte for byte, on all of them,
# and the five networks of `edb new` the same weights.
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

on() { # MACHINE ARGUMENT...: the executable with these arguments on x64, cortex-a53, cortex-a72 or cortex-a76
  local machine=$1
  shift
  if [ "$machine" = x64 ]; then
    "$work/linux-x64/edb" "$@"
  else
    "$root/tools/qemu-run.sh" "$machine" "$work/linux-arm64/edb" "$@"
  fi
}

kernels() { # MACHINE PATTERN: info prints the kernels in use
  on "$1" info > "$work/info" || { cat "$work/info"; return 1; }
  grep -iqE "$2" "$work/info" || { cat "$work/info"; echo "info does not name kernels like /$2/"; return 1; }
}

# PR_SET_MDWE with PR_MDWE_REFUSE_EXEC_GAIN: memory that was written to cannot become executable.
confined() {
  python3 - "$work/linux-x64/edb" > "$work/info" <<'PYTHON'
import ctypes, os, sys
if ctypes.CDLL(None).prctl(65, 1, 0, 0, 0) != 0: sys.exit("prctl")
os.execv(sys.argv[1], ["edb", "info"])
PYTHON
  grep -qE 'kernel.*avx2' "$work/info" || { cat "$work/info"; return 1; }
}

refused() { # COMMAND...: exit code 2 and one line that names what there is
  local code=0
  "$@" 2> "$work/refusal" || code=$?
  cat "$work/refusal"
  [ "$code" -eq 2 ] && [ "$(wc -l < "$work/refusal")" -eq 1 ] && grep -q 'avx2, scalar' "$work/refusal"
}

# Whole is the command as the README has it; short measures accuracy on fewer samples, since qemu is some 300 times slower than a core.
train() ( # MACHINE whole|short: trains away from the sources, keeps the store as MACHINE-KIND.edb; stdout is one JSON object with its hash
  cd "$work"
  model=("$work/linux-x64/models/fashion/model.onnx" --data "$work/linux-x64/models/fashion/user-train.npz"
    --replay "$work/linux-x64/models/fashion/replay.npz" --labels "$work/linux-x64/models/fashion/labels.txt")
  [ "$2" = short ] || model=()
  on "$1" personalize "${model[@]}" --steps 20 --batch 8 --lr 0.4 --seed 1 --store "$work/$1-$2.edb" --json > "$1.json" || { cat "$1.json"; exit 1; }
  hash=$(sha256sum < "$1-$2.edb" | cut -d ' ' -f 1)
  [ "$(head -c 1 "$1.json")" = "{" ] || { cat "$1.json"; echo "standard output is not one JSON object"; exit 1; }
  grep -q "$hash" "$1.json" || { cat "$1.json"; echo "the store's SHA-256 is $hash, the JSON says otherwise"; exit 1; }
)

same() { # MACHINE KIND: its store equals that of x64
  sha256sum "$work/x64-$2.edb" "$work/$1-$2.edb" && cmp "$work/x64-$2.edb" "$work/$1-$2.edb"
}

weights() { # NETWORK: all weights of a seed have one SHA-256 on x64 and arm64
  local machine
  for machine in x64 cortex-a72; do
    on "$machine" new "$1" --seed 7 --hash --overwrite -o "$work/$machine.onnx" | sed -n 's/^weights: //p' > "$work/$machine.hash"
  done
  cat "$work/x64.hash" "$work/cortex-a72.hash"
  grep -q 'SHA-256' "$work/x64.hash" && cmp "$work/x64.hash" "$work/cortex-a72.hash" && cmp "$work/x64.onnx" "$work/cortex-a72.onnx"
}

emulated() { # MACHINE KIND: what the background training wrote, and its exit code
  cat "$work/$1.log"
  [ "$(cat "$work/$1.code")" = 0 ]
}

missing_library() {
  local code=0
  "$work/linux-x64/edb" verify models/fashion/model.onnx 2> "$work/missing" || code=$?
  [ "$code" -eq 3 ] && grep -q -- '-onnxruntime' "$work/missing" && [ "$(wc -l < "$work/missing")" -eq 1 ]
}

behind() { # EXECUTABLE: trains the example's last layers behind a frozen part, and evaluates the store without being told where it was cut
  "$1" personalize models/fashion/model.onnx --data models/fashion/user-train.npz --labels models/fashion/labels.txt --train-from /conv4/Conv \
    --cache "$work/cache" --steps 20 --batch 8 --lr 0.4 --accept-if off --store "$work/behind.edb" --json | grep -q '"insideBitLaw":false' &&
    "$1" eval models/fashion/model.onnx --store "$work/behind.edb" --data models/fashion/user-test.npz --json
}

missing_runtime() {
  local code=0
  behind "$work/linux-x64/edb" 2> "$work/missing" || code=$?
  [ "$code" -ne 0 ] && grep -q 'libonnxruntime.so.*-onnxruntime.*Microsoft.ML.OnnxRuntime' "$work/missing" && [ "$(wc -l < "$work/missing")" -eq 1 ]
}

version=$(dotnet msbuild src/EdgeDropBack.Cli -getProperty:Version)
for rid in linux-x64 linux-arm64; do
  archive=artifacts/edgedropback-$version-$rid.tar.gz
  [ -f "$archive" ] || tools/publish.sh "$rid"
  check "$rid archive matches its checksum" sh -c "cd artifacts && sha256sum -c edgedropback-$version-$rid.tar.gz.sha256"
  mkdir "$work/$rid"
  tar -xzf "$archive" -C "$work/$rid" --strip-components=1
done

mkdir "$work/verify"
tar -xzf "artifacts/edgedropback-$version-linux-x64-onnxruntime.tar.gz" -C "$work/verify" --strip-components=1
check "x64 verify agrees with ONNX Runtime on the example" "$work/verify/edb" verify models/fashion/model.onnx --nodes
check "x64 verify names the archive where the library is missing" missing_library
check "x64 trains behind a frozen part" behind "$work/verify/edb"
check "x64 names package and file where a frozen part has no library" missing_runtime

check "x64 info names its AVX2 or AVX-512 kernels" kernels x64 'kernel.*avx(2|512)'
check "x64 takes its AVX2 kernels where no program may write code" confined
check "x64 refuses kernels that it lacks" refused env EDB_KERNELS=advsimd "$work/linux-x64/edb" info
check "x64 selftest" on x64 selftest
declare -A kind=([cortex-a53]=short [cortex-a72]=whole [cortex-a76]=short)
for cpu in "${!kind[@]}"; do
  { code=0; train "$cpu" "${kind[$cpu]}" > "$work/$cpu.log" 2>&1 || code=$?; echo "$code" > "$work/$cpu.code"; } &
done
check "x64 personalizes the example" train x64 whole
check "x64 personalizes the example, measured on fewer samples" train x64 short
wait
check "x64 killed 20 times and resumed, the store is the same" tools/kill-resume.sh "$work/linux-x64/edb" 20
for cpu in cortex-a53 cortex-a72 cortex-a76; do
  check "$cpu info names its AdvSimd kernels" kernels "$cpu" 'kernel.*advsimd'
  check "$cpu selftest" on "$cpu" selftest
  check "$cpu personalizes the example" emulated "$cpu" "${kind[$cpu]}"
  check "$cpu store is that of x64, bit for bit" same "$cpu" "${kind[$cpu]}"
done

for network in mnist-100-100 lenet-300-100 vgg-s densenet wrn-28-10; do
  check "$network has the same weights on x64 and arm64" weights "$network"
done

[ ! -f "$work/x64-whole.edb" ] || echo "store SHA-256 $(sha256sum < "$work/x64-whole.edb" | cut -d ' ' -f 1)"
echo "check-binary: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
