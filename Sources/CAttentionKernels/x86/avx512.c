// The avx512 table: 16 floats a vector, 32 registers, masked loads and stores.

#include "../int8.h"
#include "../random.h"
#include "../region.h"
#include "../tables.h"
#include "../window.h"

#if defined(__x86_64__)

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,fma,f16c"))), apply_to = function)

#define ATTN_SUFFIX avx512

#include "avx512.h"

#include "../vector/all.h"

void attn_install_avx512(attn_kernels *table) { attn_install_vector(table); }

#pragma clang attribute pop

#endif
