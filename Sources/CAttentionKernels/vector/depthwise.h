// Depthwise convolution of a plane: neighbouring places beside one another, where all that they see of their rows lies on the plane. What is
// left at both sides is computed column by column.

/// What the places of one column see through one column of the window.
static inline void attn_depthwise_column(float *out, const float *x, const float *weight, size_t weight_stride,
                                         const attn_window_axis *rows, const attn_window_axis *columns, size_t place,
                                         size_t right) {
    const size_t across = attn_window_element(columns, place, right);
    for (size_t row = 0; row < rows->places; row++) {
        float sum = 0;
        for (size_t down = 0; down < rows->kernel; down++) {
            const size_t line = attn_window_element(rows, row, down);
            if (line < rows->size) {
                sum += weight[(down * columns->kernel + right) * weight_stride] * x[line * columns->size + across];
            }
        }
        out[row * columns->places + place] += sum;
    }
}

/// `count` ≤ 4 vectors of places of a row from `column` on, n in all, `stride` apart.
V_INLINE void v_depthwise_places(float *out, const float *x, const float *weight, size_t weight_stride,
                                 const attn_window_axis *rows, const attn_window_axis *columns, size_t row,
                                 size_t column, size_t n, size_t count, size_t stride) {
    vf sums[4];
#pragma clang loop unroll(full)
    for (size_t v = 0; v < count; v++) {
        sums[v] = v_load_any(out + v * ATTN_WIDTH, n - v * ATTN_WIDTH);
    }
    for (size_t down = 0; down < rows->kernel; down++) {
        const size_t line = attn_window_element(rows, row, down);
        if (line >= rows->size) {
            continue;
        }
        const float *from = x + line * columns->size + attn_window_element(columns, column, 0);
        for (size_t right = 0; right < columns->kernel; right++, from += columns->dilation) {
            const vf factor = v_set(weight[(down * columns->kernel + right) * weight_stride]);
#pragma clang loop unroll(full)
            for (size_t v = 0; v < count; v++) {
                const size_t first = v * ATTN_WIDTH;
                sums[v] = v_fma(factor, v_load_apart(from + first * stride, n - first, stride), sums[v]);
            }
        }
    }
#pragma clang loop unroll(full)
    for (size_t v = 0; v < count; v++) {
        v_store_any(out + v * ATTN_WIDTH, sums[v], n - v * ATTN_WIDTH);
    }
}

/// All rows, columns [first, end).
V_INLINE void v_depthwise_rows(float *out, const float *x, const float *weight, size_t weight_stride,
                               const attn_window_axis *rows, const attn_window_axis *columns, size_t first, size_t end,
                               size_t stride) {
    enum { count = 4, wide = count * ATTN_WIDTH };
    for (size_t row = 0; row < rows->places; row++, out += columns->places) {
        size_t column = first;
        for (; column + wide <= end; column += wide) {
            v_depthwise_places(out + column, x, weight, weight_stride, rows, columns, row, column, wide, count, stride);
        }
        for (; column + ATTN_WIDTH <= end; column += ATTN_WIDTH) {
            v_depthwise_places(out + column, x, weight, weight_stride, rows, columns, row, column, ATTN_WIDTH, 1, stride);
        }
        if (column < end) {
            v_depthwise_places(out + column, x, weight, weight_stride, rows, columns, row, column, end - column, 1, stride);
        }
    }
}

static void V_NAME(depthwise_convolution)(float *out, const float *x, const float *weight, size_t weight_stride,
                                          const attn_window_axis *rows, const attn_window_axis *columns) {
    const size_t whole = attn_window_end(columns, columns->kernel - 1), begin = attn_window_first(columns, 0);
    const size_t first = begin < whole ? begin : columns->places, end = first < whole ? whole : first;
    switch (columns->stride) {
        case 1: v_depthwise_rows(out, x, weight, weight_stride, rows, columns, first, end, 1); break;
        case 2: v_depthwise_rows(out, x, weight, weight_stride, rows, columns, first, end, 2); break;
        default: v_depthwise_rows(out, x, weight, weight_stride, rows, columns, first, end, columns->stride);
    }
    for (size_t right = 0; right < columns->kernel; right++) {
        const size_t last = attn_window_end(columns, right);
        for (size_t place = attn_window_first(columns, right); place < last; place++) {
            if (place >= first && place < end) {
                place = end - 1;  // done
            } else {
                attn_depthwise_column(out, x, weight, weight_stride, rows, columns, place, right);
            }
        }
    }
}

