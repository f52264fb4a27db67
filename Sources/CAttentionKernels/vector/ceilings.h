// What this instruction set can multiply and add at most in float32.

static double V_NAME(ceiling)(double *sum, float x, float y, size_t steps) {
    enum { sum_count = 12 };  // enough to hide the latency of a multiply-add; with x and y they fit 16 registers
    vf sums[sum_count];
    for (int i = 0; i < sum_count; i++) {
        sums[i] = v_set(i);  // sums that start alike would be computed once
    }
    const vf left = v_set(x), right = v_set(y);
    for (size_t step = 0; step < steps; step++) {
#pragma clang loop unroll(full)
        for (int i = 0; i < sum_count; i++) {
            sums[i] = v_fma(left, right, sums[i]);
        }
    }
    *sum = 0;
    for (int i = 0; i < sum_count; i++) {
        const vd added = v_widen(sums[i] - v_set(i));
        *sum += v_sum_double(&added);
    }
    return (double)sum_count * ATTN_WIDTH * steps;
}

static void attn_install_vector_ceilings(attn_kernels *table) {
    for (int precision = 0; precision < attn_precision_count; precision++) {
        table->ceilings[precision] = V_NAME(ceiling);
    }
}
