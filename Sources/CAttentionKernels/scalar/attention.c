// Additive scores (Bahdanau et al. 2015) and scaled dot-product attention (Vaswani et al. 2017), one query at a time.

#include "../random.h"
#include "../region.h"
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

static size_t attn_f32_attention_workspace_size_scalar(const attn_attention *a) { return a->keys * sizeof(float); }

static void attn_f32_attention_scalar(float *output, size_t output_stride, float *log_sum, const attn_attention *a,
                                      void *workspace) {
    float *scores = workspace;
    const uint32_t threshold = attn_dropout_threshold(a->dropout);
    for (size_t i = 0; i < a->queries; i++) {
        const attn_range visible = attn_visible_keys(a, i);
        float maximum = -INFINITY;
        for (size_t j = visible.first; j < visible.last; j++) {
            const float *q = a->query + i * a->query_stride, *k = a->key + j * a->key_stride;
            scores[j] = (float)(a->scale * attn_f32_inner(q, k, a->head_size));
            maximum = scores[j] > maximum ? scores[j] : maximum;
        }
        const float shift = maximum == -INFINITY ? 0 : maximum;
        double sum = 0;
        for (size_t j = visible.first; j < visible.last; j++) {
            sum += exp((double)scores[j] - shift);
        }
        log_sum[i] = (float)(shift + log(sum));
        for (size_t d = 0; d < a->value_size; d++) {
            double context = 0;
            for (size_t j = visible.first; j < visible.last; j++) {
                if (attn_dropout_keeps(a->dropout_seed, a->dropout_base + i * a->keys + j, threshold)) {
                    context += exp((double)scores[j] - shift) * a->value[j * a->value_stride + d];
                }
            }
            output[i * output_stride + d] = sum == 0 ? 0 : (float)(context / sum / (1 - (double)a->dropout));
        }
    }
}

/// With P = exp(S − log_sum) and its dropped-out P̃: dV = P̃ᵀ dO; dP from dP̃ = dO Vᵀ; dS = P (dP − Σ dO·O).
static void attn_f32_attention_backward_scalar(float *dquery, size_t dquery_stride, float *dkey, size_t dkey_stride,
                                               float *dvalue, size_t dvalue_stride, const attn_attention *a,
                                               const float *output, size_t output_stride, const float *log_sum,
                                               const float *upstream, size_t upstream_stride, void *workspace) {
    (void)workspace;
    const uint32_t threshold = attn_dropout_threshold(a->dropout);
    for (size_t i = 0; i < a->queries; i++) {
        const attn_range visible = attn_visible_keys(a, i);
        const float *q = a->query + i * a->query_stride, *up = upstream + i * upstream_stride;
        const double inner = attn_f32_inner(up, output + i * output_stride, a->value_size);
        if (log_sum[i] == -INFINITY) {
            continue;
        }
        for (size_t j = visible.first; j < visible.last; j++) {
            const float *k = a->key + j * a->key_stride, *v = a->value + j * a->value_stride;
            const bool keep = attn_dropout_keeps(a->dropout_seed, a->dropout_base + i * a->keys + j, threshold);
            const double kept = keep ? 1 / (1 - (double)a->dropout) : 0;
            const double weight = exp(a->scale * attn_f32_inner(q, k, a->head_size) - log_sum[i]);
            const double dweight = keep ? kept * attn_f32_inner(up, v, a->value_size) : 0;
            const double dscore = weight * (dweight - inner) * a->scale;
            for (size_t d = 0; d < a->value_size; d++) {
                dvalue[j * dvalue_stride + d] += (float)(keep ? weight * kept * up[d] : 0);
            }
            for (size_t d = 0; d < a->head_size; d++) {
                dquery[i * dquery_stride + d] += (float)(dscore * k[d]);
                dkey[j * dkey_stride + d] += (float)(dscore * q[d]);
            }
        }
    }
}

void attn_install_scalar_attention(attn_kernels *table) {
    table->additive_scores = attn_f32_additive_scores_scalar;
    table->additive_scores_backward = attn_f32_additive_scores_backward_scalar;
    table->attention_workspace_size = attn_f32_attention_workspace_size_scalar;
    table->attention = attn_f32_attention_scalar;
    table->attention_backward = attn_f32_attention_backward_scalar;
}
