// Layer normalisation and its like without means, row by row.

#include <math.h>

#include "../tables.h"

static void attn_f32_layer_norm_scalar(float *out, float *mean, float *inverse_deviation, const float *x,
                                       const float *gain, const float *bias, float epsilon, size_t rows, size_t size) {
    for (size_t row = 0; row < rows; row++, x += size, out += size) {
        double sum = 0, squares = 0;
        for (size_t i = 0; i < size; i++) {
            sum += x[i];
        }
        const double centre = sum / (double)size;
        for (size_t i = 0; i < size; i++) {
            squares += (x[i] - centre) * (x[i] - centre);
        }
        const double inverse = 1 / sqrt(squares / (double)size + epsilon);
        for (size_t i = 0; i < size; i++) {
            out[i] = (float)((x[i] - centre) * inverse * gain[i] + bias[i]);
        }
        mean[row] = (float)centre;
        inverse_deviation[row] = (float)inverse;
    }
}

/// With x̂ = (x − mean) · inverse_deviation and g = upstream · gain:
/// dx = inverse_deviation (g − mean(g) − x̂ mean(g x̂)), dgain += upstream · x̂, dbias += upstream.
static void attn_f32_layer_norm_backward_scalar(float *dx, float *dgain, float *dbias, const float *x,
                                                const float *mean, const float *inverse_deviation, const float *gain,
                                                const float *upstream, size_t rows, size_t size) {
    for (size_t row = 0; row < rows; row++, x += size, dx += size, upstream += size) {
        const double centre = mean[row], inverse = inverse_deviation[row];
        double sum = 0, inner = 0;
        for (size_t i = 0; i < size; i++) {
            const double normal = (x[i] - centre) * inverse, g = (double)upstream[i] * gain[i];
            sum += g;
            inner += g * normal;
        }
        for (size_t i = 0; i < size; i++) {
            const double normal = (x[i] - centre) * inverse, g = (double)upstream[i] * gain[i];
            dgain[i] += (float)(upstream[i] * normal);
            dbias[i] += upstream[i];
            dx[i] = (float)(inverse * (g - (sum + normal * inner) / (double)size));
        }
    }
}

static void attn_f32_rms_norm_scalar(float *out, float *inverse_deviation, const float *x, const float *gain,
                                     float epsilon, size_t rows, size_t size) {
    for (size_t row = 0; row < rows; row++, x += size, out += size) {
        double squares = 0;
        for (size_t i = 0; i < size; i++) {
            squares += (double)x[i] * x[i];
        }
        const double inverse = 1 / sqrt(squares / (double)size + epsilon);
        for (size_t i = 0; i < size; i++) {
            out[i] = (float)(x[i] * inverse * gain[i]);
        }
        inverse_deviation[row] = (float)inverse;
    }
}

/// With x̂ = x · inverse_deviation and g = upstream · gain:
/// dx = inverse_deviation (g − x̂ mean(g x̂)), dgain += upstream · x̂.
static void attn_f32_rms_norm_backward_scalar(float *dx, float *dgain, const float *x, const float *inverse_deviation,
                                              const float *gain, const float *upstream, size_t rows, size_t size) {
    for (size_t row = 0; row < rows; row++, x += size, dx += size, upstream += size) {
        const double inverse = inverse_deviation[row];
        double inner = 0;
        for (size_t i = 0; i < size; i++) {
            inner += (double)upstream[i] * gain[i] * x[i] * inverse;
        }
        for (size_t i = 0; i < size; i++) {
            const double normal = x[i] * inverse;
            dgain[i] += (float)(upstream[i] * normal);
            dx[i] = (float)(inverse * ((double)upstream[i] * gain[i] - normal * inner / (double)size));
        }
    }
}

void attn_install_scalar_norms(attn_kernels *table) {
    table->layer_norm = attn_f32_layer_norm_scalar;
    table->layer_norm_backward = attn_f32_layer_norm_backward_scalar;
    table->rms_norm = attn_f32_rms_norm_scalar;
    table->rms_norm_backward = attn_f32_rms_norm_backward_scalar;
}
