#include "check.h"

static attn_window_axis axis(size_t size, size_t kernel, size_t stride, size_t padding, size_t dilation) {
    const size_t reach = (kernel - 1) * dilation + 1;
    return (attn_window_axis){size, kernel, stride, padding, dilation, (size + 2 * padding - reach) / stride + 1};
}

void check_maximum_pooling(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    (void)offset;
    const size_t windows[][4] = {{1, 1, 0, 1}, {2, 2, 0, 1}, {2, 1, 1, 1}, {3, 2, 1, 1}, {3, 1, 1, 2},
                                 {3, 3, 1, 1}, {5, 2, 2, 2}, {2, 2, 1, 3}, {4, 4, 2, 1}};
    for (size_t w = 0; w < sizeof windows / sizeof *windows; w++) {
        const size_t *window = windows[w], reach = (window[0] - 1) * window[3] + 1;
        for (size_t s = 0; s < check_size_count; s++) {
            const size_t width = check_sizes[s] + reach, height = 4 + reach;
            const attn_window_axis rows = axis(height, window[0], window[1], window[2], window[3]);
            const attn_window_axis columns = axis(width, window[0], window[1], window[2], window[3]);
            const size_t places = rows.places * columns.places;
            float *x = check_memory(width * height * sizeof *x);
            for (size_t i = 0; i < width * height; i++) {
                // Few numbers, so that many are equal, and now and then one that is none.
                const uint64_t bits = check_random();
                x[i] = bits % 16 == 0 ? check_specials[bits / 16 % check_special_count] : (float)(bits / 16 % 5);
            }
            float *out = check_floats(9, places), *expected = check_floats(8, places);
            int32_t *source = check_memory(places * sizeof *source), *wanted = check_memory(places * sizeof *wanted);
            tested->maximum_pooling(out, source, x, &rows, &columns);
            scalar->maximum_pooling(expected, wanted, x, &rows, &columns);
            check_same_bits(out, expected, places * sizeof *out, "the greatest");
            check_same_bits(source, wanted, places * sizeof *source, "where they lie");
        }
    }
}
