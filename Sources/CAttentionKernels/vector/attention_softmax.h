// The softmax as key blocks go by, for up to ATTN_WIDTH queries at a time: each row's maximum and sum so far (Milakov &
// Gimelshein 2018).

/// Rows of queries, and ATTN_WIDTH elements each of their maxima and sums.
typedef struct v_row_states {
    size_t query, rows;
    float *maximum, *sum;
} v_row_states;

V_INLINE void v_start_rows(v_row_states states) {
    v_store(states.maximum, v_set(-INFINITY));
    v_store(states.sum, v_set(0));
}

/// Inner products that are only scaled, and keep their order, are scaled with the exponent: then maxima are such products.
V_INLINE float v_late_scale(const attn_attention *a, float scale) { return v_edits(a) || !(scale > 0) ? 1 : scale; }

/// Makes weights of the rows' inner products, `scale` times which are scores, with the keys [low, high) of a block that
/// begins at `start`, whole vectors of them; and returns the factor by which what was weighed before, against a lower
/// maximum, must shrink.
V_INLINE vf v_weigh(float *weights, size_t stride, float scale, v_row_states states, const attn_attention *a,
                    size_t start, size_t low, size_t high) {
    const float late = v_late_scale(a, scale), early = late == 1 ? scale : 1, exponent = late * V_BINARY_EXPONENT;
    vf rows[ATTN_WIDTH];
    for (size_t row = 0; row < ATTN_WIDTH; row++) {
        rows[row] = v_set(-INFINITY);
        if (row < states.rows) {
            float *scores = weights + row * stride;
            v_finish_scores(scores, start, early, a, states.query + row, start + low, start + high);
            for (size_t i = low; i < high; i += ATTN_WIDTH) {
                rows[row] = v_max(v_load(scores + i), rows[row]);
            }
        }
    }
    const vf before = v_load(states.maximum), here = v_maxima(rows), maximum = v_max(here, before);
    const vf shift = v_select(maximum == -INFINITY, v_set(0), maximum);
    const vf factor = v_power_of_two((before - shift) * exponent);
    float shifts[ATTN_WIDTH];
    v_store(shifts, shift);
    for (size_t row = 0; row < ATTN_WIDTH; row++) {
        rows[row] = v_set(0);
        if (row < states.rows) {
            float *scores = weights + row * stride;
            const vf s = v_set(shifts[row]);
            for (size_t i = low; i < high; i += ATTN_WIDTH) {
                const vf weight = v_power_of_two((v_load(scores + i) - s) * exponent);
                v_store(scores + i, weight);
                rows[row] += weight;
            }
        }
    }
    v_store(states.maximum, maximum);
    v_store(states.sum, v_fma(v_load(states.sum), factor, v_sums(rows)));
    return factor;
}

/// Writes the rows' log-sums, and returns what their contexts are to be multiplied by.
V_INLINE vf v_finish_rows(float *log_sum, float scale, v_row_states states, const attn_attention *a) {
    const vf maximum = v_load(states.maximum) * v_late_scale(a, scale), sum = v_load(states.sum);
    const vf shift = v_select(maximum == -INFINITY, v_set(0), maximum);
    v_store_any(log_sum + states.query, shift + v_logarithm(sum), states.rows);
    return v_select(sum == 0, v_set(0), 1 / sum);
}
