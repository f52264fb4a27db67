// The derivative of attention: for every block of keys, all queries that see any of them go by; the weights are made
// again from each row's log-sum. Five products: the scores, the weights' derivatives, and the three gradients.

/// Scratch, cut from one piece of memory. Columns and rows say how a matrix is packed: as one side of a product by its
/// rows' inner products, or as the rows of B.
typedef struct v_backward_scratch {
    float *key_columns, *value_columns, *key_rows;                         // of a block of keys
    float *query_columns, *upstream_columns, *query_rows, *upstream_rows;  // of a block of queries
    float *weights, *dweights;                                             // [v_query_block][v_weights_stride]
} v_backward_scratch;

V_INLINE v_backward_scratch v_backward_scratch_in(void *workspace, const attn_attention *a) {
    v_backward_scratch s = {.key_columns = v_align(workspace)};
    s.value_columns = s.key_columns + v_key_block * a->head_size;
    s.key_rows = s.value_columns + v_key_block * a->value_size;
    s.query_rows = s.key_rows + v_key_block * v_panels(a->head_size);
    s.upstream_rows = s.query_rows + v_query_block * v_panels(a->head_size);
    s.weights = s.upstream_rows + v_query_block * v_panels(a->value_size);
    s.dweights = s.weights + v_query_block * v_weights_stride;
    s.query_columns = s.dweights + v_query_block * v_weights_stride;
    s.upstream_columns = s.query_columns + v_query_block * a->head_size + ATTN_WIDTH;
    return s;
}

static size_t V_NAME(attention_workspace_size)(const attn_attention *a) {
    void *none = (void *)(uintptr_t)v_cache_line;  // an aligned address to measure from: from null there is no offset
    const size_t rows = v_row_group * a->keys;
    if (a->queries <= v_few_queries) {
        return rows * sizeof(float);
    }
    const size_t forward = (size_t)(v_attention_scratch_in(none, a).rows - (float *)none) + rows;
    const v_backward_scratch s = v_backward_scratch_in(none, a);
    const size_t tiles = (size_t)(s.upstream_columns - (float *)none) + v_query_block * a->value_size + ATTN_WIDTH;
    const size_t largest = forward > tiles ? forward : tiles;
    return (largest > rows ? largest : rows) * sizeof(float) + v_cache_line;
}

/// What all tiles of a call share.
typedef struct v_backward {
    const attn_attention *a;
    const attn_attention_gradients *g;
    const float *output, *log_sum, *upstream;
    size_t output_stride, upstream_stride;
    v_backward_scratch s;
} v_backward;

/// Rows of the block of queries, and which part of the block of keys their weights were computed for (else 0).
typedef struct v_backward_tile {
    size_t query, rows;  // the first of the call's queries
    size_t top;          // its row in the block
    attn_range keys;     // in the block
} v_backward_tile;

/// Weights and derivatives of a tile against the keys [first, last) of the block from `start` on; the queries'
/// gradient.
static void V_NAME(attention_backward_step)(const v_backward *b, v_backward_tile tile, size_t start, size_t first,
                                            size_t last) {
    const attn_attention *a = b->a;
    float *weights = b->s.weights + tile.top * v_weights_stride;
    float *dweights = b->s.dweights + tile.top * v_weights_stride;
    const size_t low = (first - start) / v_panel * v_panel, panels = v_panels(last - start - low);
    const v_tile_function multiply = V_NAME(product_tiles)[tile.rows - 1];
    v_tile_job job = {.a = b->s.query_columns + tile.top * a->head_size, .b = b->s.key_columns + low * a->head_size,
                      .c = weights + low, .depth = a->head_size, .c_row_stride = v_weights_stride, .scale = a->scale};
    v_each_panel(multiply, job, panels, a->head_size * v_panel);
    job.a = b->s.upstream_columns + tile.top * a->value_size, job.b = b->s.value_columns + low * a->value_size;
    job.c = dweights + low, job.depth = a->value_size, job.scale = 1;
    v_each_panel(multiply, job, panels, a->value_size * v_panel);
    for (size_t row = 0; row < tile.rows; row++) {
        const size_t i = tile.query + row;
        float *weight = weights + row * v_weights_stride, *dweight = dweights + row * v_weights_stride;
        const float inner = v_row_inner(b->upstream + i * b->upstream_stride, b->output + i * b->output_stride,
                                        a->value_size);
        if (a->dropout > 0) {
            v_drop(dweight + (first - start), a, i, first, last - first);
        }
        v_backward_row(weight, dweight, start, 1, b->g, a, i, first, last, b->log_sum[i], inner);
        if (a->dropout > 0) {
            v_drop(weight + (first - start), a, i, first, last - first);
        }
    }
    job = (v_tile_job){.a = dweights + (first - start), .b = b->s.key_rows + (first - start) * v_panel,
                       .c = b->g->query + tile.query * b->g->query_stride, .depth = last - first,
                       .c_row_stride = b->g->query_stride, .scale = a->scale, .add = true};
    v_each_panel(V_NAME(weights_rows_tiles)[tile.rows - 1], job, a->head_size, v_key_block * v_panel);
}

