// Attention with both products in bfloat16 pairs, for whoever includes this: tiles, or vectors of pairs. The includer
// says how a block is multiplied:
//
//   pair_multiply(parts, c, stride, add, a, a_stride, b, deep, rows)
//
// computes up to 32 rows × 32 columns C = A B (+ C) over `deep` blocks of depth, those of A `a_stride` halves apart, those
// of B one behind the other. It may write all 32 rows.
//
// Keys and values are packed once, in blocks of pair_keys keys. A tile of 32 queries goes through a block with its scores
// in the first-level cache, and pair_query_tiles of them while the block is in the second. What does not fit pairs goes
// to the method below: few queries, calls with numbers out of the ordinary, and tiles whose output is not finite.

enum {
    pair_keys = 128,
    pair_key_blocks = pair_keys / pair_block,
    pair_weights_stride = pair_keys + ATTN_WIDTH,  // rows of a tile in different sets of the cache
    pair_query_tiles = 4,
};

V_INLINE size_t pair_padded(size_t n) { return pair_blocks(n) * pair_block; }

// MARK: Packing

/// What packing leaves: whether a number was out of the ordinary, in which case the method below packed the rest.
typedef struct pair_packed {
    float *extreme;
    uint16_t *blocks;
} pair_packed;

V_INLINE pair_packed pair_packed_in(const void *packed) {
    float *extreme = v_align(packed);
    return (pair_packed){extreme, (uint16_t *)(extreme + v_cache_line / sizeof(float))};
}

V_INLINE size_t pair_packed_size(const size_t parts, const attn_attention_method *below, const attn_attention *a) {
    const size_t sizes = pair_blocks(a->head_size) + pair_blocks(a->value_size);
    const size_t own = pair_blocks(a->keys) * sizes * parts * pair_block_halves * sizeof(uint16_t);
    const size_t other = below->packed_size(a);
    return (own > other ? own : other) + 2 * v_cache_line;
}

/// A block of packed keys: panels of 32 keys for the scores, panels of 32 columns of values for the context.
typedef struct pair_key_block {
    size_t start;
    uint16_t *keys, *values;
    size_t key_panel, value_panel;  // halves in a panel
} pair_key_block;

V_INLINE pair_key_block pair_key_block_at(const size_t parts, const void *packed, const attn_attention *a, size_t start) {
    const size_t rest = a->keys - start, deep = pair_blocks(a->head_size);
    const size_t sizes = deep + pair_blocks(a->value_size), panels = pair_blocks(rest < pair_keys ? rest : pair_keys);
    pair_key_block block = {.start = start};
    block.keys = pair_packed_in(packed).blocks + start / pair_block * sizes * parts * pair_block_halves;
    block.key_panel = deep * parts * pair_block_halves;
    block.values = block.keys + panels * block.key_panel;
    block.value_panel = panels * parts * pair_block_halves;
    return block;
}

V_INLINE void pair_pack(const size_t parts, const attn_attention_method *below, void *packed, const attn_attention *a) {
    if (a->queries <= below->few_queries) {
        return;
    }
    const attn_range all = attn_visible_union(a, 0, a->queries);
    vi extreme = 0;
    for (size_t start = all.first / pair_keys * pair_keys; start < all.last; start += pair_keys) {
        const pair_key_block block = pair_key_block_at(parts, packed, a, start);
        const size_t count = all.last - start < pair_keys ? all.last - start : pair_keys;
        pair_pack_b_transposed(parts, block.keys, a->key + start * a->key_stride, a->key_stride, count, a->head_size,
                               &extreme);
        pair_pack_b(parts, block.values, block.value_panel, a->value + start * a->value_stride, a->value_stride, count,
                    a->value_size, &extreme);
    }
    const pair_packed p = pair_packed_in(packed);
    *p.extreme = pair_any(extreme);
    if (*p.extreme != 0) {
        below->pack(p.blocks, a);
    }
}

// MARK: Forward

/// Scratch, cut from one piece of memory: the tiles of queries, their sums and states, the scores and weights of one, and
/// what the method below needs.
typedef struct pair_scratch {
    uint16_t *queries;
    float *sums, *maximum, *sum, *scores;
    uint16_t *weights;
    void *below;
} pair_scratch;

V_INLINE pair_scratch pair_scratch_in(const size_t parts, void *workspace, const attn_attention *a) {
    pair_scratch s = {.queries = v_align(workspace)};
    s.sums = (float *)(s.queries + pair_query_tiles * pair_blocks(a->head_size) * parts * pair_block_halves);
    s.maximum = s.sums + pair_query_tiles * pair_block * pair_padded(a->value_size);
    s.sum = s.maximum + pair_query_tiles * pair_block;
    s.scores = s.sum + pair_query_tiles * pair_block;
    s.weights = (uint16_t *)(s.scores + pair_block * pair_weights_stride);
    s.below = s.weights + pair_key_blocks * parts * pair_block_halves;
    return s;
}

