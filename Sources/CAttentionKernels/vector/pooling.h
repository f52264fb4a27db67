// The greatest of what windows see that move over planes: neighbouring places beside one another, where all that they see of their rows lies on the plane.

/// n ≥ 1 places of a row from `column` on, `stride` 1 or 2 apart.
V_INLINE void v_window_maxima(float *out, int32_t *source, const float *x, const attn_window_axis *rows,
                              const attn_window_axis *columns, size_t row, size_t column, size_t n, size_t stride) {
    vi steps;
    for (int i = 0; i < ATTN_WIDTH; i++) {
        steps[i] = i * (int32_t)stride;
    }
    vf greatest = v_set(-INFINITY);
    vi found = -1;
    for (size_t down = 0; down < rows->kernel; down++) {
        const size_t line = attn_window_element(rows, row, down);
        if (line >= rows->size) {
            continue;
        }
        for (size_t right = 0; right < columns->kernel; right++) {
            const size_t at = line * columns->size + attn_window_element(columns, column, right);
            const vf y = stride == 1 ? v_load_any(x + at, n) : v_load_second(x + at, n);
            const vi wins = (y > greatest) | (y != y) | (found < 0);
            greatest = v_select(wins, y, greatest);
            found = (((int32_t)at + steps) & wins) | (found & ~wins);
        }
    }
    v_store_any(out, greatest, n);
    v_store_any((float *)source, (vf)found, n);
}

static void V_NAME(maximum_pooling)(float *out, int32_t *source, const float *x, const attn_window_axis *rows,
                                    const attn_window_axis *columns) {
    const size_t places = columns->places, stride = columns->stride;
    const size_t whole = attn_window_end(columns, columns->kernel - 1), begin = attn_window_first(columns, 0);
    // Places that are farther apart are read one by one.
    const size_t first = stride <= 2 && begin < whole ? begin : places, end = first < places ? whole : places;
    for (size_t row = 0; row < rows->places; row++, out += places, source += places) {
        for (size_t column = 0; column < first; column++) {
            attn_window_maximum(out + column, source + column, x, rows, columns, row, column);
        }
        for (size_t column = first; column < end; column += ATTN_WIDTH) {
            const size_t rest = end - column;
            float *const to = out + column;
            int32_t *const from = source + column;
            if (rest < ATTN_WIDTH) {
                v_window_maxima(to, from, x, rows, columns, row, column, rest, stride);
            } else if (stride == 1) {
                v_window_maxima(to, from, x, rows, columns, row, column, ATTN_WIDTH, 1);
            } else {
                v_window_maxima(to, from, x, rows, columns, row, column, ATTN_WIDTH, 2);
            }
        }
        for (size_t column = end; column < places; column++) {
            attn_window_maximum(out + column, source + column, x, rows, columns, row, column);
        }
    }
}

static inline void attn_install_vector_pooling(attn_kernels *table) { table->maximum_pooling = V_NAME(maximum_pooling); }
