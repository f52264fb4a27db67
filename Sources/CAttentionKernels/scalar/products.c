// Matrix products as their definition says: one inner product per element, summed in double.

#include "../tables.h"
#include "functions.h"

static size_t attn_f32_product_packed_size_scalar(size_t depth, size_t columns) {
    return depth * columns * sizeof(float);
}

static size_t attn_f32_product_workspace_size_scalar(size_t depth) {
    (void)depth;
    return 0;
}

/// packed[column][d]
static void attn_f32_product_pack_scalar(void *packed, const attn_product *p, size_t first, size_t last) {
    float *out = packed;
    for (size_t column = first; column < last; column++) {
        for (size_t d = 0; d < p->depth; d++) {
            out[column * p->depth + d] = p->b[d * p->b_row_stride + column * p->b_column_stride];
        }
    }
}

static void attn_f32_product_element(const attn_product *p, size_t row, size_t column, const float *b, size_t b_stride) {
    const float *a = p->a + row * p->a_row_stride;
    float *c = p->c + row * p->c_row_stride + column;
    double sum = 0;
    for (size_t d = 0; d < p->depth; d++) {
        sum += (double)a[d * p->a_column_stride] * b[d * b_stride];
    }
    sum = p->scale * sum + (p->bias ? p->bias[column] : 0) + (p->accumulate ? *c : 0);
    *c = attn_f32_activate((float)sum, p->activation);
}

static void attn_f32_product_scalar(const attn_product *p, const void *packed, size_t row_first, size_t row_last,
                                    size_t column_first, size_t column_last, void *workspace) {
    (void)workspace;
    for (size_t row = row_first; row < row_last; row++) {
        for (size_t column = column_first; column < column_last; column++) {
            attn_f32_product_element(p, row, column, (const float *)packed + column * p->depth, 1);
        }
    }
}

static void attn_f32_product_direct_scalar(const attn_product *p, size_t row_first, size_t row_last,
                                           size_t column_first, size_t column_last) {
    for (size_t row = row_first; row < row_last; row++) {
        for (size_t column = column_first; column < column_last; column++) {
            attn_f32_product_element(p, row, column, p->b + column * p->b_column_stride, p->b_row_stride);
        }
    }
}

void attn_install_scalar_products(attn_kernels *table) {
    for (int precision = 0; precision < attn_precision_count; precision++) {
        table->products[precision] = (attn_product_method){
            .name = "double",
            .row_block = 1,
            .column_block = 1,
            .packed_size = attn_f32_product_packed_size_scalar,
            .workspace_size = attn_f32_product_workspace_size_scalar,
            .pack = attn_f32_product_pack_scalar,
            .multiply = attn_f32_product_scalar,
        };
    }
    table->product_direct = attn_f32_product_direct_scalar;
}
