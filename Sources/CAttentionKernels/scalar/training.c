// Optimizer steps.

#include <math.h>

#include "../tables.h"

static void attn_f32_adam_scalar(float *weights, float *first, float *second, const float *gradient,
                                 float gradient_scale, float rate, float beta1, float beta2, float epsilon, float decay,
                                 float correction1, float correction2, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const float g = gradient_scale * gradient[i];
        first[i] = beta1 * first[i] + (1 - beta1) * g;
        second[i] = beta2 * second[i] + (1 - beta2) * g * g;
        const float step = first[i] / correction1 / (sqrtf(second[i] / correction2) + epsilon);
        weights[i] -= rate * (step + decay * weights[i]);
    }
}

void attn_install_scalar_training(attn_kernels *table) { table->adam = attn_f32_adam_scalar; }
