// Matrix products, packed and direct.
//
// Packed: B lies in panels of v_panel columns, each [depth][v_panel], zero-filled at the right edge. For a block of rows
// and of depth that fits the second-level cache, A is packed into panels of up to ATTN_TILE_ROWS rows, each
// [depth][rows]; then all panels of A pass by one panel of B, which stays near, and so on to the next. The scheme is that
// of Goto & van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008).

enum {
    v_panel = ATTN_TILE_VECTORS * ATTN_WIDTH,
    v_depth_block = 512,
    v_row_block = 16 * ATTN_TILE_ROWS,
};

static size_t V_NAME(product_packed_size)(size_t depth, size_t columns) {
    return v_ceiling_divide(columns, v_panel) * v_panel * depth * sizeof(float) + v_cache_line;
}

static size_t V_NAME(product_workspace_size)(size_t depth) {
    const size_t block = depth < v_depth_block ? depth : v_depth_block;
    return (v_row_block * block + ATTN_WIDTH) * sizeof(float) + v_cache_line;
}

// MARK: Packed product

/// One tile of C from packed panels of A and B: C = scale · A B + bias (+ C).
typedef struct v_tile_job {
    const float *a, *b, *bias;  // bias may be null
    float *c;
    size_t depth, columns, c_row_stride;
    float scale;
    bool add;
} v_tile_job;

V_INLINE void v_store_tile(const vf *tile, const int rows, const int vectors, const v_tile_job *job) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
        const size_t start = (size_t)v * ATTN_WIDTH;
        if (start >= job->columns) {
            break;
        }
        const size_t count = job->columns - start;
        const vf bias = job->bias ? v_load_any(job->bias + start, count) : v_set(0);
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) {
            float *c = job->c + (size_t)r * job->c_row_stride + start;
            const vf x = v_fma(tile[r * vectors + v], v_set(job->scale), bias);
            v_store_any(c, job->add ? x + v_load_any(c, count) : x, count);
        }
    }
}

V_INLINE void v_product_tile(const int rows, const v_tile_job *job) {
    vf tile[ATTN_TILE_ROWS * ATTN_TILE_VECTORS];
#pragma clang loop unroll(full)
    for (int i = 0; i < rows * ATTN_TILE_VECTORS; i++) {
        tile[i] = v_set(0);
    }
    const v_operands operands = {job->a, 1, (size_t)rows, job->b, v_panel, job->depth};
    v_tile_multiply(tile, rows, ATTN_TILE_VECTORS, operands, v_panel);
    v_store_tile(tile, rows, ATTN_TILE_VECTORS, job);
}

