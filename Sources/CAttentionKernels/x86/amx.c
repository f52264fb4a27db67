// The amx table: matrix products in tiles.
//
// bfloat16 and int8 multiply what the table below packs, many rows at a time. float32 is split into two bfloat16 numbers.
//
// Tested through the emulation in amx_tiles.h; the intrinsics have only been compiled, not run, by those tests.

#include "../int8.h"
#include "../random.h"
#include "../tables.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define ATTN_SUFFIX amx
#if !defined(ATTN_EMULATE_TILES)
#include <sys/syscall.h>
#include <unistd.h>
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,fma,f16c,amx-tile,amx-bf16,amx-int8"))), \
    apply_to = function)
#else
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,fma,f16c"))), apply_to = function)
#endif

#include "amx_tiles.h"
#include "avx512.h"

#include "../vector/packed_products.h"

// MARK: Permission

#if !defined(ATTN_EMULATE_TILES)
bool attn_amx_permitted(void) {
#if defined(__linux__)
    enum { request_permission = 0x1023, tile_data = 18 };  // ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA
    return __builtin_cpu_supports("amx-tile") && __builtin_cpu_supports("amx-bf16") &&
           __builtin_cpu_supports("amx-int8") &&
           syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
#else
    return false;
#endif
}
#endif

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

// MARK: Blocks of C

enum { tile_block = 32 };  // rows and columns of a block: two tiles each way, as many columns as a panel has
_Static_assert((int)tile_block == (int)v_panel, "tiles multiply what the table below packs");

static size_t minimum(size_t x, size_t y) { return x < y ? x : y; }

/// Stores a block from its sums, of which others may come before and after it.
static void store_block(const attn_product *p, float *sums, size_t row, size_t rows, size_t column, size_t columns,
                        bool first, bool last) {
    const bool add = p->accumulate || !first, finish = last && v_has_epilogue(p);
    for (size_t right = 0; right < columns; right += ATTN_WIDTH) {
        const size_t count = columns - right;
        const vf bias = p->bias && first ? v_load_any(p->bias + column + right, count) : v_set(0);
        for (size_t r = 0; r < rows; r++) {
            float *sum = sums + r * tile_block + right, *c = p->c + (row + r) * p->c_row_stride + column + right;
            const vf x = v_fma(v_load(sum), v_set(p->scale), bias);
            if (finish) {
                v_store(sum, x);
            } else {
                v_store_any(c, add ? x + v_load_any(c, count) : x, count);
            }
        }
    }
    if (finish) {
        V_NAME(product_finish)(p, add, sums, tile_block, row, rows, column, columns);
    }
}

#include "amx_split.h"

#include "amx_units.h"

void attn_install_amx(attn_kernels *table) {
    below = *table;
    table->products[attn_precision_float32] = (attn_product_method){
        .name = "split bfloat16 tiles",
        .row_block = split_block,
        .column_block = split_block,
        .few_rows = table->products[attn_precision_float32].few_rows,
        .packed_size = V_NAME(product_packed_size),
        .workspace_size = V_NAME(product_workspace_size),
        .pack = V_NAME(product_pack),
        .multiply = V_NAME(product),
    };
    attn_product_method *bfloat16 = &table->products[attn_precision_bfloat16];
    bfloat16->name = "bfloat16 tiles";
    bfloat16->row_block = tile_block;
    bfloat16->workspace_size = V_NAME(product_bfloat16_workspace_size);
    bfloat16->multiply = V_NAME(product_bfloat16);
    attn_product_method *int8 = &table->products[attn_precision_int8];
    int8->name = "int8 tiles";
    int8->row_block = tile_block;
    int8->workspace_size = V_NAME(product_int8_workspace_size);
    int8->multiply = V_NAME(product_int8);
}

#pragma clang attribute pop

#endif
