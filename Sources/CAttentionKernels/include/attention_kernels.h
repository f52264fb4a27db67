// Loops over float32 memory, one table of them per instruction set.
//
// Every table starts as a copy of the one below it (scalar → avx2 → avx512 → avx512-vnni → avx512-bf16 → amx on x86-64,
// scalar → neon on arm64; elsewhere there is scalar alone) and overwrites only what it improves. The scalar table is the
// reference: each entry of every other table is tested against it.
//
// Conventions: outputs come first; sizes are `size_t` counts of elements, strides are counts of floats between
// consecutive rows; pointers need no alignment; outputs never overlap inputs unless a comment says "may be x".
// Kernels never allocate, never start threads, never touch files. A size of zero is a valid no-op.
// Reductions use a fixed order, so the same call always gives the same bits.
#ifndef ATTENTION_KERNELS_H
#define ATTENTION_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// What happens to each element of a matrix product before it is stored.
typedef enum attn_activation {
    attn_activation_none,
    attn_activation_relu,
    attn_activation_gelu,  // x Φ(x), with the error function, within 2⁻²² |x|
    attn_activation_silu,  // x σ(x)
    attn_activation_tanh,
} attn_activation;

/// How the operands of products are read. Sums are in float32, of int8 in int32.
typedef enum attn_precision {
    attn_precision_exact,     // as they are: one float32 multiply-add for each pair
    attn_precision_float32,   // the fastest way within 1e-5 of the true product
    attn_precision_bfloat16,  // rounded to 8 significant bits, to nearest even
    attn_precision_int8,      // rows of A and columns of B as integers of −127 … 127 times a scale of their own
} attn_precision;
enum { attn_precision_count = 4 };

/// C[r,c] = residual[r,c] + drop(activation(scale · Σ_d A[r,d] B[d,c] + bias[c] + (accumulate ? C[r,c] : 0))),
/// drop as in the kernel `dropout` for index dropout_base + r · dropout_stride + c. The residual may be C itself.
///
/// A and B are read through two strides each, so a transposed operand is only a swap of strides.
typedef struct attn_product {
    size_t rows, columns, depth;
    const float *a;
    size_t a_row_stride, a_column_stride;
    const float *b;
    size_t b_row_stride, b_column_stride;
    float *c;
    size_t c_row_stride;
    float scale;
    bool accumulate;
    attn_activation activation;
    const float *_Nullable bias;
    const float *_Nullable residual;
    size_t residual_stride;
    float dropout;
    uint64_t dropout_seed, dropout_base;
    size_t dropout_stride;
} attn_product;

/// One way to multiply by a packed B: packed once, for any number of products with it.
typedef struct attn_product_method {
    const char *name;  // what it is: "fma", "split bfloat16 tiles", …

    /// Rows and columns of C should be split among threads at multiples of these.
    size_t row_block, column_block;

    /// Up to how many rows `product_direct` computes the same as fast as `multiply` does by a B that is packed already.
    size_t few_rows;

    /// Bytes that a packed B of this depth and column count takes, and bytes of scratch that one thread needs in `multiply`.
    size_t (*packed_size)(size_t depth, size_t columns);
    size_t (*workspace_size)(size_t depth);

    /// Packs columns [first, last) of B (first a multiple of column_block; last too, or the column count). Of the product only B and
    /// the sizes of B are read.
    void (*pack)(void *packed, const attn_product *p, size_t first, size_t last);

    /// Computes C for rows [row_first, row_last) × columns [column_first, column_last), the latter aligned as in `pack`.
    void (*multiply)(const attn_product *p, const void *packed, size_t row_first, size_t row_last, size_t column_first,
                     size_t column_last, void *workspace);
} attn_product_method;

