// The derivative of attention in bfloat16 pairs: for every block of keys, all queries that see any of them go by; the
// weights P are made again from each row's log-sum. Of the five products, those that sum over queries are computed
// transposed, dVᵀ = dOᵀ P and dKᵀ = Qᵀ dS, so that P and dS serve as B in the order of their rows.

/// What the queries are packed into, a tile of 32 after the other: Q and dO as A, and their transposes as A.
typedef struct pair_query_side {
    uint16_t *queries, *upstream, *query_columns, *upstream_columns;  // of the first tile
    size_t tile;                                                      // halves in a tile
} pair_query_side;

/// Scratch, cut from one piece of memory.
typedef struct pair_backward_scratch {
    pair_query_side q;
    float *inner;                                            // Σ dO · O of each query
    uint16_t *key_columns, *value_columns, *key_rows;        // of a block of keys, as B
    float *weights, *dweights, *dquery;                      // of a tile
    uint16_t *weight_pairs, *dweight_pairs, *dweight_rows;   // P and dS as B [key panel][tile], dS of a tile as A
    float *dkey, *dvalue;                                    // transposed, of a block of keys
    void *below;
} pair_backward_scratch;

enum { pair_gradient_stride = pair_keys + ATTN_WIDTH };

V_INLINE pair_backward_scratch pair_backward_scratch_in(const size_t parts, void *workspace, const attn_attention *a) {
    const size_t deep = pair_blocks(a->head_size), wide = pair_blocks(a->value_size), tiles = pair_blocks(a->queries);
    const size_t block = parts * pair_block_halves;
    pair_backward_scratch s;
    s.q.queries = v_align(workspace);
    s.q.upstream = s.q.queries + deep * block;
    s.q.query_columns = s.q.upstream + wide * block;
    s.q.upstream_columns = s.q.query_columns + deep * block;
    s.q.tile = 2 * (deep + wide) * block;
    s.key_columns = s.q.queries + tiles * s.q.tile;
    s.value_columns = s.key_columns + pair_key_blocks * deep * block;
    s.key_rows = s.value_columns + pair_key_blocks * wide * block;
    s.weight_pairs = s.key_rows + pair_key_blocks * deep * block;
    s.dweight_pairs = s.weight_pairs + pair_key_blocks * pair_query_tiles * block;
    s.dweight_rows = s.dweight_pairs + pair_key_blocks * pair_query_tiles * block;
    s.weights = (float *)(s.dweight_rows + pair_key_blocks * block);
    s.dweights = s.weights + pair_block * pair_weights_stride;
    s.dquery = s.dweights + pair_block * pair_weights_stride;
    s.dkey = s.dquery + pair_block * deep * pair_block;
    s.dvalue = s.dkey + deep * pair_block * pair_gradient_stride;
    s.inner = s.dvalue + wide * pair_block * pair_gradient_stride;
    s.below = s.inner + tiles * pair_block;
    return s;
}

V_INLINE size_t pair_workspace_size(const size_t parts, const attn_attention_method *below, const attn_attention *a) {
    char *none = (char *)(uintptr_t)v_cache_line;  // an aligned address to measure from
    size_t own = 0;
    if (a->queries > below->few_queries) {
        const size_t forward = (size_t)((char *)pair_scratch_in(parts, none, a).below - none);
        const size_t backward = (size_t)((char *)pair_backward_scratch_in(parts, none, a).below - none);
        own = (forward > backward ? forward : backward) + v_cache_line;
    }
    return own + below->workspace_size(a);
}

/// What all steps of a call share.
typedef struct pair_backward {
    const attn_attention *a;
    const attn_attention_gradients *g;
    const float *log_sum;
    pair_backward_scratch s;
} pair_backward;

