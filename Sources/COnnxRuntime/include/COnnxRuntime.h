// The part of ONNX Runtime's C interface that is used here, and a few calls over it.
//
// The library is optional: it is loaded with dlopen when a person has it, never linked, and no
// header of it is needed to build. All functions report failure by false and one line of text.

#ifndef UNDERTONE_ONNXRUNTIME_H
#define UNDERTONE_ONNXRUNTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Bytes of a message, its end included.
#define ORTX_MESSAGE 512
/// Extents of a tensor that are told, at most.
#define ORTX_RANK 8

/// A loaded library with its environment.
typedef struct ortx_library ortx_library;
/// A loaded model.
typedef struct ortx_session ortx_session;

/// Element types, with the numbers of ONNXTensorElementDataType.
enum { ORTX_FLOAT = 1, ORTX_INT64 = 7 };

/// What a model wants or gives under a name.
typedef struct {
  char name[128];
  /// 0 for something that is not a tensor.
  int32_t type;
  /// Greater than ORTX_RANK if not all extents are told.
  size_t rank;
  /// −1 for an extent that is open.
  int64_t extents[ORTX_RANK];
} ortx_port;

/// A tensor that goes into a model.
typedef struct {
  const char *name;
  int32_t type;
  const void *data;
  size_t bytes;
  const int64_t *extents;
  size_t rank;
} ortx_input;

/// Loads the library; NULL if it is none, with a message.
ortx_library *ortx_open(const char *path, char message[ORTX_MESSAGE]);
/// The library's version, such as "1.20.1".
const char *ortx_version(const ortx_library *library);
/// Unloads nothing: the library's threads may outlive any call. Frees the environment.
void ortx_close(ortx_library *library);

/// Loads a model that computes on one thread; NULL with a message if it cannot.
ortx_session *ortx_load(ortx_library *library, const char *path, char message[ORTX_MESSAGE]);
void ortx_unload(ortx_session *session);

/// How many inputs or outputs a model has.
size_t ortx_count(ortx_session *session, bool outputs);
/// Describes an input or output.
bool ortx_describe(
    ortx_session *session, bool outputs, size_t place, ortx_port *port,
    char message[ORTX_MESSAGE]);

/// Computes one output of floats.
///
/// values: where they go; room: how many fit; count: how many there are, which may be more.
bool ortx_run(
    ortx_session *session, const ortx_input *inputs, size_t input_count, const char *output,
    float *values, size_t room, size_t *count, char message[ORTX_MESSAGE]);

#endif
