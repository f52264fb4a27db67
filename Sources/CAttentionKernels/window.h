// Which elements of a plane a window sees.
#ifndef ATTN_WINDOW_H
#define ATTN_WINDOW_H

#include <math.h>

#include "attention_kernels.h"

/// Where on the axis the `offset`th element lies that is seen at a place: not below the size if it does not lie on the plane.
static inline size_t attn_window_element(const attn_window_axis *axis, size_t place, size_t offset) {
    return place * axis->stride + offset * axis->dilation - axis->padding;  // what lies before the plane is huge
}

/// The place at which the `offset`th element that is seen is this one: not below the places if there is none.
static inline size_t attn_window_place(const attn_window_axis *axis, size_t element, size_t offset) {
    const size_t steps = element + axis->padding - offset * axis->dilation;  // what lies before the first is huge
    if (axis->stride == 1) {
        return steps;
    }
    return steps % axis->stride == 0 ? steps / axis->stride : SIZE_MAX;
}

/// The first place at which the `offset`th element that is seen lies on the axis or behind it; for offset 0, at which all of them do.
static inline size_t attn_window_first(const attn_window_axis *axis, size_t offset) {
    const size_t shift = offset * axis->dilation;
    const size_t first = axis->padding > shift ? (axis->padding - shift + axis->stride - 1) / axis->stride : 0;
    return first < axis->places ? first : axis->places;
}

/// Behind the last place at which it lies on the axis or before it; for the last element, at which all of them do.
static inline size_t attn_window_end(const attn_window_axis *axis, size_t offset) {
    const size_t shift = offset * axis->dilation, end = axis->size + axis->padding;
    if (end <= shift) {
        return 0;
    }
    const size_t last = (end - shift - 1) / axis->stride;
    return last < axis->places ? last + 1 : axis->places;
}

/// Neighbouring places of a row that see a line of the plane through one element of the window: the first of them, what it sees of the
/// line, and how many they are.
typedef struct attn_window_run {
    size_t place, element, count;
} attn_window_run;

static inline attn_window_run attn_window_run_through(const attn_window_axis *axis, size_t offset) {
    const size_t first = attn_window_first(axis, offset), end = attn_window_end(axis, offset);
    return (attn_window_run){first, attn_window_element(axis, first, offset), first < end ? end - first : 0};
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
