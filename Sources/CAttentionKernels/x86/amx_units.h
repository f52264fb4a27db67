// bfloat16 and int8 products in tiles, by B as the table below packs it: panels [unit][32 columns], which are two tiles side
// by side. A is laid out in rows of units, in which a tile is 16 rows of 16 units.

enum { tile_block_units = 2048 * 64 };  // of A at a time, if that is no more than a block of rows

V_INLINE size_t v_padded_units(const v_arithmetic k, size_t depth) {
    return v_ceiling_divide(v_ceiling_divide(depth, v_unit_depth(k)), 16) * 16;
}

V_INLINE size_t v_rows_at_once(size_t units) {
    const size_t fitting = units == 0 ? v_row_block : tile_block_units / units;
    return fitting < 2 * tile_block ? tile_block : minimum(fitting, v_row_block) / tile_block * tile_block;
}

/// In floats: the rows' scales and their inverses, A, two blocks of sums in rows, and a last piece of B.
V_INLINE size_t v_tile_workspace_size(const v_arithmetic k, size_t depth) {
    const size_t units = v_padded_units(k, depth);
    return v_packed_rows(k) + v_rows_at_once(units) * units + 2 * tile_block * tile_block + 16 * v_panel;
}

/// Lays out up to 32 rows in units, zero-filled to whole tiles of depth.
V_INLINE void v_pack_tile_rows(const v_arithmetic k, float *out, size_t units, const attn_product *p, size_t row,
                               size_t rows, const float *inverses) {
    const size_t chunk = 16 * v_unit_depth(k);
    float staging[tile_block * 64];
    for (size_t start = 0; start < p->depth; start += chunk, out += 16) {
        const size_t steps = minimum(p->depth - start, chunk);
        const float *from = p->a + row * p->a_row_stride + start * p->a_column_stride;
        size_t stride = p->a_row_stride;
        if (p->a_column_stride != 1) {
            V_NAME(pack_panel)(staging, chunk, from, p->a_column_stride, stride, steps, rows);
            from = staging, stride = chunk;
        }
        for (size_t r = 0; r < rows; r++) {
            if (steps < chunk) {
                memset(out + r * units, 0, tile_row_bytes);
            }
            v_units_of_lane(k, false, out + r * units, from + r * stride, steps, v_set(v_is_int8(k) ? inverses[r] : 0));
        }
    }
}

/// The sums of a 32 × 32 block of C over `count` units, in float32 or int32. `piece` is room for what B has beyond whole tiles.
V_INLINE void v_multiply_tiles(const v_arithmetic k, float *sums, const float *a, size_t a_stride, const float *b,
                               size_t count, float *piece) {
    const size_t a_bytes = a_stride * sizeof(float), b_bytes = v_panel * sizeof(float);
    tile_zero(0);
    tile_zero(1);
    tile_zero(2);
    tile_zero(3);
    for (size_t unit = 0; unit < count; unit += 16, a += 16, b += 16 * v_panel) {
        if (count - unit < 16) {
            memset(piece, 0, 16 * b_bytes);
            memcpy(piece, b, (count - unit) * b_bytes);
            b = piece;
        }
        tile_load(4, a, a_bytes);
        tile_load(5, a + 16 * a_stride, a_bytes);
        tile_load(6, b, b_bytes);
        tile_load(7, b + 16, b_bytes);
        if (k == v_int8_quads) {
            tile_dot_int8(0, 4, 6);
            tile_dot_int8(1, 4, 7);
            tile_dot_int8(2, 5, 6);
            tile_dot_int8(3, 5, 7);
        } else {
            tile_dot_bf16(0, 4, 6);
            tile_dot_bf16(1, 4, 7);
            tile_dot_bf16(2, 5, 6);
            tile_dot_bf16(3, 5, 7);
        }
    }
    tile_store(0, sums, b_bytes);
    tile_store(1, sums + 16, b_bytes);
    tile_store(2, sums + 16 * v_panel, b_bytes);
    tile_store(3, sums + 16 * v_panel + 16, b_bytes);
}

