// The amx table: matrix products in bfloat16 tiles at the accuracy of float32.
//
// Every number is split as x = high + low, two bfloat16 numbers of 8 significant bits each, and three products are added
// in float32: high · high + high · low + low · high. What is lost, low · low and the rest of x, is about 2⁻¹⁷ of each
// term. Infinities, NaNs and magnitudes from 2⁶² on do not survive the split (∞ − ∞; high may round to ∞); a block that
// holds one is computed by the product of the table below.
//
// Tested through the emulation in amx_tiles.h; the intrinsics have only been compiled, not run, by those tests.

#include "../tables.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define ATTN_SUFFIX amx
#if !defined(ATTN_EMULATE_TILES)
#include <sys/syscall.h>
#include <unistd.h>
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,fma,f16c,amx-tile,amx-bf16"))), apply_to = function)
#else
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,fma,f16c"))), apply_to = function)
#endif

#include "amx_tiles.h"
#include "avx512.h"

#include "../vector/vector.h"

#include "../vector/packing.h"

enum {
    split_block = 32,                                // rows, columns and depth of a block: two tiles each way
    split_block_floats = split_block * split_block,  // a split block is two high tiles, then two low ones: as many bytes
    split_depth_blocks = 8,                          // a panel of B as deep as this stays in the first-level cache
    split_row_blocks = 8,                            // and as many rows of A in the second
};

/// What one thread needs: A's split blocks, [row block][depth block], a staging block, and one block of sums.
typedef struct split_workspace {
    float *blocks, *staging, *sums;
} split_workspace;

static split_workspace split_workspace_in(void *workspace) {
    float *staging = v_align(workspace), *sums = staging + split_block_floats;
    return (split_workspace){sums + split_block_floats, staging, sums};
}

