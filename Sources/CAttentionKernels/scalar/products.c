// Matrix products as their definition says: one inner product per element, summed in double.

#include <string.h>

#include "../tables.h"
#include "epilogue.h"

static size_t attn_f32_product_packed_size_scalar(size_t depth, size_t columns) {
    return depth * columns * sizeof(float);
}

static size_t attn_f32_product_workspace_size_scalar(size_t depth) {
    (void)depth;
    return 0;
}

typedef float (*attn_f32_reading)(float);

static float attn_f32_as_it_is(float x) { return x; }

static float attn_f32_rounded_to_bfloat16(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits = x != x ? bits | 0x400000 : bits + 0x7fff + (bits >> 16 & 1);
    bits &= 0xffff0000;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/// packed[column][d]
static void attn_f32_product_pack_read(void *packed, const attn_product *p, size_t first, size_t last,
                                       attn_f32_reading read) {
    float *out = packed;
    for (size_t column = first; column < last; column++) {
        for (size_t d = 0; d < p->depth; d++) {
            out[column * p->depth + d] = read(p->b[d * p->b_row_stride + column * p->b_column_stride]);
        }
    }
}

static void attn_f32_product_pack_scalar(void *packed, const attn_product *p, size_t first, size_t last) {
    attn_f32_product_pack_read(packed, p, first, last, attn_f32_as_it_is);
}

static void attn_f32_product_bfloat16_pack_scalar(void *packed, const attn_product *p, size_t first, size_t last) {
    attn_f32_product_pack_read(packed, p, first, last, attn_f32_rounded_to_bfloat16);
}

static void attn_f32_product_element(const attn_product *p, size_t row, size_t column, const float *b, size_t b_stride,
                                     attn_f32_reading read) {
    const float *a = p->a + row * p->a_row_stride;
    double sum = 0;
    for (size_t d = 0; d < p->depth; d++) {
        sum += (double)read(a[d * p->a_column_stride]) * b[d * b_stride];
    }
    const float before = p->accumulate ? p->c[row * p->c_row_stride + column] : 0;
    attn_f32_finish_scalar(p, row, column, p->scale * sum + (p->bias ? p->bias[column] : 0) + before);
}

static void attn_f32_product_read(const attn_product *p, const void *packed, size_t row_first, size_t row_last,
                                  size_t column_first, size_t column_last, attn_f32_reading read) {
    for (size_t row = row_first; row < row_last; row++) {
        for (size_t column = column_first; column < column_last; column++) {
            attn_f32_product_element(p, row, column, (const float *)packed + column * p->depth, 1, read);
        }
    }
}

static void attn_f32_product_scalar(const attn_product *p, const void *packed, size_t row_first, size_t row_last,
                                    size_t column_first, size_t column_last, void *workspace) {
    (void)workspace;
    attn_f32_product_read(p, packed, row_first, row_last, column_first, column_last, attn_f32_as_it_is);
}

static void attn_f32_product_bfloat16_scalar(const attn_product *p, const void *packed, size_t row_first,
                                             size_t row_last, size_t column_first, size_t column_last,
                                             void *workspace) {
    (void)workspace;
    attn_f32_product_read(p, packed, row_first, row_last, column_first, column_last, attn_f32_rounded_to_bfloat16);
}

static void attn_f32_product_direct_scalar(const attn_product *p, size_t row_first, size_t row_last,
                                           size_t column_first, size_t column_last) {
    for (size_t row = row_first; row < row_last; row++) {
        for (size_t column = column_first; column < column_last; column++) {
            attn_f32_product_element(p, row, column, p->b + column * p->b_column_stride, p->b_row_stride,
                                     attn_f32_as_it_is);
        }
    }
}

void attn_install_scalar_products(attn_kernels *table) {
    const attn_product_method exact = {
        .name = "double",
        .row_block = 1,
        .column_block = 1,
        .few_rows = 8,
        .packed_size = attn_f32_product_packed_size_scalar,
        .workspace_size = attn_f32_product_workspace_size_scalar,
        .pack = attn_f32_product_pack_scalar,
        .multiply = attn_f32_product_scalar,
    };
    table->products[attn_precision_exact] = table->products[attn_precision_float32] = exact;
    attn_product_method *bfloat16 = &table->products[attn_precision_bfloat16];
    *bfloat16 = exact;
    bfloat16->few_rows = 0;
    bfloat16->name = "rounded double";
    bfloat16->pack = attn_f32_product_bfloat16_pack_scalar;
    bfloat16->multiply = attn_f32_product_bfloat16_scalar;
    table->product_direct = attn_f32_product_direct_scalar;
}
