// Products of integers with scales, as int8.h defines them.

#include "../int8.h"
#include "../tables.h"
#include "epilogue.h"

/// Packed B: the columns' scales, then [column][d], in whole floats.
static size_t attn_f32_product_int8_packed_size_scalar(size_t depth, size_t columns) {
    return (columns + (depth * columns + 3) / 4) * sizeof(float);
}

/// One quantised row.
static size_t attn_f32_product_int8_workspace_size_scalar(size_t depth) { return depth; }

/// Quantises `count` elements and returns their scale.
static float attn_f32_quantise_scalar(int8_t *out, const float *x, size_t stride, size_t count) {
    float magnitude = 0;
    for (size_t i = 0; i < count; i++) {
        const float y = fabsf(x[i * stride]);
        magnitude = y <= magnitude ? magnitude : y < INFINITY ? y : INFINITY;  // a NaN counts as infinite
    }
    const float inverse = attn_int8_inverse(magnitude);
    for (size_t i = 0; i < count; i++) {
        out[i] = inverse > 0 ? (int8_t)rintf(x[i * stride] * inverse) : 0;
    }
    return attn_int8_scale(magnitude);
}

static void attn_f32_product_int8_pack_scalar(void *packed, const attn_product *p, size_t first, size_t last) {
    float *scales = packed;
    int8_t *out = (int8_t *)(scales + p->columns);
    for (size_t column = first; column < last; column++) {
        const float *b = p->b + column * p->b_column_stride;
        scales[column] = attn_f32_quantise_scalar(out + column * p->depth, b, p->b_row_stride, p->depth);
    }
}

static void attn_f32_product_int8_scalar(const attn_product *p, const void *packed, size_t row_first, size_t row_last,
                                         size_t column_first, size_t column_last, void *workspace) {
    const float *scales = packed;
    int8_t *a = workspace;
    for (size_t row = row_first; row < row_last; row++) {
        const float row_scale = attn_f32_quantise_scalar(a, p->a + row * p->a_row_stride, p->a_column_stride, p->depth);
        for (size_t column = column_first; column < column_last; column++) {
            const int8_t *b = (const int8_t *)(scales + p->columns) + column * p->depth;
            float x = p->bias ? p->bias[column] : 0;
            for (size_t stretch = 0; stretch < attn_int8_stretches(p->depth); stretch++) {
                const size_t start = stretch * attn_int8_stretch, rest = p->depth - start;
                int32_t sum = 0;
                for (size_t d = 0; d < rest && d < attn_int8_stretch; d++) {
                    sum += a[start + d] * b[start + d];
                }
                const float product = (float)sum * scales[column] * row_scale;
                x = stretch == 0 ? fmaf(product, p->scale, x) : x + product * p->scale;
            }
            attn_f32_finish_scalar(p, row, column, x + (p->accumulate ? p->c[row * p->c_row_stride + column] : 0));
        }
    }
}

void attn_install_scalar_products_int8(attn_kernels *table) {
    table->products[attn_precision_int8] = (attn_product_method){
        .name = "int8",
        .row_block = 1,
        .column_block = 1,
        .packed_size = attn_f32_product_int8_packed_size_scalar,
        .workspace_size = attn_f32_product_int8_workspace_size_scalar,
        .pack = attn_f32_product_int8_pack_scalar,
        .multiply = attn_f32_product_int8_scalar,
    };
}
