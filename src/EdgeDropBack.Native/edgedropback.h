/*
 * EdgeDropBack as a C library: fine-tunes a pretrained ONNX model with DropBack, storing only the k weights that changed most.
 *
 *   edb_session session;
 *   const char *options[] = {"--batch", "32", "--budget", "2%"};
 *   if (edb_open("model.onnx", options, 4, &session) != EDB_OK) puts(edb_last_error());
 *   edb_step(session, x, x_count, labels, 32, 0.4f, &loss);
 *   edb_save(session, "user.edb", NULL);
 *   edb_close(session);
 *
 * Every function returns one of the codes below; edb_last_error tells why. No function throws, ends the process or writes to its streams.
 * Text is UTF-8 and ends with a zero byte. Arrays are read or written during the call only. A session is used by one thread at a time
 * (calls from several threads wait for each other); different sessions are independent.
 */
#ifndef EDGEDROPBACK_H
#define EDGEDROPBACK_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  EDB_OK = 0,          /* done */
  EDB_FAILED = 1,      /* the work failed, or its result was not good enough to keep */
  EDB_USAGE = 2,       /* an argument or option is wrong: a null pointer, a handle that is not open, a size that does not fit */
  EDB_REFUSED = 3,     /* input that cannot be used: a model, a sample, a store */
  EDB_INTERRUPTED = 130 /* the progress function asked to stop; a checkpoint was saved */
};

/* Bytes that edb_save and edb_personalize write: 64 hexadecimal digits and a zero byte. */
#define EDB_SHA256_BYTES 65

/* A model open for training. 0 is none; a handle that was closed is refused, never reused. */
typedef uint64_t edb_session;

/* The library's version, such as "0.1.0". */
const char *edb_version(void);

/* Why the last call on this thread failed: one line. Empty where none did. The text stays until the next call on this thread. */
const char *edb_last_error(void);

/*
 * Opens a model for training. Its bytes stay mapped and are never written.
 * options: `count` words as `edb personalize` takes them (--batch --budget --mode --loss --optimizer --momentum --clip --bn --seed --threads --micro-batch --dim).
 */
int32_t edb_open(const char *model, const char *const *options, int32_t count, edb_session *session);

/* Lets go of everything that the session holds. */
int32_t edb_close(edb_session session);

/* Samples a step, numbers in a sample, outputs for a sample, weights that may be tracked. Each pointer may be null. */
int32_t edb_sizes(edb_session session, int32_t *batch, int64_t *sample_length, int32_t *outputs, int64_t *budget);

/*
 * One training step on a batch.
 * x: [batch, ...] float32 as the model takes it, x_count numbers in all; labels: [batch] classes; rate: learning rate;
 * loss: the mean loss before the update, or null. Where the loss is not finite EDB_FAILED comes back and nothing was changed.
 */
int32_t edb_step(edb_session session, const float *x, int64_t x_count, const int32_t *labels, int32_t label_count, float rate, double *loss);

/* Fixes the tracked set: from now on a step computes k gradients only. */
int32_t edb_freeze(edb_session session);

/* Accuracy (a fraction) and mean loss over any number of samples; changes nothing. Each result pointer may be null. */
int32_t edb_evaluate(edb_session session, const float *x, int64_t x_count, const int32_t *labels, int32_t label_count, double *accuracy,
                     double *loss);

/* Outputs for one batch. x: [batch, ...]; y: [batch, outputs], y_count numbers. Changes nothing. */
int32_t edb_predict(edb_session session, const float *x, int64_t x_count, float *y, int64_t y_count);

/*
 * Reads the tracked weights, by (parameter, index) ascending: the parameter's place in the model, the place in it, the value.
 * count: in, the entries that the arrays hold; out, the entries there are. Where they hold fewer, EDB_USAGE comes back and nothing was
 * written to them. Call with null arrays and *count 0 to learn the count.
 */
int32_t edb_read_tracked(edb_session session, int32_t *parameters, int64_t *indices, float *values, int64_t *count);

/* Replaces the tracked weights by these: ascending as above, finite, at most the budget; every other weight is at its base again. */
int32_t edb_write_tracked(edb_session session, const int32_t *parameters, const int64_t *indices, const float *values, int64_t count);

/* Writes what was learned: a store of k values with their places. sha256: EDB_SHA256_BYTES, or null. */
int32_t edb_save(edb_session session, const char *store, char *sha256);

/* Goes on from a store of the same model. */
int32_t edb_load(edb_session session, const char *store);

/* Writes a plain ONNX file with the present weights. */
int32_t edb_export(edb_session session, const char *onnx);

/* Told about a run as it goes, on the calling thread. phase: "training" and others; anything but 0 stops the run. */
typedef int32_t (*edb_progress)(void *context, const char *phase, int32_t step, int32_t steps, double loss);

/*
 * The whole job of `edb personalize`, with its options, its store and its bits: `count` words such as "--data", "user.npz".
 * progress and context may be null; sha256: EDB_SHA256_BYTES, or null.
 */
int32_t edb_personalize(const char *model, const char *const *options, int32_t count, edb_progress progress, void *context, char *sha256);

#ifdef __cplusplus
}
#endif

#endif
