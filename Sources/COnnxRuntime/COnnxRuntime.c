#include "COnnxRuntime.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The interface is a table of functions that only ever grows at its end: a later library answers
// for every earlier version. Order and types are those of `struct OrtApi` in
// github.com/microsoft/onnxruntime, include/onnxruntime/core/session/onnxruntime_c_api.h; what is
// not used here is a gap of the right length.

typedef struct OrtStatus OrtStatus;
typedef struct OrtEnv OrtEnv;
typedef struct OrtSession OrtSession;
typedef struct OrtSessionOptions OrtSessionOptions;
typedef struct OrtRunOptions OrtRunOptions;
typedef struct OrtValue OrtValue;
typedef struct OrtTypeInfo OrtTypeInfo;
typedef struct OrtTensorTypeAndShapeInfo OrtTensorTypeAndShapeInfo;
typedef struct OrtMemoryInfo OrtMemoryInfo;
typedef struct OrtAllocator OrtAllocator;

#define GAP(from, to) void *gap_##from[(to) - (from) + 1]

typedef struct {
  GAP(0, 1);
  const char *(*GetErrorMessage)(const OrtStatus *);                                        // 2
  OrtStatus *(*CreateEnv)(int level, const char *name, OrtEnv **);                          // 3
  GAP(4, 6);
  OrtStatus *(*CreateSession)(                                                              // 7
      const OrtEnv *, const char *path, const OrtSessionOptions *, OrtSession **);
  GAP(8, 8);
  OrtStatus *(*Run)(                                                                        // 9
      OrtSession *, const OrtRunOptions *, const char *const *, const OrtValue *const *, size_t,
      const char *const *, size_t, OrtValue **);
  OrtStatus *(*CreateSessionOptions)(OrtSessionOptions **);                                 // 10
  GAP(11, 23);
  OrtStatus *(*SetIntraOpNumThreads)(OrtSessionOptions *, int);                             // 24
  OrtStatus *(*SetInterOpNumThreads)(OrtSessionOptions *, int);                             // 25
  GAP(26, 29);
  OrtStatus *(*SessionGetInputCount)(const OrtSession *, size_t *);                         // 30
  OrtStatus *(*SessionGetOutputCount)(const OrtSession *, size_t *);                        // 31
  GAP(32, 32);
  OrtStatus *(*SessionGetInputTypeInfo)(const OrtSession *, size_t, OrtTypeInfo **);        // 33
  OrtStatus *(*SessionGetOutputTypeInfo)(const OrtSession *, size_t, OrtTypeInfo **);       // 34
  GAP(35, 35);
  OrtStatus *(*SessionGetInputName)(const OrtSession *, size_t, OrtAllocator *, char **);   // 36
  OrtStatus *(*SessionGetOutputName)(const OrtSession *, size_t, OrtAllocator *, char **);  // 37
  GAP(38, 48);
  OrtStatus *(*CreateTensorWithDataAsOrtValue)(                                             // 49
      const OrtMemoryInfo *, void *, size_t, const int64_t *, size_t, int, OrtValue **);
  GAP(50, 50);
  OrtStatus *(*GetTensorMutableData)(OrtValue *, void **);                                  // 51
  GAP(52, 54);
  OrtStatus *(*CastTypeInfoToTensorInfo)(                                                   // 55
      const OrtTypeInfo *, const OrtTensorTypeAndShapeInfo **);
  GAP(56, 59);
  OrtStatus *(*GetTensorElementType)(const OrtTensorTypeAndShapeInfo *, int *);             // 60
  OrtStatus *(*GetDimensionsCount)(const OrtTensorTypeAndShapeInfo *, size_t *);            // 61
  OrtStatus *(*GetDimensions)(const OrtTensorTypeAndShapeInfo *, int64_t *, size_t);        // 62
  GAP(63, 63);
  OrtStatus *(*GetTensorShapeElementCount)(const OrtTensorTypeAndShapeInfo *, size_t *);    // 64
  OrtStatus *(*GetTensorTypeAndShape)(const OrtValue *, OrtTensorTypeAndShapeInfo **);      // 65
  GAP(66, 68);
  OrtStatus *(*CreateCpuMemoryInfo)(int allocator, int kind, OrtMemoryInfo **);             // 69
  GAP(70, 75);
  OrtStatus *(*AllocatorFree)(OrtAllocator *, void *);                                      // 76
  GAP(77, 77);
  OrtStatus *(*GetAllocatorWithDefaultOptions)(OrtAllocator **);                            // 78
  GAP(79, 91);
  void (*ReleaseEnv)(OrtEnv *);                                                             // 92
  void (*ReleaseStatus)(OrtStatus *);                                                       // 93
  void (*ReleaseMemoryInfo)(OrtMemoryInfo *);                                               // 94
  void (*ReleaseSession)(OrtSession *);                                                     // 95
  void (*ReleaseValue)(OrtValue *);                                                         // 96
  GAP(97, 97);
  void (*ReleaseTypeInfo)(OrtTypeInfo *);                                                   // 98
  void (*ReleaseTensorTypeAndShapeInfo)(OrtTensorTypeAndShapeInfo *);                       // 99
  void (*ReleaseSessionOptions)(OrtSessionOptions *);                                       // 100
} OrtApi;

