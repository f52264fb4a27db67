// The avx512 table: 16 floats a vector, 32 registers, masked loads and stores.

#include "../random.h"
#include "../region.h"
#include "../tables.h"

#if defined(__x86_64__)

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,fma,f16c"))), apply_to = function)

#define ATTN_SUFFIX avx512
#define ATTN_TILE_ROWS 14  // × 2 vectors: 28 sums, 2 vectors of B and an element of A fill the registers
#define ATTN_TILE_VECTORS 2
#define ATTN_EACH_TILE_HEIGHT(tile) \
    tile(1) tile(2) tile(3) tile(4) tile(5) tile(6) tile(7) tile(8) tile(9) tile(10) tile(11) tile(12) tile(13) tile(14)
#define ATTN_DIRECT_ROWS 6
#define ATTN_DIRECT_VECTORS 4
#define ATTN_EACH_DIRECT_HEIGHT(tile) tile(1) tile(2) tile(3) tile(4) tile(5) tile(6)

#include "avx512.h"

#include "../vector/all.h"

void attn_install_avx512(attn_kernels *table) { attn_install_vector(table); }

#pragma clang attribute pop

#endif
