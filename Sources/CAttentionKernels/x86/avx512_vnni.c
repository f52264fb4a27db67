// The avx512-vnni table: products of four integers by one instruction, which takes A as unsigned: offset by 128.

#include "../int8.h"
#include "../random.h"
#include "../tables.h"

#if defined(__x86_64__)

#include <immintrin.h>

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx512vnni,fma,f16c"))), apply_to = function)

#define ATTN_SUFFIX avx512_vnni
#define ATTN_DOTS_OF_INT8

#include "avx512.h"

static inline __m512i v_dot_int8(__m512i sums, __m512i a, __m512i b) { return _mm512_dpbusd_epi32(sums, a, b); }

#include "../vector/packed_products.h"

#define V_METHOD(name) V_NAME(product_int8_##name)
#define V_ARITHMETIC v_int8_quads
#include "../vector/product_method.h"

void attn_install_avx512_vnni(attn_kernels *table) {
    attn_product_method *method = &table->products[attn_precision_int8];
    method->name = "int8 dot products";
    method->workspace_size = V_METHOD(workspace_size);
    method->multiply = V_METHOD(multiply);
}

#pragma clang attribute pop

#endif
