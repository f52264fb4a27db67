// Elementary functions computed in double and rounded once: the reference for the polynomials of the vector tables.
#ifndef ATTN_SCALAR_FUNCTIONS_H
#define ATTN_SCALAR_FUNCTIONS_H

#include <math.h>

#include "attention_kernels.h"

static inline float attn_f32_exponential(float x) { return (float)exp((double)x); }
static inline float attn_f32_logarithm(float x) { return (float)log((double)x); }
static inline float attn_f32_hyperbolic_tangent(float x) { return (float)tanh((double)x); }
static inline float attn_f32_sigmoid(float x) { return (float)(1 / (1 + exp(-(double)x))); }
static inline float attn_f32_relu(float x) { return x < 0 ? 0 : x; }

/// Φ(x), the distribution function of the standard normal.
static inline double attn_normal_distribution(double x) { return 0.5 * erfc(-x * 0.70710678118654752440); }

static inline float attn_f32_gelu(float x) {
    return x == -INFINITY ? -0.0f : (float)(x * attn_normal_distribution(x));
}

static inline float attn_f32_silu(float x) { return x == -INFINITY ? -0.0f : (float)(x / (1 + exp(-(double)x))); }

static inline float attn_f32_activate(float x, attn_activation activation) {
    switch (activation) {
        case attn_activation_none: return x;
        case attn_activation_relu: return attn_f32_relu(x);
        case attn_activation_gelu: return attn_f32_gelu(x);
        case attn_activation_silu: return attn_f32_silu(x);
        case attn_activation_tanh: return attn_f32_hyperbolic_tangent(x);
    }
    return x;
}

#endif
