// What the packed products of every arithmetic have in common.
//
// B lies in panels of v_panel columns, each [unit][v_panel], zero-filled at the right edge and at the end of the depth. For a
// block of rows and of depth that fits the second-level cache, A is packed into panels of up to ATTN_TILE_ROWS rows, each
// [unit][part][rows]; then all panels of A pass by one panel of B, which stays near, and so on to the next. The scheme is that
// of Goto & van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008).
//
// An element of C is summed in one order, whatever rows and columns it is computed with.

enum {
    v_depth_block = 512,  // parts of units
    v_row_block = 16 * ATTN_TILE_ROWS,
    v_block_size = v_row_block * v_depth_block,  // what is packed of A at a time, if that is no more than a tile's height
    v_streamed_size = 1 << 20,  // floats: more than second-level caches hold
};

// MARK: Layout

/// Before a panel of integers come its columns' scales and, for each stretch of depth, what the sums over A + 128 start from:
/// −128 times the columns' sums.
V_INLINE size_t v_panel_header(const v_arithmetic k, size_t depth) {
    return v_is_int8(k) ? v_panel * (1 + attn_int8_stretches(depth)) : 0;
}

V_INLINE size_t v_panel_size(const v_arithmetic k, size_t depth) {
    return v_panel_header(k, depth) + v_ceiling_divide(depth, v_unit_depth(k)) * v_panel;
}

/// A thread's scratch, in floats: the scales of a block's rows and their inverses, then the rows.
V_INLINE size_t v_packed_rows(const v_arithmetic k) { return v_is_int8(k) ? 2 * (v_row_block + ATTN_WIDTH) : 0; }

V_INLINE size_t v_workspace_size(const v_arithmetic k, size_t depth) {
    const size_t row = v_ceiling_divide(depth, v_unit_depth(k)) * v_unit_parts(k);
    const size_t block = v_row_block * (row < v_depth_block ? row : v_depth_block);
    const size_t tile = ATTN_TILE_ROWS * row;
    return v_packed_rows(k) + (block > tile ? block : tile) + ATTN_WIDTH;
}

// MARK: Packing B

V_INLINE void v_pack_float_panel(float *out, const attn_product *p, size_t column, size_t lanes) {
    V_NAME(pack_panel)(out, v_panel, p->b + column * p->b_column_stride, p->b_column_stride, p->b_row_stride, lanes,
                       p->depth);
}

V_INLINE void v_pack_bfloat16_panel(float *out, const attn_product *p, size_t column, size_t lanes) {
    v_pack_units(v_bfloat16_pairs, false, out, v_panel, p->b + column * p->b_column_stride, p->b_column_stride,
                 p->b_row_stride, lanes, p->depth, NULL);
}

/// −128 times the sum of the integers of each column.
V_INLINE void v_starts(float *out, const float *units, size_t count) {
    for (size_t lane = 0; lane < v_panel; lane += ATTN_WIDTH) {
        vu sums = 0;
        for (size_t unit = 0; unit < count; unit++) {
            const vu x = (vu)v_load(units + unit * v_panel + lane);
            sums += (vu)v_dot_shorts(v_unit_part(v_int8_widened, x, 0), (vu)0x00010001) +
                    (vu)v_dot_shorts(v_unit_part(v_int8_widened, x, 1), (vu)0x00010001);
        }
        v_store(out + lane, (vf)(sums * (uint32_t)-128));
    }
}

V_INLINE void v_pack_int8_panel(float *out, const attn_product *p, size_t column, size_t lanes) {
    const float *b = p->b + column * p->b_column_stride;
    float inverses[v_panel] = {0}, *starts = out + v_panel;
    V_NAME(magnitudes)(out, b, p->b_column_stride, p->b_row_stride, lanes, p->depth);
    for (size_t lane = 0; lane < v_panel; lane++) {
        const float magnitude = lane < lanes ? out[lane] : 0;
        inverses[lane] = attn_int8_inverse(magnitude), out[lane] = attn_int8_scale(magnitude);
    }
    out += v_panel_header(v_int8_quads, p->depth);
    size_t start = 0;
    do {  // once even where there is no depth
        const size_t depth = p->depth - start < attn_int8_stretch ? p->depth - start : attn_int8_stretch;
        const size_t units = v_ceiling_divide(depth, v_unit_depth(v_int8_quads));
        v_pack_units(v_int8_quads, false, out, v_panel, b + start * p->b_row_stride, p->b_column_stride, p->b_row_stride,
                     lanes, depth, inverses);
        v_starts(starts, out, units);
        starts += v_panel, out += units * v_panel, start += depth;
    } while (start < p->depth);
}

