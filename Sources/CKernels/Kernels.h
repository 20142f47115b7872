// The kernels, included by one file for each kind of processor. Vectors of eight are the compiler's
// own (clang's `vector_size`): one register with AVX2, two or more without.

#pragma once

#include "include/CKernels.h"
#include "Layout.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

typedef float f8 __attribute__((ext_vector_type(8)));
typedef int32_t i8 __attribute__((ext_vector_type(8)));
// Numbers in memory need not be aligned, and are floats to others.
typedef float f8_in_memory __attribute__((ext_vector_type(8), aligned(4), may_alias));

INLINE f8 load(const float *p) { return *(const f8_in_memory *)p; }
INLINE void store(float *p, f8 x) { *(f8_in_memory *)p = x; }
INLINE f8 splat(float x) { return (f8){x, x, x, x, x, x, x, x}; }
INLINE f8 greater(f8 a, f8 b) { return a > b ? a : b; }

INLINE float sum(f8 x) {
  f8 y = x + __builtin_shufflevector(x, x, 4, 5, 6, 7, 0, 1, 2, 3);
  y += __builtin_shufflevector(y, y, 2, 3, 0, 1, 6, 7, 4, 5);
  return y[0] + y[1];
}

INLINE float largest(f8 x) {
  f8 y = greater(x, __builtin_shufflevector(x, x, 4, 5, 6, 7, 0, 1, 2, 3));
  y = greater(y, __builtin_shufflevector(y, y, 2, 3, 0, 1, 6, 7, 4, 5));
  return y[0] > y[1] ? y[0] : y[1];
}

// e to the power of eight numbers, to two units in the last place; beyond ±87 as at ±87.
//
// Cephes' `expf` (S. Moshier, netlib.org/cephes): x = n ln 2 + r with |r| ≤ ½ ln 2, and a
// polynomial for e^r.
INLINE f8 exponential(f8 x) {
  x = x < splat(87) ? x : splat(87);
  x = x > splat(-87) ? x : splat(-87);
  // Adding 1.5 · 2²³ rounds to a whole number, which then stands in the lowest bits.
  f8 shifted = x * 1.44269504f + 12582912.0f;
  f8 n = shifted - 12582912.0f;
  f8 r = x - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  f8 p = r * 1.98756915e-4f + 1.39819995e-3f;
  p = p * r + 8.3334519e-3f;
  p = p * r + 4.1665796e-2f;
  p = p * r + 1.66666655e-1f;
  p = p * r + 5.0000001e-1f;
  f8 power = p * (r * r) + (r + 1);
  i8 bits = (__builtin_bit_cast(i8, shifted) - (0x4B400000 - 127)) << 23;
  return power * __builtin_bit_cast(f8, bits);
}

INLINE f8 silu(f8 x) { return x / (1 + exponential(-x)); }

// ---- Products --------------------------------------------------------------------------------

