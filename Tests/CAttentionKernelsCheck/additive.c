#include "check.h"

enum { case_count = 7 };

/// Queries, keys and their size.
static const size_t sizes[case_count][3] = {{0, 3, 4}, {3, 0, 4}, {1, 1, 1}, {2, 3, 7}, {5, 9, 16}, {7, 4, 33},
                                            {3, 17, 100}};

void check_additive_scores(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    (void)offset;
    for (size_t s = 0; s < case_count; s++) {
        const size_t queries = sizes[s][0], keys = sizes[s][1], size = sizes[s][2];
        const float *query = check_random_floats(queries * size, -2, 2), *key = check_random_floats(keys * size, -2, 2);
        const float *vector = check_random_floats(size, -1, 1);
        float *scores = check_floats(0, queries * keys), *expected = check_floats(0, queries * keys);
        tested->additive_scores(scores, query, key, vector, queries, keys, size);
        scalar->additive_scores(expected, query, key, vector, queries, keys, size);
        check_close(scores, expected, queries * keys, 5e-6, "%zu × %zu × %zu", queries, keys, size);
    }
}

void check_additive_scores_backward(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    (void)offset;
    for (size_t s = 0; s < case_count; s++) {
        const size_t queries = sizes[s][0], keys = sizes[s][1], size = sizes[s][2];
        const size_t counts[] = {queries * size, keys * size, size};
        const float *query = check_random_floats(counts[0], -2, 2), *key = check_random_floats(counts[1], -2, 2);
        const float *vector = check_random_floats(size, -1, 1), *upstream = check_random_floats(queries * keys, -1, 1);
        float *found[3], *expected[3];
        for (size_t i = 0; i < 3; i++) {
            found[i] = check_floats((float)i + 1, counts[i]);
            expected[i] = check_copy(found[i], counts[i]);
        }
        tested->additive_scores_backward(found[0], found[1], found[2], query, key, vector, upstream, queries, keys,
                                         size);
        scalar->additive_scores_backward(expected[0], expected[1], expected[2], query, key, vector, upstream, queries,
                                         keys, size);
        for (size_t i = 0; i < 3; i++) {
            check_close(found[i], expected[i], counts[i], 5e-6, "%zu × %zu × %zu, gradient %zu", queries, keys, size,
                        i);
        }
    }
}
