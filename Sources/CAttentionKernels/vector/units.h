// Packing of operands in units of several steps of depth, a stretch of steps at a time. Where the steps of a lane are contiguous
// it becomes units first, of which there are fewer to transpose; otherwise floats are laid out as [step][lane] and then
// combined. Every table rounds alike.

enum { v_staged_steps = 64 };

V_INLINE vu v_round_to_bfloat16(vf x) {
    const vu bits = (vu)x, rounded = bits + 0x7fff + ((bits >> 16) & 1);
    return (vu)v_select(x != x, (vf)(bits | 0x400000), (vf)rounded) & 0xffff0000;
}

/// x · inverse to the nearest integer; 0 where the inverse is 0.
V_INLINE vi v_quantise(vf x, vf inverse) {
    const vf scaled = v_select(inverse > 0, x * inverse, v_set(0));
    return __builtin_convertvector(__builtin_elementwise_rint(scaled), vi);
}

/// One unit of each lane, of v_unit_depth(k) steps: for B one vector, for A as many as there are parts.
V_INLINE void v_combine(const v_arithmetic k, const bool left, const vf *x, vf inverse, vu parts[2]) {
    if (v_is_int8(k)) {
        vu q[4];
        for (int i = 0; i < 4; i++) {
            q[i] = (vu)v_quantise(x[i], inverse);
        }
        if (left && k == v_int8_widened) {
            parts[0] = (q[0] & 0xffff) | q[2] << 16, parts[1] = (q[1] & 0xffff) | q[3] << 16;
            return;
        }
        parts[0] = (q[0] & 0xff) | (q[1] & 0xff) << 8 | (q[2] & 0xff) << 16 | q[3] << 24;
        if (left) {
            parts[0] ^= 0x80808080;  // + 128
        }
    } else if (left && k == v_bfloat16_widened) {
        parts[0] = v_round_to_bfloat16(x[0]), parts[1] = v_round_to_bfloat16(x[1]);
    } else {
        parts[0] = v_round_to_bfloat16(x[0]) >> 16 | v_round_to_bfloat16(x[1]);
    }
}

/// Up to v_staged_steps steps, laid out by lanes.
V_INLINE void v_pack_units_across(const v_arithmetic k, const bool left, float *out, size_t width, const float *in,
                                  size_t lane_stride, size_t step_stride, size_t lanes, size_t steps,
                                  const float *inverses) {
    const size_t depth = v_unit_depth(k), parts = left ? v_unit_parts(k) : 1;
    const size_t staged = v_ceiling_divide(width, ATTN_WIDTH) * ATTN_WIDTH, whole = v_ceiling_divide(steps, depth) * depth;
    float staging[v_staged_steps * v_panel] __attribute__((aligned(v_cache_line)));
    V_NAME(pack_panel)(staging, staged, in, lane_stride, step_stride, lanes, steps);
    memset(staging + steps * staged, 0, (whole - steps) * staged * sizeof(float));
    for (size_t step = 0; step < whole; step += depth, out += parts * width) {
        for (size_t lane = 0; lane < staged; lane += ATTN_WIDTH) {
            vf x[4];
            vu unit[2];
            for (size_t i = 0; i < depth; i++) {
                x[i] = v_load(staging + (step + i) * staged + lane);
            }
            v_combine(k, left, x, v_is_int8(k) ? v_load(inverses + lane) : v_set(0), unit);
            for (size_t part = 0; part < parts; part++) {
                v_store(out + part * width + lane, (vf)unit[part]);
            }
        }
    }
}

/// Integers of 16 bits as parts of A want them: of each four, the first and the third, then the second and the fourth.
typedef uint16_t v_words __attribute__((ext_vector_type(ATTN_WIDTH)));
V_INLINE v_words v_even_and_odd(v_words x) {
    v_words y;
    for (int i = 0; i < ATTN_WIDTH; i += 4) {
        y[i] = x[i], y[i + 1] = x[i + 2], y[i + 2] = x[i + 1], y[i + 3] = x[i + 3];
    }
    return y;
}

