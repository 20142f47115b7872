// What packing and the kernels of each kind of processor agree on.

#pragma once

#include "include/CKernels.h"

// A packed weight is cut into chunks of its depth, so that what a tile reads of it stays in the
// first cache: 16 columns of at most 320, 20 KiB.
enum { LONGEST_CHUNK = 320 };

static inline long packed_chunk(long depth) {
  long chunks = (depth + LONGEST_CHUNK - 1) / LONGEST_CHUNK;
  return chunks > 0 ? (depth + chunks - 1) / chunks : 1;
}

// Rows of a factor that stay in the second cache while a chunk of the weight goes by.
enum { ROWS_AT_ONCE = 192 };

// Where a product goes: `c` becomes `sign`·product, added to what is there if `adds`.
struct target {
  float *c;
  float sign;
  bool adds;
};

// Strassen's products of quarters (Numerische Mathematik 13, 1969): (A + sign·A′)·(B + sign·B′),
// the second of each missing where the sign is 0, and the quarters of the result it is written to.
// In this order a quarter is written to before it is added to.
struct seventh {
  int row, column, other_row, other_column;
  float sign;
  int weight_row, weight_column, other_weight_row, other_weight_column;
  float weight_sign;
  int count;
  struct {
    int row, column;
  } places[2];
  struct target targets[2];
};

static const struct seventh sevenths[7] = {
    {0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 2, {{0, 0}, {1, 1}}, {{0, 1, false}, {0, 1, false}}},
    {1, 0, 1, 1, 1, 0, 0, 0, 0, 0, 2, {{1, 0}, {1, 1}}, {{0, 1, false}, {0, -1, true}}},
    {0, 0, 0, 0, 0, 0, 1, 1, 1, -1, 2, {{0, 1}, {1, 1}}, {{0, 1, false}, {0, 1, true}}},
    {1, 1, 0, 0, 0, 1, 0, 0, 0, -1, 2, {{0, 0}, {1, 0}}, {{0, 1, true}, {0, 1, true}}},
    {0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 2, {{0, 0}, {0, 1}}, {{0, -1, true}, {0, 1, true}}},
    {1, 0, 0, 0, -1, 0, 0, 0, 1, 1, 1, {{1, 1}}, {{0, 1, true}}},
    {0, 1, 1, 1, -1, 1, 0, 1, 1, 1, 1, {{0, 0}}, {{0, 1, true}}},
};

// Where the parts of the cell's scratch begin.
struct cell_layout {
  long steps;        // padded
  long gate_stride;  // padded
  long q, h, scores, gates, decay, input, size;
};

static inline struct cell_layout cell_layout(long steps, long inner, long heads) {
  struct cell_layout at;
  long d = inner / heads;
  at.steps = (steps + 7) / 8 * 8;
  at.gate_stride = (2 * heads + 7) / 8 * 8;
  at.q = at.steps * inner;
  at.h = at.q + 2 * d;
  at.scores = at.h + 4 * d;
  // Queries are taken two at a time: a row more.
  at.gates = at.scores + (steps + 1) * at.steps;
  at.decay = at.gates + at.steps * at.gate_stride;
  at.input = at.decay + at.steps;
  at.size = at.input + at.steps;
  return at;
}
