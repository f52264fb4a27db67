// float32 products in bfloat16 tiles.
//
// Every number is split as x = high + low, two bfloat16 numbers of 8 significant bits each, and three products are added
// in float32: high · high + high · low + low · high. What is lost, low · low and the rest of x, is about 2⁻¹⁷ of each
// term. Infinities, NaNs and magnitudes from 2⁶² on do not survive the split (∞ − ∞; high may round to ∞); a block that
// holds one is computed by the product of the table below.

enum {
    split_block = 32,                                // rows, columns and depth of a block: two tiles each way
    split_block_floats = split_block * split_block,  // a split block is two high tiles, then two low ones: as many bytes
    split_depth_blocks = 8,                          // a panel of B as deep as this stays in the first-level cache
    split_row_blocks = 8,                            // and as many rows of A in the second
};

/// What one thread needs: A's split blocks, [row block][depth block], a staging block, and one block of sums in rows.
typedef struct split_workspace {
    float *blocks, *staging, *sums;
} split_workspace;

static split_workspace split_workspace_in(void *workspace) {
    float *staging = v_align(workspace), *sums = staging + split_block_floats;
    return (split_workspace){sums + split_block_floats, staging, sums};
}

static size_t V_NAME(product_workspace_size)(size_t depth) {
    const size_t deep = v_ceiling_divide(depth, split_block);
    const size_t several = split_row_blocks * (deep < split_depth_blocks ? deep : split_depth_blocks);
    const size_t blocks = several > deep ? several : deep;  // at least one row of blocks in all depth
    return (blocks + 2) * split_block_floats * sizeof(float) + v_cache_line;
}

/// Packed B: for each panel of columns one float that tells whether it is ordinary, then the panels' split blocks.
typedef struct split_panels {
    float *extremes, *blocks;
    size_t deep;  // blocks in a panel
} split_panels;

static split_panels split_panels_in(const void *packed, size_t depth, size_t columns) {
    float *extremes = v_align(packed);
    return (split_panels){extremes, v_align(extremes + v_ceiling_divide(columns, split_block)),
                          v_ceiling_divide(depth, split_block)};
}

static size_t V_NAME(product_packed_size)(size_t depth, size_t columns) {
    const size_t panels = v_ceiling_divide(columns, split_block), deep = v_ceiling_divide(depth, split_block);
    return (panels + panels * deep * split_block_floats) * sizeof(float) + 2 * v_cache_line;
}

// MARK: Permission

// MARK: Splitting

/// Splits what must be ordinary numbers; what is not shows in the result.
V_INLINE vi v_split(vf x, vu *high, vu *low) {
    *high = v_round_to_bfloat16(x);
    *low = v_round_to_bfloat16(x - (vf)*high);
    return ~(v_abs(x) < 0x1p62f);
}

V_INLINE bool v_any(vi mask) { return v_maximum(v_select(mask, v_set(1), v_set(0))) > 0; }

/// Splits a staged block [32 rows][32 depth] into A's tiles: 16 rows of 32 steps of depth. Returns whether an element was
/// out of the ordinary.
static bool split_a(float *out, const float *staging) {
    typedef uint16_t v_halves __attribute__((ext_vector_type(ATTN_WIDTH)));
    uint16_t *tiles = (uint16_t *)out;
    vi extreme = 0;
    for (size_t row = 0; row < split_block; row++) {
        for (size_t d = 0; d < split_block; d += ATTN_WIDTH) {
            vu high, low;
            extreme |= v_split(v_load(staging + row * split_block + d), &high, &low);
            const v_halves halves[] = {__builtin_convertvector(high >> 16, v_halves),
                                       __builtin_convertvector(low >> 16, v_halves)};
            memcpy(tiles + row * split_block + d, &halves[0], sizeof halves[0]);
            memcpy(tiles + split_block_floats + row * split_block + d, &halves[1], sizeof halves[1]);
        }
    }
    return v_any(extreme);
}

/// Splits a staged block [32 depth][32 columns] into B's tiles: 16 rows, each two steps of depth of 16 columns, in pairs.
static bool split_b(float *out, const float *staging) {
    uint32_t *tiles = (uint32_t *)out;
    vi extreme = 0;
    for (size_t d = 0; d < split_block; d += 2) {
        for (size_t column = 0; column < split_block; column += ATTN_WIDTH) {
            vu high[2], low[2];
            extreme |= v_split(v_load(staging + d * split_block + column), &high[0], &low[0]);
            extreme |= v_split(v_load(staging + (d + 1) * split_block + column), &high[1], &low[1]);
            const vu highs = high[1] | (high[0] >> 16), lows = low[1] | (low[0] >> 16);
            uint32_t *tile = tiles + column / ATTN_WIDTH * 256 + d / 2 * ATTN_WIDTH;
            memcpy(tile, &highs, sizeof highs);
            memcpy(tile + 512, &lows, sizeof lows);
        }
    }
    return v_any(extreme);
}

/// Lays a block of up to 32 × 32 elements out as [step][lane], zero-filled.
static void stage(float *staging, const float *in, size_t lane_stride, size_t step_stride, size_t lanes, size_t steps) {
    V_NAME(pack_panel)(staging, split_block, in, lane_stride, step_stride, lanes, steps);
    memset(staging + steps * split_block, 0, (split_block - steps) * split_block * sizeof(float));
}

