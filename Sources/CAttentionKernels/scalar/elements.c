// Element by element.

#include "../random.h"
#include "../tables.h"
#include "functions.h"

// An entry that maps each element to an expression of its inputs.
#define ATTN_UNARY(name, expression)                                                      \
    static void attn_f32_##name##_scalar(float *out, const float *x, size_t n) {          \
        for (size_t i = 0; i < n; i++) {                                                  \
            out[i] = expression;                                                          \
        }                                                                                 \
    }
#define ATTN_BINARY(name, y, expression)                                                  \
    static void attn_f32_##name##_scalar(float *out, const float *x, const float *y, size_t n) { \
        for (size_t i = 0; i < n; i++) {                                                  \
            out[i] = expression;                                                          \
        }                                                                                 \
    }

ATTN_BINARY(add, y, x[i] + y[i])
ATTN_BINARY(subtract, y, x[i] - y[i])
ATTN_BINARY(multiply, y, x[i] * y[i])
ATTN_BINARY(divide, y, x[i] / y[i])
ATTN_BINARY(multiply_add, y, out[i] + x[i] * y[i])

static void attn_f32_scale_add_scalar(float *out, const float *x, float scale, float offset, size_t n) {
    for (size_t i = 0; i < n; i++) {
        out[i] = scale * x[i] + offset;
    }
}

static void attn_f32_accumulate_scaled_scalar(float *out, const float *x, float scale, size_t n) {
    for (size_t i = 0; i < n; i++) {
        out[i] += scale * x[i];
    }
}

ATTN_UNARY(exponential, attn_f32_exponential(x[i]))
ATTN_UNARY(logarithm, attn_f32_logarithm(x[i]))
ATTN_UNARY(square_root, sqrtf(x[i]))
ATTN_UNARY(hyperbolic_tangent, attn_f32_hyperbolic_tangent(x[i]))
ATTN_UNARY(sigmoid, attn_f32_sigmoid(x[i]))
ATTN_UNARY(relu, attn_f32_relu(x[i]))
ATTN_UNARY(gelu, attn_f32_gelu(x[i]))
ATTN_UNARY(silu, attn_f32_silu(x[i]))

// Here x is the output of tanh, sigmoid and relu.
ATTN_BINARY(hyperbolic_tangent_backward, upstream, upstream[i] * (1 - x[i] * x[i]))
ATTN_BINARY(sigmoid_backward, upstream, upstream[i] * (x[i] * (1 - x[i])))
ATTN_BINARY(relu_backward, upstream, x[i] > 0 ? upstream[i] : 0)

/// d/dx x Φ(x) = Φ(x) + x φ(x)
static float attn_f32_gelu_derivative(float x) {
    const double density = 0.39894228040143267794 * exp(-0.5 * (double)x * x);
    return (float)(attn_normal_distribution(x) + (isinf(x) ? 0 : x * density));
}

/// d/dx x σ(x) = σ (1 + x (1 − σ))
static float attn_f32_silu_derivative(float x) {
    const double s = 1 / (1 + exp(-(double)x));
    return (float)(isinf(x) ? s : s * (1 + x * (1 - s)));
}

ATTN_BINARY(gelu_backward, upstream, upstream[i] * attn_f32_gelu_derivative(x[i]))
ATTN_BINARY(silu_backward, upstream, upstream[i] * attn_f32_silu_derivative(x[i]))

static void attn_f32_dropout_scalar(float *out, const float *x, float probability, uint64_t seed, uint64_t base,
                                    size_t n) {
    const uint32_t threshold = attn_dropout_threshold(probability);
    const float scale = 1 / (1 - probability);
    for (size_t i = 0; i < n; i++) {
        out[i] = attn_dropout_keeps(seed, base + i, threshold) ? x[i] * scale : 0;
    }
}

void attn_install_scalar_elements(attn_kernels *table) {
    table->add = attn_f32_add_scalar;
    table->subtract = attn_f32_subtract_scalar;
    table->multiply = attn_f32_multiply_scalar;
    table->divide = attn_f32_divide_scalar;
    table->multiply_add = attn_f32_multiply_add_scalar;
    table->scale_add = attn_f32_scale_add_scalar;
    table->accumulate_scaled = attn_f32_accumulate_scaled_scalar;
    table->exponential = attn_f32_exponential_scalar;
    table->logarithm = attn_f32_logarithm_scalar;
    table->square_root = attn_f32_square_root_scalar;
    table->hyperbolic_tangent = attn_f32_hyperbolic_tangent_scalar;
    table->sigmoid = attn_f32_sigmoid_scalar;
    table->relu = attn_f32_relu_scalar;
    table->gelu = attn_f32_gelu_scalar;
    table->silu = attn_f32_silu_scalar;
    table->hyperbolic_tangent_backward = attn_f32_hyperbolic_tangent_backward_scalar;
    table->sigmoid_backward = attn_f32_sigmoid_backward_scalar;
    table->relu_backward = attn_f32_relu_backward_scalar;
    table->gelu_backward = attn_f32_gelu_backward_scalar;
    table->silu_backward = attn_f32_silu_backward_scalar;
    table->dropout = attn_f32_dropout_scalar;
}
