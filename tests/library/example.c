/*
 * The shipped example from C: the job of `edb personalize`, then a loop of one's own.
 *
 *   cc -o example example.c -I. -L. -ledgedropback -Wl,-rpath,'$ORIGIN'
 *   ./example model.onnx STORE.edb [OPTION ...]
 *
 * The words after the store are the options of `edb personalize`, such as --data user-train.npz. Prints the store's SHA-256.
 */
#include "edgedropback.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(int32_t code, const char *what) {
  if (code == EDB_OK) return;
  fprintf(stderr, "%s: %s\n", what, edb_last_error());
  exit(code);
}

static int32_t progress(void *context, const char *phase, int32_t step, int32_t steps, double loss) {
  *(int *)context += 1;
  (void)phase, (void)step, (void)steps, (void)loss;
  return 0;
}

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: %s MODEL.onnx STORE.edb [OPTION ...]\n", argv[0]);
    return EDB_USAGE;
  }
  const char *model = argv[1], *store = argv[2];
  const char *options[64] = {"--store", store};
  int32_t count = 2;
  for (int i = 3; i < argc && count < 64; i++) options[count++] = argv[i];

  int told = 0;
  char sha256[EDB_SHA256_BYTES];
  check(edb_personalize(model, options, count, progress, &told, sha256), "personalize");
  printf("%s\n", sha256);
  fprintf(stderr, "version %s, %d reports of progress\n", edb_version(), told);

  /* A loop of one's own: samples of noise, to show the calls. */
  edb_session session;
  const char *session_options[] = {"--batch", "8", "--budget", "500", "--threads", "1"};
  check(edb_open(model, session_options, 6, &session), "open");
  int32_t batch, outputs;
  int64_t length, budget;
  check(edb_sizes(session, &batch, &length, &outputs, &budget), "sizes");
  float *x = malloc((size_t)(batch * length) * sizeof *x);
  float *y = malloc((size_t)(batch * outputs) * sizeof *y);
  int32_t *labels = malloc((size_t)batch * sizeof *labels);
  uint32_t state = 1;
  for (int64_t i = 0; i < batch * length; i++) x[i] = (float)((state = state * 1664525u + 1013904223u) >> 8) / (1 << 24);
  for (int32_t i = 0; i < batch; i++) labels[i] = i % outputs;
  double first = 0, loss = 0, accuracy = 0;
  for (int step = 0; step < 30; step++) {
    if (step == 10) check(edb_freeze(session), "freeze");
    check(edb_step(session, x, batch * length, labels, batch, 0.1f, &loss), "step");
    if (step == 0) first = loss;
  }
  check(edb_evaluate(session, x, batch * length, labels, batch, &accuracy, &loss), "evaluate");
  fprintf(stderr, "loss %.4f -> %.4f, accuracy %.2f on %d samples\n", first, loss, accuracy, batch);
  if (!(loss < first)) return EDB_FAILED;

  /* Out, and in again. */
  int64_t tracked = 0;
  check(edb_read_tracked(session, NULL, NULL, NULL, &tracked), "count");
  int32_t *parameters = malloc((size_t)tracked * sizeof *parameters);
  int64_t *indices = malloc((size_t)tracked * sizeof *indices);
  float *values = malloc((size_t)tracked * sizeof *values);
  check(edb_read_tracked(session, parameters, indices, values, &tracked), "read tracked");
  check(edb_predict(session, x, batch * length, y, batch * outputs), "predict");
  check(edb_save(session, store, sha256), "save");
  edb_session other;
  check(edb_open(model, session_options, 6, &other), "open again");
  check(edb_write_tracked(other, parameters, indices, values, tracked), "write tracked");
  float *z = malloc((size_t)(batch * outputs) * sizeof *z);
  check(edb_predict(other, x, batch * length, z, batch * outputs), "predict again");
  if (memcmp(y, z, (size_t)(batch * outputs) * sizeof *y) != 0) {
    fprintf(stderr, "the weights that went out did not come in\n");
    return EDB_FAILED;
  }
  check(edb_load(other, store), "load");
  check(edb_predict(other, x, batch * length, z, batch * outputs), "predict from the store");
  if (memcmp(y, z, (size_t)(batch * outputs) * sizeof *y) != 0) {
    fprintf(stderr, "the store is not what was saved\n");
    return EDB_FAILED;
  }
  fprintf(stderr, "%lld weights went out and in, by array and by store\n", (long long)tracked);
  check(edb_close(session), "close");
  check(edb_close(other), "close");
  free(x), free(y), free(z), free(labels), free(parameters), free(indices), free(values);
  return EDB_OK;
}
