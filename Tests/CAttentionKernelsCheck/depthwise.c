#include "check.h"

/// A plane under a window.
typedef struct depthwise_case {
    attn_window_axis rows, columns;
    size_t weight_stride;
    const float *x, *upstream, *weight;
} depthwise_case;

static attn_window_axis axis(size_t size, size_t kernel, size_t stride, size_t padding, size_t dilation) {
    const size_t reach = (kernel - 1) * dilation + 1;
    return (attn_window_axis){size, kernel, stride, padding, dilation, (size + 2 * padding - reach) / stride + 1};
}

static void each_case(void (*body)(const attn_kernels *, const attn_kernels *, const depthwise_case *),
                      const attn_kernels *tested, const attn_kernels *scalar) {
    // Kernel, stride, padding, dilation.
    const size_t windows[][4] = {{1, 1, 0, 1}, {1, 1, 2, 1}, {3, 1, 1, 1}, {3, 2, 1, 1}, {2, 2, 0, 1}, {3, 1, 2, 2}, {3, 2, 2, 2},
                                 {5, 2, 2, 1}, {3, 2, 4, 3}, {4, 4, 0, 1}, {5, 3, 2, 1}, {7, 1, 3, 1}, {4, 2, 3, 1}, {2, 1, 5, 1}};
    for (size_t w = 0; w < sizeof windows / sizeof *windows; w++) {
        const size_t *window = windows[w], reach = (window[0] - 1) * window[3] + 1;
        for (size_t s = 0; s < check_size_count; s++) {
            // As wide as the window and more, or as narrow as its padding allows; the last one large.
            const size_t narrow = reach > 2 * window[2] ? reach - 2 * window[2] : 0;
            const size_t width = check_sizes[s] + (s % 2 == 0 ? reach : narrow), height = narrow + (s + 1 < check_size_count ? 3 : 24);
            const attn_window_axis rows = axis(height, window[0], window[1], window[2], window[3]);
            const attn_window_axis columns = axis(width, window[0], window[1], window[2], window[3]);
            const size_t weight_stride = s % 3 == 0 ? 0 : 1;
            const depthwise_case one = {
                rows, columns, weight_stride, check_random_floats(width * height, -1, 1),
                check_random_floats(rows.places * columns.places, -1, 1),
                check_random_floats(weight_stride == 0 ? 1 : window[0] * window[0], -1, 1),
            };
            body(tested, scalar, &one);
        }
    }
}

static void compare_outputs(const attn_kernels *tested, const attn_kernels *scalar, const depthwise_case *one) {
    const size_t places = one->rows.places * one->columns.places;
    float *out = check_random_floats(places, -1, 1), *expected = check_copy(out, places);
    tested->depthwise_convolution(out, one->x, one->weight, one->weight_stride, &one->rows, &one->columns);
    scalar->depthwise_convolution(expected, one->x, one->weight, one->weight_stride, &one->rows, &one->columns);
    check_close(out, expected, places, 5e-6, "%zu columns, kernel %zu, stride %zu, padding %zu, dilation %zu", one->columns.size,
                one->columns.kernel, one->columns.stride, one->columns.padding, one->columns.dilation);
}

static void compare_inputs(const attn_kernels *tested, const attn_kernels *scalar, const depthwise_case *one) {
    const size_t area = one->rows.size * one->columns.size;
    float *dx = check_random_floats(area, -1, 1), *expected = check_copy(dx, area);
    tested->depthwise_input_backward(dx, one->upstream, one->weight, one->weight_stride, &one->rows, &one->columns);
    scalar->depthwise_input_backward(expected, one->upstream, one->weight, one->weight_stride, &one->rows, &one->columns);
    check_close(dx, expected, area, 5e-6, "%zu columns, kernel %zu, stride %zu, padding %zu, dilation %zu", one->columns.size,
                one->columns.kernel, one->columns.stride, one->columns.padding, one->columns.dilation);
}

static void compare_weights(const attn_kernels *tested, const attn_kernels *scalar, const depthwise_case *one) {
    const size_t elements = one->rows.kernel * one->columns.kernel;
    double *sums = check_memory(elements * sizeof *sums), *expected = check_memory(elements * sizeof *expected);
    for (size_t i = 0; i < elements; i++) {
        sums[i] = expected[i] = (double)i;
    }
    tested->depthwise_weight_backward(sums, one->upstream, one->x, &one->rows, &one->columns);
    scalar->depthwise_weight_backward(expected, one->upstream, one->x, &one->rows, &one->columns);
    for (size_t i = 0; i < elements; i++) {
        CHECK(fabs(sums[i] - expected[i]) <= 1e-5 * fmax(1, fabs(expected[i])),
              "%zu columns, kernel %zu, stride %zu, padding %zu, dilation %zu: [%zu] is %.9g, expected %.9g", one->columns.size,
              one->columns.kernel, one->columns.stride, one->columns.padding, one->columns.dilation, i, sums[i], expected[i]);
    }
}

void check_depthwise_convolution(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    (void)offset;
    each_case(compare_outputs, tested, scalar);
}

void check_depthwise_input_backward(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    (void)offset;
    each_case(compare_inputs, tested, scalar);
}

void check_depthwise_weight_backward(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    (void)offset;
    each_case(compare_weights, tested, scalar);
}
