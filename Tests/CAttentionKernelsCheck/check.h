// The kernels' tables compared with the scalar one, in C alone: for processors that are emulated (scripts/check-arm64)
// or have no Swift. Sizes, values and tolerances follow CAttentionKernelsTests, which tests the scalar table too.
#ifndef ATTENTION_CHECK_H
#define ATTENTION_CHECK_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attention_kernels.h"

// MARK: Comparisons

/// Compares one entry of a table, `offset` bytes from its start, with the scalar table's. Where the entry is a function
/// that several share a type with, the offset says which.
typedef void check_function(const attn_kernels *tested, const attn_kernels *scalar, size_t offset);

check_function check_unary, check_binary, check_scale_add, check_accumulate_scaled, check_dropout;
check_function check_sum, check_sum_of_squares, check_dot, check_maximum, check_column_sums;
check_function check_softmax_rows, check_softmax_rows_backward, check_layer_norm, check_layer_norm_backward;
check_function check_rms_norm, check_rms_norm_backward, check_ceilings;
check_function check_cross_entropy, check_gru_forward, check_gru_backward, check_lstm_forward, check_lstm_backward;
check_function check_product_method, check_product_direct, check_attention_method;
check_function check_block_format;
check_function check_additive_scores, check_additive_scores_backward;
check_function check_depthwise_convolution, check_depthwise_input_backward, check_depthwise_weight_backward;
check_function check_maximum_pooling, check_adam;
check_function check_float_from_halves, check_halves_from_float;

/// The member of this type at the offset.
#define CHECK_ENTRY(type, table, offset) (*(const type *)((const char *)(table) + (offset)))

/// Every 9,973rd float: all signs, exponents, subnormals and NaNs.
enum { check_sweep_count = 430660 };
float *check_sweep(void);

// MARK: Results

/// Notes a failure of the entry under test.
void check_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define CHECK(condition, ...)       \
    do {                            \
        if (!(condition)) {         \
            check_fail(__VA_ARGS__); \
        }                           \
    } while (0)

/// Whether the values agree within tolerance · max(1, |expected|), infinities and NaNs alike.
bool check_is_close(float found, float expected, double tolerance);
void check_close(const float *found, const float *expected, size_t n, double tolerance, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
void check_same_bits(const void *found, const void *expected, size_t bytes, const char *what);

// MARK: Operands

/// Memory that ends where an inaccessible page begins, so that any access beyond it ends the run, and that starts
/// behind a guard, which is looked at when it is released. Its alignment is whatever its size leaves.
void *check_memory(size_t bytes);
/// Releases all memory from check_memory.
void check_release(void);

float *check_floats(float value, size_t n);
float *check_copy(const float *x, size_t n);

/// Starts the generator (SplitMix64) anew.
void check_seed(uint64_t seed);
uint64_t check_random(void);
float *check_random_floats(size_t n, float low, float high);

/// Sizes around every vector width and tile height.
extern const size_t check_sizes[];
enum { check_size_count = 16 };

/// Zeros, infinities, NaN, the limits of float and of the functions.
extern const float check_specials[];
enum { check_special_count = 20 };

#endif
