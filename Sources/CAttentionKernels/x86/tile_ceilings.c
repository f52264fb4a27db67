// What AMX tiles multiply and add at most: four tiles of sums, operands that stay in their tiles.

#include "../tables.h"

#if defined(__x86_64__)

#if !defined(ATTN_EMULATE_TILES)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("amx-tile,amx-bf16,amx-int8"))), apply_to = function)
#endif

#include "amx_tiles.h"

enum { sum_tiles = 4, tile_sums = tile_rows * 16 };

/// Fills tile 4 (rows of A), 5 and 6 (zeros) and 7 (rows of B) with these 32-bit patterns, and clears the sums.
static void tile_fill(uint32_t left, uint32_t right) {
    uint32_t elements[tile_sums];
    attn_amx_thread_enter();
    for (int i = 0; i < tile_sums; i++) {
        elements[i] = left;
    }
    tile_load(4, elements, tile_row_bytes);
    for (int i = 0; i < tile_sums; i++) {
        elements[i] = right;
    }
    tile_load(7, elements, tile_row_bytes);
    tile_zero(0);
    tile_zero(1);
    tile_zero(2);
    tile_zero(3);
    tile_zero(5);
    tile_zero(6);
}

static void tile_keep(void *sums) {
    tile_store(0, (char *)sums, tile_row_bytes);
    tile_store(1, (char *)sums + tile_bytes, tile_row_bytes);
    tile_store(2, (char *)sums + 2 * tile_bytes, tile_row_bytes);
    tile_store(3, (char *)sums + 3 * tile_bytes, tile_row_bytes);
}

static double float_total(void) {
    float sums[sum_tiles * tile_sums];
    double total = 0;
    tile_keep(sums);
    for (int i = 0; i < sum_tiles * tile_sums; i++) {
        total += sums[i];
    }
    return total;
}

static uint32_t bfloat16_pair(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return (bits & 0xffff0000) | bits >> 16;
}

static double attn_bf16_ceiling_amx(double *sum, float x, float y, size_t steps) {
    tile_fill(bfloat16_pair(x), bfloat16_pair(y));
    for (size_t step = 0; step < steps; step++) {
        tile_dot_bf16(0, 4, 7);
        tile_dot_bf16(1, 4, 7);
        tile_dot_bf16(2, 4, 7);
        tile_dot_bf16(3, 4, 7);
    }
    *sum = float_total();
    return 2.0 * tile_rows * sum_tiles * tile_sums * steps;
}

/// Three products for each multiply-add, as split numbers need: high · high + low · high + high · low, with low = 0.
static double attn_split_ceiling_amx(double *sum, float x, float y, size_t steps) {
    tile_fill(bfloat16_pair(x), bfloat16_pair(y));
    for (size_t step = 0; step < steps; step++) {
        tile_dot_bf16(0, 4, 7);
        tile_dot_bf16(1, 4, 7);
        tile_dot_bf16(2, 4, 7);
        tile_dot_bf16(3, 4, 7);
        tile_dot_bf16(0, 5, 7);
        tile_dot_bf16(1, 5, 7);
        tile_dot_bf16(2, 5, 7);
        tile_dot_bf16(3, 5, 7);
        tile_dot_bf16(0, 4, 6);
        tile_dot_bf16(1, 4, 6);
        tile_dot_bf16(2, 4, 6);
        tile_dot_bf16(3, 4, 6);
    }
    *sum = float_total();
    return 2.0 * tile_rows * sum_tiles * tile_sums * steps;
}

#if !defined(ATTN_EMULATE_TILES)
static double attn_i8_ceiling_amx(double *sum, float x, float y, size_t steps) {
    tile_fill((uint32_t)x * 0x01010101, (uint32_t)y * 0x01010101);
    for (size_t step = 0; step < steps; step++) {
        _tile_dpbssd(0, 4, 7);
        _tile_dpbssd(1, 4, 7);
        _tile_dpbssd(2, 4, 7);
        _tile_dpbssd(3, 4, 7);
    }
    int32_t sums[sum_tiles * tile_sums];
    tile_keep(sums);
    *sum = 0;
    for (int i = 0; i < sum_tiles * tile_sums; i++) {
        *sum += sums[i];
    }
    return 4.0 * tile_rows * sum_tiles * tile_sums * steps;
}

#pragma clang attribute pop
#endif

void attn_install_tile_ceilings(attn_kernels *table) {
    table->ceilings[attn_precision_float32] = attn_split_ceiling_amx;
    table->ceilings[attn_precision_bfloat16] = attn_bf16_ceiling_amx;
#if !defined(ATTN_EMULATE_TILES)
    if (__builtin_cpu_supports("amx-int8")) {
        table->ceilings[attn_precision_int8] = attn_i8_ceiling_amx;
    }
#endif
}

#endif
