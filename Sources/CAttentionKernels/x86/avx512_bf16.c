// The avx512-bf16 table: products of bfloat16 pairs by one instruction. It adds the two products of a pair in float32, rounds
// to nearest even whatever the mode, and takes and makes subnormal numbers for zero.

#include "../int8.h"
#include "../random.h"
#include "../tables.h"

#if defined(__x86_64__)

#include <immintrin.h>

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx512bf16,fma,f16c"))), apply_to = function)

#define ATTN_SUFFIX avx512_bf16
#define ATTN_DOTS_OF_BFLOAT16

#include "avx512.h"

static inline __m512 v_dot_bfloat16(__m512 sums, __m512i a, __m512i b) {
    return _mm512_dpbf16_ps(sums, (__m512bh)a, (__m512bh)b);
}

#include "../vector/packed_products.h"

#define V_METHOD(name) V_NAME(product_bfloat16_##name)
#define V_ARITHMETIC v_bfloat16_pairs
#include "../vector/product_method.h"

void attn_install_avx512_bf16(attn_kernels *table) {
    attn_product_method *method = &table->products[attn_precision_bfloat16];
    method->name = "bfloat16 dot products";
    method->workspace_size = V_METHOD(workspace_size);
    method->multiply = V_METHOD(multiply);
}

#pragma clang attribute pop

#endif
