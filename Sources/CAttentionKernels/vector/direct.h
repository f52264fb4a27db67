// Matrix products without packing, for few rows and for small matrices.

enum {
    v_strip = ATTN_DIRECT_VECTORS * ATTN_WIDTH,
    v_direct_depth = 64,  // steps of B laid out on the stack at a time
    v_inner_rows = 16,    // up to which inner products beat laying out B
    v_long_row = 256,     // from which rows of B pass whole
    v_wide_rows = 4,      // of C whose sums wait in the cache while rows of B pass
    v_wide_columns = 512,
    v_wide_depth = 8,     // rows of B that pass at a time
    v_aside_rows = 16,    // of sums that an epilogue follows, where more than a few
    v_aside_columns = v_wide_rows * v_wide_columns / v_aside_rows,
};

/// Rows × columns of one strip of C, up to ATTN_DIRECT_ROWS × ATTN_DIRECT_VECTORS vectors, straight from rows of B.
V_INLINE void v_direct_tile(const int rows, const int vectors, v_operands o, v_tile_job *job) {
    vf tile[ATTN_DIRECT_ROWS * ATTN_DIRECT_VECTORS];
#pragma clang loop unroll(full)
    for (int i = 0; i < rows * vectors; i++) {
        tile[i] = v_set(0);
    }
    v_tile_multiply(tile, rows, vectors, o, job->columns);
    v_store_tile(tile, rows, vectors, job);
}

#define V_DIRECT_TILE(rows)                                                                             \
    static void V_NAME(direct_tile_##rows)(v_operands o, v_tile_job *job) {                             \
        if (job->columns > 2 * ATTN_WIDTH) {                                                            \
            v_direct_tile(rows, ATTN_DIRECT_VECTORS, o, job);                                           \
        } else if (job->columns > ATTN_WIDTH) {                                                         \
            v_direct_tile(rows, 2, o, job);                                                             \
        } else {                                                                                        \
            v_direct_tile(rows, 1, o, job);                                                             \
        }                                                                                               \
    }
ATTN_EACH_DIRECT_HEIGHT(V_DIRECT_TILE)
#undef V_DIRECT_TILE
#define V_DIRECT_TILE(rows) V_NAME(direct_tile_##rows),
static void (*const V_NAME(direct_tiles)[])(v_operands, v_tile_job *) = {ATTN_EACH_DIRECT_HEIGHT(V_DIRECT_TILE)};
#undef V_DIRECT_TILE

/// Adds the products of `depth` columns of A and rows of B to `rows` rows of sums, in the order of the depth.
V_INLINE void v_wide_steps(const size_t depth, v_operands o, size_t rows, size_t columns, float *sums) {
    for (size_t r = 0; r < rows; r++) {
        float *row = sums + r * v_wide_columns;
        vf a[v_wide_depth];
#pragma clang loop unroll(full)
        for (size_t d = 0; d < depth; d++) {
            a[d] = v_set(o.a[r * o.a_row_stride + d * o.a_column_stride]);
        }
        for (size_t column = 0; column < columns; column += ATTN_WIDTH) {
            vf sum = v_load(row + column);
#pragma clang loop unroll(full)
            for (size_t d = 0; d < depth; d++) {
                sum = v_fma(a[d], v_load(o.b + d * o.b_row_stride + column), sum);
            }
            v_store(row + column, sum);
        }
    }
}

/// Few rows of C, as many columns as fill whole vectors, while long rows of B pass as they lie in memory: a strip of few columns would
/// take one cache line of each, from a page of its own. The sums are those of strips, bit for bit.
static void V_NAME(product_wide)(v_operands o, size_t rows, v_tile_job job) {
    float sums[v_wide_rows * v_wide_columns] __attribute__((aligned(v_cache_line)));
    for (size_t first = 0; first < job.columns; first += v_wide_columns) {
        const size_t columns = job.columns - first < v_wide_columns ? job.columns - first : v_wide_columns;
        v_operands part = o;
        part.b += first;
        memset(sums, 0, rows * v_wide_columns * sizeof *sums);
        size_t d = 0;
        for (; d + v_wide_depth <= o.depth; d += v_wide_depth) {
            v_wide_steps(v_wide_depth, part, rows, columns, sums);
            part.a += v_wide_depth * o.a_column_stride;
            part.b += v_wide_depth * o.b_row_stride;
        }
        for (; d < o.depth; d++) {
            v_wide_steps(1, part, rows, columns, sums);
            part.a += o.a_column_stride;
            part.b += o.b_row_stride;
        }
        for (size_t r = 0; r < rows; r++) {
            v_tile_job vector = job;
            vector.columns = ATTN_WIDTH;
            for (size_t column = 0; column < columns; column += ATTN_WIDTH) {
                const vf sum = v_load(sums + r * v_wide_columns + column);
                vector.c = job.c + r * job.c_row_stride + first + column;
                vector.bias = job.bias ? job.bias + first + column : NULL;
                v_store_tile(&sum, 1, 1, &vector);
            }
        }
    }
}

