// Makes an attention method of the functions beside this file: ATTN_PAIR_METHOD(suffix, parts) defines them for numbers
// in that many parts, and attn_pair_method_<suffix>(name, below) gives the method, with `below` for what does not fit
// pairs. Weights are recovered by the method below.

#define ATTN_PAIR_METHOD(suffix, parts)                                                                               \
    static attn_attention_method pair_below_##suffix;                                                                 \
    static size_t V_NAME(attention_packed_size_##suffix)(const attn_attention *a) {                                   \
        return pair_packed_size(parts, &pair_below_##suffix, a);                                                      \
    }                                                                                                                 \
    static size_t V_NAME(attention_workspace_size_##suffix)(const attn_attention *a) {                                \
        return pair_workspace_size(parts, &pair_below_##suffix, a);                                                   \
    }                                                                                                                 \
    static void V_NAME(attention_pack_##suffix)(void *packed, const attn_attention *a) {                              \
        pair_pack(parts, &pair_below_##suffix, packed, a);                                                            \
    }                                                                                                                 \
    static void V_NAME(attention_##suffix)(float *output, size_t output_stride, float *log_sum,                       \
                                           const attn_attention *a, const void *packed, void *workspace) {            \
        pair_enter();                                                                                                 \
        pair_attention(parts, &pair_below_##suffix, output, output_stride, log_sum, a, packed, workspace);            \
    }                                                                                                                 \
    static void V_NAME(attention_backward_##suffix)(const attn_attention_gradients *gradients, const attn_attention *a, \
                                                    const float *output, size_t output_stride, const float *log_sum,  \
                                                    const float *upstream, size_t upstream_stride, void *workspace) { \
        pair_enter();                                                                                                 \
        pair_attention_backward(parts, &pair_below_##suffix, gradients, a, output, output_stride, log_sum, upstream,  \
                                upstream_stride, workspace);                                                          \
    }                                                                                                                 \
    static attn_attention_method attn_pair_method_##suffix(const char *name, attn_attention_method below) {           \
        pair_below_##suffix = below;                                                                                  \
        return (attn_attention_method){                                                                               \
            .name = name,                                                                                             \
            .few_queries = below.few_queries,                                                                         \
            .packed_size = V_NAME(attention_packed_size_##suffix),                                                    \
            .workspace_size = V_NAME(attention_workspace_size_##suffix),                                              \
            .pack = V_NAME(attention_pack_##suffix),                                                                  \
            .forward = V_NAME(attention_##suffix),                                                                    \
            .backward = V_NAME(attention_backward_##suffix),                                                          \
            .weights = below.weights,                                                                                 \
        };                                                                                                            \
    }
