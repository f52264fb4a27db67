// The neon table: 8 floats a vector, each vector two of the 32 registers, fused multiply-add. Every arm64 has it.

#include "../int8.h"
#include "../random.h"
#include "../region.h"
#include "../tables.h"
#include "../window.h"

#if defined(__aarch64__)

#include <arm_neon.h>

#define ATTN_SUFFIX neon
#define ATTN_WIDTH 8
#define ATTN_TILE_ROWS 6  // × 2 vectors: 24 registers of sums, 4 of B and an element of A
#define ATTN_TILE_VECTORS 2
#define ATTN_EACH_TILE_HEIGHT(tile) tile(1) tile(2) tile(3) tile(4) tile(5) tile(6)
#define ATTN_DIRECT_ROWS 6
#define ATTN_DIRECT_VECTORS 2
#define ATTN_EACH_DIRECT_HEIGHT(tile) ATTN_EACH_TILE_HEIGHT(tile)

typedef float attn_floats __attribute__((ext_vector_type(ATTN_WIDTH)));
typedef uint32_t attn_words __attribute__((ext_vector_type(ATTN_WIDTH)));

// NEON has no masks: the first n elements are four, two and one of them, as the bits of n say.

/// The first n ≤ 3 elements.
static inline float32x4_t attn_load_few(const float *p, size_t n) {
    const float32x2_t none = vdup_n_f32(0), single = n & 1 ? vld1_lane_f32(p + (n & 2), none, 0) : none;
    return n & 2 ? vcombine_f32(vld1_f32(p), single) : vcombine_f32(single, none);
}

static inline void attn_store_few(float *p, float32x4_t x, size_t n) {
    if (n & 2) {
        vst1_f32(p, vget_low_f32(x));
    }
    if (n & 1) {
        vst1_lane_f32(p + (n & 2), n & 2 ? vget_high_f32(x) : vget_low_f32(x), 0);
    }
}

static inline attn_floats v_load_part(const float *p, size_t n) {
    attn_floats x = 0;
    if (n < 4) {
        x.lo = attn_load_few(p, n);
    } else {
        x.lo = vld1q_f32(p);
        x.hi = n < ATTN_WIDTH ? attn_load_few(p + 4, n - 4) : vld1q_f32(p + 4);
    }
    return x;
}

static inline void v_store_part(float *p, attn_floats x, size_t n) {
    if (n < 4) {
        attn_store_few(p, x.lo, n);
        return;
    }
    vst1q_f32(p, x.lo);
    if (n < ATTN_WIDTH) {
        attn_store_few(p + 4, x.hi, n - 4);
    } else {
        vst1q_f32(p + 4, x.hi);
    }
}

/// In two steps, of which only the second can round: |power| ≤ 252. Added to `magic`, an integer becomes the lowest bits
/// of the sum, with the bias of an exponent.
static inline attn_floats v_scale(attn_floats x, attn_floats power) {
    const float magic = 0x1.8p23f + 127;
    const attn_floats first = 0.5f * power + magic, second = power - (first - magic) + magic;
    return x * (attn_floats)((attn_words)first << 23) * (attn_floats)((attn_words)second << 23);
}

static inline int32x4_t attn_dot_shorts(int16x8_t x, int16x8_t y) {
    return vpaddq_s32(vmull_s16(vget_low_s16(x), vget_low_s16(y)), vmull_high_s16(x, y));
}

static inline attn_words v_dot_shorts(attn_words x, attn_words y) {
    attn_words sums;
    sums.lo = (uint32x4_t)attn_dot_shorts((int16x8_t)x.lo, (int16x8_t)y.lo);
    sums.hi = (uint32x4_t)attn_dot_shorts((int16x8_t)x.hi, (int16x8_t)y.hi);
    return sums;
}

static inline attn_words v_settled(attn_words x) {
    uint32x4_t low = (uint32x4_t)x.lo, high = (uint32x4_t)x.hi;
    __asm__("" : "+w"(low), "+w"(high));
    x.lo = low, x.hi = high;
    return x;
}

#include "../vector/all.h"

void attn_install_neon(attn_kernels *table) { attn_install_vector(table); }

#endif
