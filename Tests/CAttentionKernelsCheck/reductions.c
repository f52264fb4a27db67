#include "check.h"

/// The sums are in double precision.
static void check_double(double found, double expected, size_t n) {
    CHECK(fabs(found - expected) < 1e-10, "of %zu elements is %.17g, expected %.17g", n, found, expected);
}

static size_t size_at(size_t index) { return index < check_size_count ? check_sizes[index] : 5000; }

void check_sum(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    (void)offset;
    for (size_t s = 0; s <= check_size_count; s++) {
        const size_t n = size_at(s);
        float *x = check_random_floats(n, -1, 1);
        check_double(tested->sum(x, n), scalar->sum(x, n), n);
        if (n > 0) {
            x[n - 1] = NAN;
            CHECK(isnan(tested->sum(x, n)), "%zu elements lose a NaN", n);
        }
    }
}

void check_sum_of_squares(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    (void)offset;
    for (size_t s = 0; s <= check_size_count; s++) {
        const size_t n = size_at(s);
        const float *x = check_random_floats(n, -1, 1);
        check_double(tested->sum_of_squares(x, n), scalar->sum_of_squares(x, n), n);
    }
}

void check_dot(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    (void)offset;
    for (size_t s = 0; s <= check_size_count; s++) {
        const size_t n = size_at(s);
        const float *x = check_random_floats(n, -1, 1), *y = check_random_floats(n, -1, 1);
        check_double(tested->dot(x, y, n), scalar->dot(x, y, n), n);
    }
}

void check_maximum(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    (void)offset;
    const float values[] = {-INFINITY, -5, INFINITY, NAN};
    for (size_t s = 0; s <= check_size_count; s++) {
        const size_t n = size_at(s), positions[] = {0, n / 2, n - 1};
        const float *random = check_random_floats(n, -1, 1);
        float *x = check_floats(-INFINITY, n);
        CHECK(tested->maximum(random, n) == scalar->maximum(random, n), "%zu elements", n);
        for (size_t i = 0; n > 0 && i < 12; i++) {
            float *at = x + positions[i / 4];
            *at = values[i % 4];
            CHECK(check_is_close(tested->maximum(x, n), *at, 0), "%zu elements, %g at %zu", n, (double)*at,
                  positions[i / 4]);
            *at = -INFINITY;
        }
    }
}

void check_column_sums(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    (void)offset;
    const size_t sizes[][2] = {{0, 5}, {1, 1}, {3, 17}, {65, 31}, {130, 100}, {200, 257}};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        const size_t rows = sizes[s][0], columns = sizes[s][1], stride = columns + 3;
        const float *x = check_random_floats(rows * stride, -1, 1);
        float *out = check_random_floats(columns, -1, 1), *expected = check_copy(out, columns);
        tested->column_sums(out, x, rows, columns, stride);
        scalar->column_sums(expected, x, rows, columns, stride);
        check_close(out, expected, columns, 5e-6, "%zu × %zu", rows, columns);
    }
}