V_INLINE void v_zero_weights(const v_backward *b, v_backward_tile tile, size_t first, size_t last) {
    for (size_t row = tile.top; first < last && row < tile.top + tile.rows; row++) {
        v_fill(b->s.weights + row * v_weights_stride + first, 0, last - first);
        v_fill(b->s.dweights + row * v_weights_stride + first, 0, last - first);
    }
}

/// The gradients of `keys` keys from `start` on, by all tiles of a block of queries.
V_INLINE void v_key_block_and_values(const v_backward *b, const v_backward_tile *tiles, size_t count, size_t start,
                                         size_t keys) {
    const attn_attention *a = b->a;
    const size_t key_tiles = v_ceiling_divide(keys, ATTN_TILE_ROWS);
    for (size_t i = 0; i < key_tiles; i++) {
        const size_t left = v_part(keys, i, key_tiles), right = v_part(keys, i + 1, key_tiles);
        size_t top = SIZE_MAX, bottom = 0;
        for (size_t t = 0; t < count; t++) {
            if (tiles[t].keys.first < right && tiles[t].keys.last > left) {
                top = top == SIZE_MAX ? tiles[t].top : top;
                bottom = tiles[t].top + tiles[t].rows;
            }
        }
        if (top == SIZE_MAX) {
            continue;
        }
        const v_tile_function multiply = V_NAME(weights_columns_tiles)[right - left - 1];
        v_tile_job job = {.a = b->s.weights + top * v_weights_stride + left, .b = b->s.upstream_rows + top * v_panel,
                          .c = b->g->value + (start + left) * b->g->value_stride, .depth = bottom - top,
                          .c_row_stride = b->g->value_stride, .scale = 1, .add = true};
        v_each_panel(multiply, job, a->value_size, v_query_block * v_panel);
        job.a = b->s.dweights + top * v_weights_stride + left, job.b = b->s.query_rows + top * v_panel;
        job.c = b->g->key + (start + left) * b->g->key_stride, job.c_row_stride = b->g->key_stride;
        job.scale = a->scale;
        v_each_panel(multiply, job, a->head_size, v_query_block * v_panel);
    }
}

/// A block of queries against a block of keys.
static void V_NAME(attention_backward_block)(const v_backward *b, size_t query, size_t queries, size_t start,
                                             size_t keys) {
    const attn_attention *a = b->a;
    const v_backward_scratch s = b->s;
    const float *q = a->query + query * a->query_stride, *up = b->upstream + query * b->upstream_stride;
    v_pack_rows(s.query_rows, q, a->query_stride, queries, a->head_size, v_query_block);
    v_pack_rows(s.upstream_rows, up, b->upstream_stride, queries, a->value_size, v_query_block);
    const size_t count = v_ceiling_divide(queries, ATTN_TILE_ROWS);
    v_backward_tile tiles[v_query_tiles];
    for (size_t i = 0; i < count; i++) {
        const size_t top = v_part(queries, i, count), rows = v_part(queries, i + 1, count) - top;
        v_backward_tile tile = {query + top, rows, top, {keys, 0}};
        attn_range rest = v_within(attn_visible_union(a, tile.query, rows), start, start + keys);
        size_t done = 0;  // keys of the block whose weights are in place
        if (rest.first < rest.last) {
            float *query_columns = s.query_columns + top * a->head_size;
            float *upstream_columns = s.upstream_columns + top * a->value_size;
            V_NAME(pack_panel)(query_columns, rows, q + top * a->query_stride, a->query_stride, 1, rows, a->head_size);
            V_NAME(pack_panel)(upstream_columns, rows, up + top * b->upstream_stride, b->upstream_stride, 1, rows,
                               a->value_size);
        }
        while (rest.first < rest.last) {
            const attn_range run = v_next_run(a, tile.query, rows, rest.first, rest.last);
            if (run.first < run.last) {
                V_NAME(attention_backward_step)(b, tile, start, run.first, run.last);
                v_zero_weights(b, tile, done, run.first - start);
                done = run.last - start;
                tile.keys.first = tile.keys.last == 0 ? run.first - start : tile.keys.first;
                tile.keys.last = done;
            }
            rest.first = run.last;
        }
        v_zero_weights(b, tile, done, keys);
        tiles[i] = tile;
    }
    v_key_block_and_values(b, tiles, count, start, keys);
}

