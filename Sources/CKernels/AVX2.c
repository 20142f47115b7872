#include "include/CKernels.h"

#if defined(__x86_64__)

#include <math.h>
#include <stdint.h>
#include <string.h>

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "Kernels.h"
#pragma clang attribute pop

static const struct undertone_kernels kernels = KERNELS;

const struct undertone_kernels *_Nullable undertone_avx2_kernels(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &kernels : 0;
}

bool undertone_has_avx512(void) { return __builtin_cpu_supports("avx512f"); }

#else

const struct undertone_kernels *_Nullable undertone_avx2_kernels(void) { return 0; }

bool undertone_has_avx512(void) { return false; }

#endif
