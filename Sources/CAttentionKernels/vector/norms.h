// Layer normalisation and its like without means, row by row. The formulas of the derivatives stand beside the scalar kernels.

static void V_NAME(layer_norm)(float *out, float *mean, float *inverse_deviation, const float *x, const float *gain,
                               const float *bias, float epsilon, size_t rows, size_t size) {
    for (size_t row = 0; row < rows; row++, x += size, out += size) {
        const float centre = v_row_sum(x, size) / (float)size;
        vf sums[2] = {0};
        size_t j = 0;
        for (; j + 2 * ATTN_WIDTH <= size; j += 2 * ATTN_WIDTH) {
            const vf low = v_load(x + j) - centre, high = v_load(x + j + ATTN_WIDTH) - centre;
            sums[0] = v_fma(low, low, sums[0]);
            sums[1] = v_fma(high, high, sums[1]);
        }
        for (; j < size; j += ATTN_WIDTH) {
            const vf rest = v_first(v_load_any(x + j, size - j) - centre, v_set(0), size - j);
            sums[0] = v_fma(rest, rest, sums[0]);
        }
        const float inverse = 1 / sqrtf(v_sum(sums[0] + sums[1]) / (float)size + epsilon);
        V_EACH(size, v_fma((v_load(x + i) - centre) * inverse, v_load(gain + i), v_load(bias + i)),
               v_fma((v_load_part(x + i, size - i) - centre) * inverse, v_load_part(gain + i, size - i),
                     v_load_part(bias + i, size - i)))
        mean[row] = centre;
        inverse_deviation[row] = inverse;
    }
}

static void V_NAME(layer_norm_backward)(float *dx, float *dgain, float *dbias, const float *x, const float *mean,
                                        const float *inverse_deviation, const float *gain, const float *upstream,
                                        size_t rows, size_t size) {
    for (size_t row = 0; row < rows; row++, x += size, dx += size, upstream += size) {
        const vf centre = v_set(mean[row]), inverse = v_set(inverse_deviation[row]);
        vf sum = v_set(0), inner = v_set(0);
        for (size_t i = 0; i < size; i += ATTN_WIDTH) {
            const size_t n = size - i;
            const vf up = v_load_any(upstream + i, n), normal = (v_load_any(x + i, n) - centre) * inverse;
            const vf g = up * v_load_any(gain + i, n);  // 0 beyond the row, and so is all that is summed
            sum += g;
            inner = v_fma(g, v_first(normal, v_set(0), n), inner);
            v_store_any(dgain + i, v_fma(up, normal, v_load_any(dgain + i, n)), n);
            v_store_any(dbias + i, up + v_load_any(dbias + i, n), n);
        }
        const vf mean_g = v_set(v_sum(sum) / (float)size), mean_inner = v_set(v_sum(inner) / (float)size);
        for (size_t i = 0; i < size; i += ATTN_WIDTH) {
            const size_t n = size - i;
            const vf normal = (v_load_any(x + i, n) - centre) * inverse;
            const vf g = v_load_any(upstream + i, n) * v_load_any(gain + i, n);
            v_store_any(dx + i, inverse * v_fma(-normal, mean_inner, g - mean_g), n);
        }
    }
}

static void V_NAME(rms_norm)(float *out, float *inverse_deviation, const float *x, const float *gain, float epsilon,
                             size_t rows, size_t size) {
    for (size_t row = 0; row < rows; row++, x += size, out += size) {
        const float inverse = 1 / sqrtf(v_row_inner(x, x, size) / (float)size + epsilon);
        V_EACH(size, v_load(x + i) * inverse * v_load(gain + i),
               v_load_part(x + i, size - i) * inverse * v_load_part(gain + i, size - i))
        inverse_deviation[row] = inverse;
    }
}

static void V_NAME(rms_norm_backward)(float *dx, float *dgain, const float *x, const float *inverse_deviation,
                                      const float *gain, const float *upstream, size_t rows, size_t size) {
    for (size_t row = 0; row < rows; row++, x += size, dx += size, upstream += size) {
        const vf inverse = v_set(inverse_deviation[row]);
        vf inner = v_set(0);
        for (size_t i = 0; i < size; i += ATTN_WIDTH) {
            const size_t n = size - i;  // beyond the row all is 0
            const vf up = v_load_any(upstream + i, n), normal = v_load_any(x + i, n) * inverse;
            inner = v_fma(up * v_load_any(gain + i, n), normal, inner);
            v_store_any(dgain + i, v_fma(up, normal, v_load_any(dgain + i, n)), n);
        }
        const vf mean_inner = v_set(v_sum(inner) / (float)size);
        for (size_t i = 0; i < size; i += ATTN_WIDTH) {
            const size_t n = size - i;
            const vf normal = v_load_any(x + i, n) * inverse;
            const vf g = v_load_any(upstream + i, n) * v_load_any(gain + i, n);
            v_store_any(dx + i, inverse * v_fma(-normal, mean_inner, g), n);
        }
    }
}

static void attn_install_vector_norms(attn_kernels *table) {
    table->layer_norm = V_NAME(layer_norm);
    table->layer_norm_backward = V_NAME(layer_norm_backward);
    table->rms_norm = V_NAME(rms_norm);
    table->rms_norm_backward = V_NAME(rms_norm_backward);
}