static void V_NAME(attention_backward)(const attn_attention_gradients *gradients, const attn_attention *a,
                                       const float *output, size_t output_stride, const float *log_sum,
                                       const float *upstream, size_t upstream_stride, void *workspace) {
    const attn_range all = a->queries == 0 ? (attn_range){0, 0} : attn_visible_union(a, 0, a->queries);
    if (all.first >= all.last) {
        return;
    }
    const size_t seen = all.last - all.first;
    if (a->queries <= v_few_queries || !v_finite_rows(a->query, a->query_stride, a->queries, a->head_size)
        || !v_finite_rows(upstream, upstream_stride, a->queries, a->value_size)
        || !v_finite_rows(a->key + all.first * a->key_stride, a->key_stride, seen, a->head_size)
        || !v_finite_rows(a->value + all.first * a->value_stride, a->value_stride, seen, a->value_size)) {
        V_NAME(attention_rows_backward)(gradients, a, output, output_stride, log_sum, upstream, upstream_stride,
                                        workspace);
        return;
    }
    const v_backward b = {a, gradients, output, log_sum, upstream, output_stride, upstream_stride,
                          v_backward_scratch_in(workspace, a)};
    for (size_t start = all.first / v_key_block * v_key_block; start < all.last; start += v_key_block) {
        const size_t keys = all.last - start < v_key_block ? all.last - start : v_key_block;
        const float *key = a->key + start * a->key_stride, *value = a->value + start * a->value_stride;
        v_pack_columns(b.s.key_columns, key, a->key_stride, keys, a->head_size);
        v_pack_columns(b.s.value_columns, value, a->value_stride, keys, a->value_size);
        v_pack_rows(b.s.key_rows, key, a->key_stride, keys, a->head_size, v_key_block);
        for (size_t query = 0; query < a->queries; query += v_query_block) {
            const size_t queries = a->queries - query < v_query_block ? a->queries - query : v_query_block;
            const attn_range block = attn_visible_union(a, query, queries);
            if (block.first < start + keys && block.last > start) {
                V_NAME(attention_backward_block)(&b, query, queries, start, keys);
            }
        }
    }
}

#define V_ROUNDED_METHOD(suffix) ATTN_ROUNDED_METHOD(suffix)
V_ROUNDED_METHOD(ATTN_SUFFIX)
#undef V_ROUNDED_METHOD
#define V_ROUNDED_METHOD_OF(suffix) V_ROUNDED_METHOD_NAME(suffix)
#define V_ROUNDED_METHOD_NAME(suffix) attn_rounded_method_##suffix

static void attn_install_vector_attention(attn_kernels *table) {
    for (int precision = 0; precision < attn_precision_count; precision++) {
        table->attentions[precision] = (attn_attention_method){
            .name = "fma",
            .few_queries = v_few_queries,
            .packed_size = V_NAME(attention_packed_size),
            .workspace_size = V_NAME(attention_workspace_size),
            .pack = V_NAME(attention_pack),
            .forward = V_NAME(attention),
            .backward = V_NAME(attention_backward),
            .weights = V_NAME(attention_weights),
        };
    }
    table->attentions[attn_precision_bfloat16] =
        V_ROUNDED_METHOD_OF(ATTN_SUFFIX)(table->attentions[attn_precision_exact]);
}