static void V_NAME(product_pack)(void *packed, const attn_product *p, size_t first, size_t last) {
    const split_panels b = split_panels_in(packed, p->depth, p->columns);
    float staging[split_block_floats + ATTN_WIDTH];
    for (size_t column = first; column < last; column += split_block) {
        const size_t panel = column / split_block;
        bool extreme = false;
        for (size_t block = 0; block < b.deep; block++) {
            const size_t d = block * split_block;
            stage(staging, p->b + d * p->b_row_stride + column * p->b_column_stride, p->b_column_stride,
                  p->b_row_stride, minimum(last - column, split_block), minimum(p->depth - d, split_block));
            extreme |= split_b(b.blocks + (panel * b.deep + block) * split_block_floats, staging);
        }
        b.extremes[panel] = extreme;
    }
}

/// The sums of a 32 × 32 block of C over `deep` blocks of A and B: tiles 0–3 hold them, 4 and 5 hold A, 6 and 7 B.
static void split_multiply(float *sums, const float *a, const float *b, size_t deep) {
    tile_zero(0);
    tile_zero(1);
    tile_zero(2);
    tile_zero(3);
    for (; deep > 0; deep--, a += split_block_floats, b += split_block_floats) {
        tile_load(4, a + 512, tile_row_bytes);  // low · high
        tile_load(5, a + 768, tile_row_bytes);
        tile_load(6, b, tile_row_bytes);
        tile_load(7, b + 256, tile_row_bytes);
        tile_dot_bf16(0, 4, 6);
        tile_dot_bf16(1, 4, 7);
        tile_dot_bf16(2, 5, 6);
        tile_dot_bf16(3, 5, 7);
        tile_load(4, a, tile_row_bytes);  // high · high
        tile_load(5, a + 256, tile_row_bytes);
        tile_dot_bf16(0, 4, 6);
        tile_dot_bf16(1, 4, 7);
        tile_dot_bf16(2, 5, 6);
        tile_dot_bf16(3, 5, 7);
        tile_load(6, b + 512, tile_row_bytes);  // high · low
        tile_load(7, b + 768, tile_row_bytes);
        tile_dot_bf16(0, 4, 6);
        tile_dot_bf16(1, 4, 7);
        tile_dot_bf16(2, 5, 6);
        tile_dot_bf16(3, 5, 7);
    }
    const size_t stride = split_block * sizeof(float);
    tile_store(0, sums, stride);
    tile_store(1, sums + 16, stride);
    tile_store(2, sums + 16 * split_block, stride);
    tile_store(3, sums + 16 * split_block + 16, stride);
}

/// The part of the product that one step computes: rows × columns of C over a stretch of depth.
typedef struct split_step {
    size_t row, rows, column, columns, start, depth;
} split_step;

static attn_kernels below;

/// The sums of what the split cannot take.
static void split_sum_below(float *sums, const attn_product *p, split_step s) {
    const attn_product part = {
        .rows = s.rows,
        .columns = s.columns,
        .depth = s.depth,
        .a = p->a + s.row * p->a_row_stride + s.start * p->a_column_stride,
        .a_row_stride = p->a_row_stride,
        .a_column_stride = p->a_column_stride,
        .b = p->b + s.column * p->b_column_stride + s.start * p->b_row_stride,
        .b_row_stride = p->b_row_stride,
        .b_column_stride = p->b_column_stride,
        .c = sums,
        .c_row_stride = split_block,
        .scale = 1,
    };
    below.product_direct(&part, 0, s.rows, 0, s.columns);
}

static void V_NAME(product)(const attn_product *p, const void *packed, size_t row_first, size_t row_last,
                            size_t column_first, size_t column_last, void *workspace) {
    attn_amx_thread_enter();  // a thread may come here without having entered
    const split_workspace w = split_workspace_in(workspace);
    const split_panels b = split_panels_in(packed, p->depth, p->columns);
    // Where C is the residual it may not hold sums before the last of them is there.
    const size_t depth_blocks = p->residual == p->c ? b.deep : split_depth_blocks;
    const size_t fitting = split_row_blocks * split_depth_blocks / (depth_blocks == 0 ? 1 : depth_blocks);
    const size_t row_blocks = fitting == 0 ? 1 : minimum(fitting, split_row_blocks);
    for (size_t top = row_first; top < row_last; top += row_blocks * split_block) {
        const size_t height = minimum(row_last - top, row_blocks * split_block);
        size_t block = 0;
        do {  // once even where there is no depth
            const size_t deep = minimum(b.deep - block, depth_blocks), start = block * split_block;
            bool extremes[split_row_blocks] = {false};
            for (size_t row = 0; row < height; row += split_block) {
                for (size_t i = 0; i < deep; i++) {
                    const size_t d = start + i * split_block;
                    stage(w.staging, p->a + (top + row) * p->a_row_stride + d * p->a_column_stride, p->a_column_stride,
                          p->a_row_stride, minimum(p->depth - d, split_block), minimum(height - row, split_block));
                    float *split = w.blocks + (row / split_block * deep + i) * split_block_floats;
                    extremes[row / split_block] |= split_a(split, w.staging);
                }
            }
            for (size_t column = column_first; column < column_last; column += split_block) {
                const size_t panel = column / split_block;
                const float *blocks = b.blocks + (panel * b.deep + block) * split_block_floats;
                for (size_t row = 0; row < height; row += split_block) {
                    const split_step s = {top + row, minimum(height - row, split_block), column,
                                          minimum(column_last - column, split_block), start,
                                          minimum(p->depth - start, deep * split_block)};
                    if (extremes[row / split_block] || b.extremes[panel] != 0) {
                        split_sum_below(w.sums, p, s);
                    } else {
                        split_multiply(w.sums, w.blocks + row / split_block * deep * split_block_floats, blocks, deep);
                    }
                    store_block(p, w.sums, s.row, s.rows, s.column, s.columns, start == 0, block + deep == b.deep);
                }
            }
            block += deep;
        } while (block < b.deep);
    }
}
