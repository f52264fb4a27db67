#include "attention_case.h"

// MARK: The three functions

typedef struct forward_result {
    float *output, *log_sum;
} forward_result;

static forward_result forward(const attention_case *one, const attn_attention_method *m) {
    const attn_attention *a = &one->a;
    const forward_result r = {check_floats(5, a->queries * one->output_stride), check_floats(0, a->queries)};
    void *packed = a->queries > m->few_queries ? check_memory(m->packed_size(a)) : NULL;
    if (packed) {
        m->pack(packed, a);
    }
    m->forward(r.output, one->output_stride, r.log_sum, a, packed, check_memory(m->workspace_size(a)));
    return r;
}

static float *weights(const attention_case *one, const attn_attention_method *m, const float *log_sum) {
    const size_t stride = one->a.keys + 1;
    float *result = check_floats(5, one->a.queries * stride);
    m->weights(result, stride, &one->a, log_sum, check_memory(m->workspace_size(&one->a)));
    return result;
}

/// The gradients of query, key, value, bias and distance bias, each added to ½.
enum { gradient_count = 5 };

static void gradient_sizes(const attn_attention *a, size_t counts[gradient_count]) {
    const size_t sizes[] = {a->queries * a->query_stride, a->keys * a->key_stride, a->keys * a->value_stride,
                            a->queries * a->keys, a->queries + a->keys};
    for (size_t i = 0; i < gradient_count; i++) {
        counts[i] = sizes[i];
    }
}

static void backward(float *results[gradient_count], const attention_case *one, const attn_attention_method *m,
                     forward_result f) {
    const attn_attention *a = &one->a;
    size_t counts[gradient_count];
    gradient_sizes(a, counts);
    for (size_t i = 0; i < gradient_count; i++) {
        results[i] = check_floats(0.5f, counts[i]);
    }
    const attn_attention_gradients gradients = {
        results[0], results[1], results[2], a->query_stride, a->key_stride, a->value_stride,
        a->bias ? results[3] : NULL, a->bias_stride, a->distance_bias ? results[4] + a->queries - 1 : NULL};
    m->backward(&gradients, a, f.output, one->output_stride, f.log_sum, one->upstream, one->output_stride,
                check_memory(m->workspace_size(a)));
}

// MARK: Comparisons

typedef struct attention_kind {
    const attn_attention_method *tested, *scalar;
    double tolerance;
} attention_kind;

/// Compares output, log-sum, weights and gradients, the last three by the scalar output, and releases the case.
static void compare(const attention_case *one, const attention_kind *k, const char *what, const char *also) {
    const attn_attention *a = &one->a;
    const size_t outputs = a->queries * one->output_stride;
    const forward_result found = forward(one, k->tested), expected = forward(one, k->scalar);
#define COMPARE(found, expected, n, tolerance, part)                                                             \
    check_close(found, expected, n, tolerance, "%s, %s, %zu × %zu × %zu × %zu, dropout %g: %s", what, also,      \
                a->queries, a->keys, a->head_size, a->value_size, (double)a->dropout, part)
    COMPARE(found.output, expected.output, outputs, k->tolerance, "output");
    COMPARE(found.log_sum, expected.log_sum, a->queries, k->tolerance, "log-sum");
    COMPARE(weights(one, k->tested, expected.log_sum), weights(one, k->scalar, expected.log_sum),
            a->queries * (a->keys + 1), k->tolerance, "weights");
    float *gradients[gradient_count], *expected_gradients[gradient_count];
    size_t counts[gradient_count];
    gradient_sizes(a, counts);
    backward(gradients, one, k->tested, expected);
    backward(expected_gradients, one, k->scalar, expected);
    for (size_t i = 0; i < gradient_count; i++) {
        COMPARE(gradients[i], expected_gradients[i], counts[i], 4 * k->tolerance, "gradient");
    }
#undef COMPARE
    check_release();
}

static void check_regions(const attention_kind *k) {
    const size_t sizes[][4] = {
        {1, 1, 1, 1}, {1, 40, 16, 16}, {3, 5, 7, 9}, {16, 16, 32, 32}, {17, 33, 64, 64}, {65, 31, 20, 3},
        {31, 257, 8, 65}, {100, 100, 16, 16}, {130, 300, 24, 10}, {0, 3, 4, 4}, {2, 0, 3, 3}, {12, 0, 4, 4},
        {12, 9, 0, 4}, {12, 9, 4, 0},
    };
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        for (size_t i = 0; i < 2 * region_count; i++) {
            attention_case one = make_attention_case(sizes[s][0], sizes[s][1], sizes[s][2], sizes[s][3], 1);
            restrict_to(i / 2, &one.a);
            one.a.dropout = i % 2 == 0 ? 0 : 0.3f;
            compare(&one, k, regions[i / 2], "plain");
        }
    }
}