// Six rows of a factor beside each other, column by column, so that a tile reads one stream and not
// six: `sign`·`other` added to `a` where the sign is not 0. Of fewer rows the missing ones are any
// numbers.
INLINE void pack_panel(const int rows, const float *a, const float *other, float sign, long stride,
                       long depth, float *to) {
  long k = 0;
  for (; k + 8 <= depth; k += 8, to += 48) {
    f8 x[8];
#pragma unroll
    for (int r = 0; r < 8; r++) {
      long at = (r < rows ? r : 0) * stride + k;
      x[r] = sign != 0 ? load(a + at) + load(other + at) * sign : load(a + at);
    }
    f8 y[8];
#pragma unroll
    for (int r = 0; r < 8; r += 2) {
      y[r] = __builtin_shufflevector(x[r], x[r + 1], 0, 8, 1, 9, 4, 12, 5, 13);
      y[r + 1] = __builtin_shufflevector(x[r], x[r + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
#pragma unroll
    for (int half = 0; half < 8; half += 4)
#pragma unroll
      for (int r = 0; r < 2; r++) {
        f8 p = y[half + r], q = y[half + 2 + r];
        x[half + 2 * r] = __builtin_shufflevector(p, q, 0, 1, 8, 9, 4, 5, 12, 13);
        x[half + 2 * r + 1] = __builtin_shufflevector(p, q, 2, 3, 10, 11, 6, 7, 14, 15);
      }
    // Each overwrites the two places too many of the one before.
#pragma unroll
    for (int c = 0; c < 4; c++)
      store(to + c * 6, __builtin_shufflevector(x[c], x[c + 4], 0, 1, 2, 3, 8, 9, 10, 11));
#pragma unroll
    for (int c = 0; c < 4; c++)
      store(to + 24 + c * 6, __builtin_shufflevector(x[c], x[c + 4], 4, 5, 6, 7, 12, 13, 14, 15));
  }
  for (; k < depth; k++, to += 6)
    for (int r = 0; r < rows; r++)
      to[r] = sign != 0 ? a[r * stride + k] + other[r * stride + k] * sign : a[r * stride + k];
}

// A tile of rows × 16 of a product. 6 × 16 fills the registers of AVX2: twelve sums, two of the
// weight, one of the row.
INLINE void tile(const int rows, const float *a, const float *b, long depth, f8 sums[][2]) {
  for (int r = 0; r < rows; r++) sums[r][0] = sums[r][1] = splat(0);
  for (long k = 0; k < depth; k++) {
    f8 b0 = load(b + k * 16), b1 = load(b + k * 16 + 8);
#pragma unroll
    for (int r = 0; r < rows; r++) {
      f8 x = splat(a[k * 6 + r]);
      sums[r][0] += x * b0;
      sums[r][1] += x * b1;
    }
  }
}

INLINE void write_tile(const int rows, f8 sums[][2], const struct target *targets,
                       long count, bool adds, long at, long stride, long columns) {
  for (long t = 0; t < count; t++) {
    float *c = targets[t].c + at;
    float sign = targets[t].sign;
    bool reads = adds || targets[t].adds;
    if (columns < 16) {
      for (int r = 0; r < rows; r++)
        for (long j = 0; j < columns; j++) {
          float value = sign * sums[r][j / 8][j % 8];
          c[r * stride + j] = reads ? c[r * stride + j] + value : value;
        }
    } else if (reads) {
#pragma unroll
      for (int r = 0; r < rows; r++) {
        store(c + r * stride, load(c + r * stride) + sums[r][0] * sign);
        store(c + r * stride + 8, load(c + r * stride + 8) + sums[r][1] * sign);
      }
    } else {
#pragma unroll
      for (int r = 0; r < rows; r++) {
        store(c + r * stride, sums[r][0] * sign);
        store(c + r * stride + 8, sums[r][1] * sign);
      }
    }
  }
}

INLINE void one_tile(const int rows, const float *a, const float *b, long depth,
                     const struct target *targets, long count, bool adds, long at,
                     long stride, long columns) {
  f8 sums[6][2];
  for (long t = 0; t < count; t++)
#pragma unroll
    for (int r = 0; r < rows; r++) __builtin_prefetch(targets[t].c + at + r * stride, 1, 3);
  tile(rows, a, b, depth, sums);
  write_tile(rows, sums, targets, count, adds, at, stride, columns);
}

#define FOR_ROWS(rows, call)                                                                       \
  switch (rows) {                                                                                  \
    case 1: call(1); break;                                                                        \
    case 2: call(2); break;                                                                        \
    case 3: call(3); break;                                                                        \
    case 4: call(4); break;                                                                        \
    case 5: call(5); break;                                                                        \
    default: call(6); break;                                                                       \
  }

// (a + sign·other)·w, all rows at most ROWS_AT_ONCE, for one chunk of the depth.
static void multiply_chunk(const float *a, const float *other, float sign, long a_stride, long rows,
                           const float *b, long depth, long columns,
                           const struct target *targets, long count, bool adds, long at,
                           long c_stride, float *scratch) {
  // Panels of nearly the same size: a tile of one or two rows waits for its own sums.
  long panels = (rows + 5) / 6;
  for (long p = 0; p < panels; p++) {
    long row = p * rows / panels;
    float *to = scratch + p * depth * 6;
#define PACK(n)                                                                                    \
  pack_panel(n, a + row * a_stride, other + row * a_stride, sign, a_stride, depth, to)
    FOR_ROWS((p + 1) * rows / panels - row, PACK)
#undef PACK
  }
  for (long column = 0; column < columns; column += 16, b += depth * 16) {
    long wide = columns - column < 16 ? columns - column : 16;
    // The weight comes from memory once and is used for all rows; the next part of it is asked for
    // while this one is used.
    const float *next = b + depth * 16;
    long ahead = (depth / panels + 1) * 16;
    for (long p = 0; p < panels; p++, next += ahead) {
      for (long line = 0; line < ahead; line += 16) __builtin_prefetch(next + line, 0, 2);
      long row = p * rows / panels;
      const float *x = scratch + p * depth * 6;
#define TILE(n)                                                                                    \
  one_tile(n, x, b, depth, targets, count, adds, at + row * c_stride + column, c_stride, wide)
      FOR_ROWS((p + 1) * rows / panels - row, TILE)
#undef TILE
    }
  }
}

static void multiply_sum(const float *a, const float *other, float sign, long a_stride, long rows,
                         const float *packed, long depth, long columns,
                         const struct target *targets, long count, long c_stride,
                         float *scratch) {
  long chunk = packed_chunk(depth);
  for (long start = 0; start < depth; start += chunk) {
    long length = depth - start < chunk ? depth - start : chunk;
    for (long top = 0; top < rows; top += ROWS_AT_ONCE) {
      long some = rows - top < ROWS_AT_ONCE ? rows - top : ROWS_AT_ONCE;
      long at = top * a_stride + start;
      multiply_chunk(a + at, other + at, sign, a_stride, some, packed, length, columns, targets,
                     count, start > 0, top * c_stride, c_stride, scratch);
    }
    packed += undertone_packed_size(length, columns);
  }
}

static void multiply(const float *a, long a_stride, long rows, const float *packed, long depth,
                     long columns, bool adds, float *c, long c_stride, float *scratch) {
  struct target target = {c, 1, adds};
  multiply_sum(a, a, 0, a_stride, rows, packed, depth, columns, &target, 1, c_stride, scratch);
}

static void multiply_by_seven(const float *a, long a_stride, long rows, const float *packed,
                              long depth, long columns, bool adds, float *c, long c_stride,
                              float *scratch) {
  const long m = rows / 2, k = depth / 2, n = columns / 2;
  for (int i = 0; i < 7; i++, packed += undertone_packed_size(k, n)) {
    const struct seventh *p = &sevenths[i];
    struct target targets[2];
    for (int t = 0; t < p->count; t++) {
      targets[t] = p->targets[t];
      targets[t].c = c + p->places[t].row * m * c_stride + p->places[t].column * n;
      targets[t].adds |= adds;
    }
    multiply_sum(a + p->row * m * a_stride + p->column * k,
                 a + p->other_row * m * a_stride + p->other_column * k, p->sign, a_stride, m,
                 packed, k, n, targets, p->count, c_stride, scratch);
  }
}

// ---- Normal forms ----------------------------------------------------------------------------

// Mean, and one over the standard deviation.
INLINE float moments(const float *x, long count, float epsilon, float *mean) {
  f8 a = splat(0), b = splat(0);
  long j = 0;
  for (; j + 16 <= count; j += 16) {
    a += load(x + j);
    b += load(x + j + 8);
  }
  if (j < count) a += load(x + j);
  f8 m = splat(sum(a + b) / (float)count);
  a = b = splat(0);
  for (j = 0; j + 16 <= count; j += 16) {
    f8 p = load(x + j) - m, q = load(x + j + 8) - m;
    a += p * p;
    b += q * q;
  }
  if (j < count) {
    f8 p = load(x + j) - m;
    a += p * p;
  }
  *mean = m[0];
  return 1 / sqrtf(sum(a + b) / (float)count + epsilon);
}

static void normalise(const float *x, long x_stride, long rows, long width, const float *scale,
                      float *y, long y_stride) {
  for (long r = 0; r < rows; r++) {
    const float *from = x + r * x_stride;
    float *to = y + r * y_stride;
    float mean, factor = moments(from, width, 1e-5f, &mean);
    for (long j = 0; j < width; j += 8)
      store(to + j, (load(from + j) - mean) * factor * load(scale + j));
  }
}

static void normalise_and_shift(const float *x, long rows, long width, float epsilon,
                                const float *scale, const float *shift, float *y) {
  for (long r = 0; r < rows; r++, x += width, y += width) {
    float mean, factor = moments(x, width, epsilon, &mean);
    for (long j = 0; j < width; j += 8)
      store(y + j, (load(x + j) - mean) * factor * load(scale + j) + load(shift + j));
  }
}

static void scale_rows(float *x, long columns, long rows, const float *mapped, long mapped_stride,
                       long width) {
  for (long r = 0; r < rows; r++) {
    float mean, factor = moments(mapped + r * mapped_stride, width, 1e-5f, &mean);
    for (long j = 0; j < columns; j++) x[r * columns + j] *= factor;
  }
}

// ---- The cell --------------------------------------------------------------------------------

// out += a·w, eight columns wide, w depth × 8.
INLINE void narrow(const int rows, const float *a, long a_stride, const float *w, long depth,
                   float *out, long out_stride) {
  f8 sums[8];
  for (int r = 0; r < rows; r++) sums[r] = load(out + r * out_stride);
  for (long k = 0; k < depth; k++) {
    f8 b = load(w + k * 8);
#pragma unroll
    for (int r = 0; r < rows; r++) sums[r] += splat(a[r * a_stride + k]) * b;
  }
  for (int r = 0; r < rows; r++) store(out + r * out_stride, sums[r]);
}

static void add_gates(const float *a, long stride, long steps, const float *w, long depth,
                      float *gates, long padded) {
  for (long group = 0; group < padded; group += 8, w += depth * 8) {
    long r = 0;
    for (; r + 8 <= steps; r += 8)
      narrow(8, a + r * stride, stride, w, depth, gates + r * padded + group, padded);
    for (; r < steps; r++)
      narrow(1, a + r * stride, stride, w, depth, gates + r * padded + group, padded);
  }
}

// SiLU of the causal convolution of each column with its taps.
static void convolve(const struct undertone_mlstm *w, const float *x, long stride, long steps,
                     float *y) {
  for (long t = 0; t < steps; t++) {
    long before = t < w->taps - 1 ? t : w->taps - 1;
    const float *taps = w->tap_weights + (w->taps - 1 - before) * w->inner;
    const float *from = x + (t - before) * stride;
    float *to = y + t * w->inner;
    if (before == 3) {
      for (long j = 0; j < w->inner; j += 8) {
        f8 a = load(w->tap_bias + j) + load(taps + j) * load(from + j);
        f8 b = load(taps + w->inner + j) * load(from + stride + j);
        a = a + load(taps + 2 * w->inner + j) * load(from + 2 * stride + j);
        b = b + load(taps + 3 * w->inner + j) * load(from + 3 * stride + j);
        store(to + j, silu(a + b));
      }
    } else {
      for (long j = 0; j < w->inner; j += 8) {
        f8 a = load(w->tap_bias + j);
        for (long tap = 0; tap <= before; tap++)
          a = a + load(taps + tap * w->inner + j) * load(from + tap * stride + j);
        store(to + j, silu(a));
      }
    }
  }
}

// A block-diagonal map of two blocks of four.
INLINE f8 map_blocks(const float *w, f8 x) {
  f8 a = load(w) * __builtin_shufflevector(x, x, 0, 0, 0, 0, 4, 4, 4, 4);
  f8 b = load(w + 8) * __builtin_shufflevector(x, x, 1, 1, 1, 1, 5, 5, 5, 5);
  a = a + load(w + 16) * __builtin_shufflevector(x, x, 2, 2, 2, 2, 6, 6, 6, 6);
  b = b + load(w + 24) * __builtin_shufflevector(x, x, 3, 3, 3, 3, 7, 7, 7, 7);
  return a + b;
}

INLINE f8 sums_of_pairs(f8 a, f8 b) {
  return __builtin_shufflevector(a, b, 0, 2, 8, 10, 4, 6, 12, 14) +
         __builtin_shufflevector(a, b, 1, 3, 9, 11, 5, 7, 13, 15);
}

// The products of two queries with four keys, into two rows of scores.
INLINE void score_tile(const float *q, const float *k, long k_stride, long d, float *scores,
                       long stride) {
  f8 s[2][4];
  for (int t = 0; t < 2; t++)
    for (int o = 0; o < 4; o++) s[t][o] = splat(0);
  for (long j = 0; j < d; j += 8) {
    f8 q0 = load(q + j), q1 = load(q + d + j);
#pragma unroll
    for (int o = 0; o < 4; o++) {
      f8 key = load(k + o * k_stride + j);
      s[0][o] += q0 * key;
      s[1][o] += q1 * key;
    }
  }
  f8 a = sums_of_pairs(sums_of_pairs(s[0][0], s[0][1]), sums_of_pairs(s[0][2], s[0][3]));
  f8 b = sums_of_pairs(sums_of_pairs(s[1][0], s[1][1]), sums_of_pairs(s[1][2], s[1][3]));
  f8 both = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11) +
            __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
  for (int o = 0; o < 4; o++) {
    scores[o] = both[o];
    scores[stride + o] = both[4 + o];
  }
}

// ln σ(x), without overflow or cancellation for any argument.
INLINE float log_sigmoid(float x) {
  return x >= 0 ? -log1pf(expf(-x)) : x - log1pf(expf(x));
}

// Makes the scores of step t what it takes of the steps up to it (arXiv:2405.04517, appendix A.3):
// decayed, gated, divided; 0 from t + 1 on.
INLINE void weigh(long t, const float *decay, const float *input, float *scores, long padded) {
  const i8 lanes = {0, 1, 2, 3, 4, 5, 6, 7};
  f8 top = splat(-INFINITY);
  for (long s = 0; s <= t; s += 8) {
    f8 e = decay[t] - load(decay + s) + load(input + s);
    top = greater(top, lanes + (int32_t)s <= (i8)(int32_t)t ? e : splat(-INFINITY));
  }
  float m = largest(top);
  f8 total = splat(0);
  for (long s = 0; s <= t; s += 8) {
    f8 e = exponential(decay[t] - load(decay + s) + load(input + s) - m) * load(scores + s);
    e = lanes + (int32_t)s <= (i8)(int32_t)t ? e : splat(0);
    store(scores + s, e);
    total += e;
  }
  float divisor = fmaxf(fabsf(sum(total)), expf(-m)) + 1e-6f;
  for (long s = 0; s <= t; s += 8) store(scores + s, load(scores + s) / divisor);
  for (long s = t / 8 * 8 + 8; s < padded; s += 8) store(scores + s, splat(0));
}

// Sums of the first `count` steps' values, weighted by rows of scores, through the map of values.
INLINE void mix(const int rows, const int vectors, const float *scores, long padded, long count,
                const float *x, long stride, const float *map, float *h, long d) {
  f8 sums[4][2];
  for (int r = 0; r < rows; r++)
    for (int v = 0; v < vectors; v++) sums[r][v] = splat(0);
  for (long s = 0; s < count; s++) {
    f8 value[2];
    for (int v = 0; v < vectors; v++) value[v] = load(x + s * stride + v * 8);
#pragma unroll
    for (int r = 0; r < rows; r++) {
      f8 weight = splat(scores[r * padded + s]);
      for (int v = 0; v < vectors; v++) sums[r][v] += weight * value[v];
    }
  }
  for (int v = 0; v < vectors; v++)
    for (int r = 0; r < rows; r++) store(h + r * d + v * 8, map_blocks(map + v * 32, sums[r][v]));
}

INLINE void mix_rows(const int rows, const float *scores, long padded, long count, const float *x,
                     long stride, const float *map, float *h, long d) {
  long j = 0;
  for (; j + 16 <= d; j += 16)
    mix(rows, 2, scores, padded, count, x + j, stride, map + j * 4, h + j, d);
  if (j < d) mix(rows, 1, scores, padded, count, x + j, stride, map + j * 4, h + j, d);
}

static void cell(const struct undertone_mlstm *w, long steps, long first, const float *normal,
                 long normal_stride, const float *values, const float *gate, long stride,
                 float *scratch, float *out, long out_stride) {
  const long inner = w->inner, d = inner / w->heads;
  const struct cell_layout at = cell_layout(steps, inner, w->heads);
  float *convolved = scratch, *q = scratch + at.q, *h = scratch + at.h;
  float *scores = scratch + at.scores, *gates = scratch + at.gates;
  float *decay = scratch + at.decay, *input = scratch + at.input;
  // Tiles of scores read whole fours of steps and eights of gates.
  memset(convolved + steps * inner, 0, (size_t)((at.steps - steps) * inner) * sizeof(float));
  convolve(w, values, stride, steps, convolved);
  for (long t = 0; t < steps; t++)
    memcpy(gates + t * at.gate_stride, w->gate_bias, (size_t)at.gate_stride * sizeof(float));
  add_gates(normal, normal_stride, steps, w->normal_gates, w->depth, gates, at.gate_stride);
  add_gates(convolved, inner, steps, w->convolved_gates, inner, gates, at.gate_stride);

  for (long head = 0; head < w->heads; head++) {
    const long start = head * d;
    const float *c = convolved + start;
    float total = 0;
    for (long t = 0; t < at.steps; t++) {
      const float *pre = gates + t * at.gate_stride + head;
      if (t < steps) total += log_sigmoid(pre[w->heads]);
      decay[t] = total;
      input[t] = t < steps ? pre[0] : 0;
    }
    // Two queries at a time; a missing second one is the first again.
    for (long t = first; t < steps; t += 2) {
      for (long o = 0; o < 2; o++) {
        const float *from = c + (t + o < steps ? t + o : t) * inner;
        for (long j = 0; j < d; j += 8)
          store(q + o * d + j, map_blocks(w->scores + (start + j) * 4, load(from + j)));
      }
      for (long s = 0; s <= t + 1 && s < steps; s += 4)
        score_tile(q, c + s * inner, inner, d, scores + t * at.steps + s, at.steps);
    }
    for (long t = first; t < steps; t++) weigh(t, decay, input, scores + t * at.steps, at.steps);
    for (long t = first; t < steps;) {
      const float *x = values + start, *map = w->values + start * 4;
      long rows = t + 4 <= steps ? 4 : 1;
      if (rows == 4) mix_rows(4, scores + t * at.steps, at.steps, t + 4, x, stride, map, h, d);
      else mix_rows(1, scores + t * at.steps, at.steps, t + 1, x, stride, map, h, d);
      for (long r = 0; r < rows; r++, t++) {
        const float *line = h + r * d, *z = gate + t * stride + start, *skipped = c + t * inner;
        float *to = out + t * out_stride + start;
        float mean, factor = moments(line, d, 1e-5f, &mean);
        for (long j = 0; j < d; j += 8) {
          f8 y = (load(line + j) - mean) * factor * load(w->norm + start + j);
          y = y + load(w->skip + start + j) * load(skipped + j);
          store(to + j, y * silu(load(z + j)));
        }
      }
    }
  }
}

// ---- Elements --------------------------------------------------------------------------------

INLINE f8 sigmoid8(f8 x) { return 1 / (1 + exponential(-x)); }

// Cephes' `tanhf`: a polynomial near 0, where 1 − e^−2x would lose what there is.
INLINE f8 tanh8(f8 x) {
  f8 size = x < 0 ? -x : x;
  f8 power = exponential(size * -2);
  f8 far = (1 - power) / (1 + power);
  f8 z = x * x;
  f8 p = z * -5.70498872745e-3f + 2.06390887954e-2f;
  p = p * z - 5.37397155531e-2f;
  p = p * z + 1.33314422036e-1f;
  p = p * z - 3.33332819422e-1f;
  return size < 0.625f ? p * z * x + x : (x < 0 ? -far : far);
}

// The normal distribution function to about 2e-7, by the error function: the rational approximation
// of Eigen's `generic_fast_erf_float` (gitlab.com/libeigen/eigen, Eigen/src/Core/
// MathFunctionsImpl.h), odd in its argument and 1 from 4 on.
INLINE f8 normal8(f8 x) {
  x *= 0.707106781f;
  x = x < splat(-4) ? splat(-4) : x;
  x = x > splat(4) ? splat(4) : x;
  f8 s = x * x;
  f8 p = s * -2.72614225801306e-10f + 2.77068142495902e-08f;
  p = p * s - 2.10102402082508e-06f;
  p = p * s - 5.69250639462346e-05f;
  p = p * s - 7.34990630326855e-04f;
  p = p * s - 2.95459980854025e-03f;
  p = p * s - 1.60960333262415e-02f;
  f8 q = s * -1.45660718464996e-05f - 2.13374055278905e-04f;
  q = q * s - 1.68282697438203e-03f;
  q = q * s - 7.37332916720468e-03f;
  q = q * s - 1.42647390514189e-02f;
  return 0.5f + 0.5f * x * p / q;
}

INLINE f8 gelu8(f8 x) { return x * normal8(x); }

INLINE f8 gelu_slope8(f8 x) {
  return normal8(x) + x * 0.398942280f * exponential(x * x * -0.5f);
}

// A function of eight numbers at a time; the last few go through a buffer.
#define FOR_EACH_EIGHT(name, result)                                                               \
  static void name(const float *x, long count, float *y) {                                         \
    long i = 0;                                                                                    \
    for (; i + 8 <= count; i += 8) {                                                               \
      f8 at = load(x + i);                                                                         \
      store(y + i, result);                                                                        \
    }                                                                                              \
    float rest[8] = {0};                                                                           \
    memcpy(rest, x + i, (size_t)(count - i) * sizeof(float));                                      \
    f8 at = load(rest);                                                                            \
    store(rest, result);                                                                           \
    memcpy(y + i, rest, (size_t)(count - i) * sizeof(float));                                      \
  }

FOR_EACH_EIGHT(sigmoids, sigmoid8(at))
FOR_EACH_EIGHT(tangents, tanh8(at))
FOR_EACH_EIGHT(silus, silu(at))
FOR_EACH_EIGHT(gelus, gelu8(at))
FOR_EACH_EIGHT(gelu_slopes, gelu_slope8(at))

static void softmax(float *x, long rows, long columns, float scale) {
  for (long r = 0; r < rows; r++, x += columns) {
    float top = x[0];
    for (long j = 1; j < columns; j++) top = x[j] > top ? x[j] : top;
    f8 totals = splat(0);
    long j = 0;
    for (; j + 8 <= columns; j += 8) {
      f8 power = exponential((load(x + j) - top) * scale);
      store(x + j, power);
      totals += power;
    }
    float rest[8] = {0};
    memcpy(rest, x + j, (size_t)(columns - j) * sizeof(float));
    store(rest, exponential((load(rest) - top) * scale));
    float total = sum(totals);
    for (long k = 0; j + k < columns; k++) total += x[j + k] = rest[k];
    float share = 1 / total;
    for (j = 0; j < columns; j++) x[j] *= share;
  }
}

#define KERNELS                                                                                    \
  {multiply, multiply_by_seven, normalise, scale_rows, cell, sigmoids, tangents, silus, gelus,     \
   gelu_slopes, normalise_and_shift, softmax}