/// C = scale · A B + bias (+ C) where the rows of B are contiguous.
static void V_NAME(product_rows)(v_operands o, size_t rows, v_tile_job job) {
    if (rows <= v_wide_rows && job.columns >= 4 * v_strip && o.b_row_stride >= v_long_row) {
        v_tile_job wide = job;
        wide.columns = job.columns / ATTN_WIDTH * ATTN_WIDTH;
        V_NAME(product_wide)(o, rows, wide);
        job.columns -= wide.columns;
        job.c += wide.columns;
        job.bias = job.bias ? job.bias + wide.columns : NULL;
        o.b += wide.columns;
    }
    const size_t columns = job.columns, tiles = v_ceiling_divide(rows, ATTN_DIRECT_ROWS);
    const float *bias = job.bias;
    float *c = job.c;
    for (size_t column = 0; column < columns; column += v_strip) {
        const v_operands whole = o;
        job.columns = columns - column < v_strip ? columns - column : v_strip;
        job.bias = bias ? bias + column : NULL;
        o.b += column;
        for (size_t tile = 0; tile < tiles; tile++) {
            const size_t top = v_part(rows, tile, tiles), count = v_part(rows, tile + 1, tiles) - top;
            o.a = whole.a + top * o.a_row_stride;
            job.c = c + column + top * job.c_row_stride;
            V_NAME(direct_tiles)[count - 1](o, &job);
        }
        o = whole;
    }
}

/// Adds ATTN_WIDTH inner products, `height` rows of A by ATTN_WIDTH / height columns of B, over whole or one part of a
/// vector of depth.
V_INLINE void v_inner_step(vf *sums, const size_t height, const float *const *a, const float *const *b, size_t d,
                           size_t count) {
    const size_t width = ATTN_WIDTH / height;
    vf x[ATTN_WIDTH];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < height; r++) {
        x[r] = v_load_any(a[r] + d, count);
    }
#pragma clang loop unroll(full)
    for (size_t i = 0; i < width; i++) {
        const vf y = v_load_any(b[i] + d, count);
#pragma clang loop unroll(full)
        for (size_t r = 0; r < height; r++) {
            sums[r * width + i] = v_fma(x[r], y, sums[r * width + i]);
        }
    }
}

/// Up to `height` rows of C where rows of A and columns of B are contiguous. At the edges the last row and column are
/// computed again rather than fewer.
V_INLINE void v_product_inner(const size_t height, v_operands o, size_t b_column_stride, size_t rows, v_tile_job job) {
    const size_t width = ATTN_WIDTH / height;
    const float *a[ATTN_WIDTH];
    for (size_t r = 0; r < height; r++) {
        a[r] = o.a + (r < rows ? r : rows - 1) * o.a_row_stride;
    }
    for (size_t column = 0; column < job.columns; column += width) {
        const size_t count = job.columns - column < width ? job.columns - column : width;
        const float *b[ATTN_WIDTH];
        vf sums[ATTN_WIDTH];
#pragma clang loop unroll(full)
        for (size_t i = 0; i < width; i++) {
            b[i] = o.b + (column + (i < count ? i : count - 1)) * b_column_stride;
        }
#pragma clang loop unroll(full)
        for (size_t i = 0; i < ATTN_WIDTH; i++) {
            sums[i] = v_set(0);
        }
        size_t d = 0;
        for (; d + ATTN_WIDTH <= o.depth; d += ATTN_WIDTH) {
            v_inner_step(sums, height, a, b, d, ATTN_WIDTH);
        }
        if (d < o.depth) {
            v_inner_step(sums, height, a, b, d, o.depth - d);
        }
        float inner[ATTN_WIDTH];
        v_store(inner, v_sums(sums));
        const vf bias = job.bias ? v_load_any(job.bias + column, count) : v_set(0);
        for (size_t r = 0; r < rows; r++) {
            float *c = job.c + r * job.c_row_stride + column;
            const vf x = v_fma(v_load_any(inner + r * width, count), v_set(job.scale), bias);
            v_store_any(c, job.add ? x + v_load_any(c, count) : x, count);
        }
    }
}

