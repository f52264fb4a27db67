#include "check.h"

/// Blocks of random bytes, with scales (binary16 at these places) that are finite and small.
static uint8_t *random_blocks(const attn_block_format *format, attn_block_type type, size_t count) {
    static const size_t places[attn_block_type_count][3] = {{0, 0}, {0, 2}, {0, 0}, {0, 2}, {0, 0}, {0, 2}, {0, 2}, {208, 208}};
    uint8_t *blocks = check_memory(count * format->bytes);
    for (size_t i = 0; i < count * format->bytes; i++) {
        blocks[i] = (uint8_t)(check_random() >> 56);
    }
    for (size_t block = 0; block < count; block++) {
        for (size_t i = 0; i < 2; i++) {
            blocks[block * format->bytes + places[type][i] + 1] &= 0xa7;  // below 2⁻⁵, subnormal ones included
        }
    }
    return blocks;
}

static void check_widening(const attn_block_format *tested, const attn_block_format *scalar, attn_block_type type) {
    const size_t count = 3, n = count * scalar->numbers;
    const uint8_t *blocks = random_blocks(scalar, type, count);
    const size_t parts[][2] = {{0, n}, {0, 1}, {31, 2}, {5, 60}, {n - 1, 1}, {33, n - 40}, {n, 0}};
    for (size_t s = 0; s < sizeof parts / sizeof *parts; s++) {
        float *out = check_floats(0, parts[s][1]), *expected = check_floats(0, parts[s][1]);
        tested->widen(out, blocks, parts[s][0], parts[s][1]);
        scalar->widen(expected, blocks, parts[s][0], parts[s][1]);
        check_same_bits(out, expected, parts[s][1] * sizeof(float), "widened numbers");
    }
    check_release();
}

static void check_product(const attn_block_format *tested, const attn_block_format *scalar, attn_block_type type,
                          size_t rows, size_t columns, size_t depth, int edit) {
    const size_t row_size = depth / scalar->numbers * scalar->bytes;
    const uint8_t *blocks = random_blocks(scalar, type, columns * (depth / scalar->numbers));
    attn_product p = {.rows = rows, .columns = columns, .depth = depth, .a_row_stride = depth + 3, .a_column_stride = 1};
    p.a = check_random_floats(rows * p.a_row_stride, -0.0625f, 0.0625f);
    p.b = p.a;
    p.c_row_stride = columns + 2;
    p.scale = edit == 0 ? 1 : 0.5f;
    p.accumulate = edit == 2;
    p.activation = edit == 0 ? attn_activation_none : edit == 1 ? attn_activation_silu : attn_activation_relu;
    p.bias = edit == 0 ? NULL : check_random_floats(columns, -1, 1);
    p.residual_stride = columns + 1;
    p.residual = edit == 2 ? check_random_floats(rows * p.residual_stride, -1, 1) : NULL;
    p.dropout = edit == 2 ? 0.2f : 0;
    p.dropout_seed = 5, p.dropout_base = 7, p.dropout_stride = columns;
    float *found = check_random_floats(rows * p.c_row_stride, -1, 1);
    float *expected = check_copy(found, rows * p.c_row_stride), *split = check_copy(found, rows * p.c_row_stride);
    p.c = found;
    tested->multiply(&p, blocks, row_size, 0, rows, 0, columns);
    p.c = expected;
    scalar->multiply(&p, blocks, row_size, 0, rows, 0, columns);
    check_close(found, expected, rows * p.c_row_stride, 4e-6, "%zu × %zu × %zu, edit %d", rows, columns, depth, edit);
    // Row by row and in two halves of the columns: the same bits.
    p.c = split;
    for (size_t row = 0; row < rows; row++) {
        tested->multiply(&p, blocks, row_size, row, row + 1, 0, columns / 2);
        tested->multiply(&p, blocks, row_size, row, row + 1, columns / 2, columns);
    }
    check_same_bits(split, found, rows * p.c_row_stride * sizeof(float), "rows and columns by themselves");
    check_release();
}

void check_block_format(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    const attn_block_type type = (attn_block_type)((offset - offsetof(attn_kernels, blocks)) / sizeof(attn_block_format));
    const attn_block_format *found = &tested->blocks[type], *reference = &scalar->blocks[type];
    check_widening(found, reference, type);
    const size_t sizes[][3] = {{1, 1, 1},  {1, 64, 1}, {2, 65, 2}, {3, 7, 3},  {4, 130, 1}, {5, 3, 2},
                               {8, 33, 1}, {9, 5, 2},  {0, 4, 1},  {3, 0, 1},  {2, 3, 0},   {17, 70, 1}};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        for (int edit = 0; edit < 3; edit++) {
            check_product(found, reference, type, sizes[s][0], sizes[s][1], sizes[s][2] * reference->numbers, edit);
        }
    }
}