/// One head of one batch item of softmax attention by inner products:
///
///   score(i,j) = cap · tanh(scale · query[i] · key[j] / cap) + bias[i,j] + distance_bias[j − i]
///
/// without the tanh if cap is 0, and without the biases that are null. Query i sees key j iff j < visible_keys and
/// i + offset − left ≤ j ≤ i + offset + right and mask[i,j] ≠ 0. What is not seen has no influence, not even as NaN.
/// Rows with nothing to see have zero output and log_sum −∞.
/// Dropout: weight (i,j) is kept iff attn's counter-based generator says so for
/// index dropout_base + i · dropout_stride + j under dropout_seed; kept weights are divided by (1 − dropout).
///
/// A call on some of the queries is a call with the pointers to the first of them and `offset` (and distance_bias, which
/// points at the entry for j = i and has entries from 1 − queries to keys − 1) moved along; likewise for keys.
typedef struct attn_attention {
    size_t queries, keys, head_size, value_size;
    const float *query, *key, *value;
    size_t query_stride, key_stride, value_stride;
    size_t visible_keys;
    ptrdiff_t offset;
    size_t left, right;  // SIZE_MAX leaves a side open
    const uint8_t *_Nullable mask;  // [queries, keys]
    size_t mask_stride;
    float scale, cap;
    const float *_Nullable bias;  // [queries, keys]
    size_t bias_stride;
    const float *_Nullable distance_bias;
    float dropout;
    uint64_t dropout_seed, dropout_base;
    size_t dropout_stride;
} attn_attention;

/// Where the gradients of an attn_attention are added to, laid out as what they belong to. The biases' may be null.
typedef struct attn_attention_gradients {
    float *query, *key, *value;
    size_t query_stride, key_stride, value_stride;
    float *_Nullable bias;
    size_t bias_stride;
    float *_Nullable distance_bias;
} attn_attention_gradients;

/// One way to compute attention.
typedef struct attn_attention_method {
    const char *name;  // as for products

    /// Up to how many queries go without packed keys and values.
    size_t few_queries;
    /// Bytes of packed keys and values, and of scratch for one thread in all functions below.
    size_t (*packed_size)(const attn_attention *a);
    size_t (*workspace_size)(const attn_attention *a);
    /// Packs those keys and values that the queries of `a` can see, for any calls on some of these queries.
    void (*pack)(void *packed, const attn_attention *a);
    /// output [queries, value_size] by output_stride; log_sum [queries] receives ln Σ_visible exp(score).
    /// With no more than `few_queries`, packed may be null.
    void (*forward)(float *output, size_t output_stride, float *log_sum, const attn_attention *a,
                    const void *_Nullable packed, void *workspace);
    /// The gradients are added to.
    void (*backward)(const attn_attention_gradients *gradients, const attn_attention *a, const float *output,
                     size_t output_stride, const float *log_sum, const float *upstream, size_t upstream_stride,
                     void *workspace);
    /// weights [queries, keys], before dropout, recovered from log_sum [queries].
    void (*weights)(float *weights, size_t weights_stride, const attn_attention *a, const float *log_sum,
                    void *workspace);
} attn_attention_method;

/// How weights lie in blocks: runs of small integers that share scales, as GGUF files have them.
typedef enum attn_block_type {
    attn_block_q4_0,  // 32 of 4 bits, a scale
    attn_block_q4_1,  // the same, and a least value
    attn_block_q5_0,  // 32 of 5 bits, a scale
    attn_block_q5_1,  // the same, and a least value
    attn_block_q8_0,  // 32 of 8 bits, a scale
    attn_block_q4_k,  // 8 × 32 of 4 bits with scales and least values of 6 bits
    attn_block_q5_k,  // 8 × 32 of 5 bits likewise
    attn_block_q6_k,  // 16 × 16 of 6 bits with scales of 8 bits
} attn_block_type;
enum { attn_block_type_count = 8 };

/// One way to lay weights out in blocks.
typedef struct attn_block_format {
    const char *name;
    size_t numbers, bytes;  // that a block holds, and takes

    /// out = numbers [first, first + n) of a run of blocks, as float32: exactly what they stand for.
    void (*widen)(float *out, const void *blocks, size_t first, size_t n);

    /// C = A Wᵀ as in attn_product, for rows [row_first, row_last) and columns [column_first, column_last), with W [columns, depth]
    /// as whole blocks, row_size bytes from one row of W to the next; b of the product is not read. A's columns are neighbours
    /// (a_column_stride 1). For few rows: each weight is read where it lies and becomes a float32 in a register.
    void (*multiply)(const attn_product *p, const void *blocks, size_t row_size, size_t row_first, size_t row_last,
                     size_t column_first, size_t column_last);
} attn_block_format;

