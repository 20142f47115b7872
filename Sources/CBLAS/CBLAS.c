#include "CBLAS.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

// The values of OpenBLAS's <cblas.h>.
enum { ROW_MAJOR = 101, NO_TRANSPOSE = 111, TRANSPOSE = 112 };

typedef void (*sgemm_function)(int, int, int, int, int, int, float, const float *, int,
                               const float *, int, float, float *, int);
typedef void (*dgemm_function)(int, int, int, int, int, int, double, const double *, int,
                               const double *, int, double, double *, int);
typedef void (*set_threads_function)(int);

static pthread_once_t once = PTHREAD_ONCE_INIT;
static sgemm_function sgemm;
static dgemm_function dgemm;
static set_threads_function set_threads;
static atomic_bool is_loaded;

// OpenBLAS reads this when it is loaded, and starts threads by it. Set before `main`, where no other
// thread can be reading the environment; what the user has set stays.
__attribute__((constructor)) static void ask_for_one_thread(void) {
  setenv("OPENBLAS_NUM_THREADS", "1", 0);
}

static void load(void) {
  // Debian's name, then the one of a library built by hand.
  void *library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
  if (!library) library = dlopen("libopenblas.so", RTLD_NOW | RTLD_LOCAL);
  if (library) {
    sgemm = (sgemm_function)dlsym(library, "cblas_sgemm");
    dgemm = (dgemm_function)dlsym(library, "cblas_dgemm");
    set_threads = (set_threads_function)dlsym(library, "openblas_set_num_threads");
  }
  if (!sgemm || !dgemm || !set_threads) {
    const char *reason = dlerror();
    fprintf(stderr, "The model needs OpenBLAS, which cannot be loaded: %s. Install libopenblas0.\n",
            reason ? reason : "it lacks what is needed");
    exit(1);
  }
  atomic_store(&is_loaded, true);
}

void undertone_sgemm(bool transposesA, bool transposesB, int m, int n, int k, const float *a,
                     int strideA, const float *b, int strideB, float beta, float *c, int strideC) {
  pthread_once(&once, load);
  sgemm(ROW_MAJOR, transposesA ? TRANSPOSE : NO_TRANSPOSE, transposesB ? TRANSPOSE : NO_TRANSPOSE,
        m, n, k, 1, a, strideA, b, strideB, beta, c, strideC);
}

void undertone_dgemm(bool transposesA, bool transposesB, int m, int n, int k, const double *a,
                     int strideA, const double *b, int strideB, double beta, double *c,
                     int strideC) {
  pthread_once(&once, load);
  dgemm(ROW_MAJOR, transposesA ? TRANSPOSE : NO_TRANSPOSE, transposesB ? TRANSPOSE : NO_TRANSPOSE,
        m, n, k, 1, a, strideA, b, strideB, beta, c, strideC);
}

void undertone_set_blas_threads(int count) {
  if (count <= 1 && !atomic_load(&is_loaded)) return;
  pthread_once(&once, load);
  set_threads(count < 1 ? 1 : count);
}
