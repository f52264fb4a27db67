// Attention one query at a time, straight from keys and values as they lie: for few queries (decoding), for rows asked
// for again, and where an infinity or a NaN must not reach the queries that do not see it. Weights are applied to
// visible keys only, by selection.

enum { v_few_queries = 8, v_row_group = 4 };

/// Scores of up to v_row_group queries over the keys [first, last), in rows of `stride` from `first` on.
static void V_NAME(attention_score_rows)(float *scores, size_t stride, const attn_attention *a, size_t query,
                                         size_t count, size_t first, size_t last) {
    const v_operands operands = {.a = a->query + query * a->query_stride, .a_row_stride = a->query_stride,
                                 .a_column_stride = 1, .b = a->key + first * a->key_stride, .b_row_stride = 1,
                                 .depth = a->head_size};
    const v_tile_job job = {.c = scores, .columns = last - first, .c_row_stride = stride, .scale = a->scale};
    V_NAME(product_inner)(operands, a->key_stride, count, job);
    for (size_t row = 0; row < count; row++) {
        v_finish_scores(scores + row * stride, first, 1, a, query + row, first, last);
    }
}

/// out = Σ weight(key) · value(key) over the keys that query i sees.
static void V_NAME(attention_read_selected)(float *out, const float *weights, const attn_attention *a, size_t i,
                                            size_t first) {
    const attn_range seen = attn_visible_keys(a, i);
    v_fill(out, 0, a->value_size);
    for (size_t key = seen.first; key < seen.last; key++) {
        if (attn_mask_admits(a, i, key) && v_keeps(a, i, key)) {
            V_NAME(accumulate_scaled)(out, a->value + key * a->value_stride, weights[key - first], a->value_size);
        }
    }
}

/// The whole of attention for some queries. The workspace holds v_row_group rows of all keys.
static void V_NAME(attention_rows)(float *output, size_t output_stride, float *log_sum, const attn_attention *a,
                                   size_t query, size_t queries, float *workspace) {
    const size_t stride = a->keys;
    for (const size_t end = query + queries; query < end; query += v_row_group) {
        const size_t count = end - query < v_row_group ? end - query : v_row_group;
        const attn_range all = attn_visible_union(a, query, count);
        const size_t keys = all.last > all.first ? all.last - all.first : 0;
        float *out = output + query * output_stride, inverses[v_row_group];
        V_NAME(attention_score_rows)(workspace, stride, a, query, count, all.first, all.first + keys);
        for (size_t row = 0; row < count; row++) {
            float *weights = workspace + row * stride;
            const float shift = v_row_shift(v_row_maximum(weights, keys));
            const float sum = v_row_exponential(weights, weights, shift, keys);
            log_sum[query + row] = shift + logf(sum);
            inverses[row] = sum == 0 ? 0 : 1 / sum;
            if (a->dropout > 0) {
                v_drop(weights, a, query + row, all.first, keys);
            }
        }
        const float *values = a->value + all.first * a->value_stride;
        const v_operands operands = {workspace, stride, 1, values, a->value_stride, keys};
        const v_tile_job job = {.c = out, .columns = a->value_size, .c_row_stride = output_stride, .scale = 1};
        V_NAME(product_rows)(operands, count, job);
        const bool finite = v_finite_rows(out, output_stride, count, a->value_size);
        for (size_t row = 0; row < count; row++, out += output_stride) {
            if (!finite) {
                V_NAME(attention_read_selected)(out, workspace + row * stride, a, query + row, all.first);
            }
            V_NAME(scale_add)(out, out, inverses[row], 0, a->value_size);
        }
    }
}

static void V_NAME(attention_weights)(float *weights, size_t weights_stride, const attn_attention *a,
                                      const float *log_sum, void *workspace) {
    (void)workspace;
    for (size_t query = 0; query < a->queries; query += v_row_group) {
        const size_t count = a->queries - query < v_row_group ? a->queries - query : v_row_group;
        const attn_range all = attn_visible_union(a, query, count);
        const size_t last = all.last > all.first ? all.last : all.first;
        float *rows = weights + query * weights_stride;
        V_NAME(attention_score_rows)(rows + all.first, weights_stride, a, query, count, all.first, last);
        for (size_t row = 0; row < count; row++, rows += weights_stride) {
            const vf shift = v_set(v_row_shift(log_sum[query + row]));
            v_fill(rows, 0, all.first);
            v_fill(rows + last, 0, a->keys - last);
            for (size_t key = all.first; key < last; key += ATTN_WIDTH) {
                const vf score = v_load_any(rows + key, last - key);
                v_store_any(rows + key, v_select(score == -INFINITY, v_set(0), v_weight(score, shift)), last - key);
            }
        }
    }
}

/// The derivative for some queries; the formulas stand beside the scalar kernel. The workspace holds two rows of all
/// keys.
static void V_NAME(attention_rows_backward)(const attn_attention_gradients *g, const attn_attention *a,
                                            const float *output, size_t output_stride, const float *log_sum,
                                            const float *upstream, size_t upstream_stride, float *workspace) {
    float *weights = workspace, *dweights = workspace + a->keys;
    for (size_t i = 0; i < a->queries; i++) {
        const attn_range seen = attn_visible_keys(a, i);
        const size_t keys = seen.last - seen.first;
        if (keys == 0 || log_sum[i] == -INFINITY) {
            continue;
        }
        const float *q = a->query + i * a->query_stride, *up = upstream + i * upstream_stride;
        const float inner = v_row_inner(up, output + i * output_stride, a->value_size);
        const v_operands keys_by_query = {.a = q, .a_row_stride = a->query_stride, .a_column_stride = 1,
                                          .b = a->key + seen.first * a->key_stride, .b_row_stride = 1,
                                          .depth = a->head_size};
        const v_operands values_by_upstream = {.a = up, .a_row_stride = upstream_stride, .a_column_stride = 1,
                                               .b = a->value + seen.first * a->value_stride, .b_row_stride = 1,
                                               .depth = a->value_size};
        v_tile_job job = {.c = weights, .columns = keys, .c_row_stride = a->keys, .scale = a->scale};
        V_NAME(product_inner)(keys_by_query, a->key_stride, 1, job);
        job.c = dweights, job.scale = 1;
        V_NAME(product_inner)(values_by_upstream, a->value_stride, 1, job);
        if (a->dropout > 0) {
            v_drop(dweights, a, i, seen.first, keys);
        }
        v_backward_row(weights, dweights, seen.first, 1, g, a, i, seen.first, seen.last, log_sum[i], inner);
        if (a->dropout > 0) {
            v_drop(weights, a, i, seen.first, keys);
        }
        for (size_t key = seen.first; key < seen.last; key++) {
            if (attn_mask_admits(a, i, key)) {
                const float weight = weights[key - seen.first], dscore = a->scale * dweights[key - seen.first];
                if (v_keeps(a, i, key)) {
                    V_NAME(accumulate_scaled)(g->value + key * g->value_stride, up, weight, a->value_size);
                }
                V_NAME(accumulate_scaled)(g->query + i * g->query_stride, a->key + key * a->key_stride, dscore,
                                          a->head_size);
                V_NAME(accumulate_scaled)(g->key + key * g->key_stride, q, dscore, a->head_size);
            }
        }
    }
}
