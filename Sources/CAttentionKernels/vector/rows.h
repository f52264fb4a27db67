// Softmax and cross-entropy, row by row.

/// out = e^(x − shift), for x ≤ shift or little more; returns the sum.
V_INLINE float v_row_exponential(float *out, const float *x, float shift, size_t n) {
    const vf floor = v_set(-150);
    vf sum = v_set(0);
    size_t i = 0;
    for (; i + ATTN_WIDTH <= n; i += ATTN_WIDTH) {
        const vf y = v_exponential_bounded(v_max(floor, v_load(x + i) - shift));
        v_store(out + i, y);
        sum += y;
    }
    if (i < n) {
        const vf y = v_exponential_bounded(v_max(floor, v_load_part(x + i, n - i) - shift));
        v_store_part(out + i, y, n - i);
        sum += v_first(y, v_set(0), n - i);
    }
    return v_sum(sum);
}

/// The exponent's shift of a row whose greatest element this is: with nothing above −∞ every weight shall be zero.
V_INLINE float v_row_shift(float maximum) { return maximum == -INFINITY ? 0 : maximum; }

/// −∞ where the row is not visible.
V_INLINE void v_row_hide(float *out, const float *x, const uint8_t *visible, size_t n) {
    typedef uint8_t v_bytes __attribute__((ext_vector_type(ATTN_WIDTH)));
    for (size_t i = 0; i < n; i += ATTN_WIDTH) {
        const size_t count = n - i < ATTN_WIDTH ? n - i : ATTN_WIDTH;
        v_bytes bytes = 0;
        __builtin_memcpy(&bytes, visible + i, count);
        const vi sees = __builtin_convertvector(bytes, vi) != 0;
        v_store_any(out + i, v_select(sees, v_load_any(x + i, n - i), v_set(-INFINITY)), n - i);
    }
}

static void V_NAME(softmax_rows)(float *out, float *log_sum, const float *x, const uint8_t *visible, size_t rows,
                                 size_t columns, size_t x_stride, size_t out_stride, size_t visible_stride) {
    for (size_t row = 0; row < rows; row++, x += x_stride, out += out_stride) {
        const float *scores = x;
        if (visible) {
            v_row_hide(out, x, visible + row * visible_stride, columns);
            scores = out;
        }
        const float shift = v_row_shift(v_row_maximum(scores, columns));
        const float sum = v_row_exponential(out, scores, shift, columns);
        V_NAME(scale_add)(out, out, sum == 0 ? 0 : 1 / sum, 0, columns);
        if (log_sum) {
            log_sum[row] = shift + logf(sum);
        }
    }
}

/// Σ x y in float, with four sums that do not wait for each other.
V_INLINE float v_row_inner(const float *x, const float *y, size_t n) {
    vf sums[4] = {0};
    size_t i = 0;
    for (; i + 4 * ATTN_WIDTH <= n; i += 4 * ATTN_WIDTH) {
#pragma clang loop unroll(full)
        for (size_t v = 0; v < 4; v++) {
            sums[v] = v_fma(v_load(x + i + v * ATTN_WIDTH), v_load(y + i + v * ATTN_WIDTH), sums[v]);
        }
    }
    for (; i < n; i += ATTN_WIDTH) {
        sums[0] = v_fma(v_load_any(x + i, n - i), v_load_any(y + i, n - i), sums[0]);
    }
    return v_sum((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

static void V_NAME(softmax_rows_backward)(float *out, const float *y, const float *upstream, size_t rows,
                                          size_t columns) {
    for (size_t row = 0; row < rows; row++, out += columns, y += columns, upstream += columns) {
        const vf inner = v_set(v_row_inner(y, upstream, columns));
        V_EACH(columns, v_load(y + i) * (v_load(upstream + i) - inner),
               v_load_part(y + i, columns - i) * (v_load_part(upstream + i, columns - i) - inner))
    }
}

V_INLINE float v_row_sum(const float *x, size_t n) {
    vf sums[4] = {0};
    size_t i = 0;
    for (; i + 4 * ATTN_WIDTH <= n; i += 4 * ATTN_WIDTH) {
#pragma clang loop unroll(full)
        for (size_t v = 0; v < 4; v++) {
            sums[v] += v_load(x + i + v * ATTN_WIDTH);
        }
    }
    for (; i < n; i += ATTN_WIDTH) {
        sums[0] += v_load_any(x + i, n - i);
    }
    return v_sum((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

// MARK: Cross-entropy

/// Σ e^(x − shift) without keeping the terms.
V_INLINE float v_row_exponential_sum(const float *x, float shift, size_t n) {
    vf sum = v_set(0);
    for (size_t i = 0; i < n; i += ATTN_WIDTH) {
        const vf y = v_exponential_bounded(v_max(v_set(-150), v_load_any(x + i, n - i) - shift));
        sum += v_first(y, v_set(0), n - i < ATTN_WIDTH ? n - i : ATTN_WIDTH);
    }
    return v_sum(sum);
}

static void V_NAME(cross_entropy)(float *loss, float *gradient, const float *logits, const int32_t *targets,
                                  float smoothing, size_t rows, size_t classes) {
    for (size_t row = 0; row < rows; row++) {
        const float *x = logits + row * classes;
        float *dx = gradient ? gradient + row * classes : NULL;
        if (targets[row] < 0) {
            loss[row] = 0;
            if (dx) {
                __builtin_memset(dx, 0, classes * sizeof(float));
            }
            continue;
        }
        const size_t target = (size_t)targets[row];
        const float maximum = v_row_maximum(x, classes), target_logit = x[target];
        const float mean = smoothing != 0 ? v_row_sum(x, classes) / (float)classes : 0;
        const float sum = dx ? v_row_exponential(dx, x, maximum, classes) : v_row_exponential_sum(x, maximum, classes);
        // Differences from the maximum first: the large parts of log-sum and logit cancel exactly.
        const float rest = logf(sum);
        loss[row] = (1 - smoothing) * (rest + (maximum - target_logit));
        if (smoothing != 0) {
            loss[row] += smoothing * (rest + (maximum - mean));
        }
        if (dx) {
            V_NAME(scale_add)(dx, dx, 1 / sum, -smoothing / (float)classes, classes);
            dx[target] -= 1 - smoothing;
        }
    }
}

static inline void attn_install_vector_rows(attn_kernels *table) {
    table->softmax_rows = V_NAME(softmax_rows);
    table->softmax_rows_backward = V_NAME(softmax_rows_backward);
    table->cross_entropy = V_NAME(cross_entropy);
}