// MARK: Derivative by the plane

/// What one column of the plane has from the places of one column, through one column of the window.
static inline void attn_depthwise_column_backward(float *dx, const float *upstream, const float *weight,
                                                  size_t weight_stride, const attn_window_axis *rows,
                                                  const attn_window_axis *columns, size_t place, size_t right) {
    const size_t across = attn_window_element(columns, place, right);
    for (size_t row = 0; row < rows->places; row++) {
        const float value = upstream[row * columns->places + place];
        for (size_t down = 0; down < rows->kernel; down++) {
            const size_t line = attn_window_element(rows, row, down);
            if (line < rows->size) {
                dx[line * columns->size + across] += weight[(down * columns->kernel + right) * weight_stride] * value;
            }
        }
    }
}

/// n elements of a line of the plane if stride is 1, n pairs of them if it is 2, from the qth on: what they have from a row of places.
/// Element stride · q + phase is seen through `right` from place q + (phase + padding − right · dilation) / stride.
V_INLINE void v_depthwise_elements(float *dx, const float *upstream, const float *weight, size_t weight_stride,
                                   const attn_window_axis *columns, size_t q, size_t n, size_t stride) {
    vf even = v_set(0), odd = v_set(0);
    for (size_t right = 0; right < columns->kernel; right++) {
        const ptrdiff_t shift = (ptrdiff_t)(columns->padding - right * columns->dilation);
        const vf factor = v_set(weight[right * weight_stride]);
        if (stride == 1) {
            even = v_fma(factor, v_load_any(upstream + (ptrdiff_t)q + shift, n), even);
        } else if (shift % 2 == 0) {
            even = v_fma(factor, v_load_any(upstream + (ptrdiff_t)q + shift / 2, n), even);
        } else {
            odd = v_fma(factor, v_load_any(upstream + (ptrdiff_t)q + (shift + 1) / 2, n), odd);
        }
    }
    if (stride == 1) {
        v_store_any(dx + q, v_load_any(dx + q, n) + even, n);
        return;
    }
    float *const low = dx + 2 * q, *const high = low + ATTN_WIDTH;
    v_store_any(low, v_load_any(low, 2 * n) + v_interleave_low(even, odd), 2 * n);
    if (2 * n > ATTN_WIDTH) {
        const size_t rest = 2 * n - ATTN_WIDTH;
        v_store_any(high, v_load_any(high, rest) + v_interleave_high(even, odd), rest);
    }
}

/// All lines of the plane, elements [stride · first, stride · end) of each.
V_INLINE void v_depthwise_lines(float *dx, const float *upstream, const float *weight, size_t weight_stride,
                                const attn_window_axis *rows, const attn_window_axis *columns, size_t first, size_t end,
                                size_t stride) {
    for (size_t row = 0; row < rows->places; row++, upstream += columns->places) {
        for (size_t down = 0; down < rows->kernel; down++) {
            const size_t line = attn_window_element(rows, row, down);
            if (line >= rows->size) {
                continue;
            }
            float *const to = dx + line * columns->size;
            const float *const factors = weight + down * columns->kernel * weight_stride;
            size_t q = first;
            for (; q + ATTN_WIDTH <= end; q += ATTN_WIDTH) {
                v_depthwise_elements(to, upstream, factors, weight_stride, columns, q, ATTN_WIDTH, stride);
            }
            if (q < end) {
                v_depthwise_elements(to, upstream, factors, weight_stride, columns, q, end - q, stride);
            }
        }
    }
}

