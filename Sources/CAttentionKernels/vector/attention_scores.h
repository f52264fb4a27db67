// Between the two products of attention: what becomes of a row of scores. A row here is that of a query i over some
// keys; its element at `key` stands at row[key − start].

/// 2^y within 3 units in the last place, for y up to 0 or little more; below 2⁻¹⁴⁹ it is 0. With y = power + r and
/// |r| ≤ ½: 2^r by a minimax polynomial to 2⁻²³.
V_INLINE vf v_power_of_two(vf y) {
    y = v_max(v_set(-200), y);
    const vf power = __builtin_elementwise_roundeven(y), r = y - power;
    vf p = v_set(0x1.5bba14p-10f);
    p = v_fma(p, r, v_set(0x1.3cea88p-7f));
    p = v_fma(p, r, v_set(0x1.c6b752p-5f));
    p = v_fma(p, r, v_set(0x1.ebf9bcp-3f));
    p = v_fma(p, r, v_set(0x1.62e42ap-1f));
    return v_scale(v_fma(p, r, v_set(1)), power);
}

#define V_BINARY_EXPONENT 0x1.715476p0f  // log₂ e

/// e^(score − shift), for scores up to the shift or little more.
V_INLINE vf v_weight(vf score, vf shift) { return v_power_of_two((score - shift) * V_BINARY_EXPONENT); }

/// −∞ where the first of n bytes are 0, and beyond n.
V_INLINE vf v_hide(vf x, const uint8_t *visible, size_t n) {
    typedef uint8_t v_bytes __attribute__((ext_vector_type(ATTN_WIDTH)));
    v_bytes bytes = 0;
    __builtin_memcpy(&bytes, visible, n < ATTN_WIDTH ? n : ATTN_WIDTH);
    return v_select(__builtin_convertvector(bytes, vi) != 0, x, v_set(-INFINITY));
}

/// Whether scores are more than inner products times a scale.
V_INLINE bool v_edits(const attn_attention *a) {
    return a->cap != 0 || a->bias || a->distance_bias || a->mask;
}

/// The scores of query i and up to n keys from `key` on, from their inner products times scale; −∞ where the mask
/// hides. `slope` receives their derivative by the latter.
V_INLINE vf v_edited(const attn_attention *a, size_t i, size_t key, vf s, size_t n, vf *slope) {
    *slope = v_set(1);
    if (a->cap != 0) {
        const vf t = v_hyperbolic_tangent(s / a->cap);
        *slope = v_fma(-t, t, v_set(1));
        s = a->cap * t;
    }
    if (a->bias) {
        s += v_load_any(a->bias + i * a->bias_stride + key, n);
    }
    if (a->distance_bias) {
        s += v_load_any(a->distance_bias + ((ptrdiff_t)key - (ptrdiff_t)i), n);
    }
    return a->mask ? v_hide(s, a->mask + i * a->mask_stride + key, n) : s;
}

V_INLINE void v_fill(float *out, float value, size_t n) {
    for (size_t i = 0; i < n; i += ATTN_WIDTH) {
        v_store_any(out + i, v_set(value), n - i);
    }
}

/// The part of `range` within [first, last); empty at `first` if there is none.
V_INLINE attn_range v_within(attn_range range, size_t first, size_t last) {
    const size_t low = range.first > first ? range.first : first, high = range.last < last ? range.last : last;
    return low < high ? (attn_range){low, high} : (attn_range){first, first};
}

/// Makes scores of inner products, `scale` times which they are before edits, in place, over [first, last): −∞ for what
/// query i does not see.
V_INLINE void v_finish_scores(float *row, size_t start, float scale, const attn_attention *a, size_t i, size_t first,
                              size_t last) {
    const attn_range seen = v_within(attn_visible_keys(a, i), first, last);
    v_fill(row + (first - start), -INFINITY, seen.first - first);
    v_fill(row + (seen.last - start), -INFINITY, last - seen.last);
    if (v_edits(a)) {
        for (size_t key = seen.first; key < seen.last; key += ATTN_WIDTH) {
            float *at = row + (key - start);
            vf slope;
            const size_t n = seen.last - key;
            v_store_any(at, v_edited(a, i, key, v_load_any(at, n) * scale, n, &slope), n);
        }
    } else if (scale != 1) {
        for (size_t key = seen.first; key < seen.last; key += ATTN_WIDTH) {
            float *at = row + (key - start);
            v_store_any(at, v_load_any(at, seen.last - key) * scale, seen.last - key);
        }
    }
}

