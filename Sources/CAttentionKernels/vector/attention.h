// Scaled dot-product attention (Vaswani et al. 2017) over blocks of queries and keys: the softmax is taken as the key
// blocks go by, with each row's maximum and sum so far (Milakov & Gimelshein 2018; Dao et al. 2022). Short sequences are
// one block. Key blocks that no query of the block may see are not visited; within a visited block an invisible pair weighs
// exactly 0, so that only an infinite or NaN value of it could show.

enum { v_query_block = 64, v_key_block = 128 };

/// Scratch, cut from one piece of memory.
typedef struct v_attention_scratch {
    size_t width;                // floats between rows: the keys of a block, in whole vectors
    float *keys, *values;        // a block of keys (and values) transposed: [head_size or value_size][width]
    float *weights, *dweights;   // [queries of a block][width]
    float *maximum, *sum;        // [queries of a block]
} v_attention_scratch;

V_INLINE size_t v_attention_width(const attn_attention *a) {
    return v_ceiling_divide(a->keys < v_key_block ? a->keys : v_key_block, ATTN_WIDTH) * ATTN_WIDTH;
}

V_INLINE size_t v_attention_queries(const attn_attention *a) {
    return a->queries < v_query_block ? a->queries : v_query_block;
}

static size_t V_NAME(attention_workspace_size)(const attn_attention *a) {
    const size_t transposed = (a->head_size + a->value_size) * v_attention_width(a);
    const size_t rows = 2 * v_attention_queries(a) * (v_attention_width(a) + 1);
    return (transposed + rows) * sizeof(float) + v_cache_line;
}

V_INLINE v_attention_scratch v_attention_scratch_in(void *workspace, const attn_attention *a) {
    v_attention_scratch s = {.width = v_attention_width(a), .keys = v_align(workspace)};
    s.values = s.keys + a->head_size * s.width;
    s.weights = s.values + a->value_size * s.width;
    s.dweights = s.weights + v_attention_queries(a) * s.width;
    s.maximum = s.dweights + v_attention_queries(a) * s.width;
    s.sum = s.maximum + v_attention_queries(a);
    return s;
}

/// A block of queries against a block of keys.
typedef struct v_attention_block {
    size_t query, queries, key, keys;
} v_attention_block;

/// The part of the block's keys that its query `row` sees.
V_INLINE attn_range v_block_range(const attn_attention *a, v_attention_block block, size_t row) {
    const attn_range visible = attn_visible_keys(a, block.query + row);
    const size_t end = block.key + block.keys;
    const size_t last = visible.last < end ? visible.last : end;
    const size_t first = visible.first > block.key ? visible.first : block.key;
    return first < last ? (attn_range){first - block.key, last - block.key} : (attn_range){0, 0};
}

/// All keys that any of the block's queries sees. Both ends of the range only ever grow from one query to the next.
V_INLINE attn_range v_block_union(const attn_attention *a, size_t query, size_t queries) {
    return (attn_range){attn_visible_keys(a, query).first, attn_visible_keys(a, query + queries - 1).last};
}

/// out = scale · X Yᵀ, rows of X against the block's rows of Y, which `transposed` receives.
V_INLINE void v_block_scores(float *out, float *transposed, size_t width, const float *x, size_t x_stride,
                             const float *y, size_t y_stride, v_attention_block block, size_t depth, float scale) {
    const size_t lanes = v_ceiling_divide(block.keys, ATTN_WIDTH) * ATTN_WIDTH;
    V_NAME(pack_panel)(transposed, lanes, y + block.key * y_stride, y_stride, 1, block.keys, depth);
    const v_operands operands = {x + block.query * x_stride, x_stride, 1, transposed, lanes, depth};
    const v_tile_job job = {.c = out, .columns = block.keys, .c_row_stride = width, .scale = scale};
    V_NAME(product_rows)(operands, block.queries, job);
}

V_INLINE void v_zero(float *out, size_t n) {
    for (size_t i = 0; i < n; i += ATTN_WIDTH) {
        v_store_any(out + i, v_set(0), n - i);
    }
}

V_INLINE void v_zero_outside(float *row, attn_range inside, size_t n) {
    v_zero(row, inside.first);
    v_zero(row + inside.last, n - inside.last);
}

