// bfloat16 and IEEE binary16, bit by bit. Every rounding is to nearest, ties to even; NaN stays a (quiet) NaN.

#include <math.h>
#include <string.h>

#include "../tables.h"

static uint32_t attn_bits(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static float attn_float(uint32_t bits) {
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static void attn_f32_float_from_bfloat16_scalar(float *out, const uint16_t *x, size_t n) {
    for (size_t i = 0; i < n; i++) {
        out[i] = attn_float((uint32_t)x[i] << 16);
    }
}

static void attn_f32_bfloat16_from_float_scalar(uint16_t *out, const float *x, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const uint32_t bits = attn_bits(x[i]);
        const uint32_t rounded = bits + 0x7fff + ((bits >> 16) & 1);
        out[i] = (uint16_t)((x[i] != x[i] ? bits | 0x400000 : rounded) >> 16);
    }
}

static void attn_f32_float_from_float16_scalar(float *out, const uint16_t *x, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const uint32_t sign = (uint32_t)(x[i] & 0x8000) << 16, exponent = (x[i] >> 10) & 0x1f, fraction = x[i] & 0x3ff;
        if (exponent == 0) {
            out[i] = attn_float(attn_bits((float)fraction * 0x1p-24f) | sign);
        } else if (exponent == 31) {
            out[i] = attn_float(sign | 0x7f800000 | fraction << 13 | (fraction ? 0x400000 : 0));
        } else {
            out[i] = attn_float(sign | (exponent + 112) << 23 | fraction << 13);
        }
    }
}

static void attn_f32_float16_from_float_scalar(uint16_t *out, const float *x, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const uint32_t bits = attn_bits(x[i]), sign = bits >> 16 & 0x8000, magnitude = bits & 0x7fffffff;
        uint32_t half;
        if (magnitude > 0x7f800000) {
            half = 0x7e00 | (magnitude >> 13 & 0x3ff);
        } else if (magnitude >= 0x477ff000) {  // 65520 and above round to infinity
            half = 0x7c00;
        } else if (magnitude < 0x38800000) {  // subnormal: adding 0.5 leaves 2⁻²⁴ as the last place, rounded by the FPU
            half = attn_bits(attn_float(magnitude) + 0.5f) - attn_bits(0.5f);
        } else {
            half = (magnitude - 0x38000000 + 0xfff + (magnitude >> 13 & 1)) >> 13;
        }
        out[i] = (uint16_t)(sign | half);
    }
}

void attn_install_scalar_formats(attn_kernels *table) {
    table->float_from_bfloat16 = attn_f32_float_from_bfloat16_scalar;
    table->bfloat16_from_float = attn_f32_bfloat16_from_float_scalar;
    table->float_from_float16 = attn_f32_float_from_float16_scalar;
    table->float16_from_float = attn_f32_float16_from_float_scalar;
}
