// Vectors wider than a register are passed in memory by some compilers and not by others; here they
// are never passed, all functions that take them being inlined.
#pragma clang diagnostic ignored "-Wpsabi"
#include "Kernels.h"

static const struct undertone_kernels kernels = KERNELS;

const struct undertone_kernels *undertone_portable_kernels(void) { return &kernels; }

long undertone_cell_scratch(long steps, long inner, long heads) {
  return cell_layout(steps, inner, heads).size;
}

long undertone_multiply_scratch(void) {
  // Panels of six rows; the last one's last column is written eight wide.
  return (ROWS_AT_ONCE + 5) / 6 * 6 * LONGEST_CHUNK + 2;
}

long undertone_packed_size(long depth, long columns) { return depth * ((columns + 15) / 16 * 16); }

// Packs w + sign·other, or w alone where the sign is 0.
static void pack(const float *w, const float *other, float sign, long stride, long depth,
                 long columns, float *packed) {
  long chunk = packed_chunk(depth);
  for (long start = 0; start < depth; start += chunk) {
    long length = depth - start < chunk ? depth - start : chunk;
    for (long column = 0; column < columns; column += 16, packed += length * 16) {
      for (long j = 0; j < 16; j++) {
        long at = (column + j) * stride + start;
        for (long k = 0; k < length; k++) {
          float *to = packed + k * 16 + j;
          if (column + j >= columns) *to = 0;
          else if (sign != 0) *to = w[at + k] + sign * other[at + k];
          else *to = w[at + k];
        }
      }
    }
  }
}

void undertone_pack(const float *w, long stride, long depth, long columns, float *packed) {
  pack(w, w, 0, stride, depth, columns, packed);
}

void undertone_pack_sevens(const float *w, long stride, long depth, long columns, float *packed) {
  const long k = depth / 2, n = columns / 2;
  for (int i = 0; i < 7; i++, packed += undertone_packed_size(k, n)) {
    const struct seventh *p = &sevenths[i];
    // The weight is stored transposed: its columns lie one after the other.
    pack(w + p->weight_column * n * stride + p->weight_row * k,
         w + p->other_weight_column * n * stride + p->other_weight_row * k, p->weight_sign, stride,
         k, n, packed);
  }
}