static void V_NAME(depthwise_input_backward)(float *dx, const float *upstream, const float *weight, size_t weight_stride,
                                             const attn_window_axis *rows, const attn_window_axis *columns) {
    // Elements [stride · first, stride · end) of a line are those whose places all exist. None where places are farther apart.
    const size_t stride = columns->stride, reach = (columns->kernel - 1) * columns->dilation;
    const size_t behind = (columns->padding + stride - 1) / stride, whole = columns->size / stride;
    const size_t begin = reach > columns->padding ? (reach - columns->padding + stride - 1) / stride : 0;
    const size_t last = columns->places > behind ? columns->places - behind : 0, limit = last < whole ? last : whole;
    const size_t first = stride <= 2 ? begin : 0, end = stride <= 2 && begin < limit ? limit : first;
    if (stride == 1) {
        v_depthwise_lines(dx, upstream, weight, weight_stride, rows, columns, first, end, 1);
    } else if (stride == 2) {
        v_depthwise_lines(dx, upstream, weight, weight_stride, rows, columns, first, end, 2);
    }
    for (size_t right = 0; right < columns->kernel; right++) {
        const size_t stop = attn_window_end(columns, right);
        for (size_t place = attn_window_first(columns, right); place < stop; place++) {
            const size_t across = attn_window_element(columns, place, right);
            if (across < stride * first || across >= stride * end) {
                attn_depthwise_column_backward(dx, upstream, weight, weight_stride, rows, columns, place, right);
            }
        }
    }
}

// MARK: Derivative by the weight

enum { depthwise_sums = 4 };

/// Their sum; they begin anew.
V_INLINE double v_depthwise_take(vf sums[depthwise_sums]) {
    vd total = 0;
#pragma clang loop unroll(full)
    for (size_t v = 0; v < depthwise_sums; v++) {
        total += v_widen(sums[v]);
        sums[v] = v_set(0);
    }
    return v_sum_double(&total);
}

/// Σ upstream · x through one element of the window.
V_INLINE double v_depthwise_weight(const float *upstream, const float *x, const attn_window_axis *rows,
                                   const attn_window_axis *columns, size_t down, attn_window_run run, size_t stride) {
    enum { limit = 4096 };  // sums of about so many products first, which rounds less than one long sum
    vf sums[depthwise_sums] = {0};
    double total = 0;
    size_t held = 0;
    for (size_t row = 0; row < rows->places; row++) {
        const size_t line = attn_window_element(rows, row, down);
        if (line >= rows->size) {
            continue;
        }
        const float *const values = upstream + row * columns->places + run.place;
        const float *const from = x + line * columns->size + run.element;
        for (size_t i = 0; i < run.count; i += depthwise_sums * ATTN_WIDTH) {
#pragma clang loop unroll(full)
            for (size_t v = 0; v < depthwise_sums; v++) {
                const size_t at = i + v * ATTN_WIDTH;
                if (at < run.count) {
                    const size_t n = run.count - at;
                    sums[v] = v_fma(v_load_any(values + at, n), v_load_apart(from + at * stride, n, stride), sums[v]);
                }
            }
        }
        held += run.count;
        if (held >= limit) {
            total += v_depthwise_take(sums);
            held = 0;
        }
    }
    return total + v_depthwise_take(sums);
}

static void V_NAME(depthwise_weight_backward)(double *dweight, const float *upstream, const float *x,
                                              const attn_window_axis *rows, const attn_window_axis *columns) {
    for (size_t right = 0; right < columns->kernel; right++) {
        const attn_window_run run = attn_window_run_through(columns, right);
        if (run.count == 0) {
            continue;
        }
        for (size_t down = 0; down < rows->kernel; down++) {
            double *const to = dweight + down * columns->kernel + right;
            switch (columns->stride) {
                case 1: *to += v_depthwise_weight(upstream, x, rows, columns, down, run, 1); break;
                case 2: *to += v_depthwise_weight(upstream, x, rows, columns, down, run, 2); break;
                default: *to += v_depthwise_weight(upstream, x, rows, columns, down, run, columns->stride);
            }
        }
    }
}

static inline void attn_install_vector_depthwise(attn_kernels *table) {
    table->depthwise_convolution = V_NAME(depthwise_convolution);
    table->depthwise_input_backward = V_NAME(depthwise_input_backward);
    table->depthwise_weight_backward = V_NAME(depthwise_weight_backward);
}
