// Sums, inner products and maxima, accumulated in double in index order.

#include <math.h>

#include "../tables.h"

static double attn_f32_sum_scalar(const float *x, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
    }
    return sum;
}

static double attn_f32_dot_scalar(const float *x, const float *y, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += (double)x[i] * y[i];
    }
    return sum;
}

static double attn_f32_sum_of_squares_scalar(const float *x, size_t n) { return attn_f32_dot_scalar(x, x, n); }

/// A NaN anywhere is the maximum.
static float attn_f32_maximum_scalar(const float *x, size_t n) {
    float maximum = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        if (x[i] > maximum || x[i] != x[i]) {
            maximum = x[i];
        }
    }
    return maximum;
}

static void attn_f32_column_sums_scalar(float *out, const float *x, size_t rows, size_t columns, size_t stride) {
    for (size_t column = 0; column < columns; column++) {
        double sum = 0;
        for (size_t row = 0; row < rows; row++) {
            sum += x[row * stride + column];
        }
        out[column] += (float)sum;
    }
}

void attn_install_scalar_reductions(attn_kernels *table) {
    table->sum = attn_f32_sum_scalar;
    table->sum_of_squares = attn_f32_sum_of_squares_scalar;
    table->dot = attn_f32_dot_scalar;
    table->maximum = attn_f32_maximum_scalar;
    table->column_sums = attn_f32_column_sums_scalar;
}