V_INLINE void v_pack_panels(const v_arithmetic k, void *packed, const attn_product *p, size_t first, size_t last) {
    const size_t size = v_panel_size(k, p->depth);
    for (size_t column = first; column < last; column += v_panel) {
        float *out = (float *)v_align(packed) + column / v_panel * size;
        const size_t lanes = last - column < v_panel ? last - column : v_panel;
        if (k == v_float32) {
            v_pack_float_panel(out, p, column, lanes);
        } else if (v_is_int8(k)) {
            v_pack_int8_panel(out, p, column, lanes);
        } else {
            v_pack_bfloat16_panel(out, p, column, lanes);
        }
    }
}

// MARK: Tiles

/// Whether C is so large that nothing of it would be near when it is read next.
V_INLINE bool v_streams(const attn_product *p) { return p->rows * p->columns >= v_streamed_size; }

/// One tile of C by `panels` panels of B: several for few rows, whose sums would otherwise wait for each other.
V_INLINE void v_unit_tile(const v_arithmetic k, const int rows, const int panels, const v_tile_job *job) {
    const int vectors = panels * ATTN_TILE_VECTORS, parts = (int)v_unit_parts(k);
    vu sums[ATTN_TILE_ROWS * ATTN_TILE_VECTORS];
#pragma clang loop unroll(full)
    for (int i = 0; i < rows * vectors; i++) {
        const int v = i % vectors;
        const size_t start = (size_t)(v / ATTN_TILE_VECTORS) * job->panel_size + (size_t)(v % ATTN_TILE_VECTORS) * ATTN_WIDTH;
        sums[i] = k == v_int8_quads ? (vu)v_load(job->starts + start) : 0;
    }
    const float *a = job->a, *b = job->b, *next = job->next ? job->next : b;
    for (size_t unit = 0; unit < job->depth; unit++, a += rows * parts, b += v_panel, next += job->next_step) {
        __builtin_prefetch(next, 0, 2);
#pragma clang loop unroll(full)
        for (int part = 0; part < parts; part++) {
            vu y[ATTN_TILE_ROWS * ATTN_TILE_VECTORS];
            if (parts > 1) {
                v_read_again();
            }
#pragma clang loop unroll(full)
            for (int v = 0; v < vectors; v++) {
                const size_t start = (size_t)(v / ATTN_TILE_VECTORS) * job->panel_size + (size_t)(v % ATTN_TILE_VECTORS) * ATTN_WIDTH;
                y[v] = v_unit_part(k, (vu)v_load(b + start), part);
            }
#pragma clang loop unroll(full)
            for (int r = 0; r < rows; r++) {
                const vu x = (vu)v_set(a[part * rows + r]);
#pragma clang loop unroll(full)
                for (int v = 0; v < vectors; v++) {
                    sums[r * vectors + v] = v_dot(k, sums[r * vectors + v], x, y[v]);
                }
            }
        }
    }
    vf tile[ATTN_TILE_ROWS * ATTN_TILE_VECTORS];
#pragma clang loop unroll(full)
    for (int i = 0; i < rows * vectors; i++) {
        const int v = i % vectors;
        const size_t start = (size_t)(v / ATTN_TILE_VECTORS) * job->panel_size + (size_t)(v % ATTN_TILE_VECTORS) * ATTN_WIDTH;
        tile[i] = v_is_int8(k) ? __builtin_convertvector((vi)sums[i], vf) * v_load(job->column_scales + start) *
                                     v_set(job->row_scales[i / vectors])
                               : (vf)sums[i];
    }
    v_store_tile(tile, rows, vectors, job);
}

/// How many panels a tile takes at a time: as many as leave room for their vectors of B.
V_INLINE size_t v_panels_at_once(size_t rows) { return rows == 1 ? 4 : 2 * rows + 2 <= ATTN_TILE_ROWS ? 2 : 1; }

