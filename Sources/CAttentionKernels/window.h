// Which elements of a plane a window sees.
#ifndef ATTN_WINDOW_H
#define ATTN_WINDOW_H

#include <math.h>

#include "attention_kernels.h"

/// Where on the axis the `offset`th element lies that is seen at a place: not below the size if it does not lie on the plane.
static inline size_t attn_window_element(const attn_window_axis *axis, size_t place, size_t offset) {
    return place * axis->stride + offset * axis->dilation - axis->padding;  // what lies before the plane is huge
}

/// The first place at which all that is seen lies on the plane or behind it.
static inline size_t attn_window_first_whole(const attn_window_axis *axis) {
    const size_t first = (axis->padding + axis->stride - 1) / axis->stride;
    return first < axis->places ? first : axis->places;
}

/// Behind the last place at which all that is seen lies on the plane or before it.
static inline size_t attn_window_end_of_whole(const attn_window_axis *axis) {
    const size_t reach = (axis->kernel - 1) * axis->dilation, end = axis->size + axis->padding;
    if (end <= reach) {
        return 0;
    }
    const size_t last = (end - reach - 1) / axis->stride;
    return last < axis->places ? last + 1 : axis->places;
}

/// One place of `maximum_pooling`.
static inline void attn_window_maximum(float *out, int32_t *source, const float *x, const attn_window_axis *rows,
                                       const attn_window_axis *columns, size_t row, size_t column) {
    float greatest = -INFINITY;
    int32_t found = -1;
    for (size_t down = 0; down < rows->kernel; down++) {
        const size_t line = attn_window_element(rows, row, down);
        if (line >= rows->size) {
            continue;
        }
        for (size_t right = 0; right < columns->kernel; right++) {
            const size_t across = attn_window_element(columns, column, right);
            if (across >= columns->size) {
                continue;
            }
            const size_t at = line * columns->size + across;
            if (x[at] > greatest || x[at] != x[at] || found < 0) {
                greatest = x[at], found = (int32_t)at;
            }
        }
    }
    *out = greatest, *source = found;
}

#endif