/// The units of one lane whose steps are contiguous, part by part: whole vectors of steps are written.
V_INLINE void v_units_of_lane(const v_arithmetic k, const bool left, float *out, const float *in, size_t steps, vf inverse) {
    typedef uint8_t v_bytes __attribute__((ext_vector_type(ATTN_WIDTH)));
    for (size_t step = 0; step < steps; step += ATTN_WIDTH) {
        const vf x = v_load_any(in + step, steps - step);
        if (left && k == v_int8_widened) {
            const v_words words = v_even_and_odd(__builtin_convertvector((vu)v_quantise(x, inverse), v_words));
            memcpy((char *)out + step * sizeof(uint16_t), &words, sizeof words);
        } else if (v_is_int8(k)) {
            const v_bytes q = __builtin_convertvector((vu)v_quantise(x, inverse) ^ (left ? 0x80 : 0), v_bytes);
            memcpy((char *)out + step, &q, sizeof q);
        } else {
            const v_words words = __builtin_convertvector(v_round_to_bfloat16(x) >> 16, v_words);
            memcpy((char *)out + step * sizeof(uint16_t), &words, sizeof words);
        }
    }
}

/// Up to v_staged_steps contiguous steps of each lane, but for parts that are floats.
V_INLINE void v_pack_units_along(const v_arithmetic k, const bool left, float *out, size_t width, const float *in,
                                 size_t lane_stride, size_t lanes, size_t steps, const float *inverses) {
    const size_t depth = v_unit_depth(k), parts = left ? v_unit_parts(k) : 1, stride = v_staged_steps / depth * parts;
    float staging[v_panel * v_staged_steps / 2] __attribute__((aligned(v_cache_line)));
    for (size_t lane = 0; lane < lanes; lane++) {
        v_units_of_lane(k, left, staging + lane * stride, in + lane * lane_stride, steps,
                        v_set(v_is_int8(k) ? inverses[lane] : 0));
    }
    V_NAME(pack_panel)(out, width, staging, stride, 1, lanes, v_ceiling_divide(steps, depth) * parts);
}

/// Like pack_panel, in units: out[unit][part][lane]. Width is at most v_panel; inverses are for integers alone, one a lane.
V_INLINE void v_pack_units(const v_arithmetic k, const bool left, float *out, size_t width, const float *in,
                           size_t lane_stride, size_t step_stride, size_t lanes, size_t steps, const float *inverses) {
    const size_t parts = left ? v_unit_parts(k) : 1;
    for (size_t start = 0; start < steps; start += v_staged_steps, out += v_staged_steps / v_unit_depth(k) * parts * width) {
        const size_t count = steps - start < v_staged_steps ? steps - start : v_staged_steps;
        const float *from = in + start * step_stride;
        if (step_stride == 1 && !(left && k == v_bfloat16_widened)) {
            v_pack_units_along(k, left, out, width, from, lane_stride, lanes, count, inverses);
        } else {
            v_pack_units_across(k, left, out, width, from, lane_stride, step_stride, lanes, count, inverses);
        }
    }
}

/// The largest magnitude in each lane, where NaN is larger than infinity.
static void V_NAME(magnitudes)(float *out, const float *in, size_t lane_stride, size_t step_stride, size_t lanes,
                               size_t steps) {
    if (step_stride == 1) {
        for (size_t lane = 0; lane < lanes; lane++) {
            vi largest = 0;
            for (size_t step = 0; step < steps; step += ATTN_WIDTH) {
                const vi bits = (vi)v_abs(v_load_any(in + lane * lane_stride + step, steps - step));
                largest = __builtin_elementwise_max(largest, bits);
            }
            const int32_t bits = __builtin_reduce_max(largest);
            memcpy(out + lane, &bits, sizeof bits);
        }
        return;
    }
    for (size_t lane = 0; lane < lanes; lane += ATTN_WIDTH) {
        const size_t count = lanes - lane < ATTN_WIDTH ? lanes - lane : ATTN_WIDTH;
        vi largest = 0;
        for (size_t step = 0; step < steps; step++) {
            const vf x = v_load_lanes(in + lane * lane_stride + step * step_stride, lane_stride, count);
            largest = __builtin_elementwise_max(largest, (vi)v_abs(x));
        }
        v_store_any(out + lane, (vf)largest, count);
    }
}