V_INLINE void v_unit_tile_of(const v_arithmetic k, const int rows, const v_tile_job *job) {
    if (v_panels_at_once((size_t)rows) > 1 && job->columns > v_panel) {
        v_unit_tile(k, rows, (int)v_panels_at_once((size_t)rows), job);
    } else {
        v_unit_tile(k, rows, 1, job);
    }
}

typedef void (*v_tile)(const v_tile_job *);

// MARK: Blocks

/// A block of rows and of depth, counted in units: the part of A that is packed at a time.
typedef struct v_row_depth_block {
    size_t row, height, start, depth;
    bool first, last;  // of the depth
} v_row_depth_block;

V_INLINE size_t v_tile_count(v_row_depth_block block) { return v_ceiling_divide(block.height, ATTN_TILE_ROWS); }

V_INLINE void v_pack_row_block(const v_arithmetic k, float *out, const attn_product *p, v_row_depth_block block,
                          const float *inverses) {
    const size_t tiles = v_tile_count(block), unit = v_unit_depth(k), start = block.start * unit;
    const size_t depth = block.last ? p->depth - start : block.depth * unit;
    for (size_t tile = 0; tile < tiles; tile++) {
        const size_t top = v_part(block.height, tile, tiles), rows = v_part(block.height, tile + 1, tiles) - top;
        const float *from = p->a + (block.row + top) * p->a_row_stride + start * p->a_column_stride;
        float *to = out + top * block.depth * v_unit_parts(k);
        if (k == v_float32) {
            V_NAME(pack_panel)(to, rows, from, p->a_row_stride, p->a_column_stride, rows, depth);
        } else {
            v_pack_units(k, true, to, rows, from, p->a_row_stride, p->a_column_stride, rows, depth, inverses + top);
        }
    }
}

/// The scales of the rows of a block, and their inverses.
V_INLINE void v_scale_rows(float *scales, float *inverses, const attn_product *p, v_row_depth_block block) {
    V_NAME(magnitudes)(inverses, p->a + block.row * p->a_row_stride, p->a_row_stride, p->a_column_stride, block.height,
                       p->depth);
    for (size_t row = 0; row < block.height; row++) {
        scales[row] = attn_int8_scale(inverses[row]);
        inverses[row] = attn_int8_inverse(inverses[row]);
    }
}

/// One tile over the depth of a block: in stretches where integers could not be summed otherwise.
V_INLINE void v_block_tile(const v_arithmetic k, const v_tile tile, size_t rows, size_t depth, v_tile_job job) {
    const size_t limit = v_is_int8(k) ? attn_int8_stretch / v_unit_depth(k) : depth;
    size_t start = 0;
    do {  // once even where there is no depth
        job.depth = depth - start < limit ? depth - start : limit;
        tile(&job);
        start += job.depth;
        job.a += job.depth * v_unit_parts(k) * rows;
        job.b += job.depth * v_panel;
        job.starts += v_panel;
        job.bias = NULL;
        job.add = true, job.stream = false;
    } while (start < depth);
}

/// Asks for a part of a matrix that is wanted when a tile's sums are there.
V_INLINE void v_ask_for(const float *part, size_t row_stride, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++) {
        for (size_t column = 0; column < columns; column += v_cache_line / sizeof(float)) {
            __builtin_prefetch(part + r * row_stride + column, 1);
        }
    }
}

/// The columns of C from `column` on that lie in one panel or in several at once, as far as the block goes.
V_INLINE void v_block_columns(const v_arithmetic k, const v_tile *tiles, const attn_product *p, v_row_depth_block block,
                              size_t column, v_tile_job job) {
    const size_t count = v_tile_count(block);
    const float *a = job.a, *scales = job.row_scales, *next = job.next;
    const bool add = job.add, finish = block.last && v_has_epilogue(p);
    float aside[ATTN_TILE_ROWS * v_panel];  // sums that an epilogue follows: not in C, which may be the residual
    job.next_step = next ? v_ceiling_divide(v_panel, count) : 0;
    for (size_t tile = 0; tile < count; tile++) {
        const size_t top = v_part(block.height, tile, count), rows = v_part(block.height, tile + 1, count) - top;
        job.a = a + top * block.depth * v_unit_parts(k);
        job.row_scales = scales + top;
        job.next = next ? next + tile * job.next_step * block.depth : NULL;
        float *c = p->c + (block.row + top) * p->c_row_stride + column;
        if (finish || !job.stream) {
            v_ask_for(c, p->c_row_stride, rows, job.columns);
        }
        if (finish) {
            const size_t width = v_panels_at_once(rows) * v_panel;
            if (p->residual) {
                const float *residual = p->residual + (block.row + top) * p->residual_stride + column;
                v_ask_for(residual, p->residual_stride, rows, job.columns);
            }
            job.c = aside, job.c_row_stride = width, job.add = job.stream = false;
            v_block_tile(k, tiles[rows - 1], rows, block.depth, job);
            V_NAME(product_finish)(p, add, aside, width, block.row + top, rows, column, job.columns);
        } else {
            job.c = c;
            v_block_tile(k, tiles[rows - 1], rows, block.depth, job);
        }
    }
}