/// A tile of queries.
typedef struct pair_tile {
    size_t query, rows;
    const uint16_t *queries;
    float *maximum, *sum;  // of each row, so far
    float *sums;           // [32][padded value_size]
} pair_tile;

V_INLINE v_row_states pair_states(pair_tile tile, size_t top) {
    const size_t rest = tile.rows - top;
    return (v_row_states){tile.query + top, rest < ATTN_WIDTH ? rest : ATTN_WIDTH, tile.maximum + top, tile.sum + top};
}

/// Makes weights, packed as A, of up to ATTN_WIDTH rows' inner products with the panels [low, high) of a block's keys, and
/// drops some of them; returns the factor by which what was weighed before must shrink.
V_INLINE vf pair_weigh(const size_t parts, const bool drops, uint16_t *weights, float *scores, v_row_states states,
                       const attn_attention *a, size_t start, size_t low, size_t high) {
    const v_scales scales = v_scales_of(a, a->scale);
    float maxima[ATTN_WIDTH];
    const vf factor = v_raise(scores, pair_weights_stride, scales, states, a, start, low * pair_block,
                              high * pair_block, maxima);
    vf sums[ATTN_WIDTH];
    for (size_t row = 0; row < ATTN_WIDTH; row++) {
        sums[row] = v_set(0);
        if (row < states.rows) {
            const vf maximum = v_set(maxima[row]);
            for (size_t panel = low; panel < high; panel++) {
                const float *at = scores + row * pair_weights_stride + panel * pair_block;
                vf first = v_weight_below(maximum, v_load(at), scales);
                vf second = v_weight_below(maximum, v_load(at + ATTN_WIDTH), scales);
                sums[row] += first + second;
                if (drops) {
                    const size_t key = start + panel * pair_block;
                    first = v_dropped(first, a, states.query + row, key);
                    second = v_dropped(second, a, states.query + row, key + ATTN_WIDTH);
                }
                uint16_t *out = weights + (panel - low) * parts * pair_block_halves + row * pair_block;
                pair_store(parts, out, pair_split_of(parts, first, second));
            }
        }
    }
    v_store(states.sum, v_load(states.sum) + v_sums(sums));
    return factor;
}

/// A tile against the keys [first, last) of a block.
V_INLINE void pair_step(const size_t parts, pair_tile tile, const attn_attention *a, pair_key_block block, size_t first,
                        size_t last, pair_scratch s) {
    const size_t block_halves = parts * pair_block_halves, size = pair_padded(a->value_size);
    const size_t low = (first - block.start) / pair_block, high = pair_blocks(last - block.start);
    for (size_t panel = low; panel < high; panel++) {
        pair_multiply(parts, s.scores + panel * pair_block, pair_weights_stride, false, tile.queries, block_halves,
                      block.keys + panel * block.key_panel, pair_blocks(a->head_size), tile.rows);
    }
    for (size_t top = 0; top < tile.rows; top += ATTN_WIDTH) {
        const v_row_states states = pair_states(tile, top);
        float factors[ATTN_WIDTH];
        uint16_t *weights = s.weights + top * pair_block;
        float *scores = s.scores + top * pair_weights_stride;
        v_store(factors, a->dropout > 0 ? pair_weigh(parts, true, weights, scores, states, a, block.start, low, high)
                                        : pair_weigh(parts, false, weights, scores, states, a, block.start, low, high));
        for (size_t row = 0; row < states.rows; row++) {
            float *sums = tile.sums + (top + row) * size;
            for (size_t d = 0; factors[row] != 1 && d < size; d += ATTN_WIDTH) {
                v_store(sums + d, v_load(sums + d) * factors[row]);
            }
        }
    }
    for (size_t panel = 0; panel < pair_blocks(a->value_size); panel++) {
        pair_multiply(parts, tile.sums + panel * pair_block, size, true, s.weights, block_halves,
                      block.values + panel * block.value_panel + low * block_halves, high - low, tile.rows);
    }
}

