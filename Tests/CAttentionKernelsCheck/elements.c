#include "check.h"

#include <string.h>

typedef void (*unary)(float *, const float *, size_t);
typedef void (*binary)(float *, const float *, const float *, size_t);

// MARK: One operand

/// The function in double precision that the unary entry approximates.
typedef struct unary_reference {
    size_t offset;
    double (*function)(double);
} unary_reference;

static double sigmoid(double x) { return x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)); }
static double relu(double x) { return x < 0 ? 0 : x; }
static double silu(double x) { return x == -INFINITY ? 0 : x * sigmoid(x); }
static double gelu(double x) { return x == -INFINITY ? 0 : 0.5 * x * erfc(-x * sqrt(0.5)); }

static const unary_reference references[] = {
    {offsetof(attn_kernels, exponential), exp}, {offsetof(attn_kernels, logarithm), log},
    {offsetof(attn_kernels, square_root), sqrt}, {offsetof(attn_kernels, hyperbolic_tangent), tanh},
    {offsetof(attn_kernels, sigmoid), sigmoid}, {offsetof(attn_kernels, relu), relu},
    {offsetof(attn_kernels, gelu), gelu}, {offsetof(attn_kernels, silu), silu},
};

/// Within two units in the last place over the sweep.
static void check_precision(unary apply, double (*function)(double)) {
    const float *x = check_sweep();
    float *out = check_memory(check_sweep_count * sizeof *out);
    apply(out, x, check_sweep_count);
    double worst = 0;
    float at = 0;
    for (size_t i = 0; i < check_sweep_count; i++) {
        const double exact = function(x[i]);
        const float nearest = (float)exact, magnitude = fabsf(nearest);
        if (isnan(nearest) || isinf(nearest)) {
            CHECK(isnan(nearest) ? isnan(out[i]) : out[i] == nearest || fabsf(out[i]) == 0x1.fffffep127f,
                  "of %.9g is %.9g, expected %.9g", (double)x[i], (double)out[i], (double)nearest);
            continue;
        }
        const double unit = magnitude < 0x1p-126f ? 0x1p-149 : ldexp(1, ilogbf(magnitude) - 23);
        const double error = fabs(out[i] - exact) / unit;
        if (!(error <= worst)) {
            worst = error, at = x[i];
        }
    }
    CHECK(worst <= 2, "%.3g units in the last place off at %.9g", worst, (double)at);
}

void check_unary(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    const unary apply = CHECK_ENTRY(unary, tested, offset), reference = CHECK_ENTRY(unary, scalar, offset);
    for (size_t s = 0; s <= check_size_count; s++) {
        const bool special = s == check_size_count;
        const size_t n = special ? check_special_count : check_sizes[s];
        const float *x = special ? check_copy(check_specials, n) : check_random_floats(n, -6, 6);
        float *out = check_floats(0, n), *expected = check_floats(0, n), *same = check_copy(x, n);
        apply(out, x, n);
        reference(expected, x, n);
        check_close(out, expected, n, 3e-7, special ? "special values" : "%zu elements", n);
        apply(same, same, n);
        check_same_bits(same, out, n * sizeof *out, "in place");
    }
    for (size_t i = 0; i < sizeof references / sizeof *references; i++) {
        if (references[i].offset == offset) {
            check_precision(apply, references[i].function);
            return;
        }
    }
    check_fail("no reference in double precision");
}

// MARK: Two operands

void check_binary(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    const binary apply = CHECK_ENTRY(binary, tested, offset), reference = CHECK_ENTRY(binary, scalar, offset);
    for (size_t s = 0; s <= check_size_count; s++) {
        const bool special = s == check_size_count;
        const size_t n = special ? check_special_count : check_sizes[s];
        const float *x = special ? check_copy(check_specials, n) : check_random_floats(n, -6, 6);
        float *y = check_random_floats(n, -6, 6);
        float *out = special ? check_floats(1, n) : check_random_floats(n, -1, 1), *expected = check_copy(out, n);
        for (size_t i = 0; special && i < n; i++) {  // tables differ in which of silu's tails is 0 and which subnormal
            y[i] = offset == offsetof(attn_kernels, silu_backward) ? 1 : check_specials[(i * 7 + 3) % n];
        }
        apply(out, x, y, n);
        reference(expected, x, y, n);
        check_close(out, expected, n, 1e-6, special ? "special values" : "%zu elements", n);
        if (offset != offsetof(attn_kernels, multiply_add)) {
            apply(y, x, y, n);
            check_close(y, expected, n, 1e-6, "in place of the second, %zu elements", n);
        }
    }
}

// MARK: Scales

static const float scales[][2] = {{0.5f, -1.25f}, {1, 0}, {0, 3}};

void check_scale_add(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    (void)offset;
    for (size_t s = 0; s < check_size_count; s++) {
        const size_t n = check_sizes[s];
        for (size_t i = 0; i < 3; i++) {
            const float *x = check_random_floats(n, -1, 1);
            float *out = check_floats(0, n), *expected = check_floats(0, n);
            tested->scale_add(out, x, scales[i][0], scales[i][1], n);
            scalar->scale_add(expected, x, scales[i][0], scales[i][1], n);
            check_close(out, expected, n, 2e-6, "%zu elements by %g", n, (double)scales[i][0]);
        }
    }
}

void check_accumulate_scaled(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    (void)offset;
    for (size_t s = 0; s < check_size_count; s++) {
        const size_t n = check_sizes[s];
        for (size_t i = 0; i < 3; i++) {
            const float *x = check_random_floats(n, -1, 1);
            float *out = check_random_floats(n, -1, 1), *expected = check_copy(out, n);
            tested->accumulate_scaled(out, x, scales[i][0], n);
            scalar->accumulate_scaled(expected, x, scales[i][0], n);
            check_close(out, expected, n, 2e-6, "%zu elements by %g", n, (double)scales[i][0]);
        }
    }
}

// MARK: Dropout

void check_dropout(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    (void)offset;
    // The last base crosses the point where the upper half of the index changes.
    const uint64_t bases[] = {0, 12345, (UINT64_C(1) << 32) - 20};
    const float probabilities[] = {0, 0.25f, 1};
    for (size_t s = 0; s < check_size_count; s++) {
        const size_t n = check_sizes[s];
        for (size_t b = 0; b < 9; b++) {
            const float *x = check_random_floats(n, 1, 2), probability = probabilities[b / 3];
            float *out = check_floats(0, n), *expected = check_floats(0, n);
            tested->dropout(out, x, probability, 77, bases[b % 3], n);
            scalar->dropout(expected, x, probability, 77, bases[b % 3], n);
            check_close(out, expected, n, 1e-6, "%zu elements, probability %g", n, (double)probability);
        }
    }
}