/// sums (+)= what the integers stand for.
static void add_integers(float *sums, bool add, const float *integers, size_t rows, const float *row_scales,
                         const float *column_scales) {
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = row * v_panel; i < (row + 1) * v_panel; i += ATTN_WIDTH) {
            const vf scale = v_load(column_scales + i % v_panel);
            const vf x = __builtin_convertvector((vi)v_load(integers + i), vf) * scale * v_set(row_scales[row]);
            v_store(sums + i, add ? v_load(sums + i) + x : x);
        }
    }
}

/// The sums of a block of C over all depth: of integers stretch by stretch. The workspace begins with two blocks of sums.
V_INLINE void v_sum_block(const v_arithmetic k, const attn_product *p, float *workspace, const float *a, size_t a_stride,
                          const float *panel, size_t rows, const float *row_scales) {
    const size_t units = v_ceiling_divide(p->depth, v_unit_depth(k));
    const size_t limit = v_is_int8(k) ? attn_int8_stretch / v_unit_depth(k) : units;
    const float *b = panel + v_panel_header(k, p->depth);
    float *part = workspace + tile_block * tile_block, *piece = part + tile_block * tile_block;
    size_t start = 0;
    do {  // once even where there is no depth
        const size_t count = minimum(units - start, limit);
        v_multiply_tiles(k, v_is_int8(k) ? part : workspace, a + start, a_stride, b + start * v_panel, count, piece);
        if (v_is_int8(k)) {
            add_integers(workspace, start > 0, part, rows, row_scales, panel);
        }
        start += count;
    } while (start < units);
}

V_INLINE void v_tile_product(const v_arithmetic k, const attn_product *p, const void *packed, size_t row_first,
                             size_t row_last, size_t column_first, size_t column_last, void *workspace) {
    attn_amx_thread_enter();  // a thread may come here without having entered
    const size_t units = v_padded_units(k, p->depth), at_once = v_rows_at_once(units);
    float *scales = v_align(workspace), *inverses = scales + v_row_block + ATTN_WIDTH;
    float *sums = scales + v_packed_rows(k), *a = sums + 2 * tile_block * tile_block + 16 * v_panel;
    for (size_t top = row_first; top < row_last; top += at_once) {
        const v_row_depth_block block = {.row = top, .height = minimum(row_last - top, at_once)};
        if (v_is_int8(k)) {
            v_scale_rows(scales, inverses, p, block);
        }
        for (size_t row = 0; row < block.height; row += tile_block) {
            v_pack_tile_rows(k, a + row * units, units, p, top + row, minimum(block.height - row, tile_block),
                             inverses + row);
        }
        for (size_t column = column_first; column < column_last; column += v_panel) {
            const float *panel = (const float *)v_align(packed) + column / v_panel * v_panel_size(k, p->depth);
            for (size_t row = 0; row < block.height; row += tile_block) {
                const size_t rows = minimum(block.height - row, tile_block);
                v_sum_block(k, p, sums, a + row * units, units, panel, rows, scales + row);
                store_block(p, sums, top + row, rows, column, minimum(column_last - column, v_panel), true, true);
            }
        }
    }
}

#define V_TILE_METHOD(name, arithmetic)                                                                             \
    static void V_NAME(product_##name)(const attn_product *p, const void *packed, size_t row_first, size_t row_last, \
                                       size_t column_first, size_t column_last, void *workspace) {                  \
        v_tile_product(arithmetic, p, packed, row_first, row_last, column_first, column_last, workspace);           \
    }                                                                                                               \
    static size_t V_NAME(product_##name##_workspace_size)(size_t depth) {                                           \
        return v_tile_workspace_size(arithmetic, depth) * sizeof(float) + v_cache_line;                             \
    }
V_TILE_METHOD(bfloat16, v_bfloat16_pairs)
V_TILE_METHOD(int8, v_int8_quads)
#undef V_TILE_METHOD
