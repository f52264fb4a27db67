// How products of precision int8 read float32, the same in every table.
//
// A row of A or a column of B is integers q of −127 … 127 times one scale, its largest magnitude / 127:
// q = x · (127 / largest magnitude), rounded to nearest even. Where an element is infinite or NaN the scale is NaN, and so
// is all that comes of it. Magnitudes below 2⁻¹⁰⁰ count as zero, so that 127 / magnitude stays finite.
#ifndef ATTN_INT8_H
#define ATTN_INT8_H

#include <math.h>
#include <stddef.h>

/// Over how much depth integers are summed in 32 bits: 2¹⁷ · 127² < 2³¹. Deeper sums are added stretch by stretch in float32.
enum { attn_int8_stretch = 1 << 17 };

static inline size_t attn_int8_stretches(size_t depth) {
    return depth == 0 ? 1 : (depth + attn_int8_stretch - 1) / attn_int8_stretch;
}

static inline float attn_int8_scale(float magnitude) { return magnitude < INFINITY ? magnitude / 127 : NAN; }

/// What x is multiplied by to be rounded; 0 makes all of them 0.
static inline float attn_int8_inverse(float magnitude) {
    return magnitude >= 0x1p-100f && magnitude < INFINITY ? 127 / magnitude : 0;
}

#endif
