// Attention in bfloat16 by a method of float32: queries, keys, values and what comes back to the output are rounded, once,
// in copies, and the method does the rest. Weights stay as they are.
//
// ATTN_ROUNDED_METHOD(suffix) defines the functions, and attn_rounded_method_<suffix>(below) gives the method.
#ifndef ATTN_ROUNDED_ATTENTION_H
#define ATTN_ROUNDED_ATTENTION_H

#include <string.h>

#include "attention_kernels.h"

static inline float *attn_cache_aligned(const void *p) { return (float *)(((uintptr_t)p + 63) & ~(uintptr_t)63); }

/// Copies rows densely, each number rounded to nearest even; NaN stays NaN.
static inline void attn_round_rows(float *out, const float *x, size_t stride, size_t rows, size_t size) {
    for (size_t row = 0; row < rows; row++, x += stride, out += size) {
        for (size_t i = 0; i < size; i++) {
            uint32_t bits;
            memcpy(&bits, x + i, sizeof bits);
            const uint32_t rounded = (bits + 0x7fff + ((bits >> 16) & 1)) & 0xffff0000u;
            bits = (bits & 0x7fffffffu) > 0x7f800000u ? bits : rounded;
            memcpy(out + i, &bits, sizeof bits);
        }
    }
}

/// Where the copies of keys and values lie, [keys, head_size] and [keys, value_size], and what follows them.
typedef struct attn_rounded_keys {
    float *key, *value;
    void *rest;
} attn_rounded_keys;

static inline attn_rounded_keys attn_rounded_keys_in(const void *memory, const attn_attention *a) {
    float *key = attn_cache_aligned(memory), *value = key + a->keys * a->head_size;
    return (attn_rounded_keys){key, value, value + a->keys * a->value_size};
}

static inline attn_attention attn_with_keys(const attn_attention *a, attn_rounded_keys k) {
    attn_attention rounded = *a;
    rounded.key = k.key, rounded.key_stride = a->head_size;
    rounded.value = k.value, rounded.value_stride = a->value_size;
    return rounded;
}

static inline void attn_round_keys(attn_rounded_keys k, const attn_attention *a) {
    attn_round_rows(k.key, a->key, a->key_stride, a->keys, a->head_size);
    attn_round_rows(k.value, a->value, a->value_stride, a->keys, a->value_size);
}

/// The same with rounded queries, copied to `memory`, where `rest` begins behind them.
static inline attn_attention attn_with_rounded_queries(attn_attention a, void *memory, void **rest) {
    float *query = attn_cache_aligned(memory);
    attn_round_rows(query, a.query, a.query_stride, a.queries, a.head_size);
    a.query = query, a.query_stride = a.head_size;
    *rest = attn_cache_aligned(query + a.queries * a.head_size);  // the method below may keep doubles there
    return a;
}

#define ATTN_ROUNDED_METHOD(suffix)                                                                                   \
    static attn_attention_method attn_rounded_below_##suffix;                                                         \
    static size_t attn_rounded_packed_size_##suffix(const attn_attention *a) {                                        \
        const size_t rows = a->keys * (a->head_size + a->value_size);                                                 \
        return a->queries <= attn_rounded_below_##suffix.few_queries                                                  \
            ? 0 : rows * sizeof(float) + 64 + attn_rounded_below_##suffix.packed_size(a);                             \
    }                                                                                                                 \
    static size_t attn_rounded_workspace_size_##suffix(const attn_attention *a) {                                     \
        const size_t rows = a->queries * (a->head_size + a->value_size) + a->keys * (a->head_size + a->value_size);   \
        return rows * sizeof(float) + 4 * 64 + attn_rounded_below_##suffix.workspace_size(a);                         \
    }                                                                                                                 \
    static void attn_rounded_pack_##suffix(void *packed, const attn_attention *a) {                                   \
        if (a->queries > attn_rounded_below_##suffix.few_queries) {                                                   \
            const attn_rounded_keys k = attn_rounded_keys_in(packed, a);                                              \
            attn_round_keys(k, a);                                                                                    \
            const attn_attention rounded = attn_with_keys(a, k);                                                      \
            attn_rounded_below_##suffix.pack(k.rest, &rounded);                                                       \
        }                                                                                                             \
    }                                                                                                                 \
    static void attn_rounded_forward_##suffix(float *output, size_t output_stride, float *log_sum,                    \
                                              const attn_attention *a, const void *packed, void *workspace) {         \
        const bool few = a->queries <= attn_rounded_below_##suffix.few_queries;                                       \
        const attn_rounded_keys k = attn_rounded_keys_in(few ? workspace : packed, a);                                \
        if (few) {                                                                                                    \
            attn_round_keys(k, a);                                                                                    \
        }                                                                                                             \
        void *rest;                                                                                                   \
        const attn_attention rounded =                                                                                \
            attn_with_rounded_queries(attn_with_keys(a, k), few ? k.rest : workspace, &rest);                         \
        attn_rounded_below_##suffix.forward(output, output_stride, log_sum, &rounded, few ? NULL : k.rest, rest);     \
    }                                                                                                                 \
    static void attn_rounded_backward_##suffix(const attn_attention_gradients *gradients, const attn_attention *a,    \
                                               const float *output, size_t output_stride, const float *log_sum,       \
                                               const float *upstream, size_t upstream_stride, void *workspace) {      \
        const attn_rounded_keys k = attn_rounded_keys_in(workspace, a);                                               \
        attn_round_keys(k, a);                                                                                        \
        void *rest;                                                                                                   \
        const attn_attention rounded = attn_with_rounded_queries(attn_with_keys(a, k), k.rest, &rest);                \
        float *up = rest;                                                                                             \
        attn_round_rows(up, upstream, upstream_stride, a->queries, a->value_size);                                    \
        attn_rounded_below_##suffix.backward(gradients, &rounded, output, output_stride, log_sum, up, a->value_size,  \
                                             attn_cache_aligned(up + a->queries * a->value_size));                    \
    }                                                                                                                 \
    static void attn_rounded_weights_##suffix(float *weights, size_t weights_stride, const attn_attention *a,         \
                                              const float *log_sum, void *workspace) {                                \
        const attn_rounded_keys k = attn_rounded_keys_in(workspace, a);                                               \
        attn_round_rows(k.key, a->key, a->key_stride, a->keys, a->head_size);                                         \
        void *rest;                                                                                                   \
        const attn_attention rounded = attn_with_rounded_queries(attn_with_keys(a, k), k.rest, &rest);                \
        attn_rounded_below_##suffix.weights(weights, weights_stride, &rounded, log_sum, rest);                        \
    }                                                                                                                 \
    static attn_attention_method attn_rounded_method_##suffix(attn_attention_method below) {                          \
        attn_rounded_below_##suffix = below;                                                                          \
        return (attn_attention_method){                                                                               \
            .name = "rounded to bfloat16",                                                                            \
            .few_queries = below.few_queries,                                                                         \
            .packed_size = attn_rounded_packed_size_##suffix,                                                         \
            .workspace_size = attn_rounded_workspace_size_##suffix,                                                   \
            .pack = attn_rounded_pack_##suffix,                                                                       \
            .forward = attn_rounded_forward_##suffix,                                                                 \
            .backward = attn_rounded_backward_##suffix,                                                               \
            .weights = attn_rounded_weights_##suffix,                                                                 \
        };                                                                                                            \
    }

#endif
