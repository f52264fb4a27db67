// The avx2 table: 8 floats a vector, 16 registers, fused multiply-add.

#include "../int8.h"
#include "../random.h"
#include "../region.h"
#include "../tables.h"
#include "../window.h"

#if defined(__x86_64__)

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

#define ATTN_SUFFIX avx2
#define ATTN_WIDTH 8
#define ATTN_TILE_ROWS 6  // × 2 vectors: 12 sums, 2 vectors of B and an element of A fit the registers
#define ATTN_TILE_VECTORS 2
#define ATTN_EACH_TILE_HEIGHT(tile) tile(1) tile(2) tile(3) tile(4) tile(5) tile(6)
#define ATTN_DIRECT_ROWS 6
#define ATTN_DIRECT_VECTORS 2
#define ATTN_EACH_DIRECT_HEIGHT(tile) ATTN_EACH_TILE_HEIGHT(tile)

static inline __m256i attn_first_lanes(size_t n) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

static inline __m256 v_load_part(const float *p, size_t n) { return _mm256_maskload_ps(p, attn_first_lanes(n)); }

static inline void v_store_part(float *p, __m256 x, size_t n) { _mm256_maskstore_ps(p, attn_first_lanes(n), x); }

/// In two steps, of which only the second can round: |power| ≤ 252.
static inline __m256 v_scale(__m256 x, __m256 power) {
    const __m256 half = _mm256_round_ps(_mm256_mul_ps(power, _mm256_set1_ps(0.5f)), _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC);
    const __m256i bias = _mm256_set1_epi32(127);
    const __m256i first = _mm256_add_epi32(_mm256_cvtps_epi32(half), bias);
    const __m256i second = _mm256_add_epi32(_mm256_cvtps_epi32(_mm256_sub_ps(power, half)), bias);
    x = _mm256_mul_ps(x, _mm256_castsi256_ps(_mm256_slli_epi32(first, 23)));
    return _mm256_mul_ps(x, _mm256_castsi256_ps(_mm256_slli_epi32(second, 23)));
}

static inline __m256i v_dot_shorts(__m256i x, __m256i y) { return _mm256_madd_epi16(x, y); }

static inline __m256i v_settled(__m256i x) {
    __asm__("" : "+x"(x));
    return x;
}

#include "../vector/all.h"

void attn_install_avx2(attn_kernels *table) { attn_install_vector(table); }

#pragma clang attribute pop

#endif
