#!/usr/bin/env python3
"""The job of `edb personalize` from Python, with nothing but ctypes.

    LD_LIBRARY_PATH=. python3 example.py MODEL.onnx STORE.edb [OPTION ...]

The words after the store are the options of `edb personalize`. Prints the store's SHA-256.
"""
import ctypes
import sys


def words(texts):
    return (ctypes.c_char_p * len(texts))(*[t.encode() for t in texts])


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    edb = ctypes.CDLL("libedgedropback.so")
    edb.edb_last_error.restype = ctypes.c_char_p
    progress_type = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int32, ctypes.c_int32, ctypes.c_double)
    losses = []

    def check(code):
        if code != 0:
            sys.exit(f"{edb.edb_last_error().decode()} (code {code})")

    def told(_, phase, step, steps, loss):
        losses.append(loss)
        return 0

    model, store, *options = sys.argv[1:]
    options = ["--store", store, *options]
    sha256 = ctypes.create_string_buffer(65)
    progress = progress_type(told)  # held: the library calls it while it runs
    check(edb.edb_personalize(model.encode(), words(options), len(options), progress, None, sha256))
    print(sha256.value.decode())

    session = ctypes.c_uint64()
    check(edb.edb_open(model.encode(), words(["--batch", "8", "--budget", "5%"]), 4, ctypes.byref(session)))
    check(edb.edb_load(session, store.encode()))
    batch, outputs = ctypes.c_int32(), ctypes.c_int32()
    length, budget, tracked = ctypes.c_int64(), ctypes.c_int64(), ctypes.c_int64()
    check(edb.edb_sizes(session, *map(ctypes.byref, (batch, length, outputs, budget))))
    check(edb.edb_read_tracked(session, None, None, None, ctypes.byref(tracked)))
    x, y = (ctypes.c_float * (batch.value * length.value))(), (ctypes.c_float * (batch.value * outputs.value))()
    check(edb.edb_predict(session, x, ctypes.c_int64(len(x)), y, ctypes.c_int64(len(y))))
    print(f"{len(losses)} reports of progress, {tracked.value} weights, {len(y)} outputs", file=sys.stderr)
    check(edb.edb_close(session))


if __name__ == "__main__":
    main()
