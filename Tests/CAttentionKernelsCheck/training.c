#include "check.h"

void check_adam(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    (void)offset;
    for (size_t s = 0; s < check_size_count; s++) {
        const size_t n = check_sizes[s];
        const float *gradient = check_random_floats(n, -1, 1);
        float *state[] = {check_random_floats(n, -1, 1), check_random_floats(n, -1, 1), check_random_floats(n, 0, 1)};
        float *expected[] = {check_copy(state[0], n), check_copy(state[1], n), check_copy(state[2], n)};
        for (int step = 1; step <= 3; step++) {
            const float first = 1 - 1 / (float)(1 + step), second = 1 - 1 / (float)(2 + step);
            tested->adam(state[0], state[1], state[2], gradient, 0.5f, 0.01f, 0.9f, 0.98f, 1e-8f, 0.1f, first, second,
                         n);
            scalar->adam(expected[0], expected[1], expected[2], gradient, 0.5f, 0.01f, 0.9f, 0.98f, 1e-8f, 0.1f, first,
                         second, n);
        }
        for (size_t i = 0; i < 3; i++) {
            check_close(state[i], expected[i], n, 2e-6, "%zu elements, state %zu", n, i);
        }
    }
}
