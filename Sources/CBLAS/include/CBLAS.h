#pragma once

#include <stdbool.h>

// OpenBLAS's matrix products, loaded when the first one is asked for. Linked the usual way it would
// start a thread for each processor before `main` is reached, which then spin waiting for work, in
// a program that may only have been asked for its version.

/// c = a·b + beta·c, row-major; a is m × k and b is k × n after their optional transposition, and the
/// last of each group of arguments is the row stride in elements.
void undertone_sgemm(bool transposesA, bool transposesB, int m, int n, int k, const float *a,
                     int strideA, const float *b, int strideB, float beta, float *c, int strideC);

/// The same in double precision.
void undertone_dgemm(bool transposesA, bool transposesB, int m, int n, int k, const double *a,
                     int strideA, const double *b, int strideB, double beta, double *c,
                     int strideC);

/// How many threads products use from now on; 1 unless told otherwise.
void undertone_set_blas_threads(int count);
