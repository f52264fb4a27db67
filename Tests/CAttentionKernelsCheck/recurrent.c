#include "check.h"

enum { batch = 3 };

static void check_results(float *found[], float *expected[], const size_t *counts, size_t n, size_t size) {
    for (size_t i = 0; i < n; i++) {
        check_close(found[i], expected[i], counts[i], 2e-6, "size %zu, output %zu", size, i);
    }
}

void check_gru_forward(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    (void)offset;
    for (size_t s = 0; s < check_size_count; s++) {
        const size_t size = check_sizes[s], n = batch * size, stride = 3 * size + 2, counts[] = {n, 3 * n};
        const float *input = check_random_floats(batch * stride, -3, 3), *hidden = check_random_floats(3 * n, -3, 3);
        const float *previous = check_random_floats(n, -1, 1);
        float *found[] = {check_floats(0, n), check_floats(0, 3 * n)};
        float *expected[] = {check_floats(0, n), check_floats(0, 3 * n)};
        tested->gru_forward(found[0], found[1], input, stride, hidden, previous, batch, size);
        scalar->gru_forward(expected[0], expected[1], input, stride, hidden, previous, batch, size);
        check_results(found, expected, counts, 2, size);
    }
}

void check_gru_backward(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    (void)offset;
    for (size_t s = 0; s < check_size_count; s++) {
        const size_t size = check_sizes[s], n = batch * size, stride = 3 * size + 2;
        const size_t counts[] = {batch * stride, 3 * n, n};
        const float *gates = check_random_floats(3 * n, 0, 1), *hidden = check_random_floats(3 * n, -3, 3);
        const float *previous = check_random_floats(n, -1, 1), *upstream = check_random_floats(n, -1, 1);
        float *found[] = {check_floats(9, counts[0]), check_floats(0, 3 * n), check_floats(0, n)};
        float *expected[] = {check_floats(9, counts[0]), check_floats(0, 3 * n), check_floats(0, n)};
        tested->gru_backward(found[0], stride, found[1], found[2], gates, hidden, previous, upstream, batch, size);
        scalar->gru_backward(expected[0], stride, expected[1], expected[2], gates, hidden, previous, upstream, batch,
                             size);
        check_results(found, expected, counts, 3, size);
    }
}

/// The sums lie where the gates will.
void check_lstm_forward(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    (void)offset;
    for (size_t s = 0; s < check_size_count; s++) {
        const size_t size = check_sizes[s], n = batch * size, counts[] = {n, n, 4 * n};
        const float *sums = check_random_floats(4 * n, -3, 3), *previous = check_random_floats(n, -1, 1);
        float *found[] = {check_floats(0, n), check_floats(0, n), check_copy(sums, 4 * n)};
        float *expected[] = {check_floats(0, n), check_floats(0, n), check_copy(sums, 4 * n)};
        tested->lstm_forward(found[0], found[1], found[2], found[2], previous, batch, size);
        scalar->lstm_forward(expected[0], expected[1], expected[2], expected[2], previous, batch, size);
        check_results(found, expected, counts, 3, size);
    }
}

void check_lstm_backward(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    (void)offset;
    for (size_t s = 0; s < check_size_count; s++) {
        const size_t size = check_sizes[s], n = batch * size, counts[] = {4 * n, n};
        const float *gates = check_random_floats(4 * n, 0, 1), *cell = check_random_floats(n, -2, 2);
        const float *previous = check_random_floats(n, -1, 1), *upstream = check_random_floats(n, -1, 1);
        const float *dcell = check_random_floats(n, -1, 1);
        float *found[] = {check_floats(0, 4 * n), check_floats(0, n)};
        float *expected[] = {check_floats(0, 4 * n), check_floats(0, n)};
        tested->lstm_backward(found[0], found[1], gates, cell, previous, upstream, dcell, batch, size);
        scalar->lstm_backward(expected[0], expected[1], gates, cell, previous, upstream, dcell, batch, size);
        check_results(found, expected, counts, 2, size);
    }
}