/// P and dS of a tile, the `index`-th of its block of queries, against the keys [first, last) of the block from `start` on,
/// in rows of floats.
V_INLINE void pair_backward_step(const size_t parts, const pair_backward *b, size_t query, size_t rows, size_t start,
                                 size_t first, size_t last) {
    const attn_attention *a = b->a;
    const pair_backward_scratch *s = &b->s;
    const size_t deep = pair_blocks(a->head_size), wide = pair_blocks(a->value_size), block = parts * pair_block_halves;
    const uint16_t *tile = s->q.queries + query / pair_block * s->q.tile;
    for (size_t panel = (first - start) / pair_block; panel < pair_blocks(last - start); panel++) {
        pair_multiply(parts, s->weights + panel * pair_block, pair_weights_stride, false, tile, block,
                      s->key_columns + panel * deep * block, deep, rows);
        pair_multiply(parts, s->dweights + panel * pair_block, pair_weights_stride, false, tile + deep * block, block,
                      s->value_columns + panel * wide * block, wide, rows);
    }
    for (size_t row = 0; row < rows; row++) {
        const size_t i = query + row;
        float *weights = s->weights + row * pair_weights_stride, *dweights = s->dweights + row * pair_weights_stride;
        if (a->dropout > 0) {
            v_drop(dweights + (first - start), a, i, first, last - first);
        }
        v_backward_row(weights, dweights, start, a->scale, b->g, a, i, first, last, b->log_sum[i], s->inner[i]);
        if (a->dropout > 0) {
            v_drop(weights + (first - start), a, i, first, last - first);
        }
    }
}

V_INLINE void pair_zero(const pair_backward *b, size_t top, size_t bottom, size_t first, size_t last) {
    for (size_t row = top; first < last && row < bottom; row++) {
        v_fill(b->s.weights + row * pair_weights_stride + first, 0, last - first);
        v_fill(b->s.dweights + row * pair_weights_stride + first, 0, last - first);
    }
}

/// A tile, the `index`-th of its block of queries, against the block of `keys` keys from `start` on: P and dS as operands,
/// and the queries' gradient. Returns which keys of the block are seen.
V_INLINE attn_range pair_backward_tile(const size_t parts, const pair_backward *b, size_t query, size_t rows,
                                       size_t index, size_t start, size_t keys) {
    const attn_attention *a = b->a;
    const pair_backward_scratch *s = &b->s;
    const size_t block = parts * pair_block_halves, panels = pair_blocks(keys), deep = pair_blocks(a->head_size);
    attn_range todo = v_within(attn_visible_union(a, query, rows), start, start + keys), seen = {0, 0};
    while (todo.first < todo.last) {
        const attn_range run = v_next_run(a, query, rows, todo.first, todo.last);
        if (run.first < run.last) {
            pair_backward_step(parts, b, query, rows, start, run.first, run.last);
            pair_zero(b, 0, rows, seen.last, run.first - start);
            seen = (attn_range){seen.last == 0 ? run.first - start : seen.first, run.last - start};
        }
        todo.first = run.last;
    }
    const size_t panel_halves = pair_query_tiles * block;
    if (seen.last == 0) {
        for (size_t panel = 0; panel < panels; panel++) {
            memset(s->weight_pairs + panel * panel_halves + index * block, 0, block * sizeof(uint16_t));
            memset(s->dweight_pairs + panel * panel_halves + index * block, 0, block * sizeof(uint16_t));
        }
        return seen;
    }
    pair_zero(b, 0, rows, seen.last, panels * pair_block);
    vi extreme = 0;
    const size_t width = panels * pair_block;
    pair_pack_b(parts, s->weight_pairs + index * block, panel_halves, s->weights, pair_weights_stride, rows, width,
                &extreme);
    pair_pack_b(parts, s->dweight_pairs + index * block, panel_halves, s->dweights, pair_weights_stride, rows, width,
                &extreme);
    const size_t low = seen.first / pair_block, high = pair_blocks(seen.last);
    pair_pack_a(parts, s->dweight_rows, block, s->dweights + low * pair_block, pair_weights_stride, rows,
                (high - low) * pair_block, &extreme);
    for (size_t panel = 0; panel < deep; panel++) {
        pair_multiply(parts, s->dquery + panel * pair_block, deep * pair_block, false, s->dweight_rows, block,
                      s->key_rows + (panel * panels + low) * block, high - low, rows);
    }
    for (size_t row = 0; row < rows; row++) {
        float *out = b->g->query + (query + row) * b->g->query_stride;
        const float *sums = s->dquery + row * deep * pair_block;
        for (size_t d = 0; d < a->head_size; d += ATTN_WIDTH) {
            const size_t n = a->head_size - d;
            v_store_any(out + d, v_fma(v_load(sums + d), v_set(a->scale), v_load_any(out + d, n)), n);
        }
    }
    return seen;
}

