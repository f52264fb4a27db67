// What happens to the sums of a product before they are stored: C = residual + drop(activation(sums (+ C))).

static bool v_has_epilogue(const attn_product *p) {
    return p->activation != attn_activation_none || p->dropout > 0 || p->residual;
}

V_INLINE vf v_activated(const attn_activation activation, vf x) {
    switch (activation) {
        case attn_activation_none: return x;
        case attn_activation_relu: return v_relu(x);
        case attn_activation_gelu: return v_gelu_quick(x);
        case attn_activation_silu: return v_silu(x);
        case attn_activation_tanh: return v_hyperbolic_tangent(x);
    }
    return x;
}

V_INLINE void v_finish_row(const attn_activation activation, const attn_product *p, bool add, const float *sums,
                           size_t row, size_t column, size_t columns) {
    float *c = p->c + row * p->c_row_stride + column;
    const float *residual = p->residual ? p->residual + row * p->residual_stride + column : NULL;
    const uint64_t index = p->dropout_base + row * p->dropout_stride + column;
    const uint32_t threshold = attn_dropout_threshold(p->dropout);
    for (size_t i = 0; i < columns; i += ATTN_WIDTH) {
        const size_t count = columns - i;
        vf x = v_load_any(sums + i, count);
        x = v_activated(activation, add ? x + v_load_any(c + i, count) : x);
        if (p->dropout > 0) {
            x = v_dropout_at(x, p->dropout_seed, index + i, threshold, 1 / (1 - p->dropout));
        }
        v_store_any(c + i, residual ? v_load_any(residual + i, count) + x : x, count);
    }
}

/// Rows × columns of C, from sums in rows of `stride`, to which C is added first if `add`.
static void V_NAME(product_finish)(const attn_product *p, bool add, const float *sums, size_t stride, size_t row,
                                   size_t rows, size_t column, size_t columns) {
    for (size_t r = 0; r < rows; r++, sums += stride) {
        switch (p->activation) {  // each its own loop
            case attn_activation_none: v_finish_row(attn_activation_none, p, add, sums, row + r, column, columns); break;
            case attn_activation_relu: v_finish_row(attn_activation_relu, p, add, sums, row + r, column, columns); break;
            case attn_activation_gelu: v_finish_row(attn_activation_gelu, p, add, sums, row + r, column, columns); break;
            case attn_activation_silu: v_finish_row(attn_activation_silu, p, add, sums, row + r, column, columns); break;
            case attn_activation_tanh: v_finish_row(attn_activation_tanh, p, add, sums, row + r, column, columns); break;
        }
    }
}
