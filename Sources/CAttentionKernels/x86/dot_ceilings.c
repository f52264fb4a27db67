// What dot products of bfloat16 pairs and of int8 fours add at most, where AVX-512 has them.

#include "../tables.h"

#if defined(__x86_64__)

#include <immintrin.h>

enum { sum_count = 12, lane_count = 16 };

#pragma clang attribute push(__attribute__((target("avx512f,avx512bf16"))), apply_to = function)

static double attn_bf16_ceiling_avx512(double *sum, float x, float y, size_t steps) {
    __m512 sums[sum_count];
    for (int i = 0; i < sum_count; i++) {
        sums[i] = _mm512_set1_ps(i);  // sums that start alike would be computed once
    }
    const __m512 left = _mm512_set1_ps(x), right = _mm512_set1_ps(y);
    const __m512bh lefts = _mm512_cvtne2ps_pbh(left, left), rights = _mm512_cvtne2ps_pbh(right, right);
    for (size_t step = 0; step < steps; step++) {
#pragma clang loop unroll(full)
        for (int i = 0; i < sum_count; i++) {
            sums[i] = _mm512_dpbf16_ps(sums[i], lefts, rights);
        }
    }
    *sum = 0;
    for (int i = 0; i < sum_count; i++) {
        for (int lane = 0; lane < lane_count; lane++) {
            *sum += sums[i][lane] - (float)i;
        }
    }
    return 2.0 * sum_count * lane_count * steps;
}

#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512vnni"))), apply_to = function)

static double attn_i8_ceiling_avx512(double *sum, float x, float y, size_t steps) {
    typedef int32_t integers __attribute__((vector_size(64)));
    __m512i sums[sum_count];
    for (int i = 0; i < sum_count; i++) {
        sums[i] = _mm512_set1_epi32(i);
    }
    const __m512i lefts = _mm512_set1_epi8((char)x), rights = _mm512_set1_epi8((char)y);
    for (size_t step = 0; step < steps; step++) {
#pragma clang loop unroll(full)
        for (int i = 0; i < sum_count; i++) {
            sums[i] = _mm512_dpbusd_epi32(sums[i], lefts, rights);
        }
    }
    *sum = 0;
    for (int i = 0; i < sum_count; i++) {
        for (int lane = 0; lane < lane_count; lane++) {
            *sum += ((integers)sums[i])[lane] - i;
        }
    }
    return 4.0 * sum_count * lane_count * steps;
}

#pragma clang attribute pop

void attn_install_bfloat16_dot_ceiling(attn_kernels *table) {
    table->ceilings[attn_precision_bfloat16] = attn_bf16_ceiling_avx512;
}

void attn_install_int8_dot_ceiling(attn_kernels *table) {
    table->ceilings[attn_precision_int8] = attn_i8_ceiling_avx512;
}

#endif