/// tiles: by height.
V_INLINE void v_product_block(const v_arithmetic k, const v_tile *tiles, const attn_product *p,
                              const float *packed, v_row_depth_block block, size_t column_first, size_t column_last,
                              v_tile_job job) {
    const size_t size = v_panel_size(k, p->depth), header = v_panel_header(k, p->depth);
    const size_t at_once = v_panels_at_once(block.height) * v_panel;
    job.panel_size = size;
    job.scale = p->scale;
    job.c_row_stride = p->c_row_stride;
    job.add = p->accumulate || !block.first;
    job.stream = !job.add && block.last && v_streams(p);
    for (size_t column = column_first; column < column_last;) {
        const size_t rest = column_last - column;
        const size_t columns = rest >= at_once ? at_once : rest < v_panel ? rest : v_panel;
        const float *panel = packed + column / v_panel * size;
        job.b = panel + header + block.start * v_panel;
        job.bias = p->bias && block.first ? p->bias + column : NULL;
        job.column_scales = panel;
        job.next = rest > columns ? job.b + size : NULL;
        job.starts = panel + v_panel;
        job.columns = columns;
        v_block_columns(k, tiles, p, block, column, job);
        column += columns;
    }
}

/// Into how many blocks the depth goes. Scales are for all of it; and where C is the residual it may not hold sums before the
/// last of them is there.
V_INLINE size_t v_depth_blocks(const v_arithmetic k, const attn_product *p, size_t units) {
    const bool whole = v_is_int8(k) || p->residual == p->c || units == 0;
    return whole ? 1 : v_ceiling_divide(units, v_depth_block / v_unit_parts(k));
}

V_INLINE void v_product(const v_arithmetic k, const v_tile *tiles, const attn_product *p,
                        const void *packed, size_t row_first, size_t row_last, size_t column_first, size_t column_last,
                        void *workspace) {
    float *scales = v_align(workspace), *inverses = scales + v_row_block + ATTN_WIDTH, *a = scales + v_packed_rows(k);
    const size_t units = v_ceiling_divide(p->depth, v_unit_depth(k)), depth_blocks = v_depth_blocks(k, p, units);
    const size_t deepest = v_ceiling_divide(units, depth_blocks) * v_unit_parts(k);
    size_t height = deepest == 0 ? v_row_block : v_block_size / deepest / ATTN_TILE_ROWS * ATTN_TILE_ROWS;
    height = height < ATTN_TILE_ROWS ? ATTN_TILE_ROWS : height > v_row_block ? v_row_block : height;
    const size_t rows = row_last - row_first, row_blocks = v_ceiling_divide(rows, height);
    for (size_t i = 0; i < row_blocks; i++) {
        v_row_depth_block block = {.row = row_first + v_part(rows, i, row_blocks)};
        block.height = row_first + v_part(rows, i + 1, row_blocks) - block.row;
        if (v_is_int8(k)) {
            v_scale_rows(scales, inverses, p, block);
        }
        for (size_t j = 0; j < depth_blocks; j++) {
            block.start = v_part(units, j, depth_blocks);
            block.depth = v_part(units, j + 1, depth_blocks) - block.start;
            block.first = j == 0, block.last = j + 1 == depth_blocks;
            v_pack_row_block(k, a, p, block, inverses);
            v_product_block(k, tiles, p, v_align(packed), block, column_first, column_last,
                            (v_tile_job){.a = a, .row_scales = scales});
        }
    }
    if (v_streams(p)) {
        __atomic_thread_fence(__ATOMIC_SEQ_CST);  // what went past the caches is not in the order of other writes
    }
}
