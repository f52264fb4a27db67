// Softmax attention over tiles of queries and blocks of keys: the softmax is taken as the key blocks go by, with each
// row's maximum and sum so far (Milakov & Gimelshein 2018; Dao et al. 2022).
//
// Keys and values are packed once, in blocks of v_key_block keys: a block's keys lie in panels [head_size][v_panel],
// as the columns of the first product, and its values in panels [v_key_block][v_panel], as the rows of the second. A
// tile of ATTN_TILE_ROWS queries goes through a block with its scores in the first-level cache, and v_query_block
// queries while the block is in the second. Panels that no query of the tile may see are not visited; within a visited
// one an invisible pair weighs exactly 0, and a tile whose output is not finite is computed again by selection, so
// that 0 · ∞ never shows.

enum {
    v_key_block = 256,
    v_query_block = 112 / ATTN_TILE_ROWS * ATTN_TILE_ROWS,
    v_query_tiles = v_query_block / ATTN_TILE_ROWS,
    v_weights_stride = v_key_block + 16,  // rows of a tile in different sets of the cache
};

V_INLINE size_t v_panels(size_t columns) { return v_ceiling_divide(columns, v_panel) * v_panel; }

// One function per height of a tile: C = scale · A B (+ C) for A in rows of weights, or in their columns, and a panel
// B.
V_INLINE void v_weights_tile(const int rows, const bool by_rows, const v_tile_job *job) {
    vf tile[ATTN_TILE_ROWS * ATTN_TILE_VECTORS];
#pragma clang loop unroll(full)
    for (int i = 0; i < rows * ATTN_TILE_VECTORS; i++) {
        tile[i] = v_set(0);
    }
    const size_t row_stride = by_rows ? v_weights_stride : 1, column_stride = by_rows ? 1 : v_weights_stride;
    const v_operands operands = {job->a, row_stride, column_stride, job->b, v_panel, job->depth};
    if (job->columns > ATTN_WIDTH) {
        v_tile_multiply(tile, rows, ATTN_TILE_VECTORS, operands, v_panel);
        v_store_tile(tile, rows, ATTN_TILE_VECTORS, job);
    } else {
        v_tile_multiply(tile, rows, 1, operands, v_panel);
        v_store_tile(tile, rows, 1, job);
    }
}

