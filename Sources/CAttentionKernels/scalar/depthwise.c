// Depthwise convolution of a plane: for each element of the window, row by row, the neighbouring places that see the plane through it.

#include "../tables.h"
#include "../window.h"

static void attn_f32_depthwise_convolution_scalar(float *out, const float *x, const float *weight, size_t weight_stride,
                                                  const attn_window_axis *rows, const attn_window_axis *columns) {
    const size_t stride = columns->stride;
    for (size_t down = 0; down < rows->kernel; down++) {
        for (size_t right = 0; right < columns->kernel; right++) {
            const float factor = weight[(down * columns->kernel + right) * weight_stride];
            const attn_window_run run = attn_window_run_through(columns, right);
            for (size_t row = 0; row < rows->places && run.count > 0; row++) {
                const size_t line = attn_window_element(rows, row, down);
                if (line >= rows->size) {
                    continue;
                }
                float *const to = out + row * columns->places + run.place;
                const float *const from = x + line * columns->size + run.element;
                for (size_t i = 0; i < run.count; i++) {
                    to[i] += factor * from[i * stride];
                }
            }
        }
    }
}

static void attn_f32_depthwise_input_backward_scalar(float *dx, const float *upstream, const float *weight,
                                                     size_t weight_stride, const attn_window_axis *rows,
                                                     const attn_window_axis *columns) {
    const size_t stride = columns->stride;
    for (size_t down = 0; down < rows->kernel; down++) {
        for (size_t right = 0; right < columns->kernel; right++) {
            const float factor = weight[(down * columns->kernel + right) * weight_stride];
            const attn_window_run run = attn_window_run_through(columns, right);
            for (size_t row = 0; row < rows->places && run.count > 0; row++) {
                const size_t line = attn_window_element(rows, row, down);
                if (line >= rows->size) {
                    continue;
                }
                float *const to = dx + line * columns->size + run.element;
                const float *const from = upstream + row * columns->places + run.place;
                for (size_t i = 0; i < run.count; i++) {
                    to[i * stride] += factor * from[i];
                }
            }
        }
    }
}

static void attn_f32_depthwise_weight_backward_scalar(double *dweight, const float *upstream, const float *x,
                                                      const attn_window_axis *rows, const attn_window_axis *columns) {
    const size_t stride = columns->stride;
    for (size_t down = 0; down < rows->kernel; down++) {
        for (size_t right = 0; right < columns->kernel; right++) {
            const attn_window_run run = attn_window_run_through(columns, right);
            double sum = 0;
            for (size_t row = 0; row < rows->places && run.count > 0; row++) {
                const size_t line = attn_window_element(rows, row, down);
                if (line >= rows->size) {
                    continue;
                }
                const float *const values = upstream + row * columns->places + run.place;
                const float *const from = x + line * columns->size + run.element;
                for (size_t i = 0; i < run.count; i++) {
                    sum += (double)values[i] * from[i * stride];
                }
            }
            dweight[down * columns->kernel + right] += sum;
        }
    }
}

void attn_install_scalar_depthwise(attn_kernels *table) {
    table->depthwise_convolution = attn_f32_depthwise_convolution_scalar;
    table->depthwise_input_backward = attn_f32_depthwise_input_backward_scalar;
    table->depthwise_weight_backward = attn_f32_depthwise_weight_backward_scalar;
}
