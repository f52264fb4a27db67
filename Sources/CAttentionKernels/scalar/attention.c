// Additive scores (Bahdanau et al. 2015) and scaled dot-product attention (Vaswani et al. 2017), one query at a time.

#include "../random.h"
#include "../region.h"
#include "../rounded_attention.h"
#include "../tables.h"
#include "functions.h"

static void attn_f32_additive_scores_scalar(float *scores, const float *query, const float *key, const float *vector,
                                            size_t queries, size_t keys, size_t size) {
    for (size_t i = 0; i < queries; i++) {
        for (size_t j = 0; j < keys; j++) {
            double score = 0;
            for (size_t d = 0; d < size; d++) {
                score += (double)vector[d] * attn_f32_hyperbolic_tangent(query[i * size + d] + key[j * size + d]);
            }
            scores[i * keys + j] = (float)score;
        }
    }
}

static void attn_f32_additive_scores_backward_scalar(float *dquery, float *dkey, float *dvector, const float *query,
                                                     const float *key, const float *vector, const float *upstream,
                                                     size_t queries, size_t keys, size_t size) {
    for (size_t d = 0; d < keys * size; d++) {
        dkey[d] = 0;
    }
    for (size_t i = 0; i < queries; i++) {
        for (size_t j = 0; j < keys; j++) {
            const float up = upstream[i * keys + j];
            for (size_t d = 0; d < size; d++) {
                const float t = attn_f32_hyperbolic_tangent(query[i * size + d] + key[j * size + d]);
                const float dsum = up * vector[d] * (1 - t * t);
                dquery[i * size + d] += dsum;
                dkey[j * size + d] += dsum;
                dvector[d] += up * t;
            }
        }
    }
}

static double attn_f32_inner(const float *x, const float *y, size_t n) {
    double sum = 0;
    for (size_t d = 0; d < n; d++) {
        sum += (double)x[d] * y[d];
    }
    return sum;
}

/// The score before biases, and its slope by the inner product times scale.
static double attn_f32_capped_score(const attn_attention *a, size_t i, size_t j, double *slope) {
    const double score = a->scale
        * attn_f32_inner(a->query + i * a->query_stride, a->key + j * a->key_stride, a->head_size);
    *slope = 1;
    if (a->cap == 0) {
        return score;
    }
    const double t = tanh(score / a->cap);
    *slope = 1 - t * t;
    return a->cap * t;
}

/// The score of a visible pair.
static double attn_f32_score(const attn_attention *a, size_t i, size_t j, double *slope) {
    const double bias = a->bias ? a->bias[i * a->bias_stride + j] : 0;
    const double distance_bias = a->distance_bias ? a->distance_bias[(ptrdiff_t)j - (ptrdiff_t)i] : 0;
    return attn_f32_capped_score(a, i, j, slope) + bias + distance_bias;
}

static bool attn_f32_attention_keeps(const attn_attention *a, size_t i, size_t j) {
    const uint64_t index = a->dropout_base + i * a->dropout_stride + j;
    return attn_dropout_keeps(a->dropout_seed, index, attn_dropout_threshold(a->dropout));
}

static size_t attn_f32_attention_packed_size_scalar(const attn_attention *a) {
    (void)a;
    return 0;
}

static size_t attn_f32_attention_workspace_size_scalar(const attn_attention *a) { return a->keys * sizeof(double); }

static void attn_f32_attention_pack_scalar(void *packed, const attn_attention *a) { (void)packed, (void)a; }

static void attn_f32_attention_scalar(float *output, size_t output_stride, float *log_sum, const attn_attention *a,
                                      const void *packed, void *workspace) {
    (void)packed;
    double *scores = workspace, slope;
    for (size_t i = 0; i < a->queries; i++) {
        const attn_range visible = attn_visible_keys(a, i);
        double maximum = -INFINITY;
        for (size_t j = visible.first; j < visible.last; j++) {
            scores[j] = attn_mask_admits(a, i, j) ? attn_f32_score(a, i, j, &slope) : -INFINITY;
            maximum = scores[j] > maximum ? scores[j] : maximum;
        }
        const double shift = maximum == -INFINITY ? 0 : maximum;
        double sum = 0;
        for (size_t j = visible.first; j < visible.last; j++) {
            sum += exp(scores[j] - shift);
        }
        log_sum[i] = (float)(shift + log(sum));
        for (size_t d = 0; d < a->value_size; d++) {
            double context = 0;
            for (size_t j = visible.first; j < visible.last; j++) {
                if (attn_mask_admits(a, i, j) && attn_f32_attention_keeps(a, i, j)) {
                    context += exp(scores[j] - shift) * a->value[j * a->value_stride + d];
                }
            }
            output[i * output_stride + d] = sum == 0 ? 0 : (float)(context / sum / (1 - (double)a->dropout));
        }
    }
}

