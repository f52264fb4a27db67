// Softmax and cross-entropy, row by row.

#include <math.h>

#include "../tables.h"

static void attn_f32_softmax_rows_scalar(float *out, float *log_sum, const float *x, const uint8_t *visible,
                                         size_t rows, size_t columns, size_t x_stride, size_t out_stride,
                                         size_t visible_stride) {
    for (size_t row = 0; row < rows; row++, x += x_stride, out += out_stride) {
        const uint8_t *sees = visible ? visible + row * visible_stride : NULL;
        float maximum = -INFINITY;
        for (size_t i = 0; i < columns; i++) {
            if ((!sees || sees[i]) && x[i] > maximum) {
                maximum = x[i];
            }
        }
        // With nothing visible, or nothing above −∞, every weight is zero; a NaN still reaches the sum.
        const float shift = maximum == -INFINITY ? 0 : maximum;
        double sum = 0;
        for (size_t i = 0; i < columns; i++) {
            const double weight = !sees || sees[i] ? exp((double)x[i] - shift) : 0;
            out[i] = (float)weight;
            sum += weight;
        }
        for (size_t i = 0; i < columns; i++) {
            out[i] = sum == 0 ? 0 : (float)(out[i] / sum);
        }
        if (log_sum) {
            log_sum[row] = (float)(shift + log(sum));
        }
    }
}

static void attn_f32_softmax_rows_backward_scalar(float *out, const float *y, const float *upstream, size_t rows,
                                                  size_t columns) {
    for (size_t row = 0; row < rows; row++, out += columns, y += columns, upstream += columns) {
        double inner = 0;
        for (size_t i = 0; i < columns; i++) {
            inner += (double)y[i] * upstream[i];
        }
        for (size_t i = 0; i < columns; i++) {
            out[i] = (float)(y[i] * (upstream[i] - inner));
        }
    }
}

static void attn_f32_cross_entropy_scalar(float *loss, float *gradient, const float *logits, const int32_t *targets,
                                          float smoothing, size_t rows, size_t classes) {
    for (size_t row = 0; row < rows; row++) {
        const float *x = logits + row * classes;
        float *dx = gradient ? gradient + row * classes : NULL;
        if (targets[row] < 0) {
            loss[row] = 0;
            for (size_t i = 0; dx && i < classes; i++) {
                dx[i] = 0;
            }
            continue;
        }
        const size_t target = (size_t)targets[row];
        const double share = smoothing / (double)classes;
        float maximum = -INFINITY;
        for (size_t i = 0; i < classes; i++) {
            maximum = x[i] > maximum ? x[i] : maximum;
        }
        double sum = 0, mean = 0;
        for (size_t i = 0; i < classes; i++) {
            sum += exp((double)x[i] - maximum);
            mean += x[i] / (double)classes;
        }
        const double log_sum = maximum + log(sum);
        loss[row] = (float)((1 - (double)smoothing) * (log_sum - x[target]));
        if (smoothing != 0) {  // a class at −∞ has an infinite mean, which smoothing 0 must not meet
            loss[row] += (float)(smoothing * (log_sum - mean));
        }
        for (size_t i = 0; dx && i < classes; i++) {
            const double smoothed = share + (i == target ? 1 - (double)smoothing : 0);
            dx[i] = (float)(exp(x[i] - log_sum) - smoothed);
        }
    }
}

void attn_install_scalar_rows(attn_kernels *table) {
    table->softmax_rows = attn_f32_softmax_rows_scalar;
    table->softmax_rows_backward = attn_f32_softmax_rows_backward_scalar;
    table->cross_entropy = attn_f32_cross_entropy_scalar;
}
