// Depthwise convolution of a plane: neighbouring places beside one another, where all that they see of their rows lies on the plane. So that
// it does, small planes get the zeros that are thought around them; what is left at both sides of large ones is computed column by column.

enum { depthwise_vectors = 4 };  // a block: with so many sums at a time, none waits for the one before it
enum { depthwise_room = 4096 };  // a small plane: so many numbers lie on the stack

/// Calls body(at, count, last) for blocks that cover [first, end): of `count` vectors, the last of `last` elements.
#define V_DEPTHWISE_BLOCKS(first, end, body)                                                 \
    do {                                                                                     \
        size_t at = first;                                                                   \
        for (; at + depthwise_vectors * ATTN_WIDTH < end; at += depthwise_vectors * ATTN_WIDTH) { \
            body(at, depthwise_vectors, ATTN_WIDTH);                                         \
        }                                                                                    \
        if (at < end) {                                                                      \
            const size_t rest = end - at;                                                    \
            switch ((rest - 1) / ATTN_WIDTH) {                                               \
                case 0: body(at, 1, rest); break;                                            \
                case 1: body(at, 2, rest - ATTN_WIDTH); break;                               \
                case 2: body(at, 3, rest - 2 * ATTN_WIDTH); break;                           \
                default: body(at, 4, rest - 3 * ATTN_WIDTH);                                 \
            }                                                                                \
        }                                                                                    \
    } while (0)

/// sums[v] += Σ_t weight[t · weight_step] times what lies v vectors behind from + t · step, its elements `stride` apart.
V_INLINE void v_depthwise_taps(vf *sums, const float *from, ptrdiff_t step, const float *weight, size_t weight_step,
                               size_t taps, size_t stride, size_t count, size_t last) {
    for (size_t tap = 0; tap < taps; tap++) {
        const vf factor = v_set(weight[tap * weight_step]);
        const float *const p = from + (ptrdiff_t)tap * step;
#pragma clang loop unroll(full)
        for (size_t v = 0; v < count; v++) {
            const vf x = v_load_apart(p + v * ATTN_WIDTH * stride, v + 1 < count ? ATTN_WIDTH : last, stride);
            sums[v] = v_fma(factor, x, sums[v]);
        }
    }
}

/// `lines` lines of x, of `size` elements each, at `before` in lines of `width`, zeros around them. `to` has room for a vector more.
V_INLINE void v_depthwise_pad(float *to, const float *x, size_t lines, size_t size, size_t before, size_t width) {
    memset(to, 0, lines * width * sizeof *to);
    for (size_t line = 0; line < lines; line++, x += size, to += width) {
        for (size_t i = 0; i < size; i += ATTN_WIDTH) {
            v_store(to + before + i, v_load_any(x + i, size - i));  // zeros behind the last, where the next line is still to come
        }
    }
}

/// Places of a row from `column` on.
V_INLINE void v_depthwise_places(float *out, const float *x, const float *weight, size_t weight_stride,
                                 const attn_window_axis *rows, const attn_window_axis *columns, size_t row,
                                 size_t column, size_t stride, size_t count, size_t last) {
    vf sums[depthwise_vectors];
#pragma clang loop unroll(full)
    for (size_t v = 0; v < count; v++) {
        sums[v] = v_load_any(out + v * ATTN_WIDTH, v + 1 < count ? ATTN_WIDTH : last);
    }
    const size_t across = attn_window_element(columns, column, 0), width = columns->kernel;
    for (size_t down = 0; down < rows->kernel; down++) {
        const size_t line = attn_window_element(rows, row, down);
        if (line < rows->size) {
            v_depthwise_taps(sums, x + line * columns->size + across, (ptrdiff_t)columns->dilation,
                             weight + down * width * weight_stride, weight_stride, width, stride, count, last);
        }
    }
#pragma clang loop unroll(full)
    for (size_t v = 0; v < count; v++) {
        v_store_any(out + v * ATTN_WIDTH, sums[v], v + 1 < count ? ATTN_WIDTH : last);
    }
}

/// All rows, columns [first, end).
V_INLINE void v_depthwise_rows(float *out, const float *x, const float *weight, size_t weight_stride,
                               const attn_window_axis *rows, const attn_window_axis *columns, size_t first, size_t end,
                               size_t stride) {
    for (size_t row = 0; row < rows->places; row++, out += columns->places) {
#define V_PLACES(column, count, last) \
    v_depthwise_places(out + (column), x, weight, weight_stride, rows, columns, row, column, stride, count, last)
        V_DEPTHWISE_BLOCKS(first, end, V_PLACES);
#undef V_PLACES
    }
}

static void V_NAME(depthwise_outputs)(float *out, const float *x, const float *weight, size_t weight_stride,
                                      const attn_window_axis *rows, const attn_window_axis *columns) {
    const size_t places = columns->places, width = columns->kernel;
    const size_t begin = attn_window_first(columns, 0), whole = attn_window_end(columns, width - 1);
    const size_t first = begin < whole ? begin : places, end = begin < whole ? whole : places;
    switch (columns->stride) {
        case 1: v_depthwise_rows(out, x, weight, weight_stride, rows, columns, first, end, 1); break;
        case 2: v_depthwise_rows(out, x, weight, weight_stride, rows, columns, first, end, 2); break;
        default: v_depthwise_rows(out, x, weight, weight_stride, rows, columns, first, end, columns->stride);
    }
    for (size_t down = 0; down < rows->kernel; down++) {
        const attn_window_run run = attn_window_run_through(rows, down);
        for (size_t place = first > 0 ? 0 : end; place < places; place = place + 1 == first ? end : place + 1) {
            for (size_t right = 0; right < width; right++) {
                const size_t across = attn_window_element(columns, place, right);
                const float factor = weight[(down * width + right) * weight_stride];
                for (size_t i = 0; i < run.count && across < columns->size; i++) {
                    out[(run.place + i) * places + place] +=
                        factor * x[(run.element + i * rows->stride) * columns->size + across];
                }
            }
        }
    }
}

static void V_NAME(depthwise_convolution)(float *out, const float *x, const float *weight, size_t weight_stride,
                                          const attn_window_axis *rows, const attn_window_axis *columns) {
    const size_t width = columns->size + 2 * columns->padding;
    if (columns->padding == 0 || rows->size * width > depthwise_room) {
        V_NAME(depthwise_outputs)(out, x, weight, weight_stride, rows, columns);
        return;
    }
    float padded[depthwise_room + ATTN_WIDTH];
    v_depthwise_pad(padded, x, rows->size, columns->size, columns->padding, width);
    const attn_window_axis whole = {width, columns->kernel, columns->stride, 0, columns->dilation, columns->places};
    V_NAME(depthwise_outputs)(out, padded, weight, weight_stride, rows, &whole);
}
