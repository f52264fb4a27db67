// Checks every table this processor can run; one line an entry. On this machine itself:
//
//     clang -O2 -ISources/CAttentionKernels/include Sources/CAttentionKernels/{.,*}/*.c \
//         Tests/CAttentionKernelsCheck/*.c -lm -lpthread -o /tmp/check && /tmp/check

#include "check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct check_case {
    const char *name;
    size_t offset, size;
    check_function *run;
} check_case;

#define CASE(entry, run) {#entry, offsetof(attn_kernels, entry), sizeof(((attn_kernels *)NULL)->entry), run}

static const check_case cases[] = {
    CASE(products[attn_precision_exact], check_product_method),
    CASE(products[attn_precision_float32], check_product_method),
    CASE(products[attn_precision_bfloat16], check_product_method),
    CASE(products[attn_precision_int8], check_product_method),
    CASE(product_direct, check_product_direct),
    CASE(blocks[attn_block_q4_0], check_block_format),
    CASE(blocks[attn_block_q4_1], check_block_format),
    CASE(blocks[attn_block_q5_0], check_block_format),
    CASE(blocks[attn_block_q5_1], check_block_format),
    CASE(blocks[attn_block_q8_0], check_block_format),
    CASE(blocks[attn_block_q4_k], check_block_format),
    CASE(blocks[attn_block_q5_k], check_block_format),
    CASE(blocks[attn_block_q6_k], check_block_format),
    CASE(add, check_binary),
    CASE(subtract, check_binary),
    CASE(multiply, check_binary),
    CASE(divide, check_binary),
    CASE(multiply_add, check_binary),
    CASE(scale_add, check_scale_add),
    CASE(accumulate_scaled, check_accumulate_scaled),
    CASE(exponential, check_unary),
    CASE(logarithm, check_unary),
    CASE(square_root, check_unary),
    CASE(hyperbolic_tangent, check_unary),
    CASE(sigmoid, check_unary),
    CASE(relu, check_unary),
    CASE(gelu, check_unary),
    CASE(silu, check_unary),
    CASE(hyperbolic_tangent_backward, check_binary),
    CASE(sigmoid_backward, check_binary),
    CASE(relu_backward, check_binary),
    CASE(gelu_backward, check_binary),
    CASE(silu_backward, check_binary),
    CASE(dropout, check_dropout),
    CASE(sum, check_sum),
    CASE(sum_of_squares, check_sum_of_squares),
    CASE(dot, check_dot),
    CASE(maximum, check_maximum),
    CASE(column_sums, check_column_sums),
    CASE(softmax_rows, check_softmax_rows),
    CASE(softmax_rows_backward, check_softmax_rows_backward),
    CASE(layer_norm, check_layer_norm),
    CASE(layer_norm_backward, check_layer_norm_backward),
    CASE(rms_norm, check_rms_norm),
    CASE(rms_norm_backward, check_rms_norm_backward),
    CASE(cross_entropy, check_cross_entropy),
    CASE(gru_forward, check_gru_forward),
    CASE(gru_backward, check_gru_backward),
    CASE(lstm_forward, check_lstm_forward),
    CASE(lstm_backward, check_lstm_backward),
    CASE(additive_scores, check_additive_scores),
    CASE(additive_scores_backward, check_additive_scores_backward),
    CASE(attentions[attn_precision_exact], check_attention_method),
    CASE(attentions[attn_precision_float32], check_attention_method),
    CASE(attentions[attn_precision_bfloat16], check_attention_method),
    CASE(attentions[attn_precision_int8], check_attention_method),
    CASE(depthwise_convolution, check_depthwise_convolution),
    CASE(depthwise_input_backward, check_depthwise_input_backward),
    CASE(depthwise_weight_backward, check_depthwise_weight_backward),
    CASE(maximum_pooling, check_maximum_pooling),
    CASE(adam, check_adam),
    CASE(float_from_bfloat16, check_float_from_halves),
    CASE(bfloat16_from_float, check_halves_from_float),
    CASE(float_from_float16, check_float_from_halves),
    CASE(float16_from_float, check_halves_from_float),
    CASE(ceilings, check_ceilings),
};
enum { case_count = sizeof cases / sizeof *cases };