#define V_WEIGHTS_TILE(rows)                                                                                     \
    static void V_NAME(weights_rows_tile_##rows)(const v_tile_job *job) { v_weights_tile(rows, true, job); }     \
    static void V_NAME(weights_columns_tile_##rows)(const v_tile_job *job) { v_weights_tile(rows, false, job); }
ATTN_EACH_TILE_HEIGHT(V_WEIGHTS_TILE)
#undef V_WEIGHTS_TILE

#define V_WEIGHTS_TILE(rows) V_NAME(weights_rows_tile_##rows),
static void (*const V_NAME(weights_rows_tiles)[])(const v_tile_job *) = {ATTN_EACH_TILE_HEIGHT(V_WEIGHTS_TILE)};
#undef V_WEIGHTS_TILE
#define V_WEIGHTS_TILE(rows) V_NAME(weights_columns_tile_##rows),
static void (*const V_NAME(weights_columns_tiles)[])(const v_tile_job *) = {ATTN_EACH_TILE_HEIGHT(V_WEIGHTS_TILE)};
#undef V_WEIGHTS_TILE

typedef void (*v_tile_function)(const v_tile_job *);

/// A tile's product with all panels of B, `b_panel_size` floats apart, whose columns are `columns` of C.
V_INLINE void v_each_panel(v_tile_function function, v_tile_job job, size_t columns, size_t b_panel_size) {
    float *c = job.c;
    const float *b = job.b;
    for (size_t column = 0; column < columns; column += v_panel, b += b_panel_size) {
        job.b = b, job.c = c + column;
        job.columns = columns - column < v_panel ? columns - column : v_panel;
        function(&job);
    }
}

// MARK: Packing

static size_t V_NAME(attention_packed_size)(const attn_attention *a) {
    if (a->queries <= v_few_queries) {
        return 0;
    }
    return v_panels(a->keys) * (a->head_size + v_panels(a->value_size)) * sizeof(float) + v_cache_line;
}

/// The keys in a block that starts at `key`, in whole panels.
V_INLINE size_t v_block_width(const attn_attention *a, size_t key) {
    const size_t rest = a->keys - key;
    return rest < v_key_block ? v_panels(rest) : v_key_block;
}

V_INLINE float *v_packed_keys(const void *packed, const attn_attention *a, size_t key) {
    return (float *)v_align(packed) + key * (a->head_size + v_panels(a->value_size));
}

/// rows [count, size] as the columns of panels [size][v_panel].
V_INLINE void v_pack_columns(float *out, const float *rows, size_t stride, size_t count, size_t size) {
    for (size_t row = 0; row < count; row += v_panel, out += v_panel * size) {
        const size_t lanes = count - row < v_panel ? count - row : v_panel;
        V_NAME(pack_panel)(out, v_panel, rows + row * stride, stride, 1, lanes, size);
    }
}

/// rows [count, size] as the rows of panels [height][v_panel].
V_INLINE void v_pack_rows(float *out, const float *rows, size_t stride, size_t count, size_t size, size_t height) {
    for (size_t column = 0; column < size; column += v_panel, out += height * v_panel) {
        const size_t lanes = size - column < v_panel ? size - column : v_panel;
        V_NAME(pack_panel)(out, v_panel, rows + column, 1, stride, lanes, count);
    }
}

static void V_NAME(attention_pack)(void *packed, const attn_attention *a) {
    if (a->queries <= v_few_queries) {
        return;
    }
    const attn_range all = attn_visible_union(a, 0, a->queries);
    for (size_t key = all.first / v_key_block * v_key_block; key < all.last; key += v_key_block) {
        const size_t count = a->keys - key < v_key_block ? a->keys - key : v_key_block, width = v_block_width(a, key);
        float *keys = v_packed_keys(packed, a, key), *values = keys + width * a->head_size;
        v_pack_columns(keys, a->key + key * a->key_stride, a->key_stride, count, a->head_size);
        v_pack_rows(values, a->value + key * a->value_stride, a->value_stride, count, a->value_size, width);
    }
}

// MARK: Forward

/// Scratch, cut from one piece of memory: the queries of each tile in columns, the weights of one, each row's state,
/// and v_row_group rows of all keys.
typedef struct v_attention_scratch {
    float *queries, *weights, *maximum, *sum, *rows;
} v_attention_scratch;

V_INLINE v_attention_scratch v_attention_scratch_in(void *workspace, const attn_attention *a) {
    v_attention_scratch s = {.queries = v_align(workspace)};
    s.weights = s.queries + v_query_block * a->head_size + ATTN_WIDTH;
    s.maximum = s.weights + ATTN_TILE_ROWS * v_weights_stride;
    s.sum = s.maximum + v_query_tiles * ATTN_WIDTH;
    s.rows = s.sum + v_query_tiles * ATTN_WIDTH;
    return s;
}

/// A tile of queries.
typedef struct v_query_tile {
    v_row_states states;
    const float *packed;  // [head_size][rows]
    float *output;
    size_t output_stride;
} v_query_tile;

/// A tile against the keys [first, last) of the block that starts at `start`.
static void V_NAME(attention_step)(v_query_tile tile, const attn_attention *a, const void *packed, size_t start,
                                   size_t first, size_t last, float *weights) {
    const float *keys = v_packed_keys(packed, a, start);
    const size_t width = v_block_width(a, start), rows = tile.states.rows;
    const float *values = keys + width * a->head_size;
    const size_t low = (first - start) / v_panel * v_panel;
    const v_tile_job scores = {.a = tile.packed, .b = keys + low * a->head_size, .c = weights + low,
                               .depth = a->head_size, .c_row_stride = v_weights_stride, .scale = a->scale};
    v_each_panel(V_NAME(product_tiles)[rows - 1], scores, v_panels(last - start - low), a->head_size * v_panel);
    float factors[ATTN_WIDTH];
    const size_t whole = (first - start) / ATTN_WIDTH * ATTN_WIDTH;
    const size_t end = v_ceiling_divide(last - start, ATTN_WIDTH) * ATTN_WIDTH;
    v_store(factors, v_weigh(weights, v_weights_stride, tile.states, a, start, whole, end));
    for (size_t row = 0; row < rows; row++) {
        if (factors[row] != 1) {
            float *out = tile.output + row * tile.output_stride;
            V_NAME(scale_add)(out, out, factors[row], 0, a->value_size);
        }
        if (a->dropout > 0) {
            v_drop(weights + row * v_weights_stride + (first - start), a, tile.states.query + row, first, last - first);
        }
    }
    const v_tile_job context = {.a = weights + (first - start), .b = values + (first - start) * v_panel,
                                .c = tile.output, .depth = last - first, .c_row_stride = tile.output_stride,
                                .scale = 1, .add = true};
    v_each_panel(V_NAME(weights_rows_tiles)[rows - 1], context, a->value_size, width * v_panel);
}

/// Divides by the sums, and sees to what is not finite.
V_INLINE void v_finish_tile(v_query_tile tile, float *log_sum, const attn_attention *a, float *rows) {
    const size_t query = tile.states.query, count = tile.states.rows;
    float inverses[ATTN_WIDTH];
    v_store(inverses, v_finish_rows(log_sum, 1, tile.states, a));
    for (size_t row = 0; row < count; row++) {
        float *out = tile.output + row * tile.output_stride;
        V_NAME(scale_add)(out, out, inverses[row], 0, a->value_size);
    }
    if (!v_finite_rows(tile.output, tile.output_stride, count, a->value_size)) {
        float *output = tile.output - query * tile.output_stride;
        V_NAME(attention_rows)(output, tile.output_stride, log_sum, a, query, count, rows);
    }
}

static void V_NAME(attention)(float *output, size_t output_stride, float *log_sum, const attn_attention *a,
                              const void *packed, void *workspace) {
    if (a->queries <= v_few_queries) {
        V_NAME(attention_rows)(output, output_stride, log_sum, a, 0, a->queries, workspace);
        return;
    }
    const v_attention_scratch s = v_attention_scratch_in(workspace, a);
    for (size_t query = 0; query < a->queries; query += v_query_block) {
        const size_t queries = a->queries - query < v_query_block ? a->queries - query : v_query_block;
        const size_t count = v_ceiling_divide(queries, ATTN_TILE_ROWS);
        v_query_tile tiles[v_query_tiles];
        for (size_t i = 0; i < count; i++) {
            const size_t top = v_part(queries, i, count), rows = v_part(queries, i + 1, count) - top;
            float *packed_queries = s.queries + top * a->head_size;
            V_NAME(pack_panel)(packed_queries, rows, a->query + (query + top) * a->query_stride, a->query_stride, 1,
                               rows, a->head_size);
            const v_row_states states = {query + top, rows, s.maximum + i * ATTN_WIDTH, s.sum + i * ATTN_WIDTH};
            tiles[i] = (v_query_tile){states, packed_queries, output + (query + top) * output_stride, output_stride};
            v_start_rows(states);
            for (size_t row = 0; row < rows; row++) {
                v_fill(tiles[i].output + row * output_stride, 0, a->value_size);
            }
        }
        const attn_range all = attn_visible_union(a, query, queries);
        for (size_t start = all.first / v_key_block * v_key_block; start < all.last; start += v_key_block) {
            for (size_t i = 0; i < count; i++) {
                const v_query_tile tile = tiles[i];
                const size_t first = tile.states.query, rows = tile.states.rows;
                attn_range rest = v_within(attn_visible_union(a, first, rows), start, start + v_key_block);
                while (rest.first < rest.last) {
                    const attn_range run = v_next_run(a, first, rows, rest.first, rest.last);
                    if (run.first < run.last) {
                        V_NAME(attention_step)(tile, a, packed, start, run.first, run.last, s.weights);
                    }
                    rest.first = run.last;
                }
            }
        }
        for (size_t i = 0; i < count; i++) {
            v_finish_tile(tiles[i], log_sum, a, s.rows);
        }
    }
}
