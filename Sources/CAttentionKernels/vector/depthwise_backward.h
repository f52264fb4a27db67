// Derivatives of depthwise convolution, which is done as the convolution itself is: block by block, small planes with zeros around them.

// MARK: Derivative by the plane

/// Elements stride · q + `phase` of a line are seen through `count` columns of the window, from the `first`th on, from places q + `place`
/// and before that.
typedef struct v_depthwise_phase {
    size_t first, count;
    ptrdiff_t place;
} v_depthwise_phase;

/// Through every `pace`th column of the window if through any.
V_INLINE v_depthwise_phase v_depthwise_phase_of(const attn_window_axis *columns, size_t phase, size_t pace, size_t stride) {
    const size_t start = phase + columns->padding;
    for (size_t right = 0; right < pace && right < columns->kernel; right++) {
        if ((start + right * columns->dilation) % stride == 0) {
            const ptrdiff_t shift = (ptrdiff_t)start - (ptrdiff_t)(right * columns->dilation);
            return (v_depthwise_phase){right, (columns->kernel - right + pace - 1) / pace, shift / (ptrdiff_t)stride};
        }
    }
    return (v_depthwise_phase){0, 0, 0};
}

/// Elements of a line from stride · q on, stride 1 or 2.
V_INLINE void v_depthwise_elements(float *dx, const float *upstream, const float *weight, size_t weight_stride,
                                   const attn_window_axis *rows, const attn_window_axis *columns,
                                   const v_depthwise_phase *phases, size_t pace, size_t line, size_t q, size_t stride,
                                   size_t count, size_t last) {
    vf sums[2][depthwise_vectors] = {0};
    const ptrdiff_t step = -(ptrdiff_t)(pace * columns->dilation / stride);
    for (size_t down = 0; down < rows->kernel; down++) {
        const size_t row = attn_window_place(rows, line, down);
        if (row >= rows->places) {
            continue;
        }
        const float *const from = upstream + row * columns->places + q;
        const float *const factors = weight + down * columns->kernel * weight_stride;
#pragma clang loop unroll(full)
        for (size_t phase = 0; phase < stride; phase++) {
            v_depthwise_taps(sums[phase], from + phases[phase].place, step, factors + phases[phase].first * weight_stride,
                             pace * weight_stride, phases[phase].count, 1, count, last);
        }
    }
#pragma clang loop unroll(full)
    for (size_t v = 0; v < count; v++) {
        const size_t n = stride * (v + 1 < count ? ATTN_WIDTH : last);
        float *const low = dx + stride * (q + v * ATTN_WIDTH), *const high = low + ATTN_WIDTH;
        const vf even = sums[0][v], odd = sums[1][v];
        v_store_any(low, v_load_any(low, n) + (stride == 1 ? even : v_interleave_low(even, odd)), n);
        if (n > ATTN_WIDTH) {
            v_store_any(high, v_load_any(high, n - ATTN_WIDTH) + v_interleave_high(even, odd), n - ATTN_WIDTH);
        }
    }
}

/// All lines, elements [stride · first, stride · end) of each.
V_INLINE void v_depthwise_lines(float *dx, const float *upstream, const float *weight, size_t weight_stride,
                                const attn_window_axis *rows, const attn_window_axis *columns, size_t first, size_t end,
                                size_t stride) {
    const size_t pace = stride == 2 && columns->dilation % 2 == 1 ? 2 : 1;
    v_depthwise_phase phases[2];
    for (size_t phase = 0; phase < stride; phase++) {
        phases[phase] = v_depthwise_phase_of(columns, phase, pace, stride);
    }
    for (size_t line = 0; line < rows->size; line++, dx += columns->size) {
#define V_ELEMENTS(q, count, last)                                                                                       \
    v_depthwise_elements(dx, upstream, weight, weight_stride, rows, columns, phases, pace, line, q, stride, count, last)
        V_DEPTHWISE_BLOCKS(first, end, V_ELEMENTS);
#undef V_ELEMENTS
    }
}