// MARK: Results

enum { message_limit = 3 };
static char messages[message_limit][400];
static size_t failures;  // of the entry under test

void check_fail(const char *format, ...) {
    if (failures < message_limit) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(messages[failures], sizeof messages[failures], format, arguments);
        va_end(arguments);
    }
    failures++;
}

bool check_is_close(float found, float expected, double tolerance) {
    return found == expected || (isnan(found) && isnan(expected)) ||
        fabs((double)found - (double)expected) <= tolerance * fmax(1, fabs((double)expected));
}

void check_close(const float *found, const float *expected, size_t n, double tolerance, const char *format, ...) {
    for (size_t i = 0; i < n; i++) {
        if (!check_is_close(found[i], expected[i], tolerance)) {
            char what[200];
            va_list arguments;
            va_start(arguments, format);
            vsnprintf(what, sizeof what, format, arguments);
            va_end(arguments);
            check_fail("%s: [%zu] is %.9g, expected %.9g", what, i, (double)found[i], (double)expected[i]);
            return;
        }
    }
}

void check_same_bits(const void *found, const void *expected, size_t bytes, const char *what) {
    CHECK(memcmp(found, expected, bytes) == 0, "%s: other bits", what);
}

// MARK: The run

/// Whether two entries of these tables, which may be the same table, are one.
static bool same(const attn_kernels *table, const check_case *one, const attn_kernels *other, const check_case *two) {
    return one->size == two->size &&
        memcmp((const char *)table + one->offset, (const char *)other + two->offset, one->size) == 0;
}

/// What says all that checking this case again would say: the case before it with the same entries, or none.
static const check_case *answered(const check_case *one, const attn_kernels *table, const attn_kernels *scalar) {
    for (const check_case *before = cases; before < one; before++) {
        if (before->run == one->run && same(table, one, table, before) && same(scalar, one, scalar, before)) {
            return before;
        }
    }
    return NULL;
}

/// Checks one entry and returns whether it failed.
static bool run_case(const check_case *one, const attn_kernels *table, const attn_kernels *scalar) {
    failures = 0;
    check_seed(one->offset);
    one->run(table, scalar, one->offset);
    check_release();
    printf(failures == 0 ? "ok\n" : "FAILED\n");
    for (size_t i = 0; i < failures && i < message_limit; i++) {
        printf("    %s\n", messages[i]);
    }
    return failures > 0;
}

int main(void) {
    enum { capacity = 8 };
    const attn_kernels *tables[capacity];
    const size_t table_count = attn_kernels_available(tables, capacity);
    size_t covered = sizeof tables[0]->name, checked = 0, failed = 0;
    for (size_t i = 0; i < case_count; i++) {
        covered += cases[i].size;
    }
    if (covered != sizeof(attn_kernels) || table_count < 2) {
        printf("%s\n", table_count < 2 ? "expected a table beside the scalar one, found none"
                                       : "expected a case for each entry of attn_kernels, found more or fewer");
        return 1;
    }
    attn_thread_enter();
    for (size_t t = 1; t < table_count; t++) {
        for (size_t i = 0; i < case_count; i++) {
            printf("%s %s ", tables[t]->name, cases[i].name);
            fflush(stdout);
            const check_case *before = answered(&cases[i], tables[t], tables[0]);
            if (same(tables[t], &cases[i], tables[t - 1], &cases[i])) {
                printf("as %s\n", tables[t - 1]->name);
            } else if (before) {
                printf("as %s\n", before->name);
            } else {
                failed += run_case(&cases[i], tables[t], tables[0]);
                checked++;
            }
        }
    }
    attn_thread_leave();
    printf("%zu entries checked, %zu failures\n", checked, failed);
    return failed > 0;
}