static void check_edits(const attention_kind *k) {
    const size_t sizes[][3] = {{3, 40, 8}, {21, 33, 16}, {130, 290, 4}, {40, 600, 5}};
    for (size_t s = 0; s < 4; s++) {
        for (size_t i = 0; i < region_count * edit_count; i++) {
            attention_case one = make_attention_case(sizes[s][0], sizes[s][1], sizes[s][2], sizes[s][2] + 3, 1);
            restrict_to(i / edit_count, &one.a);
            edit(i % edit_count, &one);
            one.a.dropout = sizes[s][0] == 21 ? 0.3f : 0;
            compare(&one, k, regions[i / edit_count], edits[i % edit_count]);
        }
    }
}

static void check_head_sizes(const attention_kind *k) {
    const size_t sizes[] = {16, 31, 32, 48, 64, 80, 96, 128, 130, 256};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        attention_case one = make_attention_case(35, 70, sizes[s], sizes[s], 1);
        one.a.scale = 1 / sqrtf((float)sizes[s]);
        one.a.right = 0;
        compare(&one, k, "causal", "scaled");
    }
}

/// Special values in keys and values that some queries see and others do not.
static void check_special_keys(const attention_kind *k) {
    for (size_t i = 0; i < 6; i++) {
        attention_case one = make_attention_case(i < 2 ? 3 : i < 4 ? 40 : 150, i < 4 ? 60 : 300, 20, 12, 1);
        attn_attention *a = &one.a;
        float *key = check_copy(a->key, a->keys * a->key_stride);
        float *value = check_copy(a->value, a->keys * a->value_stride);
        a->key = key, a->value = value;
        key[2 * a->key_stride + 3] = key[17 * a->key_stride] = NAN;
        value[31 * a->value_stride + 1] = INFINITY, value[32 * a->value_stride + 2] = -INFINITY;
        a->left = 20, a->right = 0, a->offset = 1;
        edit(i % 2 == 0 ? 0 : 5, &one);
        compare(&one, k, "window", "special keys");
    }
}

static void check_special_queries(const attention_kind *k) {
    attention_case one = make_attention_case(9, 150, 16, 16, 1);
    float *query = check_copy(one.a.query, 9 * one.a.query_stride);
    query[2 * one.a.query_stride] = NAN, query[5 * one.a.query_stride + 1] = INFINITY;
    one.a.query = query;
    const forward_result found = forward(&one, k->tested), expected = forward(&one, k->scalar);
    check_close(found.output, expected.output, 9 * one.output_stride, k->tolerance, "special queries");
    check_close(found.log_sum, expected.log_sum, 9, k->tolerance, "log-sum of special queries");
}

/// Scores far beyond the exponential's range: nothing overflows, and the log-sum stays.
static void check_huge_scores(const attention_kind *k) {
    const float ranges[] = {30, 1e4f};
    for (size_t i = 0; i < 2; i++) {
        const attention_case one = make_attention_case(20, 300, 8, 8, ranges[i]);
        const forward_result found = forward(&one, k->tested), expected = forward(&one, k->scalar);
        check_close(found.log_sum, expected.log_sum, 20, 2 * k->tolerance, "log-sum of scores to %g",
                    (double)ranges[i]);
        for (size_t j = 0; j < 20 * one.output_stride; j++) {
            CHECK(isfinite(found.output[j]), "scores to %g: %g", (double)ranges[i], (double)found.output[j]);
        }
    }
}

void check_attention_method(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    const attention_kind kind = {
        &CHECK_ENTRY(attn_attention_method, tested, offset), &CHECK_ENTRY(attn_attention_method, scalar, offset),
        offset == offsetof(attn_kernels, attentions[attn_precision_bfloat16]) ? 1e-2 : 5e-6,
    };
    check_regions(&kind);
    check_edits(&kind);
    check_head_sizes(&kind);
    check_special_keys(&kind);
    check_special_queries(&kind);
    check_huge_scores(&kind);
    const attention_case one = make_attention_case(70, 300, 24, 24, 1);
    check_same_bits(forward(&one, kind.tested).output, forward(&one, kind.tested).output,
                    70 * one.output_stride * sizeof(float), "again");
}
