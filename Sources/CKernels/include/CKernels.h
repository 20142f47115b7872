#pragma once

#include <stdbool.h>

// The loops in which inference spends its time, once for any processor and once for AVX2 with FMA.
// Swift compiles a whole module for one kind of processor, and that has to be the oldest; here the
// same source is compiled for two and chosen when the program runs.
//
// Everything is row-major, a "stride" is the distance of two rows in floats, and nothing is
// allocated. The two kinds differ in rounding only.

#pragma clang assume_nonnull begin

/// What a block of an mLSTM knows, laid out for `cell`. `inner` is `heads` times a multiple of 8.
struct undertone_mlstm {
  long inner;
  long heads;
  /// Taps of the causal convolution: `taps` × `inner`, the last one belonging to the step itself.
  long taps;
  const float *tap_weights;
  const float *tap_bias;
  /// Block-diagonal maps of blocks of four: for each eight columns, the four columns of both blocks
  /// one after the other, 4 × `inner` in all. `scores` is Wqᵀ·Wk/√d, so that a score of two steps
  /// is c·scores·c′; `values` is Wv.
  const float *scores;
  const float *values;
  /// Pre-activations of the gates, `heads` of the input, then of the forget gate, padded to a
  /// multiple of 8: maps from the block's normal form (`depth` wide) and from the convolved, each
  /// stored eight gates at a time as `depth` × 8 or `inner` × 8; and what is added.
  long depth;
  const float *normal_gates;
  const float *convolved_gates;
  const float *gate_bias;
  /// Scales of the head-wise normal form, and the learnable skip: `inner` each.
  const float *norm;
  const float *skip;
};

struct undertone_kernels {
  /// c = a·w, added to what is there if `adds`, for a weight that `undertone_pack` has packed: a is
  /// rows × depth, c is rows × columns. `scratch` has `undertone_multiply_scratch` floats.
  void (*multiply)(const float *a, long a_stride, long rows, const float *packed, long depth,
                   long columns, bool adds, float *c, long c_stride, float *scratch);
  /// The same for a weight that `undertone_pack_sevens` has packed: Strassen's seven products of
  /// quarters in place of eight. `rows` is even.
  void (*multiply_by_seven)(const float *a, long a_stride, long rows, const float *packed,
                            long depth, long columns, bool adds, float *c, long c_stride,
                            float *scratch);
  /// LayerNorm without bias, eps 1e-5; `width` is a multiple of 8.
  void (*normalise)(const float *x, long x_stride, long rows, long width, const float *scale,
                    float *y, long y_stride);
  /// Multiplies each row of x, `columns` wide, by one over the standard deviation of that row of
  /// `mapped`, as LayerNorm has it.
  void (*scale_rows)(float *x, long columns, long rows, const float *mapped, long mapped_stride,
                     long width);
  /// One sequence through a block, from the values up to what the last map takes.
  ///
  /// - normal: steps × `depth`, the block's normal form.
  /// - values: steps × `inner`; gate: the output gate before SiLU, of the same stride.
  /// - first: the first step that is wanted.
  /// - scratch: `undertone_cell_scratch` floats, aligned to 64 bytes.
  /// - out: steps × `inner`; steps before `first` stay as they are.
  void (*cell)(const struct undertone_mlstm *block, long steps, long first, const float *normal,
               long normal_stride, const float *values, const float *gate, long stride,
               float *scratch, float *out, long out_stride);
  /// 1 / (1 + e^−x), tanh x, x / (1 + e^−x), x·Φ(x), and the derivative of the last, of `count`
  /// numbers: to 3e-7, the last two to 1e-6, of the result or of 1, whichever is more. `y` may be
  /// `x`.
  void (*sigmoid)(const float *x, long count, float *y);
  void (*tanh)(const float *x, long count, float *y);
  void (*silu)(const float *x, long count, float *y);
  void (*gelu)(const float *x, long count, float *y);
  void (*gelu_slope)(const float *x, long count, float *y);
  /// LayerNorm with a shift, of rows side by side; `width` is a multiple of 8.
  void (*normalise_and_shift)(const float *x, long rows, long width, float epsilon,
                              const float *scale, const float *shift, float *y);
  /// Each row of x becomes e^(scale·x) divided by its sum; `scale` is positive.
  void (*softmax)(float *x, long rows, long columns, float scale);
};

/// For any processor. `multiply` is slow there; a BLAS is the better choice.
const struct undertone_kernels *undertone_portable_kernels(void);

/// For AVX2 and FMA; NULL where the processor lacks them.
const struct undertone_kernels *_Nullable undertone_avx2_kernels(void);

/// Whether the processor has AVX-512, for which a BLAS has kernels twice as wide as these.
bool undertone_has_avx512(void);

/// How many floats a packed weight of so many columns (its outputs) has.
long undertone_packed_size(long depth, long columns);

/// Packs a weight, columns × depth, for `multiply`.
void undertone_pack(const float *w, long stride, long depth, long columns, float *packed);

/// Packs a weight, columns × depth, both even, for `multiply_by_seven`: seven times
/// `undertone_packed_size` of a quarter.
void undertone_pack_sevens(const float *w, long stride, long depth, long columns, float *packed);

/// How many floats products need to lay out the factor, whatever their size.
long undertone_multiply_scratch(void);

/// How many floats `cell` needs.
long undertone_cell_scratch(long steps, long inner, long heads);

#pragma clang assume_nonnull end
