// Gated recurrent cells: the element-wise part that follows the matrix products.

static void V_NAME(gru_forward)(float *out, float *gates, const float *input, size_t input_stride, const float *hidden,
                                const float *previous, size_t batch, size_t size) {
    for (size_t row = 0; row < batch; row++) {
        for (size_t i = 0; i < size; i += ATTN_WIDTH) {
            const float *x = input + row * input_stride + i, *h = hidden + row * 3 * size + i;
            float *gate = gates + row * 3 * size + i;
            const size_t rest = size - i;
            const vf r = v_sigmoid(v_load_any(x, rest) + v_load_any(h, rest));
            const vf z = v_sigmoid(v_load_any(x + size, rest) + v_load_any(h + size, rest));
            const vf n = v_hyperbolic_tangent(
                v_fma(r, v_load_any(h + 2 * size, rest), v_load_any(x + 2 * size, rest)));
            v_store_any(gate, r, rest);
            v_store_any(gate + size, z, rest);
            v_store_any(gate + 2 * size, n, rest);
            v_store_any(out + row * size + i, v_fma(z, v_load_any(previous + row * size + i, rest), (1 - z) * n), rest);
        }
    }
}

static void V_NAME(gru_backward)(float *dinput, size_t dinput_stride, float *dhidden, float *dprevious,
                                 const float *gates, const float *hidden, const float *previous, const float *upstream,
                                 size_t batch, size_t size) {
    for (size_t row = 0; row < batch; row++) {
        for (size_t i = 0; i < size; i += ATTN_WIDTH) {
            const float *gate = gates + row * 3 * size + i;
            float *dx = dinput + row * dinput_stride + i, *dh = dhidden + row * 3 * size + i;
            const size_t rest = size - i;
            const vf r = v_load_any(gate, rest), z = v_load_any(gate + size, rest);
            const vf n = v_load_any(gate + 2 * size, rest), up = v_load_any(upstream + row * size + i, rest);
            const vf dn = up * (1 - z) * v_fma(-n, n, v_set(1));
            const vf dz = up * (v_load_any(previous + row * size + i, rest) - n) * z * (1 - z);
            const vf dr = dn * v_load_any(hidden + row * 3 * size + 2 * size + i, rest) * r * (1 - r);
            v_store_any(dx, dr, rest);
            v_store_any(dx + size, dz, rest);
            v_store_any(dx + 2 * size, dn, rest);
            v_store_any(dh, dr, rest);
            v_store_any(dh + size, dz, rest);
            v_store_any(dh + 2 * size, dn * r, rest);
            v_store_any(dprevious + row * size + i, up * z, rest);
        }
    }
}

static void V_NAME(lstm_forward)(float *out, float *cell, float *gates, const float *sums, const float *previous_cell,
                                 size_t batch, size_t size) {
    for (size_t row = 0; row < batch; row++) {
        for (size_t i = 0; i < size; i += ATTN_WIDTH) {
            const float *sum = sums + row * 4 * size + i;
            float *gate = gates + row * 4 * size + i;
            const size_t rest = size - i;
            const vf input = v_sigmoid(v_load_any(sum, rest)), forget = v_sigmoid(v_load_any(sum + size, rest));
            const vf new = v_hyperbolic_tangent(v_load_any(sum + 2 * size, rest));
            const vf show = v_sigmoid(v_load_any(sum + 3 * size, rest));
            const vf c = v_fma(forget, v_load_any(previous_cell + row * size + i, rest), input * new);
            v_store_any(gate, input, rest);
            v_store_any(gate + size, forget, rest);
            v_store_any(gate + 2 * size, new, rest);
            v_store_any(gate + 3 * size, show, rest);
            v_store_any(cell + row * size + i, c, rest);
            v_store_any(out + row * size + i, show * v_hyperbolic_tangent(c), rest);
        }
    }
}

static void V_NAME(lstm_backward)(float *dsums, float *dprevious_cell, const float *gates, const float *cell,
                                  const float *previous_cell, const float *upstream, const float *dcell, size_t batch,
                                  size_t size) {
    for (size_t row = 0; row < batch; row++) {
        for (size_t i = 0; i < size; i += ATTN_WIDTH) {
            const float *gate = gates + row * 4 * size + i;
            float *d = dsums + row * 4 * size + i;
            const size_t rest = size - i, at = row * size + i;
            const vf input = v_load_any(gate, rest), forget = v_load_any(gate + size, rest);
            const vf new = v_load_any(gate + 2 * size, rest), show = v_load_any(gate + 3 * size, rest);
            const vf t = v_hyperbolic_tangent(v_load_any(cell + at, rest)), up = v_load_any(upstream + at, rest);
            const vf dc = v_fma(up * show, v_fma(-t, t, v_set(1)), v_load_any(dcell + at, rest));
            v_store_any(d, dc * new * input * (1 - input), rest);
            v_store_any(d + size, dc * v_load_any(previous_cell + at, rest) * forget * (1 - forget), rest);
            v_store_any(d + 2 * size, dc * input * v_fma(-new, new, v_set(1)), rest);
            v_store_any(d + 3 * size, up * t * show * (1 - show), rest);
            v_store_any(dprevious_cell + at, dc * forget, rest);
        }
    }
}

static void attn_install_vector_recurrent(attn_kernels *table) {
    table->gru_forward = V_NAME(gru_forward);
    table->gru_backward = V_NAME(gru_backward);
    table->lstm_forward = V_NAME(lstm_forward);
    table->lstm_backward = V_NAME(lstm_backward);
}
