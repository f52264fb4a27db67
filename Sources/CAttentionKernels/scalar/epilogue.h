// What happens to an element of a product once it is summed: the reference.
#ifndef ATTN_SCALAR_EPILOGUE_H
#define ATTN_SCALAR_EPILOGUE_H

#include "../random.h"
#include "functions.h"

/// C[row,column] from the scaled sum with its bias, and with what C held before if the product is added to that.
static inline void attn_f32_finish_scalar(const attn_product *p, size_t row, size_t column, double sum) {
    float x = attn_f32_activate((float)sum, p->activation);
    if (p->dropout > 0) {
        const uint64_t index = p->dropout_base + row * p->dropout_stride + column;
        const bool keep = attn_dropout_keeps(p->dropout_seed, index, attn_dropout_threshold(p->dropout));
        x = keep ? x * (1 / (1 - p->dropout)) : 0;
    }
    const float residual = p->residual ? p->residual[row * p->residual_stride + column] : 0;
    p->c[row * p->c_row_stride + column] = p->residual ? residual + x : x;
}

#endif