static void attn_f32_attention_weights_scalar(float *weights, size_t weights_stride, const attn_attention *a,
                                              const float *log_sum, void *workspace) {
    (void)workspace;
    double slope;
    for (size_t i = 0; i < a->queries; i++) {
        const attn_range visible = attn_visible_keys(a, i);
        for (size_t j = 0; j < a->keys; j++) {
            const bool sees = j >= visible.first && j < visible.last && attn_mask_admits(a, i, j);
            weights[i * weights_stride + j] = sees && log_sum[i] != -INFINITY
                ? (float)exp(attn_f32_score(a, i, j, &slope) - log_sum[i]) : 0;
        }
    }
}

/// With P = exp(S − log_sum) and its dropped-out P̃: dV = P̃ᵀ dO; dP from dP̃ = dO Vᵀ; dS = P (dP − Σ dO·O).
static void attn_f32_attention_backward_scalar(const attn_attention_gradients *gradients, const attn_attention *a,
                                               const float *output, size_t output_stride, const float *log_sum,
                                               const float *upstream, size_t upstream_stride, void *workspace) {
    (void)workspace;
    for (size_t i = 0; i < a->queries; i++) {
        const attn_range visible = attn_visible_keys(a, i);
        const float *q = a->query + i * a->query_stride, *up = upstream + i * upstream_stride;
        const double inner = attn_f32_inner(up, output + i * output_stride, a->value_size);
        if (log_sum[i] == -INFINITY) {
            continue;
        }
        for (size_t j = visible.first; j < visible.last; j++) {
            if (!attn_mask_admits(a, i, j)) {
                continue;
            }
            const float *k = a->key + j * a->key_stride, *v = a->value + j * a->value_stride;
            const bool keep = attn_f32_attention_keeps(a, i, j);
            const double kept = keep ? 1 / (1 - (double)a->dropout) : 0;
            double slope;
            const double weight = exp(attn_f32_score(a, i, j, &slope) - log_sum[i]);
            const double dweight = keep ? kept * attn_f32_inner(up, v, a->value_size) : 0;
            const double dscore = weight * (dweight - inner), dinner = dscore * slope * a->scale;
            if (gradients->bias) {
                gradients->bias[i * gradients->bias_stride + j] += (float)dscore;
            }
            if (gradients->distance_bias) {
                gradients->distance_bias[(ptrdiff_t)j - (ptrdiff_t)i] += (float)dscore;
            }
            for (size_t d = 0; d < a->value_size; d++) {
                gradients->value[j * gradients->value_stride + d] += (float)(keep ? weight * kept * up[d] : 0);
            }
            for (size_t d = 0; d < a->head_size; d++) {
                gradients->query[i * gradients->query_stride + d] += (float)(dinner * k[d]);
                gradients->key[j * gradients->key_stride + d] += (float)(dinner * q[d]);
            }
        }
    }
}

ATTN_ROUNDED_METHOD(scalar)

void attn_install_scalar_attention(attn_kernels *table) {
    table->additive_scores = attn_f32_additive_scores_scalar;
    table->additive_scores_backward = attn_f32_additive_scores_backward_scalar;
    for (int precision = 0; precision < attn_precision_count; precision++) {
        table->attentions[precision] = (attn_attention_method){
            .name = "double",
            .few_queries = PTRDIFF_MAX,
            .packed_size = attn_f32_attention_packed_size_scalar,
            .workspace_size = attn_f32_attention_workspace_size_scalar,
            .pack = attn_f32_attention_pack_scalar,
            .forward = attn_f32_attention_scalar,
            .backward = attn_f32_attention_backward_scalar,
            .weights = attn_f32_attention_weights_scalar,
        };
    }
    table->attentions[attn_precision_bfloat16] = attn_rounded_method_scalar(table->attentions[attn_precision_exact]);
}
