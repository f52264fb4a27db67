// Vectors of ATTN_WIDTH floats, for the sources in this folder. Each instruction set's file sets the width, the name
// suffix and the few operations that no portable vector extension offers, and then includes the sources:
//
//   v_load_part, v_store_part   the first n ≤ ATTN_WIDTH elements; nothing beyond them is touched, the rest loads as 0
//   v_dot_shorts                int32 sums of the products of two pairs of int16, for each lane of two vectors of them
//   v_settled                   the vector as it is, which the compiler must have in a register at this point
//   v_scale                     x · 2^power for an integral power, rounded once, subnormal results included
//
// Everything else is Clang's vector arithmetic, compiled for whatever the including file has switched on.
#ifndef ATTN_VECTOR_H
#define ATTN_VECTOR_H

#include <math.h>
#include <stdint.h>
#include <string.h>

typedef float vf __attribute__((ext_vector_type(ATTN_WIDTH)));
typedef int32_t vi __attribute__((ext_vector_type(ATTN_WIDTH)));
typedef uint32_t vu __attribute__((ext_vector_type(ATTN_WIDTH)));
typedef double vd __attribute__((ext_vector_type(ATTN_WIDTH)));
typedef float vf_unaligned __attribute__((ext_vector_type(ATTN_WIDTH), aligned(4)));

#define V_INLINE static inline __attribute__((always_inline))
#define V_NAME(name) V_JOIN(name, ATTN_SUFFIX)
#define V_JOIN(name, suffix) V_JOIN_EXPANDED(name, suffix)
#define V_JOIN_EXPANDED(name, suffix) attn_f32_##name##_##suffix

V_INLINE vf v_load(const float *p) { return *(const vf_unaligned *)p; }
V_INLINE void v_store(float *p, vf x) { *(vf_unaligned *)p = x; }
V_INLINE vf v_set(float x) { return (vf)x; }
V_INLINE vf v_fma(vf x, vf y, vf z) { return __builtin_elementwise_fma(x, y, z); }
V_INLINE vf v_select(vi mask, vf x, vf y) { return (vf)(((vi)x & mask) | ((vi)y & ~mask)); }
V_INLINE vf v_abs(vf x) { return (vf)((vi)x & 0x7fffffff); }
V_INLINE vf v_copy_sign(vf magnitude, vf sign) {
    return (vf)(((vi)magnitude & 0x7fffffff) | ((vi)sign & (int32_t)0x80000000));
}

/// The greater of the two; y where either is NaN. v_min likewise.
V_INLINE vf v_max(vf x, vf y) { return v_select(x > y, x, y); }
V_INLINE vf v_min(vf x, vf y) { return v_select(x < y, x, y); }

/// Element i is x where i < n.
V_INLINE vf v_first(vf x, vf otherwise, size_t n) {
    vi index;
    for (int i = 0; i < ATTN_WIDTH; i++) {
        index[i] = i;
    }
    return v_select(index < (int32_t)n, x, otherwise);
}

V_INLINE vf v_load_any(const float *p, size_t n) { return n >= ATTN_WIDTH ? v_load(p) : v_load_part(p, n); }
V_INLINE void v_store_any(float *p, vf x, size_t n) {
    if (n >= ATTN_WIDTH) {
        v_store(p, x);
    } else {
        v_store_part(p, x, n);
    }
}

/// n ≥ 1 elements, every second of those from p on; nothing behind the last of them is touched.
V_INLINE vf v_load_second(const float *p, size_t n) {
    enum { half = ATTN_WIDTH / 2 };
    const vf low = v_load_any(p, 2 * n - 1);
    const vf high = n > half ? v_load_any(p + ATTN_WIDTH - 1, 2 * n - ATTN_WIDTH) : low;
    vf z;
    for (int i = 0; i < half; i++) {
        z[i] = low[2 * i], z[half + i] = high[2 * i + 1];
    }
    return z;
}

/// n ≥ 1 elements from p on, `stride` apart; nothing behind the last of them is touched, the rest is 0.
V_INLINE vf v_load_apart(const float *p, size_t n, size_t stride) {
    if (stride == 1) {
        return v_load_any(p, n);
    }
    if (stride == 2) {
        return v_load_second(p, n);
    }
    vf z = v_set(0);
    for (size_t i = 0; i < ATTN_WIDTH && i < n; i++) {
        z[i] = p[i * stride];
    }
    return z;
}

V_INLINE float v_sum(vf x) {
    for (int half = ATTN_WIDTH / 2; half > 0; half /= 2) {
        vf other = x;
        for (int i = 0; i < half; i++) {
            other[i] = x[i + half];
        }
        x += other;
    }
    return x[0];
}

V_INLINE float v_maximum(vf x) {
    for (int half = ATTN_WIDTH / 2; half > 0; half /= 2) {
        vf other = x;
        for (int i = 0; i < half; i++) {
            other[i] = x[i + half];
        }
        x = v_max(x, other);
    }
    return x[0];
}

// Doubles of a vector's count are wider than an argument may be on some targets; hence a macro and a pointer.
#define v_widen(x) __builtin_convertvector(x, vd)

V_INLINE double v_sum_double(const vd *elements) {
    vd x = *elements;
    for (int half = ATTN_WIDTH / 2; half > 0; half /= 2) {
        vd other = x;
        for (int i = 0; i < half; i++) {
            other[i] = x[i + half];
        }
        x += other;
    }
    return x[0];
}

// Two vectors interleaved give x₀ y₀ x₁ y₁ …; this is the first half of that, and this the second.
V_INLINE vf v_interleave_low(vf x, vf y) {
    vf z;
    for (int i = 0; i < ATTN_WIDTH / 2; i++) {
        z[2 * i] = x[i], z[2 * i + 1] = y[i];
    }
    return z;
}
V_INLINE vf v_interleave_high(vf x, vf y) {
    vf z;
    for (int i = 0; i < ATTN_WIDTH / 2; i++) {
        z[2 * i] = x[ATTN_WIDTH / 2 + i], z[2 * i + 1] = y[ATTN_WIDTH / 2 + i];
    }
    return z;
}

/// Transposes ATTN_WIDTH vectors: interleaving vector i with vector i + ATTN_WIDTH/2, log₂ ATTN_WIDTH times.
V_INLINE void v_transpose(vf rows[ATTN_WIDTH]) {
#pragma clang loop unroll(full)
    for (int round = 1; round < ATTN_WIDTH; round *= 2) {
        vf next[ATTN_WIDTH];
#pragma clang loop unroll(full)
        for (int i = 0; i < ATTN_WIDTH / 2; i++) {
            next[2 * i] = v_interleave_low(rows[i], rows[i + ATTN_WIDTH / 2]);
            next[2 * i + 1] = v_interleave_high(rows[i], rows[i + ATTN_WIDTH / 2]);
        }
#pragma clang loop unroll(full)
        for (int i = 0; i < ATTN_WIDTH; i++) {
            rows[i] = next[i];
        }
    }
}

/// Element i of the result is the sum of rows[i].
V_INLINE vf v_sums(vf rows[ATTN_WIDTH]) {
#pragma clang loop unroll(full)
    for (int half = ATTN_WIDTH / 2; half > 0; half /= 2) {
        for (int i = 0; i < half; i++) {
            rows[i] = v_interleave_low(rows[i], rows[i + half]) + v_interleave_high(rows[i], rows[i + half]);
        }
    }
    return rows[0];
}

#endif