/// From inner products, `scale` times which are scores before edits, and the derivatives of the (kept) weights, in
/// place, over [first, last): the weights of query i, and the derivatives of the scores before edits; 0 for what it does
/// not see.
V_INLINE void v_backward_row(float *weights, float *dweights, size_t start, float scale,
                             const attn_attention_gradients *g, const attn_attention *a, size_t i, size_t first,
                             size_t last, float log_sum, float inner) {
    attn_range seen = v_within(attn_visible_keys(a, i), first, last);
    if (log_sum == -INFINITY) {
        seen.last = seen.first;
    }
    v_fill(weights + (first - start), 0, seen.first - first);
    v_fill(weights + (seen.last - start), 0, last - seen.last);
    v_fill(dweights + (first - start), 0, seen.first - first);
    v_fill(dweights + (seen.last - start), 0, last - seen.last);
    const vf shift = v_set(log_sum);
    if (!v_edits(a)) {
        for (size_t key = seen.first; key < seen.last; key += ATTN_WIDTH) {
            float *weight = weights + (key - start), *dweight = dweights + (key - start);
            const size_t n = seen.last - key;
            const vf w = v_weight(v_load_any(weight, n) * scale, shift);
            v_store_any(weight, w, n);
            v_store_any(dweight, w * (v_load_any(dweight, n) - inner), n);
        }
        return;
    }
    for (size_t key = seen.first; key < seen.last; key += ATTN_WIDTH) {
        float *weight = weights + (key - start), *dweight = dweights + (key - start);
        const size_t n = seen.last - key;
        vf slope;
        const vf score = v_edited(a, i, key, v_load_any(weight, n) * scale, n, &slope);
        const vi hidden = score == -INFINITY;
        const vf w = v_select(hidden, v_set(0), v_weight(score, shift));
        const vf dscore = v_select(hidden, v_set(0), w * (v_load_any(dweight, n) - inner));
        v_store_any(weight, w, n);
        v_store_any(dweight, v_select(hidden, v_set(0), dscore * slope), n);
        if (g->bias) {
            float *dbias = g->bias + i * g->bias_stride + key;
            v_store_any(dbias, v_load_any(dbias, n) + dscore, n);
        }
        if (g->distance_bias) {
            float *dbias = g->distance_bias + ((ptrdiff_t)key - (ptrdiff_t)i);
            v_store_any(dbias, v_load_any(dbias, n) + dscore, n);
        }
    }
}

V_INLINE bool v_keeps(const attn_attention *a, size_t i, size_t key) {
    const uint64_t index = a->dropout_base + i * a->dropout_stride + key;
    return a->dropout == 0 || attn_dropout_keeps(a->dropout_seed, index, attn_dropout_threshold(a->dropout));
}

/// Dropout of the weights of query i and n keys from `key` on.
V_INLINE void v_drop(float *weights, const attn_attention *a, size_t i, size_t key, size_t n) {
    V_NAME(dropout)(weights, weights, a->dropout, a->dropout_seed, a->dropout_base + i * a->dropout_stride + key, n);
}

/// The same for ATTN_WIDTH of them.
V_INLINE vf v_dropped(vf weights, const attn_attention *a, size_t i, size_t key) {
    const uint64_t index = a->dropout_base + i * a->dropout_stride + key;
    return v_dropout_at(weights, a->dropout_seed, index, attn_dropout_threshold(a->dropout), 1 / (1 - a->dropout));
}

/// Element i is the maximum of rows[i], none of which holds a NaN.
V_INLINE vf v_maxima(vf rows[ATTN_WIDTH]) {
#pragma clang loop unroll(full)
    for (int half = ATTN_WIDTH / 2; half > 0; half /= 2) {
        for (int i = 0; i < half; i++) {
            rows[i] = v_max(v_interleave_low(rows[i], rows[i + half]), v_interleave_high(rows[i], rows[i + half]));
        }
    }
    return rows[0];
}

/// Whether rows hold neither an infinity nor a NaN.
V_INLINE bool v_finite_rows(const float *x, size_t stride, size_t rows, size_t n) {
    vf sum = v_set(0);  // x − x is 0, or NaN
    for (size_t row = 0; row < rows; row++, x += stride) {
        for (size_t i = 0; i < n; i += ATTN_WIDTH) {
            const vf y = v_load_any(x + i, n - i);
            sum += y - y;
        }
    }
    return v_sum(sum) == 0;
}