/// A block of queries against a block of keys.
V_INLINE void pair_backward_block(const size_t parts, const pair_backward *b, size_t query, size_t queries,
                                  size_t start, size_t keys) {
    const attn_attention *a = b->a;
    const pair_backward_scratch *s = &b->s;
    const size_t block = parts * pair_block_halves, deep = pair_blocks(a->head_size), wide = pair_blocks(a->value_size);
    struct { size_t first, last; } tiles[pair_key_blocks] = {{0, 0}};  // those that see some of a panel's keys
    for (size_t i = 0; i < pair_blocks(queries); i++) {
        const size_t top = i * pair_block, rows = queries - top < pair_block ? queries - top : pair_block;
        const attn_range seen = pair_backward_tile(parts, b, query + top, rows, i, start, keys);
        for (size_t panel = seen.first / pair_block; panel < pair_blocks(seen.last); panel++) {
            tiles[panel].first = tiles[panel].last == 0 ? i : tiles[panel].first;
            tiles[panel].last = i + 1;
        }
    }
    for (size_t panel = 0; panel < pair_blocks(keys); panel++) {
        const size_t first = tiles[panel].first, count = tiles[panel].last - first;
        if (count == 0) {
            continue;
        }
        const size_t from = (query / pair_block + first) * s->q.tile, pairs = (panel * pair_query_tiles + first) * block;
        for (size_t i = 0; i < wide; i++) {
            const size_t rest = a->value_size - i * pair_block;
            pair_multiply(parts, s->dvalue + i * pair_block * pair_gradient_stride + panel * pair_block,
                          pair_gradient_stride, true, s->q.upstream_columns + from + i * block, s->q.tile,
                          s->weight_pairs + pairs, count, rest < pair_block ? rest : pair_block);
        }
        for (size_t i = 0; i < deep; i++) {
            const size_t rest = a->head_size - i * pair_block;
            pair_multiply(parts, s->dkey + i * pair_block * pair_gradient_stride + panel * pair_block,
                          pair_gradient_stride, true, s->q.query_columns + from + i * block, s->q.tile,
                          s->dweight_pairs + pairs, count, rest < pair_block ? rest : pair_block);
        }
    }
}

/// out[row][d] += scale · transposed[d][row]
V_INLINE void pair_add_transposed(float *out, size_t stride, const float *transposed, float scale, size_t count,
                                  size_t size) {
    for (size_t row = 0; row < count; row += ATTN_WIDTH) {
        for (size_t d = 0; d < size; d += ATTN_WIDTH) {
            vf rows[ATTN_WIDTH];
            for (size_t i = 0; i < ATTN_WIDTH; i++) {
                rows[i] = v_load(transposed + (d + i) * pair_gradient_stride + row);
            }
            v_transpose(rows);
            for (size_t i = 0; i < ATTN_WIDTH && row + i < count; i++) {
                float *at = out + (row + i) * stride + d;
                v_store_any(at, v_fma(rows[i], v_set(scale), v_load_any(at, size - d)), size - d);
            }
        }
    }
}