/// The queries [query, query + count) of a call, in as many calls of the method below as need no packed keys.
static void V_NAME(attention_by_rows)(const attn_attention_method *below, float *output, size_t output_stride,
                                      float *log_sum, const attn_attention *a, size_t query, size_t count,
                                      void *workspace) {
    for (const size_t end = query + count; query < end; query += below->few_queries) {
        attn_attention part = *a;
        part.queries = end - query < below->few_queries ? end - query : below->few_queries;
        part.query += query * a->query_stride;
        part.offset += (ptrdiff_t)query;
        part.mask = a->mask ? a->mask + query * a->mask_stride : NULL;
        part.bias = a->bias ? a->bias + query * a->bias_stride : NULL;
        part.distance_bias = a->distance_bias ? a->distance_bias - query : NULL;
        part.dropout_base += query * a->dropout_stride;
        below->forward(output + query * output_stride, output_stride, log_sum + query, &part, NULL, workspace);
    }
}

/// Divides by the sums, and sees to what is not finite.
V_INLINE void pair_finish(const attn_attention_method *below, pair_tile tile, float *output, size_t output_stride,
                          float *log_sum, const attn_attention *a, bool extreme, void *workspace) {
    const size_t size = pair_padded(a->value_size);
    for (size_t top = 0; top < tile.rows && !extreme; top += ATTN_WIDTH) {
        const v_row_states states = pair_states(tile, top);
        float inverses[ATTN_WIDTH];
        v_store(inverses, v_finish_rows(log_sum, a->scale, states, a));
        for (size_t row = 0; row < states.rows; row++) {
            float *out = output + (states.query + row) * output_stride;
            const float *sums = tile.sums + (top + row) * size;
            for (size_t d = 0; d < a->value_size; d += ATTN_WIDTH) {
                v_store_any(out + d, v_load(sums + d) * inverses[row], a->value_size - d);
            }
        }
    }
    if (extreme || !v_finite_rows(output + tile.query * output_stride, output_stride, tile.rows, a->value_size)) {
        V_NAME(attention_by_rows)(below, output, output_stride, log_sum, a, tile.query, tile.rows, workspace);
    }
}

V_INLINE void pair_attention(const size_t parts, const attn_attention_method *below, float *output,
                             size_t output_stride, float *log_sum, const attn_attention *a, const void *packed,
                             void *workspace) {
    const bool few = a->queries <= below->few_queries;
    if (few || *pair_packed_in(packed).extreme != 0) {
        below->forward(output, output_stride, log_sum, a, few ? NULL : pair_packed_in(packed).blocks, workspace);
        return;
    }
    const pair_scratch s = pair_scratch_in(parts, workspace, a);
    const size_t deep = pair_blocks(a->head_size), size = pair_padded(a->value_size);
    for (size_t query = 0; query < a->queries; query += pair_query_tiles * pair_block) {
        const size_t rest = a->queries - query, most = pair_query_tiles * pair_block;
        const size_t queries = rest < most ? rest : most, count = pair_blocks(queries);
        pair_tile tiles[pair_query_tiles];
        bool extremes[pair_query_tiles];
        for (size_t i = 0; i < count; i++) {
            const size_t top = i * pair_block, rows = queries - top < pair_block ? queries - top : pair_block;
            uint16_t *packed_queries = s.queries + i * deep * parts * pair_block_halves;
            vi extreme = 0;
            pair_pack_a(parts, packed_queries, parts * pair_block_halves, a->query + (query + top) * a->query_stride,
                        a->query_stride, rows, a->head_size, &extreme);
            extremes[i] = pair_any(extreme);
            tiles[i] = (pair_tile){query + top, rows, packed_queries, s.maximum + top, s.sum + top, s.sums + top * size};
            v_start_rows(pair_states(tiles[i], 0));
            if (rows > ATTN_WIDTH) {
                v_start_rows(pair_states(tiles[i], ATTN_WIDTH));
            }
            memset(tiles[i].sums, 0, pair_block * size * sizeof(float));
        }
        const attn_range all = attn_visible_union(a, query, queries);
        for (size_t start = all.first / pair_keys * pair_keys; start < all.last; start += pair_keys) {
            const pair_key_block block = pair_key_block_at(parts, packed, a, start);
            for (size_t i = 0; i < count; i++) {
                const pair_tile tile = tiles[i];
                attn_range todo = v_within(attn_visible_union(a, tile.query, tile.rows), start, start + pair_keys);
                while (todo.first < todo.last) {
                    const attn_range run = v_next_run(a, tile.query, tile.rows, todo.first, todo.last);
                    if (run.first < run.last) {
                        pair_step(parts, tile, a, block, run.first, run.last, s);
                    }
                    todo.first = run.last;
                }
            }
        }
        for (size_t i = 0; i < count; i++) {
            pair_finish(below, tiles[i], output, output_stride, log_sum, a, extremes[i], s.below);
        }
    }
}
