#include "check.h"

// MARK: Softmax

static void check_softmax(const attn_kernels *tested, const attn_kernels *scalar, const float *x,
                          const uint8_t *visible, size_t rows, size_t columns, size_t stride) {
    float *out = check_floats(7, rows * stride), *expected = check_floats(7, rows * stride);
    float *log_sum = check_floats(0, rows), *expected_log_sum = check_floats(0, rows);
    tested->softmax_rows(out, log_sum, x, visible, rows, columns, stride, stride, columns);
    scalar->softmax_rows(expected, expected_log_sum, x, visible, rows, columns, stride, stride, columns);
    check_close(out, expected, rows * stride, 2e-6, "%zu columns", columns);
    check_close(log_sum, expected_log_sum, rows, 2e-6, "log-sum of %zu columns", columns);
    float *same = check_copy(x, rows * stride);
    tested->softmax_rows(same, NULL, same, visible, rows, columns, stride, stride, columns);
    for (size_t row = 0; row < rows; row++) {
        check_close(same + row * stride, expected + row * stride, columns, 2e-6, "%zu columns in place", columns);
    }
}

void check_softmax_rows(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    (void)offset;
    const size_t rows = 4;
    for (size_t s = 0; s < check_size_count; s++) {
        const size_t columns = check_sizes[s], stride = columns + 5;
        const float *x = check_random_floats(rows * stride, -9, 9);
        uint8_t *visible = check_memory(rows * columns);
        for (size_t i = 0; i < rows * columns; i++) {  // one row has nothing to see
            visible[i] = i / columns == 2 ? 0 : (uint8_t)(check_random() % 3);
        }
        check_softmax(tested, scalar, x, NULL, rows, columns, stride);
        check_softmax(tested, scalar, x, visible, rows, columns, stride);
    }
    const float extremes[] = {
        1e30f, 1e30f, -1e30f, 0, -1e38f, -1e38f, -1e38f, -1e38f, -INFINITY, 0, -INFINITY, -INFINITY,
        -INFINITY, -INFINITY, -INFINITY, -INFINITY, NAN, 0, 1, 2, INFINITY, 0, 1, 2, -INFINITY, NAN, -INFINITY,
        -INFINITY,
    };
    check_softmax(tested, scalar, check_copy(extremes, 28), NULL, 7, 4, 4);
}

void check_softmax_rows_backward(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    (void)offset;
    for (size_t s = 0; s < check_size_count; s++) {
        const size_t columns = check_sizes[s], n = 3 * columns;
        float *y = check_random_floats(n, -3, 3), *upstream = check_random_floats(n, -1, 1);
        scalar->softmax_rows(y, NULL, y, NULL, 3, columns, columns, columns, 0);
        float *expected = check_floats(0, n);
        scalar->softmax_rows_backward(expected, y, upstream, 3, columns);
        tested->softmax_rows_backward(upstream, y, upstream, 3, columns);
        check_close(upstream, expected, n, 2e-6, "%zu columns in place", columns);
    }
}

// MARK: Layer normalisation

/// Where a row hardly varies, its deviation amplifies the rounding of the mean.
static double layer_norm_tolerance(size_t size) { return size <= 2 ? 1e-4 : 1e-5; }

void check_layer_norm(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    (void)offset;
    const size_t rows = 3;
    for (size_t s = 1; s < check_size_count; s++) {
        const size_t size = check_sizes[s];
        const float *x = check_random_floats(rows * size, 1, 4);
        const float *gain = check_random_floats(size, -1, 1), *bias = check_random_floats(size, -1, 1);
        float *results[2][3];
        for (size_t i = 0; i < 2; i++) {
            results[i][0] = check_floats(0, rows * size);
            results[i][1] = check_floats(0, rows);
            results[i][2] = check_floats(0, rows);
            (i == 0 ? tested : scalar)->layer_norm(results[i][0], results[i][1], results[i][2], x, gain, bias, 1e-5f,
                                                   rows, size);
        }
        const double tolerance = layer_norm_tolerance(size);
        check_close(results[0][0], results[1][0], rows * size, tolerance, "size %zu", size);
        check_close(results[0][1], results[1][1], rows, 2e-6, "mean of size %zu", size);
        check_close(results[0][2], results[1][2], rows, tolerance, "deviation of size %zu", size);
    }
}

