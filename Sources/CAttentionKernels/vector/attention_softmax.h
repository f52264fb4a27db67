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

/// What inner products are multiplied by before their edits and after. What is only scaled, and keeps its order, is scaled
/// afterwards, with the exponent of two: then maxima are inner products.
typedef struct v_scales {
    float before, after;  // one of them is 1
} v_scales;

V_INLINE v_scales v_scales_of(const attn_attention *a, float scale) {
    return scale > 0 && !v_edits(a) ? (v_scales){1, scale} : (v_scales){scale, 1};
}

/// The weight of a score against a maximum.
V_INLINE vf v_weight_below(vf maximum, vf score, v_scales scales) {
    return v_power_of_two((score - maximum) * (scales.after * V_BINARY_EXPONENT));
}

/// Whether inner products of all rows with the keys [first, last) are scores already.
V_INLINE bool v_are_scores(const attn_attention *a, v_row_states states, v_scales scales, size_t first, size_t last) {
    return scales.before == 1 && !v_edits(a)
        && attn_visible_keys(a, states.query + states.rows - 1).first <= first
        && last <= attn_visible_keys(a, states.query).last;
}

/// Makes scores of the rows' inner products with the keys [low, high) of a block that begins at `start`, whole vectors of
/// them, and raises the maxima to them: `maxima` receives these, 0 where nothing was seen. Returns the factor by which
/// what was weighed before, against lower ones, must shrink; the sums have.
V_INLINE vf v_raise(float *scores, size_t stride, v_scales scales, v_row_states states, const attn_attention *a,
                    size_t start, size_t low, size_t high, float maxima[ATTN_WIDTH]) {
    const bool finished = v_are_scores(a, states, scales, start + low, start + high);
    vf rows[ATTN_WIDTH];
    for (size_t row = 0; row < ATTN_WIDTH; row++) {
        rows[row] = v_set(-INFINITY);
        if (row < states.rows) {
            float *at = scores + row * stride;
            if (!finished) {
                v_finish_scores(at, start, scales.before, a, states.query + row, start + low, start + high);
            }
            for (size_t i = low; i < high; i += ATTN_WIDTH) {
                rows[row] = v_max(v_load(at + i), rows[row]);
            }
        }
    }
    const vf before = v_load(states.maximum), maximum = v_max(v_maxima(rows), before);
    const vf seen = v_select(maximum == -INFINITY, v_set(0), maximum), factor = v_weight_below(seen, before, scales);
    v_store(maxima, seen);
    v_store(states.maximum, maximum);
    v_store(states.sum, v_load(states.sum) * factor);
    return factor;
}

/// Makes weights of the rows' inner products, scaled already, in place; the rest as above.
V_INLINE vf v_weigh(float *weights, size_t stride, v_row_states states, const attn_attention *a, size_t start,
                    size_t low, size_t high) {
    const v_scales scales = v_scales_of(a, 1);
    float maxima[ATTN_WIDTH];
    const vf factor = v_raise(weights, stride, scales, states, a, start, low, high, maxima);
    vf sums[ATTN_WIDTH];
    for (size_t row = 0; row < ATTN_WIDTH; row++) {
        sums[row] = v_set(0);
        if (row < states.rows) {
            const vf maximum = v_set(maxima[row]);
            for (size_t i = low; i < high; i += ATTN_WIDTH) {
                float *at = weights + row * stride + i;
                const vf weight = v_weight_below(maximum, v_load(at), scales);
                v_store(at, weight);
                sums[row] += weight;
            }
        }
    }
    v_store(states.sum, v_load(states.sum) + v_sums(sums));
    return factor;
}

/// Writes the rows' log-sums, and returns what their contexts are to be multiplied by.
V_INLINE vf v_finish_rows(float *log_sum, float scale, v_row_states states, const attn_attention *a) {
    const vf maximum = v_load(states.maximum) * v_scales_of(a, scale).after, sum = v_load(states.sum);
    const vf seen = v_select(maximum == -INFINITY, v_set(0), maximum);
    v_store_any(log_sum + states.query, seen + v_logarithm(sum), states.rows);
    return v_select(sum == 0, v_set(0), 1 / sum);
}