/// Packs all queries, and returns whether a number was out of the ordinary.
V_INLINE bool pair_pack_queries(const size_t parts, pair_query_side q, const attn_attention *a, const float *upstream,
                                size_t upstream_stride) {
    vi extreme = 0;
    const size_t block = parts * pair_block_halves;
    for (size_t query = 0; query < a->queries; query += pair_block) {
        const size_t at = query / pair_block * q.tile, rest = a->queries - query;
        const size_t rows = rest < pair_block ? rest : pair_block;
        const float *from = a->query + query * a->query_stride, *up = upstream + query * upstream_stride;
        pair_pack_a(parts, q.queries + at, block, from, a->query_stride, rows, a->head_size, &extreme);
        pair_pack_a(parts, q.upstream + at, block, up, upstream_stride, rows, a->value_size, &extreme);
        pair_pack_a_transposed(parts, q.query_columns + at, block, from, a->query_stride, rows, a->head_size);
        pair_pack_a_transposed(parts, q.upstream_columns + at, block, up, upstream_stride, rows, a->value_size);
    }
    return pair_any(extreme);
}

V_INLINE bool pair_extreme_rows(const float *x, size_t stride, size_t rows, size_t n) {
    vi extreme = 0;
    for (size_t row = 0; row < rows; row++, x += stride) {
        for (size_t i = 0; i < n; i += ATTN_WIDTH) {
            extreme |= pair_extreme(v_load_any(x + i, n - i));
        }
    }
    return pair_any(extreme);
}

V_INLINE void pair_attention_backward(const size_t parts, const attn_attention_method *below,
                                      const attn_attention_gradients *gradients, const attn_attention *a,
                                      const float *output, size_t output_stride, const float *log_sum,
                                      const float *upstream, size_t upstream_stride, void *workspace) {
    const attn_range all = a->queries == 0 ? (attn_range){0, 0} : attn_visible_union(a, 0, a->queries);
    if (all.first >= all.last) {
        return;
    }
    const size_t whole = all.first / pair_block * pair_block, seen = all.last - whole;
    const bool few = a->queries <= below->few_queries;
    const pair_backward b = {a, gradients, log_sum, few ? (pair_backward_scratch){.below = workspace}
                                                        : pair_backward_scratch_in(parts, workspace, a)};
    const pair_backward_scratch *s = &b.s;
    if (few || pair_extreme_rows(a->key + whole * a->key_stride, a->key_stride, seen, a->head_size)
        || pair_extreme_rows(a->value + whole * a->value_stride, a->value_stride, seen, a->value_size)
        || pair_pack_queries(parts, s->q, a, upstream, upstream_stride)) {
        below->backward(gradients, a, output, output_stride, log_sum, upstream, upstream_stride, s->below);
        return;
    }
    for (size_t i = 0; i < a->queries; i++) {
        s->inner[i] = v_row_inner(upstream + i * upstream_stride, output + i * output_stride, a->value_size);
    }
    const size_t block = parts * pair_block_halves, most = pair_query_tiles * pair_block;
    for (size_t start = whole; start < all.last; start += pair_keys) {
        const size_t keys = all.last - start < pair_keys ? all.last - start : pair_keys;
        const float *key = a->key + start * a->key_stride, *value = a->value + start * a->value_stride;
        vi extreme = 0;
        pair_pack_b_transposed(parts, s->key_columns, key, a->key_stride, keys, a->head_size, &extreme);
        pair_pack_b_transposed(parts, s->value_columns, value, a->value_stride, keys, a->value_size, &extreme);
        pair_pack_b(parts, s->key_rows, pair_blocks(keys) * block, key, a->key_stride, keys, a->head_size, &extreme);
        memset(s->dkey, 0, pair_padded(a->head_size) * pair_gradient_stride * sizeof(float));
        memset(s->dvalue, 0, pair_padded(a->value_size) * pair_gradient_stride * sizeof(float));
        for (size_t query = 0; query < a->queries; query += most) {
            const size_t queries = a->queries - query < most ? a->queries - query : most;
            const attn_range range = attn_visible_union(a, query, queries);
            if (range.first < start + keys && range.last > start) {
                pair_backward_block(parts, &b, query, queries, start, keys);
            }
        }
        pair_add_transposed(gradients->key + start * gradients->key_stride, gradients->key_stride, s->dkey, a->scale,
                            keys, a->head_size);
        pair_add_transposed(gradients->value + start * gradients->value_stride, gradients->value_stride, s->dvalue, 1,
                            keys, a->value_size);
    }
}