_Static_assert(
    offsetof(OrtApi, ReleaseSessionOptions) == 100 * sizeof(void *), "a gap is of another length");

typedef struct {
  const OrtApi *(*GetApi)(uint32_t version);
  const char *(*GetVersionString)(void);
} OrtApiBase;

// What is used has been there since version 1 and is still there; 8 is from 2021.
enum { API_VERSION = 8, LOG_FATAL = 4, ARENA_ALLOCATOR = 1, MEMORY_DEFAULT = 0 };

struct ortx_library {
  const OrtApi *api;
  const char *version;
  OrtEnv *environment;
  OrtMemoryInfo *memory;
};

struct ortx_session {
  const ortx_library *library;
  OrtSession *session;
};

static void say(char *message, const char *text) {
  snprintf(message, ORTX_MESSAGE, "%s", text);
  for (char *c = message; *c; c++) {
    if (*c == '\n' || *c == '\r') *c = ' ';
  }
}

/// Whether a call worked; if not, its text goes into the message.
static bool worked(const OrtApi *api, OrtStatus *status, char message[ORTX_MESSAGE]) {
  if (!status) return true;
  say(message, api->GetErrorMessage(status));
  api->ReleaseStatus(status);
  return false;
}

ortx_library *ortx_open(const char *path, char message[ORTX_MESSAGE]) {
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    say(message, dlerror());
    return NULL;
  }
  const OrtApiBase *(*base)(void);
  *(void **)&base = dlsym(handle, "OrtGetApiBase");
  const OrtApi *api = base ? base()->GetApi(API_VERSION) : NULL;
  if (!api) {
    say(message, base ? "it is older than version 1.8" : "it is not ONNX Runtime");
    dlclose(handle);
    return NULL;
  }
  ortx_library *library = calloc(1, sizeof *library);
  if (!library) {
    say(message, "there is no memory");
    return NULL;
  }
  library->api = api;
  library->version = base()->GetVersionString();
  if (!worked(api, api->CreateEnv(LOG_FATAL, "undertone", &library->environment), message) ||
      !worked(
          api, api->CreateCpuMemoryInfo(ARENA_ALLOCATOR, MEMORY_DEFAULT, &library->memory),
          message)) {
    ortx_close(library);
    return NULL;
  }
  return library;
}

const char *ortx_version(const ortx_library *library) { return library->version; }

void ortx_close(ortx_library *library) {
  if (library->memory) library->api->ReleaseMemoryInfo(library->memory);
  if (library->environment) library->api->ReleaseEnv(library->environment);
  free(library);
}

ortx_session *ortx_load(ortx_library *library, const char *path, char message[ORTX_MESSAGE]) {
  const OrtApi *api = library->api;
  ortx_session *result = calloc(1, sizeof *result);
  if (!result) {
    say(message, "there is no memory");
    return NULL;
  }
  result->library = library;
  OrtSessionOptions *options = NULL;
  bool is_loaded =
      worked(api, api->CreateSessionOptions(&options), message) &&
      worked(api, api->SetIntraOpNumThreads(options, 1), message) &&
      worked(api, api->SetInterOpNumThreads(options, 1), message) &&
      worked(
          api, api->CreateSession(library->environment, path, options, &result->session), message);
  if (options) api->ReleaseSessionOptions(options);
  if (is_loaded) return result;
  free(result);
  return NULL;
}