static void V_NAME(attention)(float *output, size_t output_stride, float *log_sum, const attn_attention *a,
                              void *workspace) {
    const v_attention_scratch s = v_attention_scratch_in(workspace, a);
    for (size_t query = 0; query < a->queries; query += v_query_block) {
        v_attention_block block = {query, a->queries - query, 0, 0};
        block.queries = block.queries < v_query_block ? block.queries : v_query_block;
        const attn_range seen = v_block_union(a, query, block.queries);
        for (size_t row = 0; row < block.queries; row++) {
            s.maximum[row] = -INFINITY;
            s.sum[row] = 0;
            v_zero(output + (query + row) * output_stride, a->value_size);
        }
        for (block.key = seen.first; block.key < seen.last; block.key += v_key_block) {
            block.keys = seen.last - block.key < v_key_block ? seen.last - block.key : v_key_block;
            v_block_scores(s.weights, s.keys, s.width, a->query, a->query_stride, a->key, a->key_stride, block,
                           a->head_size, a->scale);
            for (size_t row = 0; row < block.queries; row++) {
                float *weights = s.weights + row * s.width, *out = output + (query + row) * output_stride;
                const attn_range range = v_block_range(a, block, row);
                const size_t count = range.last - range.first;
                v_zero_outside(weights, range, block.keys);
                if (count == 0) {
                    continue;
                }
                const float before = s.maximum[row], here = v_row_maximum(weights + range.first, count);
                const float maximum = here > before ? here : before;
                const float sum = v_row_exponential(weights + range.first, weights + range.first,
                                                    v_row_shift(maximum), count);
                if (before != maximum && s.sum[row] != 0) {  // earlier blocks were weighed against a lower maximum
                    const float factor = before == -INFINITY ? 0 : expf(before - maximum);
                    s.sum[row] *= factor;
                    V_NAME(scale_add)(out, out, factor, 0, a->value_size);
                }
                s.sum[row] += sum;
                s.maximum[row] = maximum;
                if (a->dropout > 0) {
                    const uint64_t base = a->dropout_base + (query + row) * a->keys + block.key + range.first;
                    V_NAME(dropout)(weights + range.first, weights + range.first, a->dropout, a->dropout_seed, base,
                                    count);
                }
            }
            const v_operands operands = {s.weights, s.width, 1, a->value + block.key * a->value_stride, a->value_stride,
                                         block.keys};
            const v_tile_job job = {.c = output + query * output_stride, .columns = a->value_size,
                                    .c_row_stride = output_stride, .scale = 1, .add = true};
            V_NAME(product_rows)(operands, block.queries, job);
        }
        for (size_t row = 0; row < block.queries; row++) {
            float *out = output + (query + row) * output_stride;
            V_NAME(scale_add)(out, out, s.sum[row] == 0 ? 0 : 1 / s.sum[row], 0, a->value_size);
        }
        for (size_t row = 0; row < block.queries; row += ATTN_WIDTH) {
            const size_t count = block.queries - row;
            const vf maximum = v_load_any(s.maximum + row, count);
            const vf shift = v_select(maximum == -INFINITY, v_set(0), maximum);
            v_store_any(log_sum + query + row, shift + v_logarithm(v_load_any(s.sum + row, count)), count);
        }
    }
}

/// The formulas stand beside the scalar kernel.
static void V_NAME(attention_backward)(float *dquery, size_t dquery_stride, float *dkey, size_t dkey_stride,
                                       float *dvalue, size_t dvalue_stride, const attn_attention *a,
                                       const float *output, size_t output_stride, const float *log_sum,
                                       const float *upstream, size_t upstream_stride, void *workspace) {
    const v_attention_scratch s = v_attention_scratch_in(workspace, a);
    for (size_t query = 0; query < a->queries; query += v_query_block) {
        v_attention_block block = {query, a->queries - query, 0, 0};
        block.queries = block.queries < v_query_block ? block.queries : v_query_block;
        const attn_range seen = v_block_union(a, query, block.queries);
        float *inner = s.sum;
        for (size_t row = 0; row < block.queries; row++) {
            inner[row] = v_row_inner(upstream + (query + row) * upstream_stride, output + (query + row) * output_stride,
                                     a->value_size);
        }
        for (block.key = seen.first; block.key < seen.last; block.key += v_key_block) {
            block.keys = seen.last - block.key < v_key_block ? seen.last - block.key : v_key_block;
            v_block_scores(s.weights, s.keys, s.width, a->query, a->query_stride, a->key, a->key_stride, block,
                           a->head_size, a->scale);
            v_block_scores(s.dweights, s.values, s.width, upstream, upstream_stride, a->value, a->value_stride, block,
                           a->value_size, 1);
            for (size_t row = 0; row < block.queries; row++) {
                float *weights = s.weights + row * s.width, *dscores = s.dweights + row * s.width;
                const float shift = log_sum[query + row];
                attn_range range = v_block_range(a, block, row);
                if (shift == -INFINITY) {
                    range = (attn_range){0, 0};
                }
                v_zero_outside(weights, range, block.keys);
                v_zero_outside(dscores, range, block.keys);
                const size_t count = range.last - range.first;
                const uint64_t base = a->dropout_base + (query + row) * a->keys + block.key + range.first;
                weights += range.first, dscores += range.first;
                v_row_exponential(weights, weights, shift, count);
                if (a->dropout > 0) {
                    V_NAME(dropout)(dscores, dscores, a->dropout, a->dropout_seed, base, count);
                }
                for (size_t i = 0; i < count; i += ATTN_WIDTH) {
                    const vf dweight = v_load_any(dscores + i, count - i);
                    v_store_any(dscores + i, v_load_any(weights + i, count - i) * (dweight - inner[row]), count - i);
                }
                if (a->dropout > 0) {
                    V_NAME(dropout)(weights, weights, a->dropout, a->dropout_seed, base, count);
                }
            }
            const v_operands to_values = {s.weights, 1, s.width, upstream + query * upstream_stride, upstream_stride,
                                          block.queries};
            const v_operands to_keys = {s.dweights, 1, s.width, a->query + query * a->query_stride, a->query_stride,
                                        block.queries};
            const v_operands to_queries = {s.dweights, s.width, 1, a->key + block.key * a->key_stride, a->key_stride,
                                           block.keys};
            v_tile_job job = {.c = dvalue + block.key * dvalue_stride, .columns = a->value_size,
                              .c_row_stride = dvalue_stride, .scale = 1, .add = true};
            V_NAME(product_rows)(to_values, block.keys, job);
            job.columns = a->head_size, job.scale = a->scale;
            job.c = dkey + block.key * dkey_stride, job.c_row_stride = dkey_stride;
            V_NAME(product_rows)(to_keys, block.keys, job);
            job.c = dquery + query * dquery_stride, job.c_row_stride = dquery_stride;
            V_NAME(product_rows)(to_queries, block.queries, job);
        }
    }
}

static void attn_install_vector_attention(attn_kernels *table) {
    table->attention_workspace_size = V_NAME(attention_workspace_size);
    table->attention = V_NAME(attention);
    table->attention_backward = V_NAME(attention_backward);
}
