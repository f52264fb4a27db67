// Element by element: whole vectors, then one part of a vector.

#define V_EACH(n, whole, part)                                            \
    size_t i = 0;                                                         \
    for (; i + ATTN_WIDTH <= n; i += ATTN_WIDTH) {                        \
        v_store(out + i, whole);                                          \
    }                                                                     \
    if (i < n) {                                                          \
        v_store_part(out + i, part, n - i);                               \
    }

// An entry that maps each element by a function of one vector, or of two.
#define V_UNARY(name, function)                                                        \
    static void V_NAME(name)(float *out, const float *x, size_t n) {                   \
        V_EACH(n, function(v_load(x + i)), function(v_load_part(x + i, n - i)))        \
    }
#define V_BINARY(name, function)                                                       \
    static void V_NAME(name)(float *out, const float *x, const float *y, size_t n) {   \
        V_EACH(n, function(v_load(x + i), v_load(y + i)),                              \
               function(v_load_part(x + i, n - i), v_load_part(y + i, n - i)))         \
    }

V_INLINE vf v_add(vf x, vf y) { return x + y; }
V_INLINE vf v_subtract(vf x, vf y) { return x - y; }
V_INLINE vf v_multiply(vf x, vf y) { return x * y; }
V_INLINE vf v_divide(vf x, vf y) { return x / y; }
V_INLINE vf v_square_root(vf x) { return __builtin_elementwise_sqrt(x); }

V_BINARY(add, v_add)
V_BINARY(subtract, v_subtract)
V_BINARY(multiply, v_multiply)
V_BINARY(divide, v_divide)

static void V_NAME(multiply_add)(float *out, const float *x, const float *y, size_t n) {
    V_EACH(n, v_fma(v_load(x + i), v_load(y + i), v_load(out + i)),
           v_fma(v_load_part(x + i, n - i), v_load_part(y + i, n - i), v_load_part(out + i, n - i)))
}

static void V_NAME(scale_add)(float *out, const float *x, float scale, float offset, size_t n) {
    V_EACH(n, v_fma(v_load(x + i), v_set(scale), v_set(offset)),
           v_fma(v_load_part(x + i, n - i), v_set(scale), v_set(offset)))
}

static void V_NAME(accumulate_scaled)(float *out, const float *x, float scale, size_t n) {
    V_EACH(n, v_fma(v_load(x + i), v_set(scale), v_load(out + i)),
           v_fma(v_load_part(x + i, n - i), v_set(scale), v_load_part(out + i, n - i)))
}

V_UNARY(exponential, v_exponential)
V_UNARY(logarithm, v_logarithm)
V_UNARY(square_root, v_square_root)
V_UNARY(hyperbolic_tangent, v_hyperbolic_tangent)
V_UNARY(sigmoid, v_sigmoid)
V_UNARY(relu, v_relu)
V_UNARY(gelu, v_gelu)
V_UNARY(silu, v_silu)

V_INLINE vf v_hyperbolic_tangent_backward(vf y, vf upstream) { return upstream * v_fma(-y, y, v_set(1)); }
V_INLINE vf v_sigmoid_backward(vf y, vf upstream) { return upstream * (y * (1 - y)); }
V_INLINE vf v_relu_backward(vf y, vf upstream) { return v_select(y > 0, upstream, v_set(0)); }
V_INLINE vf v_gelu_backward(vf x, vf upstream) { return upstream * v_gelu_derivative(x); }
V_INLINE vf v_silu_backward(vf x, vf upstream) { return upstream * v_silu_derivative(x); }

V_BINARY(hyperbolic_tangent_backward, v_hyperbolic_tangent_backward)
V_BINARY(sigmoid_backward, v_sigmoid_backward)
V_BINARY(relu_backward, v_relu_backward)
V_BINARY(gelu_backward, v_gelu_backward)
V_BINARY(silu_backward, v_silu_backward)

// MARK: Dropout

static void V_NAME(dropout)(float *out, const float *x, float probability, uint64_t seed, uint64_t base, size_t n) {
    const uint32_t threshold = attn_dropout_threshold(probability);
    const float scale = 1 / (1 - probability);
    while (n > 0) {  // stretches over which the upper half of the index, and so the key, stays
        const uint64_t key = attn_random_key(seed, (uint32_t)(base >> 32));
        const uint32_t index = (uint32_t)base;
        const uint64_t stretch = (UINT64_C(1) << 32) - index;
        const size_t count = n < stretch ? n : (size_t)stretch;
        V_EACH(count, v_dropout(v_load(x + i), key, index + (uint32_t)i, threshold, scale),
               v_dropout(v_load_part(x + i, count - i), key, index + (uint32_t)i, threshold, scale))
        out += count, x += count, base += count, n -= count;
    }
}

static inline void attn_install_vector_elements(attn_kernels *table) {
    table->add = V_NAME(add);
    table->subtract = V_NAME(subtract);
    table->multiply = V_NAME(multiply);
    table->divide = V_NAME(divide);
    table->multiply_add = V_NAME(multiply_add);
    table->scale_add = V_NAME(scale_add);
    table->accumulate_scaled = V_NAME(accumulate_scaled);
    table->exponential = V_NAME(exponential);
    table->logarithm = V_NAME(logarithm);
    table->square_root = V_NAME(square_root);
    table->hyperbolic_tangent = V_NAME(hyperbolic_tangent);
    table->sigmoid = V_NAME(sigmoid);
    table->relu = V_NAME(relu);
    table->gelu = V_NAME(gelu);
    table->silu = V_NAME(silu);
    table->hyperbolic_tangent_backward = V_NAME(hyperbolic_tangent_backward);
    table->sigmoid_backward = V_NAME(sigmoid_backward);
    table->relu_backward = V_NAME(relu_backward);
    table->gelu_backward = V_NAME(gelu_backward);
    table->silu_backward = V_NAME(silu_backward);
    table->dropout = V_NAME(dropout);
}
