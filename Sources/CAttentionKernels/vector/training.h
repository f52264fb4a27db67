// Optimizer steps.

static void V_NAME(adam)(float *weights, float *first, float *second, const float *gradient, float gradient_scale,
                         float rate, float beta1, float beta2, float epsilon, float decay, float correction1,
                         float correction2, size_t n) {
    for (size_t i = 0; i < n; i += ATTN_WIDTH) {
        const size_t rest = n - i;
        const vf g = gradient_scale * v_load_any(gradient + i, rest), w = v_load_any(weights + i, rest);
        const vf m = v_fma(v_set(1 - beta1), g, beta1 * v_load_any(first + i, rest));
        const vf v = v_fma((1 - beta2) * g, g, beta2 * v_load_any(second + i, rest));
        const vf step = m / correction1 / (v_square_root(v / correction2) + epsilon);
        v_store_any(first + i, m, rest);
        v_store_any(second + i, v, rest);
        v_store_any(weights + i, w - rate * v_fma(v_set(decay), w, step), rest);
    }
}

static void attn_install_vector_training(attn_kernels *table) { table->adam = V_NAME(adam); }