void ortx_unload(ortx_session *session) {
  session->library->api->ReleaseSession(session->session);
  free(session);
}

size_t ortx_count(ortx_session *session, bool outputs) {
  const OrtApi *api = session->library->api;
  char ignored[ORTX_MESSAGE];
  size_t count = 0;
  OrtStatus *status = outputs ? api->SessionGetOutputCount(session->session, &count)
                              : api->SessionGetInputCount(session->session, &count);
  return worked(api, status, ignored) ? count : 0;
}

bool ortx_describe(
    ortx_session *session, bool outputs, size_t place, ortx_port *port, char message[ORTX_MESSAGE]) {
  const OrtApi *api = session->library->api;
  memset(port, 0, sizeof *port);
  OrtAllocator *allocator = NULL;
  if (!worked(api, api->GetAllocatorWithDefaultOptions(&allocator), message)) return false;
  char *name = NULL;
  if (!worked(
          api,
          (outputs ? api->SessionGetOutputName : api->SessionGetInputName)(
              session->session, place, allocator, &name),
          message)) {
    return false;
  }
  snprintf(port->name, sizeof port->name, "%s", name);
  char ignored[ORTX_MESSAGE];
  (void)worked(api, api->AllocatorFree(allocator, name), ignored);

  OrtTypeInfo *type = NULL;
  if (!worked(
          api,
          (outputs ? api->SessionGetOutputTypeInfo : api->SessionGetInputTypeInfo)(
              session->session, place, &type),
          message)) {
    return false;
  }
  // Owned by the type.
  const OrtTensorTypeAndShapeInfo *tensor = NULL;
  int element = 0;
  bool is_told =
      worked(api, api->CastTypeInfoToTensorInfo(type, &tensor), message) &&
      (!tensor || (worked(api, api->GetTensorElementType(tensor, &element), message) &&
                   worked(api, api->GetDimensionsCount(tensor, &port->rank), message) &&
                   worked(
                       api,
                       api->GetDimensions(
                           tensor, port->extents,
                           port->rank < ORTX_RANK ? port->rank : ORTX_RANK),
                       message)));
  port->type = element;
  api->ReleaseTypeInfo(type);
  return is_told;
}

bool ortx_run(
    ortx_session *session, const ortx_input *inputs, size_t input_count, const char *output,
    float *values, size_t room, size_t *count, char message[ORTX_MESSAGE]) {
  enum { MOST = 4 };
  const OrtApi *api = session->library->api;
  const char *names[MOST] = {0};
  OrtValue *tensors[MOST] = {0};
  OrtValue *result = NULL;
  OrtTensorTypeAndShapeInfo *shape = NULL;
  int type = 0;
  void *data = NULL;
  bool is_done = input_count <= MOST;
  if (!is_done) say(message, "there are too many inputs");
  for (size_t i = 0; is_done && i < input_count; i++) {
    names[i] = inputs[i].name;
    // The runtime only reads what inputs point to, although it asks for a pointer it could write to.
    is_done = worked(
        api,
        api->CreateTensorWithDataAsOrtValue(
            session->library->memory, (void *)inputs[i].data, inputs[i].bytes, inputs[i].extents,
            inputs[i].rank, inputs[i].type, &tensors[i]),
        message);
  }
  is_done = is_done &&
      worked(
          api,
          api->Run(
              session->session, NULL, names, (const OrtValue *const *)tensors, input_count, &output,
              1, &result),
          message) &&
      worked(api, api->GetTensorTypeAndShape(result, &shape), message) &&
      worked(api, api->GetTensorElementType(shape, &type), message) &&
      worked(api, api->GetTensorShapeElementCount(shape, count), message);
  if (is_done && type != ORTX_FLOAT) {
    say(message, "its output does not hold numbers in single precision");
    is_done = false;
  }
  if (is_done) is_done = worked(api, api->GetTensorMutableData(result, &data), message);
  if (is_done) memcpy(values, data, (*count < room ? *count : room) * sizeof(float));
  if (shape) api->ReleaseTensorTypeAndShapeInfo(shape);
  if (result) api->ReleaseValue(result);
  for (size_t i = 0; i < MOST; i++) {
    if (tensors[i]) api->ReleaseValue(tensors[i]);
  }
  return is_done;
}
