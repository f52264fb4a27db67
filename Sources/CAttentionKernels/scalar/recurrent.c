// Gated recurrent cells: the element-wise part that follows the matrix products.

#include "../tables.h"
#include "functions.h"

static void attn_f32_gru_forward_scalar(float *out, float *gates, const float *input, size_t input_stride,
                                        const float *hidden, const float *previous, size_t batch, size_t size) {
    for (size_t row = 0; row < batch; row++) {
        for (size_t i = 0; i < size; i++) {
            const float *x = input + row * input_stride + i, *h = hidden + row * 3 * size + i;
            float *gate = gates + row * 3 * size + i;
            const float r = attn_f32_sigmoid(x[0] + h[0]);
            const float z = attn_f32_sigmoid(x[size] + h[size]);
            const float n = attn_f32_hyperbolic_tangent(x[2 * size] + r * h[2 * size]);
            gate[0] = r, gate[size] = z, gate[2 * size] = n;
            out[row * size + i] = (1 - z) * n + z * previous[row * size + i];
        }
    }
}

static void attn_f32_gru_backward_scalar(float *dinput, size_t dinput_stride, float *dhidden, float *dprevious,
                                         const float *gates, const float *hidden, const float *previous,
                                         const float *upstream, size_t batch, size_t size) {
    for (size_t row = 0; row < batch; row++) {
        for (size_t i = 0; i < size; i++) {
            const float *gate = gates + row * 3 * size + i;
            float *dx = dinput + row * dinput_stride + i, *dh = dhidden + row * 3 * size + i;
            const float r = gate[0], z = gate[size], n = gate[2 * size];
            const float up = upstream[row * size + i];
            const float dn = up * (1 - z) * (1 - n * n);
            const float dz = up * (previous[row * size + i] - n) * z * (1 - z);
            const float dr = dn * hidden[row * 3 * size + 2 * size + i] * r * (1 - r);
            dx[0] = dr, dx[size] = dz, dx[2 * size] = dn;
            dh[0] = dr, dh[size] = dz, dh[2 * size] = dn * r;
            dprevious[row * size + i] = up * z;
        }
    }
}

static void attn_f32_lstm_forward_scalar(float *out, float *cell, float *gates, const float *sums,
                                         const float *previous_cell, size_t batch, size_t size) {
    for (size_t row = 0; row < batch; row++) {
        for (size_t i = 0; i < size; i++) {
            const float *sum = sums + row * 4 * size + i;
            float *gate = gates + row * 4 * size + i;
            const float input = attn_f32_sigmoid(sum[0]), forget = attn_f32_sigmoid(sum[size]);
            const float new = attn_f32_hyperbolic_tangent(sum[2 * size]), show = attn_f32_sigmoid(sum[3 * size]);
            gate[0] = input, gate[size] = forget, gate[2 * size] = new, gate[3 * size] = show;
            const float c = forget * previous_cell[row * size + i] + input * new;
            cell[row * size + i] = c;
            out[row * size + i] = show * attn_f32_hyperbolic_tangent(c);
        }
    }
}

static void attn_f32_lstm_backward_scalar(float *dsums, float *dprevious_cell, const float *gates, const float *cell,
                                          const float *previous_cell, const float *upstream, const float *dcell,
                                          size_t batch, size_t size) {
    for (size_t row = 0; row < batch; row++) {
        for (size_t i = 0; i < size; i++) {
            const float *gate = gates + row * 4 * size + i;
            float *d = dsums + row * 4 * size + i;
            const float input = gate[0], forget = gate[size], new = gate[2 * size], show = gate[3 * size];
            const float t = attn_f32_hyperbolic_tangent(cell[row * size + i]);
            const float up = upstream[row * size + i];
            const float dc = dcell[row * size + i] + up * show * (1 - t * t);
            d[0] = dc * new * input * (1 - input);
            d[size] = dc * previous_cell[row * size + i] * forget * (1 - forget);
            d[2 * size] = dc * input * (1 - new * new);
            d[3 * size] = up * t * show * (1 - show);
            dprevious_cell[row * size + i] = dc * forget;
        }
    }
}

void attn_install_scalar_recurrent(attn_kernels *table) {
    table->gru_forward = attn_f32_gru_forward_scalar;
    table->gru_backward = attn_f32_gru_backward_scalar;
    table->lstm_forward = attn_f32_lstm_forward_scalar;
    table->lstm_backward = attn_f32_lstm_backward_scalar;
}