void check_layer_norm_backward(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    (void)offset;
    const size_t rows = 3;
    for (size_t s = 1; s < check_size_count; s++) {
        const size_t size = check_sizes[s];
        const float *x = check_random_floats(rows * size, 1, 4), *upstream = check_random_floats(rows * size, -1, 1);
        const float *gain = check_random_floats(size, -1, 1), *bias = check_random_floats(size, -1, 1);
        float *out = check_floats(0, rows * size), *mean = check_floats(0, rows), *inverse = check_floats(0, rows);
        scalar->layer_norm(out, mean, inverse, x, gain, bias, 1e-5f, rows, size);
        float *results[2][3];
        for (size_t i = 0; i < 2; i++) {
            results[i][0] = check_floats(0, rows * size);
            results[i][1] = check_floats(1, size);
            results[i][2] = check_floats(2, size);
            (i == 0 ? tested : scalar)->layer_norm_backward(results[i][0], results[i][1], results[i][2], x, mean,
                                                            inverse, gain, upstream, rows, size);
        }
        const double tolerance = layer_norm_tolerance(size);
        check_close(results[0][0], results[1][0], rows * size, 10 * tolerance, "dx of size %zu", size);
        check_close(results[0][1], results[1][1], size, tolerance, "dgain of size %zu", size);
        check_close(results[0][2], results[1][2], size, tolerance, "dbias of size %zu", size);
    }
}

// MARK: Root mean square normalisation

void check_rms_norm(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    (void)offset;
    const size_t rows = 3;
    for (size_t s = 1; s < check_size_count; s++) {
        const size_t size = check_sizes[s];
        const float *x = check_random_floats(rows * size, -2, 2), *gain = check_random_floats(size, -1, 1);
        float *results[2][2];
        for (size_t i = 0; i < 2; i++) {
            results[i][0] = check_floats(0, rows * size);
            results[i][1] = check_floats(0, rows);
            (i == 0 ? tested : scalar)->rms_norm(results[i][0], results[i][1], x, gain, 1e-5f, rows, size);
        }
        check_close(results[0][0], results[1][0], rows * size, 2e-6, "size %zu", size);
        check_close(results[0][1], results[1][1], rows, 2e-6, "deviation of size %zu", size);
    }
}

void check_rms_norm_backward(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    (void)offset;
    const size_t rows = 3;
    for (size_t s = 1; s < check_size_count; s++) {
        const size_t size = check_sizes[s];
        const float *x = check_random_floats(rows * size, 0.5, 2), *upstream = check_random_floats(rows * size, -1, 1);
        const float *gain = check_random_floats(size, -1, 1);
        float *out = check_floats(0, rows * size), *inverse = check_floats(0, rows);
        scalar->rms_norm(out, inverse, x, gain, 1e-5f, rows, size);
        float *results[2][2];
        for (size_t i = 0; i < 2; i++) {
            results[i][0] = check_floats(0, rows * size);
            results[i][1] = check_floats(1, size);
            (i == 0 ? tested : scalar)->rms_norm_backward(results[i][0], results[i][1], x, inverse, gain, upstream, rows,
                                                          size);
        }
        check_close(results[0][0], results[1][0], rows * size, 1e-5, "dx of size %zu", size);
        check_close(results[0][1], results[1][1], size, 1e-5, "dgain of size %zu", size);
    }
}

// MARK: Cross-entropy

static void check_cross_entropy_of(const attn_kernels *tested, const attn_kernels *scalar, const float *logits,
                                   const int32_t *targets, float smoothing, size_t rows, size_t classes) {
    const size_t n = rows * classes;
    float *loss = check_floats(0, rows), *gradient = check_floats(0, n), *same = check_copy(logits, n);
    float *expected_loss = check_floats(0, rows), *expected = check_floats(0, n);
    scalar->cross_entropy(expected_loss, expected, logits, targets, smoothing, rows, classes);
    tested->cross_entropy(loss, NULL, logits, targets, smoothing, rows, classes);
    check_close(loss, expected_loss, rows, 2e-6, "loss alone of %zu classes, smoothing %g", classes, (double)smoothing);
    tested->cross_entropy(loss, gradient, logits, targets, smoothing, rows, classes);
    check_close(loss, expected_loss, rows, 2e-6, "loss of %zu classes, smoothing %g", classes, (double)smoothing);
    check_close(gradient, expected, n, 2e-6, "gradient of %zu classes, smoothing %g", classes, (double)smoothing);
    tested->cross_entropy(loss, same, same, targets, smoothing, rows, classes);
    check_close(same, expected, n, 2e-6, "%zu classes in place, smoothing %g", classes, (double)smoothing);
}

void check_cross_entropy(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    (void)offset;
    for (size_t s = 1; s < check_size_count; s++) {
        const size_t classes = check_sizes[s];
        const int32_t targets[] = {0, (int32_t)classes - 1, -1, (int32_t)classes / 2};
        for (int smoothed = 0; smoothed < 2; smoothed++) {
            const float *logits = check_random_floats(4 * classes, -8, 8);
            check_cross_entropy_of(tested, scalar, logits, targets, smoothed ? 0.1f : 0, 4, classes);
        }
    }
    const float huge[] = {1e30f, 0, -1e30f, 3e4f, 3e4f - 1, -INFINITY};
    const int32_t targets[] = {0, 1};
    check_cross_entropy_of(tested, scalar, check_copy(huge, 6), targets, 0, 2, 3);
}
