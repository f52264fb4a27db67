// Attention by the dot products of bfloat16 pairs that AVX512_BF16 has: twice the rate of multiply-adds.

#include "../random.h"
#include "../region.h"
#include "../tables.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx512bf16,fma,f16c"))), apply_to = function)

#define ATTN_SUFFIX avx512_bf16

#include "avx512.h"

#include "../vector/vector.h"

#include "../vector/functions.h"
#include "../vector/packing.h"
#include "bfloat16_pairs.h"

/// `height` rows × 32 columns: so many sums stay in registers while the depth goes by.
V_INLINE void pair_multiply_rows(const int height, float *c, size_t stride, bool add, const uint16_t *a,
                                 size_t a_stride, const uint16_t *b, size_t deep) {
    __m512 sums[2 * 11];
#pragma clang loop unroll(full)
    for (int i = 0; i < 2 * height; i++) {
        sums[i] = add ? v_load(c + (size_t)(i / 2) * stride + i % 2 * ATTN_WIDTH) : v_set(0);
    }
    for (; deep > 0; deep--, a += a_stride, b += pair_block_halves) {
        for (size_t pair = 0; pair < pair_block / 2; pair++) {
            const __m512bh left = (__m512bh)_mm512_loadu_si512(b + pair * pair_block);
            const __m512bh right = (__m512bh)_mm512_loadu_si512(b + pair_block_halves / 2 + pair * pair_block);
#pragma clang loop unroll(full)
            for (int i = 0; i < height; i++) {
                int32_t word;
                memcpy(&word, a + i * pair_block + 2 * pair, sizeof word);
                const __m512bh x = (__m512bh)_mm512_set1_epi32(word);
                sums[2 * i] = _mm512_dpbf16_ps(sums[2 * i], x, left);
                sums[2 * i + 1] = _mm512_dpbf16_ps(sums[2 * i + 1], x, right);
            }
        }
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < 2 * height; i++) {
        v_store(c + (size_t)(i / 2) * stride + i % 2 * ATTN_WIDTH, sums[i]);
    }
}

/// 32 rows at most, in three parts whose sums and operands fit the registers.
static void pair_multiply(size_t parts, float *c, size_t stride, bool add, const uint16_t *a, size_t a_stride,
                          const uint16_t *b, size_t deep, size_t rows) {
    (void)parts;
    pair_multiply_rows(11, c, stride, add, a, a_stride, b, deep);
    if (rows > 11) {
        pair_multiply_rows(11, c + 11 * stride, stride, add, a + 11 * pair_block, a_stride, b, deep);
    }
    if (rows > 22) {
        pair_multiply_rows(10, c + 22 * stride, stride, add, a + 22 * pair_block, a_stride, b, deep);
    }
}

/// No state to prepare.
V_INLINE void pair_enter(void) {}

#include "bfloat16_all.h"

ATTN_PAIR_METHOD(bfloat16, 1)

void attn_install_avx512_bfloat16_attention(attn_kernels *table) {
    attn_attention_method *method = &table->attentions[attn_precision_bfloat16];
    *method = attn_pair_method_bfloat16("bfloat16 pairs", *method);
}

#pragma clang attribute pop

#endif
