// What this table can multiply and add at most.

#include "../tables.h"

static double attn_f32_ceiling_scalar(double *sum, float x, float y, size_t steps) {
    enum { sum_count = 8 };                // enough to hide the latency of an addition
    volatile float left = x, right = y;    // read anew, or one product would serve all sums
    float lefts[sum_count], sums[sum_count];
    for (size_t i = 0; i < sum_count; i++) {
        lefts[i] = left;
        sums[i] = 0;
    }
    for (size_t step = 0; step < steps; step++) {
        const float factor = right;
        for (size_t i = 0; i < sum_count; i++) {
            sums[i] += lefts[i] * factor;
        }
    }
    *sum = 0;
    for (size_t i = 0; i < sum_count; i++) {
        *sum += sums[i];
    }
    return (double)sum_count * steps;
}

void attn_install_scalar_ceilings(attn_kernels *table) {
    for (int precision = 0; precision < attn_precision_count; precision++) {
        table->ceilings[precision] = attn_f32_ceiling_scalar;
    }
}
