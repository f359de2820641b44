/* Wrong handles, null pointers and sizes that do not fit: a code and a message each, never a crash. usage: hostile MODEL.onnx FOLDER */
#include "edgedropback.h"

#include <stdio.h>
#include <string.h>

static int failures;

static void expect(int32_t code, int32_t wanted, const char *part, const char *what) {
  const char *text = edb_last_error();
  int one_line = strchr(text, '\n') == NULL;
  if (code == wanted && one_line && (wanted == EDB_OK ? text[0] == 0 : strstr(text, part) != NULL)) return;
  failures++;
  printf("FAILED  %s: code %d, expected %d, text '%s'\n", what, code, wanted, text);
}

int main(int argc, char **argv) {
  if (argc != 3) return EDB_USAGE;
  const char *model = argv[1];
  char path[4096];
  edb_session s = 77;
  float x[8] = {0}, y[8];
  int32_t labels[8] = {0}, parameters[4] = {0};
  int64_t indices[4] = {0}, count = 0, length = 0, budget = 0;
  float values[4] = {0};
  int32_t batch = 0, outputs = 0;
  double loss = 0;

  if (edb_last_error()[0] != 0) failures++, printf("FAILED  an error before any call\n");
  expect(edb_open(NULL, NULL, 0, &s), EDB_USAGE, "model is a null pointer", "null model");
  expect(edb_open(model, NULL, 0, NULL), EDB_USAGE, "session is a null pointer", "null session");
  expect(edb_open(model, NULL, 3, &s), EDB_USAGE, "options is a null pointer", "null options");
  expect(edb_open(model, NULL, -1, &s), EDB_USAGE, "count is -1", "negative count");
  const char *holes[] = {"--batch", NULL};
  expect(edb_open(model, holes, 2, &s), EDB_USAGE, "options[1]", "null word");
  const char *unknown[] = {"--nonsense", "1"};
  expect(edb_open(model, unknown, 2, &s), EDB_USAGE, "--nonsense", "unknown option");
  const char *wrong[] = {"--batch", "none"};
  expect(edb_open(model, wrong, 2, &s), EDB_USAGE, "--batch", "wrong value");
  expect(edb_open("/nowhere/model.onnx", NULL, 0, &s), EDB_REFUSED, "/nowhere/model.onnx", "absent model");
  expect(edb_open(argv[0], NULL, 0, &s), EDB_REFUSED, "", "a model that is none");
  if (s != 0) failures++, printf("FAILED  a handle where nothing was opened\n");

  uint64_t handles[] = {0, 1, 99, UINT64_MAX, (uint64_t)(uintptr_t)&s};
  for (int i = 0; i < 5; i++) {
    edb_session h = handles[i];
    expect(edb_close(h), EDB_USAGE, "not an open handle", "close");
    expect(edb_sizes(h, NULL, NULL, NULL, NULL), EDB_USAGE, "not an open handle", "sizes");
    expect(edb_step(h, x, 8, labels, 8, 0.1f, NULL), EDB_USAGE, "not an open handle", "step");
    expect(edb_freeze(h), EDB_USAGE, "not an open handle", "freeze");
    expect(edb_evaluate(h, x, 8, labels, 8, NULL, NULL), EDB_USAGE, "not an open handle", "evaluate");
    expect(edb_predict(h, x, 8, y, 8), EDB_USAGE, "not an open handle", "predict");
    expect(edb_read_tracked(h, parameters, indices, values, &count), EDB_USAGE, "not an open handle", "read");
    expect(edb_write_tracked(h, parameters, indices, values, 0), EDB_USAGE, "not an open handle", "write");
    expect(edb_save(h, "x.edb", NULL), EDB_USAGE, "not an open handle", "save");
    expect(edb_load(h, "x.edb"), EDB_USAGE, "not an open handle", "load");
    expect(edb_export(h, "x.onnx"), EDB_USAGE, "not an open handle", "export");
  }

  const char *options[] = {"--batch", "2", "--budget", "3", "--threads", "1"};
  expect(edb_open(model, options, 6, &s), EDB_OK, "", "open");
  expect(edb_sizes(s, &batch, &length, &outputs, &budget), EDB_OK, "", "sizes");
  expect(edb_sizes(s, NULL, NULL, NULL, NULL), EDB_OK, "", "sizes of nothing");
  expect(edb_step(s, NULL, batch * length, labels, batch, 0.1f, &loss), EDB_USAGE, "x is a null pointer", "null x");
  expect(edb_step(s, x, 8, labels, batch, 0.1f, &loss), EDB_USAGE, "x_count is 8", "short x");
  expect(edb_step(s, x, -1, labels, batch, 0.1f, &loss), EDB_USAGE, "x_count is -1", "negative x");
  expect(edb_step(s, x, INT64_MAX, labels, batch, 0.1f, &loss), EDB_USAGE, "x_count", "endless x");
  expect(edb_evaluate(s, x, 8, labels, 8, NULL, NULL), EDB_USAGE, "x_count is 8", "samples that do not fit");
  expect(edb_evaluate(s, x, 8, labels, -8, NULL, NULL), EDB_USAGE, "label_count is -8", "negative labels");
  expect(edb_predict(s, x, 8, y, 8), EDB_USAGE, "x_count is 8", "predict short");
  expect(edb_read_tracked(s, parameters, indices, values, NULL), EDB_USAGE, "count is a null pointer", "null count");
  count = 0;
  expect(edb_read_tracked(s, NULL, NULL, NULL, &count), EDB_OK, "", "count of a fresh session");
  if (count != 0) failures++, printf("FAILED  %lld tracked weights before any step\n", (long long)count);
  expect(edb_write_tracked(s, NULL, indices, values, 1), EDB_USAGE, "parameters is a null pointer", "null parameters");
  expect(edb_write_tracked(s, parameters, indices, values, -1), EDB_USAGE, "count is -1", "negative entries");
  expect(edb_write_tracked(s, parameters, indices, values, 4), EDB_USAGE, "budget", "more than the budget");
  expect(edb_write_tracked(s, parameters, indices, values, 2), EDB_REFUSED, "ascending", "the same weight twice");
  parameters[0] = -5;
  expect(edb_write_tracked(s, parameters, indices, values, 1), EDB_REFUSED, "parameter -5", "a parameter that is none");
  parameters[0] = 0, indices[0] = INT64_MAX;
  expect(edb_write_tracked(s, parameters, indices, values, 1), EDB_REFUSED, "weights", "a place that is none");
  indices[0] = 0, values[0] = 0.0f / 0.0f;
  expect(edb_write_tracked(s, parameters, indices, values, 1), EDB_REFUSED, "NaN", "not a number");
  values[0] = 0.25f;
  expect(edb_write_tracked(s, parameters, indices, values, 1), EDB_OK, "", "one weight");
  expect(edb_save(s, NULL, NULL), EDB_USAGE, "store is a null pointer", "null store");
  expect(edb_save(s, "/nowhere/x.edb", NULL), EDB_USAGE, "/nowhere", "a folder that is none");
  expect(edb_load(s, "/nowhere/x.edb"), EDB_REFUSED, "/nowhere", "a store that is none");
  expect(edb_load(s, model), EDB_REFUSED, "", "a store that is a model");
  expect(edb_export(s, NULL), EDB_USAGE, "onnx is a null pointer", "null export");
  expect(edb_export(s, "/nowhere/x.onnx"), EDB_USAGE, "/nowhere", "export nowhere");
  snprintf(path, sizeof path, "%s/hostile.edb", argv[2]);
  expect(edb_save(s, path, NULL), EDB_OK, "", "save without a hash");
  expect(edb_load(s, path), EDB_OK, "", "load");
  expect(edb_personalize(NULL, NULL, 0, NULL, NULL, NULL), EDB_USAGE, "model is a null pointer", "personalize nothing");
  expect(edb_personalize(model, NULL, 0, NULL, NULL, NULL), EDB_USAGE, "--data", "personalize without data");
  expect(edb_close(s), EDB_OK, "", "close");
  expect(edb_close(s), EDB_USAGE, "not an open handle", "close twice");
  expect(edb_freeze(s), EDB_USAGE, "not an open handle", "use after close");

  printf("hostile: %d failed\n", failures);
  return failures == 0 ? EDB_OK : EDB_FAILED;
}
