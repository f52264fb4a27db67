// Sums, inner products and maxima. What is returned in double is accumulated in double.

static double V_NAME(sum)(const float *x, size_t n) {
    vd sum = 0;
    for (size_t i = 0; i < n; i += ATTN_WIDTH) {
        sum += v_widen(v_load_any(x + i, n - i));
    }
    return v_sum_double(&sum);
}

static double V_NAME(dot)(const float *x, const float *y, size_t n) {
    vd sum = 0;
    for (size_t i = 0; i < n; i += ATTN_WIDTH) {
        sum += v_widen(v_load_any(x + i, n - i)) * v_widen(v_load_any(y + i, n - i));
    }
    return v_sum_double(&sum);
}

static double V_NAME(sum_of_squares)(const float *x, size_t n) { return V_NAME(dot)(x, x, n); }

/// The greatest of the n elements that are numbers.
V_INLINE float v_row_maximum(const float *x, size_t n) {
    vf maximum = v_set(-INFINITY);
    size_t i = 0;
    for (; i + ATTN_WIDTH <= n; i += ATTN_WIDTH) {
        maximum = v_max(v_load(x + i), maximum);
    }
    if (i < n) {
        maximum = v_max(v_first(v_load_part(x + i, n - i), maximum, n - i), maximum);
    }
    return v_maximum(maximum);
}

static float V_NAME(maximum)(const float *x, size_t n) {
    vi nan = 0;
    for (size_t i = 0; i < n; i += ATTN_WIDTH) {
        const vf y = v_load_any(x + i, n - i);
        nan |= y != y;
    }
    return v_maximum(v_select(nan, v_set(1), v_set(0))) > 0 ? NAN : v_row_maximum(x, n);
}

static void V_NAME(column_sums)(float *out, const float *x, size_t rows, size_t columns, size_t stride) {
    enum { vectors = 4, run = 64 };  // sums of runs of rows first, which rounds less than one long sum
    for (size_t column = 0; column < columns; column += vectors * ATTN_WIDTH) {
        for (size_t top = 0; top < rows; top += run) {
            const size_t bottom = rows - top < run ? rows : top + run;
            vf sums[vectors] = {0};
            for (size_t row = top; row < bottom; row++) {
#pragma clang loop unroll(full)
                for (size_t v = 0; v < vectors; v++) {
                    const size_t i = column + v * ATTN_WIDTH;
                    if (i < columns) {
                        sums[v] += v_load_any(x + row * stride + i, columns - i);
                    }
                }
            }
#pragma clang loop unroll(full)
            for (size_t v = 0; v < vectors; v++) {
                const size_t i = column + v * ATTN_WIDTH;
                if (i < columns) {
                    v_store_any(out + i, v_load_any(out + i, columns - i) + sums[v], columns - i);
                }
            }
        }
    }
}

static inline void attn_install_vector_reductions(attn_kernels *table) {
    table->sum = V_NAME(sum);
    table->sum_of_squares = V_NAME(sum_of_squares);
    table->dot = V_NAME(dot);
    table->maximum = V_NAME(maximum);
    table->column_sums = V_NAME(column_sums);
}
