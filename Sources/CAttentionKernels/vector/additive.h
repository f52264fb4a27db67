// Additive attention (Bahdanau et al. 2015): v · tanh(q + k) without ever building the sums.

static void V_NAME(additive_scores)(float *scores, const float *query, const float *key, const float *vector,
                                    size_t queries, size_t keys, size_t size) {
    for (size_t i = 0; i < queries; i++) {
        for (size_t j = 0; j < keys; j++) {
            const float *q = query + i * size, *k = key + j * size;
            vf score = v_set(0);
            size_t d = 0;
            for (; d + ATTN_WIDTH <= size; d += ATTN_WIDTH) {
                score = v_fma(v_load(vector + d), v_hyperbolic_tangent_quick(v_load(q + d) + v_load(k + d)), score);
            }
            if (d < size) {  // beyond the row tanh 0 = 0
                const size_t rest = size - d;
                const vf t = v_hyperbolic_tangent_quick(v_load_part(q + d, rest) + v_load_part(k + d, rest));
                score = v_fma(v_load_part(vector + d, rest), t, score);
            }
            scores[i * keys + j] = v_sum(score);
        }
    }
}

/// Of one query; of the first, dkey is written rather than added to.
V_INLINE void v_additive_scores_backward(const bool first, float *dquery, float *dkey, float *dvector, const float *query,
                                         const float *key, const float *vector, const float *upstream, size_t keys,
                                         size_t size) {
    for (size_t j = 0; j < keys; j++) {
        const vf up = v_set(upstream[j]);
        for (size_t d = 0; d < size; d += ATTN_WIDTH) {
            const size_t rest = size - d;
            float *dq = dquery + d, *dk = dkey + j * size + d, *dv = dvector + d;
            const vf q = v_load_any(query + d, rest), k = v_load_any(key + j * size + d, rest);
            const vf t = v_hyperbolic_tangent_quick(q + k);
            const vf dsum = up * v_load_any(vector + d, rest) * v_fma(-t, t, v_set(1));
            v_store_any(dq, v_load_any(dq, rest) + dsum, rest);
            v_store_any(dk, first ? dsum : v_load_any(dk, rest) + dsum, rest);
            v_store_any(dv, v_fma(up, t, v_load_any(dv, rest)), rest);
        }
    }
}

static void V_NAME(additive_scores_backward)(float *dquery, float *dkey, float *dvector, const float *query,
                                             const float *key, const float *vector, const float *upstream,
                                             size_t queries, size_t keys, size_t size) {
    for (size_t d = 0; queries == 0 && d < keys * size; d++) {
        dkey[d] = 0;
    }
    for (size_t i = 0; i < queries; i++, dquery += size, query += size, upstream += keys) {
        if (i == 0) {
            v_additive_scores_backward(true, dquery, dkey, dvector, query, key, vector, upstream, keys, size);
        } else {
            v_additive_scores_backward(false, dquery, dkey, dvector, query, key, vector, upstream, keys, size);
        }
    }
}

static void attn_install_vector_additive(attn_kernels *table) {
    table->additive_scores = V_NAME(additive_scores);
    table->additive_scores_backward = V_NAME(additive_scores_backward);
}
