#include "check.h"

#include <string.h>

typedef void (*widening)(float *, const uint16_t *, size_t);
typedef void (*narrowing)(uint16_t *, const float *, size_t);

static uint16_t *halves(size_t n) { return check_memory(n * sizeof(uint16_t)); }

void check_float_from_halves(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    const widening apply = CHECK_ENTRY(widening, tested, offset), reference = CHECK_ENTRY(widening, scalar, offset);
    for (size_t s = 0; s <= check_size_count; s++) {
        const size_t n = s < check_size_count ? check_sizes[s] : 65536;  // every pattern
        uint16_t *x = halves(n);
        for (size_t i = 0; i < n; i++) {
            x[i] = n == 65536 ? (uint16_t)i : (uint16_t)(check_random() >> 48);
        }
        float *out = check_floats(0, n), *expected = check_floats(0, n);
        apply(out, x, n);
        reference(expected, x, n);
        check_close(out, expected, n, 0, "%zu elements", n);
        for (size_t i = 0; i < n; i++) {
            CHECK(isnan(out[i]) || signbit(out[i]) == signbit(expected[i]), "the sign of %g", (double)expected[i]);
        }
    }
}

/// Whether both patterns mean the same number, or both NaN, whose patterns are free.
static bool is_same_half(uint16_t found, uint16_t expected, uint16_t infinity) {
    return found == expected || ((found & 0x7fff) > infinity && (expected & 0x7fff) > infinity);
}

void check_halves_from_float(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    const narrowing apply = CHECK_ENTRY(narrowing, tested, offset), reference = CHECK_ENTRY(narrowing, scalar, offset);
    const uint16_t infinity = offset == offsetof(attn_kernels, bfloat16_from_float) ? 0x7f80 : 0x7c00;
    const float ties[] = {65504,    65519.99f, 65520,      0x1p-24f,   0x1p-25f, 0x1.000002p-25f,
                          0x1.8p-24f, 0x1.4p-23f, 0x1.004p0f, 0x1.00cp0f, 0x1.01p0f, 0x1.03p0f};
    for (size_t s = 0; s < check_size_count + 3; s++) {
        const float *x;
        size_t n;
        if (s < check_size_count) {
            n = check_sizes[s], x = check_random_floats(n, -1e5f, 1e5f);
        } else if (s == check_size_count) {
            n = check_special_count, x = check_copy(check_specials, n);
        } else if (s == check_size_count + 1) {
            n = sizeof ties / sizeof *ties, x = check_copy(ties, n);
        } else {
            n = check_sweep_count, x = check_sweep();
        }
        uint16_t *out = halves(n), *expected = halves(n);
        apply(out, x, n);
        reference(expected, x, n);
        for (size_t i = 0; i < n; i++) {
            CHECK(is_same_half(out[i], expected[i], infinity), "%.9g is %04x, expected %04x", (double)x[i],
                  (unsigned)out[i], (unsigned)expected[i]);
        }
    }
}