/// How a window moves over one axis of a plane: at place p it sees the elements p · stride + o · dilation − padding, o < kernel, of
/// which those count that lie on the axis.
typedef struct attn_window_axis {
    size_t size, kernel, stride, padding, dilation, places;
} attn_window_axis;

typedef struct attn_kernels {
    const char *name;  // "scalar", "avx2", "avx512", "avx512-vnni", "avx512-bf16", "amx"; "neon"

    // MARK: Matrix products

    /// By precision.
    attn_product_method products[attn_precision_count];

    /// The exact product without packing, for few rows (decoding) and small matrices; any row and column range.
    void (*product_direct)(const attn_product *p, size_t row_first, size_t row_last, size_t column_first,
                           size_t column_last);

    /// By type of block.
    attn_block_format blocks[attn_block_type_count];

    // MARK: Element by element (n elements; `out` may be x or y)

    void (*add)(float *out, const float *x, const float *y, size_t n);
    void (*subtract)(float *out, const float *x, const float *y, size_t n);
    void (*multiply)(float *out, const float *x, const float *y, size_t n);
    void (*divide)(float *out, const float *x, const float *y, size_t n);
    void (*multiply_add)(float *out, const float *x, const float *y, size_t n);  // out += x · y
    void (*scale_add)(float *out, const float *x, float scale, float offset, size_t n);  // out = scale · x + offset
    void (*accumulate_scaled)(float *out, const float *x, float scale, size_t n);  // out += scale · x

    void (*exponential)(float *out, const float *x, size_t n);  // ≤ 2 ulp, as are all below
    void (*logarithm)(float *out, const float *x, size_t n);
    void (*square_root)(float *out, const float *x, size_t n);
    void (*hyperbolic_tangent)(float *out, const float *x, size_t n);
    void (*sigmoid)(float *out, const float *x, size_t n);
    void (*relu)(float *out, const float *x, size_t n);
    void (*gelu)(float *out, const float *x, size_t n);
    void (*silu)(float *out, const float *x, size_t n);

    // Derivatives times upstream. tanh, sigmoid and relu take the output y, gelu and silu the input x.
    void (*hyperbolic_tangent_backward)(float *out, const float *y, const float *upstream, size_t n);
    void (*sigmoid_backward)(float *out, const float *y, const float *upstream, size_t n);
    void (*relu_backward)(float *out, const float *y, const float *upstream, size_t n);
    void (*gelu_backward)(float *out, const float *x, const float *upstream, size_t n);
    void (*silu_backward)(float *out, const float *x, const float *upstream, size_t n);

    /// out[i] = keep(seed, base + i) ? x[i] / (1 − probability) : 0. Forward and backward alike.
    void (*dropout)(float *out, const float *x, float probability, uint64_t seed, uint64_t base, size_t n);

    // MARK: Reductions

    double (*sum)(const float *x, size_t n);
    double (*sum_of_squares)(const float *x, size_t n);
    double (*dot)(const float *x, const float *y, size_t n);
    float (*maximum)(const float *x, size_t n);                                               // −∞ when n = 0
    void (*column_sums)(float *out, const float *x, size_t rows, size_t columns, size_t stride);  // out += Σ_rows

    // MARK: Rows

    /// out = softmax over the entries of each row where `visible` is not 0 (null: all); others 0; a row with none is 0.
    /// `log_sum` (null or [rows]) receives ln Σ exp. out may be x.
    void (*softmax_rows)(float *out, float *_Nullable log_sum, const float *x, const uint8_t *_Nullable visible,
                         size_t rows, size_t columns, size_t x_stride, size_t out_stride, size_t visible_stride);
    /// out = y (upstream − Σ y upstream) per row; contiguous. out may be upstream.
    void (*softmax_rows_backward)(float *out, const float *y, const float *upstream, size_t rows, size_t columns);

    /// out = (x − mean) · inverse_deviation · gain + bias; contiguous rows of `size`; mean and inverse_deviation [rows] are kept.
    void (*layer_norm)(float *out, float *mean, float *inverse_deviation, const float *x, const float *gain,
                       const float *bias, float epsilon, size_t rows, size_t size);
    /// dx is written; dgain and dbias [size] are added to.
    void (*layer_norm_backward)(float *dx, float *dgain, float *dbias, const float *x, const float *mean,
                                const float *inverse_deviation, const float *gain, const float *upstream, size_t rows,
                                size_t size);

    /// out = x · inverse_deviation · gain with inverse_deviation = 1 / √(mean x² + ε), which is kept.
    void (*rms_norm)(float *out, float *inverse_deviation, const float *x, const float *gain, float epsilon,
                     size_t rows, size_t size);
    /// dx is written; dgain [size] is added to.
    void (*rms_norm_backward)(float *dx, float *dgain, const float *x, const float *inverse_deviation,
                              const float *gain, const float *upstream, size_t rows, size_t size);

    /// Cross-entropy with label smoothing ε against logits [rows, classes] (contiguous):
    ///   loss[r] = (1 − ε)(lse − x[target]) + ε (lse − mean x);   gradient (null, or may be logits) = softmax − smoothed target.
    /// Rows whose target is negative are ignored: loss 0 and gradient 0.
    void (*cross_entropy)(float *loss, float *_Nullable gradient, const float *logits, const int32_t *targets,
                          float smoothing, size_t rows, size_t classes);

    // MARK: Recurrent cells (torch's gate order and biases; contiguous rows; batch × hidden)

    /// input, hidden [batch, 3·hidden]: pre-activations x Wᵀ + b_x and h Wᵀ + b_h in the order reset, update, new.
    ///   r = σ(i_r + h_r), z = σ(i_z + h_z), n = tanh(i_n + r h_n), out = (1 − z) n + z previous.
    /// gates [batch, 3·hidden] receives r, z, n.
    void (*gru_forward)(float *out, float *gates, const float *input, size_t input_stride, const float *hidden,
                        const float *previous, size_t batch, size_t size);
    /// dinput, dhidden [batch, 3·hidden] are written, dprevious [batch, hidden] is written (the direct path z · upstream only).
    void (*gru_backward)(float *dinput, size_t dinput_stride, float *dhidden, float *dprevious, const float *gates,
                         const float *hidden, const float *previous, const float *upstream, size_t batch, size_t size);
    /// sums [batch, 4·hidden] = x Wᵀ + b_x + h Wᵀ + b_h in the order input, forget, cell, output; may be the same memory as gates.
    ///   c = σ(f) previous + σ(i) tanh(g), out = σ(o) tanh(c). gates receives σ(i), σ(f), tanh(g), σ(o).
    void (*lstm_forward)(float *out, float *cell, float *gates, const float *sums, const float *previous_cell,
                         size_t batch, size_t size);
    /// dsums [batch, 4·hidden] and dprevious_cell are written. dcell is the gradient that arrives at cell from later steps.
    void (*lstm_backward)(float *dsums, float *dprevious_cell, const float *gates, const float *cell,
                          const float *previous_cell, const float *upstream, const float *dcell, size_t batch,
                          size_t size);

    // MARK: Attention

    /// scores[i,j] = Σ_a vector[a] tanh(query[i,a] + key[j,a]); rows contiguous: query [queries,size], key [keys,size], scores [queries,keys].
    void (*additive_scores)(float *scores, const float *query, const float *key, const float *vector, size_t queries,
                            size_t keys, size_t size);
    /// dkey is written, dquery and dvector are added to; the tanh is recomputed.
    void (*additive_scores_backward)(float *dquery, float *dkey, float *dvector, const float *query, const float *key,
                                     const float *vector, const float *upstream, size_t queries, size_t keys,
                                     size_t size);

    /// By precision. In bfloat16 queries, keys, values and the upstream derivative are rounded; weights and their derivatives
    /// where they are multiplied in pairs. int8 is for products alone, and computes attention as float32 does.
    attn_attention_method attentions[attn_precision_count];

    // MARK: Windows that move over planes

    /// out [places] += Σ_e weight[e · weight_stride] times what the eth element of the window sees at each place of plane x and of the zeros
    /// around it; elements row by row. With a weight_stride of 0 one number is the weight of all: a mean, for instance.
    void (*depthwise_convolution)(float *out, const float *x, const float *weight, size_t weight_stride,
                                  const attn_window_axis *rows, const attn_window_axis *columns);
    /// dx, a plane, is added to, from upstream [places].
    void (*depthwise_input_backward)(float *dx, const float *upstream, const float *weight, size_t weight_stride,
                                     const attn_window_axis *rows, const attn_window_axis *columns);
    /// dweight [elements of the window] is added to.
    void (*depthwise_weight_backward)(double *dweight, const float *upstream, const float *x,
                                      const attn_window_axis *rows, const attn_window_axis *columns);

    /// out [places] = the greatest that is seen of plane x at each place, NaN if any is, and source [places] where in the plane it lies: the
    /// first of equals, the last of NaNs. Where nothing is seen, −∞ and −1. A plane has fewer than 2³¹ elements; all are contiguous.
    void (*maximum_pooling)(float *out, int32_t *source, const float *x, const attn_window_axis *rows,
                            const attn_window_axis *columns);

    // MARK: Training

    /// One step of AdamW (Loshchilov & Hutter 2019, algorithm 2); correction1 = 1 − β1^t, correction2 = 1 − β2^t:
    ///   m ← β1 m + (1 − β1) g;  v ← β2 v + (1 − β2) g²;
    ///   w ← w − rate (m / correction1 / (√(v / correction2) + ε) + decay · w), with g = gradient_scale · gradient.
    void (*adam)(float *weights, float *first, float *second, const float *gradient, float gradient_scale, float rate,
                 float beta1, float beta2, float epsilon, float decay, float correction1, float correction2, size_t n);

    // MARK: Storage formats

    void (*float_from_bfloat16)(float *out, const uint16_t *x, size_t n);
    void (*bfloat16_from_float)(uint16_t *out, const float *x, size_t n);  // round to nearest even, NaN stays NaN
    void (*float_from_float16)(float *out, const uint16_t *x, size_t n);
    void (*float16_from_float)(uint16_t *out, const float *x, size_t n);

    // MARK: Ceilings

    /// By precision of products: loops that only multiply and add in registers, as fast as this instruction set does either, against
    /// which the other kernels are measured. Return how many multiply-adds they did, in proportion to `steps`; sum receives
    /// x · y times that, exact for x and y from 1 to 4 in up to 2²⁰ steps.
    double (*_Nonnull ceilings[attn_precision_count])(double *sum, float x, float y, size_t steps);
} attn_kernels;

/// The table in use: the best this CPU can run, or the one ATTENTION_KERNELS names (scalar, avx2, avx512, avx512-vnni,
/// avx512-bf16, amx; scalar, neon).
/// Chosen once. A name that is unknown or that this CPU lacks is not obeyed; `attn_kernels_refused` then returns it.
const attn_kernels *attn_kernels_active(void);
const char *_Nullable attn_kernels_refused(void);

/// Writes the tables this CPU can run, scalar first, and returns how many there are.
size_t attn_kernels_available(const attn_kernels *_Nonnull *_Nonnull tables, size_t capacity);

/// What a worker thread must do before its first and after its last kernel call (AMX tile configuration; otherwise nothing).
void attn_thread_enter(void);
void attn_thread_leave(void);


/// The counter-based generator behind dropout: 32 random bits for (seed, index).
uint32_t attn_random_bits(uint64_t seed, uint64_t index);

#pragma clang assume_nonnull end

#endif