static void V_NAME(product_inner_1)(v_operands o, size_t b_column_stride, size_t rows, v_tile_job job) {
    v_product_inner(1, o, b_column_stride, rows, job);
}
static void V_NAME(product_inner_2)(v_operands o, size_t b_column_stride, size_t rows, v_tile_job job) {
    v_product_inner(2, o, b_column_stride, rows, job);
}
static void V_NAME(product_inner_4)(v_operands o, size_t b_column_stride, size_t rows, v_tile_job job) {
    v_product_inner(4, o, b_column_stride, rows, job);
}

/// C = scale · A B + bias (+ C) where rows of A and columns of B are contiguous, for few rows.
static void V_NAME(product_inner)(v_operands o, size_t b_column_stride, size_t rows, v_tile_job job) {
    while (rows > 0) {
        const size_t count = rows < 4 ? rows : 4;
        if (count == 1) {
            V_NAME(product_inner_1)(o, b_column_stride, count, job);
        } else if (count == 2) {
            V_NAME(product_inner_2)(o, b_column_stride, count, job);
        } else {
            V_NAME(product_inner_4)(o, b_column_stride, count, job);
        }
        o.a += count * o.a_row_stride;
        job.c += count * job.c_row_stride;
        rows -= count;
    }
}

/// C = scale · A B + bias (+ C) for any strides: a few rows of B at a time are laid out in rows, on the stack.
static void V_NAME(product_scattered)(v_operands o, size_t b_column_stride, size_t rows, v_tile_job job) {
    float panel[v_direct_depth * v_strip] __attribute__((aligned(v_cache_line)));
    for (size_t column = 0; column < job.columns; column += v_strip) {
        v_tile_job strip = job;
        strip.c = job.c + column;
        strip.columns = job.columns - column < v_strip ? job.columns - column : v_strip;
        strip.bias = job.bias ? job.bias + column : NULL;
        const size_t width = v_ceiling_divide(strip.columns, ATTN_WIDTH) * ATTN_WIDTH;
        size_t start = 0;
        do {  // once even where there is no depth
            const size_t depth = o.depth - start < v_direct_depth ? o.depth - start : v_direct_depth;
            V_NAME(pack_panel)(panel, width, o.b + column * b_column_stride + start * o.b_row_stride, b_column_stride,
                               o.b_row_stride, strip.columns, depth);
            const v_operands part = {o.a + start * o.a_column_stride, o.a_row_stride, o.a_column_stride, panel, width,
                                     depth};
            V_NAME(product_rows)(part, rows, strip);
            strip.bias = NULL;
            strip.add = true;
            start += depth;
        } while (start < o.depth);
    }
}

/// C = scale · A B + bias (+ C), by the way that the strides allow.
static void V_NAME(product_sums)(const attn_product *p, size_t row, size_t rows, size_t column, v_tile_job job) {
    const float *a = p->a + row * p->a_row_stride, *b = p->b + column * p->b_column_stride;
    const v_operands operands = {a, p->a_row_stride, p->a_column_stride, b, p->b_row_stride, p->depth};
    job.bias = p->bias ? p->bias + column : NULL;
    job.scale = p->scale;
    if (p->b_column_stride == 1) {
        V_NAME(product_rows)(operands, rows, job);
    } else if (p->b_row_stride == 1 && p->a_column_stride == 1 && rows <= v_inner_rows) {
        V_NAME(product_inner)(operands, p->b_column_stride, rows, job);
    } else {
        V_NAME(product_scattered)(operands, p->b_column_stride, rows, job);
    }
}

static void V_NAME(product_direct)(const attn_product *p, size_t row_first, size_t row_last, size_t column_first,
                                   size_t column_last) {
    if (row_last <= row_first || column_last <= column_first) {
        return;
    }
    v_tile_job job = {.columns = column_last - column_first, .c_row_stride = p->c_row_stride, .add = p->accumulate};
    if (!v_has_epilogue(p)) {
        job.c = p->c + row_first * p->c_row_stride + column_first;
        V_NAME(product_sums)(p, row_first, row_last - row_first, column_first, job);
        return;
    }
    // Not in C, which may be the residual.
    float sums[v_wide_rows * v_wide_columns];
    const size_t width = row_last - row_first <= v_wide_rows ? v_wide_columns : v_aside_columns;
    for (size_t column = column_first; column < column_last; column += width) {
        const size_t columns = column_last - column < width ? column_last - column : width;
        for (size_t row = row_first; row < row_last; row += v_aside_rows) {
            const size_t rows = row_last - row < v_aside_rows ? row_last - row : v_aside_rows;
            job = (v_tile_job){.c = sums, .columns = columns, .c_row_stride = width};
            V_NAME(product_sums)(p, row, rows, column, job);
            V_NAME(product_finish)(p, p->accumulate, sums, width, row, rows, column, columns);
        }
    }
}