// One function per height, so that each tile's size is a constant.
#define V_PRODUCT_TILE(rows) \
    static void V_NAME(product_tile_##rows)(const v_tile_job *job) { v_product_tile(rows, job); }
ATTN_EACH_TILE_HEIGHT(V_PRODUCT_TILE)
#undef V_PRODUCT_TILE

#define V_PRODUCT_TILE(rows) V_NAME(product_tile_##rows),
static void (*const V_NAME(product_tiles)[])(const v_tile_job *) = {ATTN_EACH_TILE_HEIGHT(V_PRODUCT_TILE)};
#undef V_PRODUCT_TILE

/// A block of rows and of depth: the part of A that is packed at a time.
typedef struct v_row_depth_block {
    size_t row, height, start, depth;
} v_row_depth_block;

V_INLINE size_t v_tile_count(v_row_depth_block block) { return v_ceiling_divide(block.height, ATTN_TILE_ROWS); }

static void V_NAME(product_pack_rows)(float *out, const attn_product *p, v_row_depth_block block) {
    const size_t tiles = v_tile_count(block);
    for (size_t tile = 0; tile < tiles; tile++) {
        const size_t top = v_part(block.height, tile, tiles), rows = v_part(block.height, tile + 1, tiles) - top;
        const float *from = p->a + (block.row + top) * p->a_row_stride + block.start * p->a_column_stride;
        V_NAME(pack_panel)(out + top * block.depth, rows, from, p->a_row_stride, p->a_column_stride, rows, block.depth);
    }
}

/// One panel of columns of C, as far as the block goes.
static void V_NAME(product_panel)(const attn_product *p, const float *a, const float *b, v_row_depth_block block,
                                  size_t column, size_t columns) {
    const size_t tiles = v_tile_count(block);
    float *c = p->c + block.row * p->c_row_stride + column;
    v_tile_job job = {
        .b = b + column * p->depth + block.start * v_panel,
        .bias = p->bias && block.start == 0 ? p->bias + column : NULL,
        .depth = block.depth,
        .columns = columns,
        .c_row_stride = p->c_row_stride,
        .scale = p->scale,
        .add = p->accumulate || block.start > 0,
    };
    for (size_t tile = 0; tile < tiles; tile++) {
        const size_t top = v_part(block.height, tile, tiles), rows = v_part(block.height, tile + 1, tiles) - top;
        job.a = a + top * block.depth;
        job.c = c + top * p->c_row_stride;
        V_NAME(product_tiles)[rows - 1](&job);
    }
    if (block.start + block.depth == p->depth) {
        v_activate(p->activation, c, p->c_row_stride, block.height, columns);
    }
}

static void V_NAME(product)(const attn_product *p, const void *packed, size_t row_first, size_t row_last,
                            size_t column_first, size_t column_last, void *workspace) {
    const float *b = v_align(packed);
    float *a = v_align(workspace);
    const size_t rows = row_last - row_first, row_blocks = v_ceiling_divide(rows, v_row_block);
    const size_t depth_blocks = p->depth == 0 ? 1 : v_ceiling_divide(p->depth, v_depth_block);
    for (size_t i = 0; i < row_blocks; i++) {
        v_row_depth_block block = {.row = row_first + v_part(rows, i, row_blocks)};
        block.height = row_first + v_part(rows, i + 1, row_blocks) - block.row;
        for (size_t j = 0; j < depth_blocks; j++) {
            block.start = v_part(p->depth, j, depth_blocks);
            block.depth = v_part(p->depth, j + 1, depth_blocks) - block.start;
            V_NAME(product_pack_rows)(a, p, block);
            for (size_t column = column_first; column < column_last; column += v_panel) {
                const size_t columns = column_last - column < v_panel ? column_last - column : v_panel;
                V_NAME(product_panel)(p, a, b, block, column, columns);
            }
        }
    }
}

static void V_NAME(product_pack)(void *packed, const attn_product *p, size_t first, size_t last) {
    float *out = v_align(packed);
    for (size_t column = first; column < last; column += v_panel) {
        const size_t lanes = last - column < v_panel ? last - column : v_panel;
        V_NAME(pack_panel)(out + column * p->depth, v_panel, p->b + column * p->b_column_stride, p->b_column_stride,
                           p->b_row_stride, lanes, p->depth);
    }
}

// MARK: Direct product

enum {
    v_strip = ATTN_DIRECT_VECTORS * ATTN_WIDTH,
    v_direct_depth = 64,  // steps of B laid out on the stack at a time
    v_inner_rows = 16,    // up to which inner products beat laying out B
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

/// C = scale · A B + bias (+ C) where the rows of B are contiguous.
static void V_NAME(product_rows)(v_operands o, size_t rows, v_tile_job job) {
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

static void V_NAME(product_direct)(const attn_product *p, size_t row_first, size_t row_last, size_t column_first,
                                   size_t column_last) {
    if (row_last <= row_first || column_last <= column_first) {
        return;
    }
    const size_t rows = row_last - row_first, columns = column_last - column_first;
    const float *a = p->a + row_first * p->a_row_stride, *b = p->b + column_first * p->b_column_stride;
    const v_operands operands = {a, p->a_row_stride, p->a_column_stride, b, p->b_row_stride, p->depth};
    const v_tile_job job = {
        .bias = p->bias ? p->bias + column_first : NULL,
        .c = p->c + row_first * p->c_row_stride + column_first,
        .columns = columns,
        .c_row_stride = p->c_row_stride,
        .scale = p->scale,
        .add = p->accumulate,
    };
    if (p->b_column_stride == 1) {
        V_NAME(product_rows)(operands, rows, job);
    } else if (p->b_row_stride == 1 && p->a_column_stride == 1 && rows <= v_inner_rows) {
        V_NAME(product_inner)(operands, p->b_column_stride, rows, job);
    } else {
        V_NAME(product_scattered)(operands, p->b_column_stride, rows, job);
    }
    v_activate(p->activation, job.c, p->c_row_stride, rows, columns);
}

static void attn_install_vector_products(attn_kernels *table) {
    table->products[attn_precision_exact] = table->products[attn_precision_float32] = (attn_product_method){
        .name = "fma",
        .row_block = ATTN_TILE_ROWS,
        .column_block = v_panel,
        .packed_size = V_NAME(product_packed_size),
        .workspace_size = V_NAME(product_workspace_size),
        .pack = V_NAME(product_pack),
        .multiply = V_NAME(product),
    };
    table->product_direct = V_NAME(product_direct);
}
