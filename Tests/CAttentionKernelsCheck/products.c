#include "check.h"

#include <string.h>

// MARK: Products in memory

typedef enum layout { row_major, transposed, strided, scattered, layout_count } layout;

/// A matrix of random numbers. Its strides are written.
static float *matrix(size_t rows, size_t columns, layout how, size_t *row_stride, size_t *column_stride) {
    const size_t strides[][2] = {[row_major] = {columns, 1}, [transposed] = {1, rows}, [strided] = {columns + 5, 1},
                                 [scattered] = {3 * columns + 2, 3}};
    *row_stride = strides[how][0], *column_stride = strides[how][1];
    const bool empty = rows == 0 || columns == 0;
    return check_random_floats(empty ? 0 : (rows - 1) * *row_stride + (columns - 1) * *column_stride + 1, -1, 1);
}

/// A product and, for each element of C, the magnitude of what is summed, which bounds its rounding.
typedef struct product_case {
    attn_product p;
    size_t c_count;
    const float *initial, *magnitudes;
} product_case;

static product_case make_case(size_t rows, size_t columns, size_t depth, layout a, layout b) {
    product_case one = {.p = {.rows = rows, .columns = columns, .depth = depth, .scale = 1}};
    attn_product *p = &one.p;
    p->a = matrix(rows, depth, a, &p->a_row_stride, &p->a_column_stride);
    p->b = matrix(depth, columns, b, &p->b_row_stride, &p->b_column_stride);
    p->c_row_stride = columns + 3;
    one.c_count = rows * p->c_row_stride;
    one.initial = check_random_floats(one.c_count, -1, 1);
    float *magnitudes = check_floats(0, one.c_count);
    for (size_t row = 0; row < rows; row++) {
        for (size_t column = 0; column < columns; column++) {
            float sum = 1;
            for (size_t d = 0; d < depth; d++) {
                sum += fabsf(p->a[row * p->a_row_stride + d * p->a_column_stride] *
                             p->b[d * p->b_row_stride + column * p->b_column_stride]);
            }
            magnitudes[row * p->c_row_stride + column] = sum;
        }
    }
    one.magnitudes = magnitudes;
    return one;
}

static const float *direct(product_case *one, const attn_kernels *table) {
    one->p.c = check_copy(one->initial, one->c_count);
    table->product_direct(&one->p, 0, one->p.rows, 0, one->p.columns);
    return one->p.c;
}

/// The product in up to four pieces, cut at a row and a column.
static const float *packed(product_case *one, const attn_product_method *method, size_t row, size_t column) {
    attn_product *p = &one->p;
    void *memory = check_memory(method->packed_size(p->depth, p->columns));
    void *workspace = check_memory(method->workspace_size(p->depth));
    const size_t rows[] = {0, row, p->rows}, columns[] = {0, column, p->columns};
    p->c = check_copy(one->initial, one->c_count);
    method->pack(memory, p, 0, column);
    method->pack(memory, p, column, p->columns);
    for (size_t i = 0; i < 4; i++) {
        const size_t *top = rows + i / 2, *left = columns + i % 2;
        if (top[0] < top[1] && left[0] < left[1]) {
            method->multiply(p, memory, top[0], top[1], left[0], left[1], workspace);
        }
    }
    return p->c;
}

/// Compares C within relative · magnitude; beyond the last column nothing may change at all.
static void compare(const product_case *one, const float *found, const float *expected, double relative,
                    const char *what) {
    for (size_t i = 0; i < one->c_count; i++) {
        const bool inside = i % one->p.c_row_stride < one->p.columns;
        const double bound = inside ? relative * (one->magnitudes[i] + fabsf(expected[i])) : 0;
        const bool close = found[i] == expected[i] || fabs((double)found[i] - (double)expected[i]) <= bound;
        if (!close && !(isnan(found[i]) && isnan(expected[i]))) {
            check_fail("%s, %zu × %zu × %zu, strides %zu %zu by %zu %zu: [%zu] is %.9g, expected %.9g", what,
                       one->p.rows, one->p.columns, one->p.depth, one->p.a_row_stride, one->p.a_column_stride,
                       one->p.b_row_stride, one->p.b_column_stride, i, (double)found[i], (double)expected[i]);
            return;
        }
    }
}

// MARK: What both kinds of product are tried on

/// How a kind of product is computed: `method` is null for the direct one.
typedef struct product_kind {
    const attn_kernels *tested, *scalar;
    const attn_product_method *method, *scalar_method;
    double relative;
    bool takes_special_values;
} product_kind;

static const float *compute(product_case *one, const product_kind *k) {
    return k->method ? packed(one, k->method, one->p.rows, one->p.columns) : direct(one, k->tested);
}

static const float *expected(product_case *one, const product_kind *k) {
    return k->method ? packed(one, k->scalar_method, one->p.rows, one->p.columns) : direct(one, k->scalar);
}

