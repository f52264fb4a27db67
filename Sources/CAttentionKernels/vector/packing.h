// Laying out matrices for the products, and cutting work into even parts.

enum {
    v_cache_line = 64,
    v_panel = ATTN_TILE_VECTORS * ATTN_WIDTH,  // columns that lie together in packed operands
};

V_INLINE size_t v_ceiling_divide(size_t x, size_t y) { return (x + y - 1) / y; }

V_INLINE void *v_align(const void *p) {
    return (void *)(((uintptr_t)p + v_cache_line - 1) & ~(uintptr_t)(v_cache_line - 1));
}

/// Where part `index` of `count` even parts of [0, n) begins.
V_INLINE size_t v_part(size_t n, size_t index, size_t count) { return n / count * index + n % count * index / count; }

/// ATTN_WIDTH steps of depth of up to ATTN_WIDTH lanes: lanes are rows in memory, and become columns.
/// Writes whole vectors: what spills over a narrow panel's row is overwritten by the next, in order.
V_INLINE void v_pack_transposed(float *out, size_t width, const float *in, size_t lane_stride, size_t lanes,
                                size_t steps) {
    vf rows[ATTN_WIDTH];
#pragma clang loop unroll(full)
    for (size_t lane = 0; lane < ATTN_WIDTH; lane++) {
        __builtin_prefetch(in + lane * lane_stride + 4 * ATTN_WIDTH);  // more streams than the hardware follows
        rows[lane] = lane < lanes ? v_load_any(in + lane * lane_stride, steps) : v_set(0);
    }
    v_transpose(rows);
    if (steps >= ATTN_WIDTH) {
#pragma clang loop unroll(full)
        for (size_t step = 0; step < ATTN_WIDTH; step++) {
            v_store(out + step * width, rows[step]);
        }
    } else {
        for (size_t step = 0; step < steps; step++) {
            v_store(out + step * width, rows[step]);
        }
    }
}

/// Elements a stride apart.
V_INLINE vf v_load_lanes(const float *in, size_t stride, size_t lanes) {
    if (stride == 1) {
        return v_load_any(in, lanes);
    }
    vf x = v_set(0);
    for (size_t i = 0; i < lanes && i < ATTN_WIDTH; i++) {
        x[i] = in[i * stride];
    }
    return x;
}

/// out[step][lane] = in[lane · lane_stride + step · step_stride] in rows of `width` ≥ lanes, zero-filled. Width is at most
/// one vector or a multiple of it; in the first case less than a vector may be written beyond the last row.
static inline void V_NAME(pack_panel)(float *out, size_t width, const float *in, size_t lane_stride, size_t step_stride,
                                      size_t lanes, size_t steps) {
    for (size_t lane = 0; lane < width; lane += ATTN_WIDTH) {
        const size_t rest = lanes > lane ? lanes - lane : 0;
        const size_t count = rest < ATTN_WIDTH ? rest : ATTN_WIDTH;
        const float *from = in + lane * lane_stride;
        if (lane_stride == 1) {
            for (size_t step = 0; step < steps; step++) {
                v_store(out + step * width + lane, v_load_any(from + step * step_stride, count));
            }
        } else if (step_stride == 1) {
            for (size_t step = 0; step < steps; step += ATTN_WIDTH) {
                v_pack_transposed(out + step * width + lane, width, from + step, lane_stride, count, steps - step);
            }
        } else {
            for (size_t step = 0; step < steps; step++) {
                v_store(out + step * width + lane, v_load_lanes(from + step * step_stride, lane_stride, count));
            }
        }
    }
}

