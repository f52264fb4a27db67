// Attention on bfloat16 tiles: one product a pair for bfloat16, three for float32, whose numbers are split as amx.c splits
// them.
//
// Tested through the emulation in amx_tiles.h; the intrinsics have only been compiled, not run, by those tests.

#include "../random.h"
#include "../region.h"
#include "../tables.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#define ATTN_SUFFIX amx
#if !defined(ATTN_EMULATE_TILES)
#pragma clang attribute push(                                                                                         \
    __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx512bf16,fma,f16c,amx-tile,amx-bf16"))),              \
    apply_to = function)
#else
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,fma,f16c"))), apply_to = function)
#endif

#include "amx_tiles.h"
#include "avx512.h"

#include "../vector/vector.h"

#include "../vector/functions.h"
#include "../vector/packing.h"
#include "bfloat16_pairs.h"

// Tiles 0–3 hold the sums, 4 and 5 rows of A, 6 and 7 columns of B.

/// 32 rows: sums += A B of one block.
V_INLINE void pair_tiles(const uint16_t *a, const uint16_t *b) {
    tile_load(4, a, tile_row_bytes);
    tile_load(6, b, tile_row_bytes);
    tile_dot_bf16(0, 4, 6);
    tile_load(7, b + pair_block_halves / 2, tile_row_bytes);
    tile_dot_bf16(1, 4, 7);
    tile_load(5, a + pair_block_halves / 2, tile_row_bytes);
    tile_dot_bf16(2, 5, 6);
    tile_dot_bf16(3, 5, 7);
}

/// 32 rows of split numbers: low · high, high · high and high · low.
V_INLINE void pair_split_tiles(const uint16_t *a, const uint16_t *b) {
    const uint16_t *low_a = a + pair_block_halves, *low_b = b + pair_block_halves;
    pair_tiles(low_a, b);
    tile_load(4, a, tile_row_bytes);  // B's high tiles are still there
    tile_dot_bf16(0, 4, 6);
    tile_dot_bf16(1, 4, 7);
    tile_load(5, a + pair_block_halves / 2, tile_row_bytes);
    tile_dot_bf16(2, 5, 6);
    tile_dot_bf16(3, 5, 7);
    tile_load(6, low_b, tile_row_bytes);
    tile_dot_bf16(0, 4, 6);
    tile_dot_bf16(2, 5, 6);
    tile_load(7, low_b + pair_block_halves / 2, tile_row_bytes);
    tile_dot_bf16(1, 4, 7);
    tile_dot_bf16(3, 5, 7);
}

/// 16 rows.
V_INLINE void pair_upper_tiles(const uint16_t *a, const uint16_t *b) {
    tile_load(4, a, tile_row_bytes);
    tile_load(6, b, tile_row_bytes);
    tile_dot_bf16(0, 4, 6);
    tile_load(7, b + pair_block_halves / 2, tile_row_bytes);
    tile_dot_bf16(1, 4, 7);
}

V_INLINE void pair_multiply(const size_t parts, float *c, size_t stride, bool add, const uint16_t *a, size_t a_stride,
                            const uint16_t *b, size_t deep, size_t rows) {
    float *right = c + 16, *below = c + 16 * stride;
    const size_t row_bytes = stride * sizeof(float);
    const bool upper = rows <= 16;
    if (add) {
        tile_load(0, c, row_bytes);
        tile_load(1, right, row_bytes);
        if (!upper) {
            tile_load(2, below, row_bytes);
            tile_load(3, below + 16, row_bytes);
        }
    } else {
        tile_zero(0);
        tile_zero(1);
        tile_zero(2);
        tile_zero(3);
    }
    for (; deep > 0; deep--, a += a_stride, b += parts * pair_block_halves) {
        if (upper) {
            if (parts == 2) {
                pair_upper_tiles(a + pair_block_halves, b);
                pair_upper_tiles(a, b + pair_block_halves);
            }
            pair_upper_tiles(a, b);
        } else if (parts == 2) {
            pair_split_tiles(a, b);
        } else {
            pair_tiles(a, b);
        }
    }
    tile_store(0, c, row_bytes);
    tile_store(1, right, row_bytes);
    if (!upper) {
        tile_store(2, below, row_bytes);
        tile_store(3, below + 16, row_bytes);
    }
}

/// A thread may come without having configured its tiles.
V_INLINE void pair_enter(void) { attn_amx_thread_enter(); }

#include "bfloat16_all.h"

ATTN_PAIR_METHOD(split, 2)
ATTN_PAIR_METHOD(bfloat16, 1)

void attn_install_amx_attention(attn_kernels *table) {
    attn_attention_method *methods = table->attentions;
    methods[attn_precision_float32] = attn_pair_method_split("split bfloat16 tiles", methods[attn_precision_float32]);
    methods[attn_precision_bfloat16] = attn_pair_method_bfloat16("bfloat16 tiles", methods[attn_precision_bfloat16]);
    methods[attn_precision_int8] = methods[attn_precision_float32];
}

#pragma clang attribute pop

#endif
