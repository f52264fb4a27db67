// Products of few rows with weights in blocks: each group becomes float32 in registers, and meets all rows there.

V_INLINE float attn_half(const uint8_t *p) {
    _Float16 x;
    memcpy(&x, p, sizeof x);
    return (float)x;
}

#include "../blocks.h"

enum {
    v_group_parts = attn_group_size / ATTN_WIDTH,
    v_summed_columns = 64,                       // whose sums are finished together
    v_block_rows = ATTN_WIDTH >= 16 ? 4 : 2,    // rows × parts sums, and the parts of a group, fit the registers
    v_block_row_limit = 8,                      // rows that meet a column before it leaves the cache
};

typedef void (*v_group_reader)(attn_group *out, const uint8_t *blocks, size_t group);

/// Σ_d A[r,d] w[d] for some rows. The order of the sums is the same for any number of rows.
V_INLINE void v_block_dots(v_group_reader read, const size_t rows, float *sums, const attn_product *p, size_t row,
                           const uint8_t *column) {
    const float *a = p->a + row * p->a_row_stride;
    vf totals[v_block_rows][v_group_parts];
    for (size_t r = 0; r < rows; r++) {
        for (size_t part = 0; part < v_group_parts; part++) {
            totals[r][part] = v_set(0);
        }
    }
    for (size_t group = 0; group < p->depth / attn_group_size; group++) {
        attn_group weights;
        read(&weights, column, group);
        vf w[v_group_parts];
        memcpy(w, &weights, sizeof w);
        for (size_t r = 0; r < rows; r++) {
            for (size_t part = 0; part < v_group_parts; part++) {
                const float *x = a + r * p->a_row_stride + group * attn_group_size + part * ATTN_WIDTH;
                totals[r][part] = v_fma(w[part], v_load(x), totals[r][part]);
            }
        }
    }
    for (size_t r = 0; r < rows; r++) {
        vf total = totals[r][0];
        for (size_t part = 1; part < v_group_parts; part++) {
            total += totals[r][part];
        }
        sums[r * v_summed_columns] = v_sum(total);
    }
}

V_INLINE void v_block_product(v_group_reader read, const attn_product *p, const uint8_t *blocks, size_t row_size,
                              size_t row_first, size_t row_last, size_t column_first, size_t column_last) {
    float sums[v_block_row_limit * v_summed_columns];
    for (size_t row = row_first; row < row_last; row += v_block_row_limit) {
        const size_t rows = row_last - row < v_block_row_limit ? row_last - row : v_block_row_limit;
        for (size_t first = column_first; first < column_last; first += v_summed_columns) {
            const size_t columns = column_last - first < v_summed_columns ? column_last - first : v_summed_columns;
            for (size_t column = 0; column < columns; column++) {
                const uint8_t *w = blocks + (first + column) * row_size;
                const float bias = p->bias ? p->bias[first + column] : 0;
                size_t r = 0;
                for (; r + v_block_rows <= rows; r += v_block_rows) {
                    v_block_dots(read, v_block_rows, sums + r * v_summed_columns + column, p, row + r, w);
                }
                for (; r < rows; r++) {
                    v_block_dots(read, 1, sums + r * v_summed_columns + column, p, row + r, w);
                }
                for (r = 0; r < rows; r++) {
                    float *sum = &sums[r * v_summed_columns + column];
                    *sum = fmaf(*sum, p->scale, bias);
                }
            }
            V_NAME(product_finish)(p, p->accumulate, sums, v_summed_columns, row, rows, first, columns);
        }
    }
}

#define V_BLOCK_FUNCTIONS(type, numbers, bytes)                                                                   \
    ATTN_WIDEN_BLOCKS(V_NAME(widen_##type), type)                                                                 \
    static void V_NAME(product_##type)(const attn_product *p, const void *blocks, size_t row_size,                \
                                       size_t row_first, size_t row_last, size_t column_first, size_t column_last) { \
        v_block_product(attn_group_##type, p, blocks, row_size, row_first, row_last, column_first, column_last);  \
    }
ATTN_EACH_BLOCK_TYPE(V_BLOCK_FUNCTIONS)
#undef V_BLOCK_FUNCTIONS

static void attn_install_vector_blocks(attn_kernels *table) {
#define V_INSTALL(type, numbers, bytes)                                  \
    table->blocks[attn_block_##type].widen = V_NAME(widen_##type);       \
    table->blocks[attn_block_##type].multiply = V_NAME(product_##type);
    ATTN_EACH_BLOCK_TYPE(V_INSTALL)
#undef V_INSTALL
}
