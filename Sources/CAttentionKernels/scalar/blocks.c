// Products with weights in blocks: the reference.

#include "../tables.h"
#include "epilogue.h"

static inline float attn_half(const uint8_t *p) {
    const int exponent = p[1] >> 2 & 31, fraction = p[0] | (p[1] & 3) << 8;
    const float magnitude = exponent == 0    ? ldexpf((float)fraction, -24)
                            : exponent == 31 ? (fraction ? NAN : INFINITY)
                                             : ldexpf((float)(1024 + fraction), exponent - 25);
    return p[1] & 0x80 ? -magnitude : magnitude;
}

#include "../blocks.h"

#define ATTN_BLOCK_FUNCTIONS(type, numbers, bytes)                                                                  \
    ATTN_WIDEN_BLOCKS(attn_f32_widen_##type##_scalar, type)                                                         \
    static void attn_f32_product_##type##_scalar(const attn_product *p, const void *blocks, size_t row_size,        \
                                                 size_t row_first, size_t row_last, size_t column_first,            \
                                                 size_t column_last) {                                              \
        for (size_t column = column_first; column < column_last; column++) {                                        \
            for (size_t row = row_first; row < row_last; row++) {                                                   \
                const float *a = p->a + row * p->a_row_stride;                                                      \
                double sum = 0;                                                                                     \
                for (size_t d = 0; d < p->depth; d += attn_group_size) {                                            \
                    attn_group w;                                                                                   \
                    attn_group_##type(&w, (const uint8_t *)blocks + column * row_size, d / attn_group_size);        \
                    for (size_t i = 0; i < attn_group_size; i++) {                                                  \
                        sum += (double)w[i] * a[d + i];                                                             \
                    }                                                                                               \
                }                                                                                                   \
                sum = sum * p->scale + (p->bias ? p->bias[column] : 0);                                             \
                attn_f32_finish_scalar(p, row, column,                                                              \
                                       sum + (p->accumulate ? p->c[row * p->c_row_stride + column] : 0));           \
            }                                                                                                       \
        }                                                                                                           \
    }
ATTN_EACH_BLOCK_TYPE(ATTN_BLOCK_FUNCTIONS)
#undef ATTN_BLOCK_FUNCTIONS

void attn_install_scalar_blocks(attn_kernels *table) {
#define ATTN_INSTALL(type, held, taken)                   \
    table->blocks[attn_block_##type] = (attn_block_format){ \
        .name = #type,                                    \
        .numbers = held,                                  \
        .bytes = taken,                                   \
        .widen = attn_f32_widen_##type##_scalar,          \
        .multiply = attn_f32_product_##type##_scalar,     \
    };
    ATTN_EACH_BLOCK_TYPE(ATTN_INSTALL)
#undef ATTN_INSTALL
}