static void check_layouts(const product_kind *k) {
    const size_t sizes[][3] = {
        {0, 5, 3}, {5, 0, 3}, {3, 5, 0}, {1, 1, 1}, {1, 33, 17}, {2, 16, 64}, {3, 7, 2}, {5, 100, 65}, {7, 31, 33},
        {13, 65, 16}, {14, 32, 15}, {15, 33, 31}, {16, 16, 32}, {17, 127, 63}, {29, 64, 100}, {63, 17, 127},
        {100, 3, 257}, {33, 40, 300}, {40, 70, 600}, {110, 33, 1030},
    };
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        for (int i = 0; i < layout_count * layout_count; i++) {
            product_case one = make_case(sizes[s][0], sizes[s][1], sizes[s][2], i / layout_count, i % layout_count);
            compare(&one, compute(&one, k), expected(&one, k), k->relative, "layout");
            check_release();
        }
    }
}

static void check_epilogues(const product_kind *k) {
    const size_t sizes[][3] = {{5, 17, 9}, {31, 65, 260}};
    const float scales[] = {1, 0.5f, -2};
    for (int i = 0; i < 2 * 3 * 2 * 5; i++) {
        const size_t *size = sizes[i % 2];
        product_case one = make_case(size[0], size[1], size[2], row_major, transposed);
        attn_product *p = &one.p;
        p->scale = scales[i / 2 % 3];
        p->accumulate = p->scale != 1;
        p->bias = p->scale != 0.5f ? check_random_floats(p->columns, -1, 1) : NULL;
        p->activation = (attn_activation)(i / 12);
        if (i / 6 % 2 == 1) {
            p->residual_stride = p->columns + 1;
            p->residual = check_random_floats(p->rows * p->residual_stride, -1, 1);
            p->dropout = 0.25f, p->dropout_seed = 42, p->dropout_base = (UINT64_C(1) << 32) - 30;
            p->dropout_stride = p->columns;
        }
        // The scale, the activations' slopes, which reach 1.13, and dropout enlarge the rounding.
        const double relative = 2 * 1.2 / 0.75 * k->relative;
        compare(&one, compute(&one, k), expected(&one, k), relative, "epilogue");
    }
}

/// Special values stay in their row and column.
static void check_special_values(const product_kind *k) {
    const float values[] = {INFINITY, -INFINITY, NAN, 0x1.fffffep127f, 1e30f};
    for (size_t i = 0; i < 5; i++) {
        product_case one = make_case(19, 45, 40, row_major, row_major);
        float *a = check_copy(one.p.a, 19 * 40), *b = check_copy(one.p.b, 40 * 45);
        a[3 * 40 + 5] = values[i], b[7 * 45 + 11] = values[i];
        one.p.a = a, one.p.b = b;
        compare(&one, compute(&one, k), expected(&one, k), k->relative, "special values");
    }
}

static void check_kind(const product_kind *k) {
    check_layouts(k);
    check_epilogues(k);
    if (k->takes_special_values) {
        check_special_values(k);
    }
    product_case one = make_case(37, 53, 410, row_major, row_major);
    check_same_bits(compute(&one, k), compute(&one, k), one.c_count * sizeof(float), "again");
}

// MARK: The entries

void check_product_direct(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    (void)offset;
    const product_kind kind = {.tested = tested, .scalar = scalar, .relative = 2e-6, .takes_special_values = true};
    check_kind(&kind);
    // Few rows beside long rows of B, which pass as they lie.
    const size_t sizes[][3] = {{1, 1100, 37}, {2, 513, 8}, {3, 700, 19}, {4, 1023, 5}, {1, 520, 0}};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        for (int a = 0; a < layout_count; a++) {
            product_case one = make_case(sizes[s][0], sizes[s][1], sizes[s][2], a, s % 2 == 0 ? row_major : strided);
            compare(&one, compute(&one, &kind), expected(&one, &kind), kind.relative, "long rows");
            one.p.bias = check_random_floats(one.p.columns, -1, 1);
            one.p.scale = 0.5f;
            one.p.accumulate = a % 2 == 0;
            compare(&one, compute(&one, &kind), expected(&one, &kind), kind.relative, "long rows with bias");
            one.p.activation = attn_activation_relu;
            compare(&one, compute(&one, &kind), expected(&one, &kind), kind.relative, "long rows with activation");
            check_release();
        }
    }
}

void check_product_method(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    const attn_product_method *method = &CHECK_ENTRY(attn_product_method, tested, offset);
    const double relative[attn_precision_count] = {
        [attn_precision_exact] = 2e-6,
        [attn_precision_float32] = 1.5e-5,
        [attn_precision_bfloat16] = 1e-2,
        [attn_precision_int8] = 3e-2,
    };
    const size_t precision = (offset - offsetof(attn_kernels, products)) / sizeof *method;
    const product_kind kind = {
        .tested = tested, .scalar = scalar, .method = method,
        .scalar_method = &CHECK_ENTRY(attn_product_method, scalar, offset), .relative = relative[precision],
        // Rounding makes infinity of the greatest floats, and the scale of a row of integers is that of its greatest.
        .takes_special_values = precision <= attn_precision_float32,
    };
    check_kind(&kind);
    const size_t row = method->row_block < 16 ? 16 : method->row_block, column = 2 * method->column_block;
    product_case one = make_case(2 * row + 3, column + method->column_block + 1, 70, row_major, transposed);
    compare(&one, packed(&one, method, row, column), packed(&one, method, one.p.rows, one.p.columns), kind.relative,
            "in pieces");
    product_case large = make_case(1033, 1021, 3, row_major, transposed);  // written past the caches
    compare(&large, packed(&large, method, 16 * row, column), packed(&large, kind.scalar_method, 0, 0), kind.relative, "large");
}