static size_t V_NAME(product_workspace_size)(size_t depth) {
    const size_t deep = v_ceiling_divide(depth, split_block);
    const size_t blocks = split_row_blocks * (deep < split_depth_blocks ? deep : split_depth_blocks);
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

#if !defined(ATTN_EMULATE_TILES)
bool attn_amx_permitted(void) {
#if defined(__linux__)
    enum { request_permission = 0x1023, tile_data = 18 };  // ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA
    return __builtin_cpu_supports("amx-tile") && __builtin_cpu_supports("amx-bf16") &&
           syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
#else
    return false;
#endif
}
#endif

// MARK: Splitting

/// Each float's upper 16 bits are its bfloat16 value, rounded to nearest even.
V_INLINE vu v_round_to_bfloat16(vf x) { return ((vu)x + 0x7fff + (((vu)x >> 16) & 1)) & 0xffff0000; }

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

static size_t minimum(size_t x, size_t y) { return x < y ? x : y; }

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

// MARK: Product

static _Thread_local bool configured;

void attn_amx_thread_enter(void) {
    if (!configured) {
        tile_configure();
        configured = true;
    }
}

void attn_amx_thread_leave(void) {
    if (configured) {
        tile_release();
        configured = false;
    }
}

/// The sums of a 32 × 32 block of C over `deep` blocks of A and B: tiles 0–3 hold them, 4 and 5 hold A, 6 and 7 B.
static void split_multiply(float *sums, const float *a, const float *b, size_t deep) {
    tile_zero(0);
    tile_zero(1);
    tile_zero(2);
    tile_zero(3);
    for (; deep > 0; deep--, a += split_block_floats, b += split_block_floats) {
        tile_load(4, a + 512);  // low · high
        tile_load(5, a + 768);
        tile_load(6, b);
        tile_load(7, b + 256);
        tile_dot_bf16(0, 4, 6);
        tile_dot_bf16(1, 4, 7);
        tile_dot_bf16(2, 5, 6);
        tile_dot_bf16(3, 5, 7);
        tile_load(4, a);  // high · high
        tile_load(5, a + 256);
        tile_dot_bf16(0, 4, 6);
        tile_dot_bf16(1, 4, 7);
        tile_dot_bf16(2, 5, 6);
        tile_dot_bf16(3, 5, 7);
        tile_load(6, b + 512);  // high · low
        tile_load(7, b + 768);
        tile_dot_bf16(0, 4, 6);
        tile_dot_bf16(1, 4, 7);
        tile_dot_bf16(2, 5, 6);
        tile_dot_bf16(3, 5, 7);
    }
    tile_store(0, sums);
    tile_store(1, sums + 256);
    tile_store(2, sums + 512);
    tile_store(3, sums + 768);
}

/// The part of the product that one step computes: rows × columns of C over a stretch of depth.
typedef struct split_step {
    size_t row, rows, column, columns, start, depth;
} split_step;

static void split_store(const attn_product *p, split_step s, const float *sums) {
    const bool add = p->accumulate || s.start > 0;
    for (size_t right = 0; right < s.columns; right += ATTN_WIDTH) {
        const size_t count = s.columns - right, column = s.column + right;
        const vf bias = p->bias && s.start == 0 ? v_load_any(p->bias + column, count) : v_set(0);
        for (size_t row = 0; row < s.rows; row++) {
            float *c = p->c + (s.row + row) * p->c_row_stride + column;
            const float *sum = sums + (row / 16 * 2 + right / ATTN_WIDTH) * 256 + row % 16 * ATTN_WIDTH;
            const vf x = v_fma(v_load(sum), v_set(p->scale), bias);
            v_store_any(c, add ? x + v_load_any(c, count) : x, count);
        }
    }
}

static attn_kernels below;

static void split_by_table_below(const attn_product *p, split_step s) {
    attn_product part = *p;
    part.a += s.start * p->a_column_stride;
    part.b += s.start * p->b_row_stride;
    part.depth = s.depth;
    part.accumulate = p->accumulate || s.start > 0;
    part.activation = attn_activation_none;
    part.bias = s.start == 0 ? p->bias : NULL;
    below.product_direct(&part, s.row, s.row + s.rows, s.column, s.column + s.columns);
}

static void split_activate(const attn_product *p, size_t row, size_t rows, size_t column, size_t columns) {
    void (*const functions[])(float *, const float *, size_t) = {
        [attn_activation_relu] = below.relu,
        [attn_activation_gelu] = below.gelu,
        [attn_activation_silu] = below.silu,
        [attn_activation_tanh] = below.hyperbolic_tangent,
    };
    for (; p->activation != attn_activation_none && rows > 0; row++, rows--) {
        float *c = p->c + row * p->c_row_stride + column;
        functions[p->activation](c, c, columns);
    }
}

static void V_NAME(product)(const attn_product *p, const void *packed, size_t row_first, size_t row_last,
                            size_t column_first, size_t column_last, void *workspace) {
    attn_amx_thread_enter();  // a thread may come here without having entered
    const split_workspace w = split_workspace_in(workspace);
    const split_panels b = split_panels_in(packed, p->depth, p->columns);
    for (size_t top = row_first; top < row_last; top += split_row_blocks * split_block) {
        const size_t height = minimum(row_last - top, split_row_blocks * split_block);
        size_t block = 0;
        do {  // once even where there is no depth
            const size_t deep = minimum(b.deep - block, split_depth_blocks), start = block * split_block;
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
                        split_by_table_below(p, s);
                    } else {
                        split_multiply(w.sums, w.blocks + row / split_block * deep * split_block_floats, blocks, deep);
                        split_store(p, s, w.sums);
                    }
                }
            }
            block += deep;
        } while (block < b.deep);
        split_activate(p, top, height, column_first, column_last - column_first);
    }
}

void attn_install_amx(attn_kernels *table) {
    below = *table;
    table->products[attn_precision_float32] = (attn_product_method){
        .name = "split bfloat16 tiles",
        .row_block = split_block,
        .column_block = split_block,
        .packed_size = V_NAME(product_packed_size),
        .workspace_size = V_NAME(product_workspace_size),
        .pack = V_NAME(product_pack),
        .multiply = V_NAME(product),
    };
}

#pragma clang attribute pop

#endif