/// Strides 1 and 2.
static void V_NAME(depthwise_inputs)(float *dx, const float *upstream, const float *weight, size_t weight_stride,
                                     const attn_window_axis *rows, const attn_window_axis *columns) {
    // Elements [stride · first, stride · end) of a line are those whose places all exist.
    const size_t stride = columns->stride, width = columns->kernel, reach = (width - 1) * columns->dilation;
    const size_t begin = reach > columns->padding ? (reach - columns->padding + stride - 1) / stride : 0;
    const size_t behind = (columns->padding + stride - 1) / stride, pairs = columns->size / stride;
    const size_t limit = columns->places > behind ? columns->places - behind : 0, whole = limit < pairs ? limit : pairs;
    const size_t first = begin < whole ? begin : 0, end = begin < whole ? whole : 0;
    if (stride == 1) {
        v_depthwise_lines(dx, upstream, weight, weight_stride, rows, columns, first, end, 1);
    } else {
        v_depthwise_lines(dx, upstream, weight, weight_stride, rows, columns, first, end, 2);
    }
    for (size_t down = 0; down < rows->kernel; down++) {
        const attn_window_run run = attn_window_run_through(rows, down);
        for (size_t across = first > 0 ? 0 : stride * end; across < columns->size;
             across = across + 1 == stride * first ? stride * end : across + 1) {
            for (size_t right = 0; right < width; right++) {
                const size_t place = attn_window_place(columns, across, right);
                const float factor = weight[(down * width + right) * weight_stride];
                for (size_t i = 0; i < run.count && place < columns->places; i++) {
                    dx[(run.element + i * rows->stride) * columns->size + across] +=
                        factor * upstream[(run.place + i) * columns->places + place];
                }
            }
        }
    }
}

/// Any stride, one by one.
static inline void attn_depthwise_inputs(float *dx, const float *upstream, const float *weight, size_t weight_stride,
                                         const attn_window_axis *rows, const attn_window_axis *columns) {
    for (size_t right = 0; right < columns->kernel; right++) {
        const attn_window_run run = attn_window_run_through(columns, right);
        for (size_t row = 0; row < rows->places; row++) {
            for (size_t down = 0; down < rows->kernel; down++) {
                const size_t line = attn_window_element(rows, row, down);
                const float factor = weight[(down * columns->kernel + right) * weight_stride];
                for (size_t i = 0; i < run.count && line < rows->size; i++) {
                    dx[line * columns->size + run.element + i * columns->stride] +=
                        factor * upstream[row * columns->places + run.place + i];
                }
            }
        }
    }
}

static void V_NAME(depthwise_input_backward)(float *dx, const float *upstream, const float *weight, size_t weight_stride,
                                             const attn_window_axis *rows, const attn_window_axis *columns) {
    const size_t stride = columns->stride, padding = columns->padding;
    if (stride > 2) {
        attn_depthwise_inputs(dx, upstream, weight, weight_stride, rows, columns);
        return;
    }
    // Places that are thought before the first and behind the last, so that every element is seen from all that it can be seen from.
    const size_t reach = (columns->kernel - 1) * columns->dilation;
    const size_t before = reach > padding ? (reach - padding + stride - 1) / stride : 0;
    const size_t last = (columns->size + padding + stride - 1) / stride;
    const size_t width = before + (last > columns->places ? last : columns->places);
    if (width == columns->places || rows->places * width > depthwise_room) {
        V_NAME(depthwise_inputs)(dx, upstream, weight, weight_stride, rows, columns);
        return;
    }
    float padded[depthwise_room + ATTN_WIDTH];
    v_depthwise_pad(padded, upstream, rows->places, columns->places, before, width);
    const attn_window_axis whole = {columns->size, columns->kernel, stride, padding + stride * before, columns->dilation, width};
    V_NAME(depthwise_inputs)(dx, padded, weight, weight_stride, rows, &whole);
}

// MARK: Derivative by the weight

/// The sum of all; they begin anew.
V_INLINE double v_depthwise_take(vf sums[depthwise_vectors]) {
    vd total = 0;
#pragma clang loop unroll(full)
    for (size_t v = 0; v < depthwise_vectors; v++) {
        total += v_widen(sums[v]);
        sums[v] = v_set(0);
    }
    return v_sum_double(&total);
}

/// Σ upstream · x through one element of the window.
V_INLINE double v_depthwise_weight(const float *upstream, const float *x, const attn_window_axis *rows,
                                   const attn_window_axis *columns, size_t down, attn_window_run run, size_t stride) {
    enum { limit = 4096, wide = depthwise_vectors * ATTN_WIDTH };  // so many products first, which rounds less than one long sum
    vf sums[depthwise_vectors] = {0};
    double total = 0;
    size_t held = 0;
    for (size_t row = 0; row < rows->places; row++) {
        const size_t line = attn_window_element(rows, row, down);
        if (line >= rows->size) {
            continue;
        }
        const float *const values = upstream + row * columns->places + run.place;
        const float *const from = x + line * columns->size + run.element;
#define V_PRODUCTS(at, count, last)                                                                              \
    _Pragma("clang loop unroll(full)") for (size_t v = 0; v < (count); v++) {                                    \
        const size_t i = (at) + v * ATTN_WIDTH, n = v + 1 < (count) ? ATTN_WIDTH : (last);                       \
        sums[v] = v_fma(v_load_any(values + i, n), v_load_apart(from + i * stride, n, stride), sums[v]);         \
    }
        V_DEPTHWISE_BLOCKS(0, run.count, V_PRODUCTS);
#undef V_PRODUCTS
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
        for (size_t down = 0; down < rows->kernel && run.count > 0; down++) {
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
