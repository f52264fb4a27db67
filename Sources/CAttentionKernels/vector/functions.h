// Elementary functions of a vector, each within 2 units in the last place over all of float32 unless it says otherwise.
//
// The polynomials are minimax fits (Lawson's algorithm on Chebyshev nodes) rounded to float32; the error that each
// comment names is that of the fit before rounding.

/// e^x = (1 + fraction + fraction_error) · 2^power.
typedef struct v_exponential_parts {
    vf fraction, fraction_error, power;
} v_exponential_parts;

/// e^(x + correction) for |x| ≤ 200 and a tiny correction: x = power · ln 2 + r with |r| ≤ ½ ln 2, and
/// e^r − 1 = r + r² q(r) to 2⁻²⁸.
V_INLINE v_exponential_parts v_exponential_split(vf x, vf correction) {
    const vf shift = v_set(0x1.8p23f);  // adding and taking it away rounds to an integer
    const vf power = v_fma(x, v_set(0x1.715476p0f), shift) - shift;
    const vf high = v_fma(power, v_set(-0x1.62e4p-1f), x);  // exact: ln 2 cut to 15 bits
    const vf low = v_fma(power, v_set(-0x1.7f7d1cp-20f), correction);
    const vf r = high + low;
    vf q = v_set(0x1.6db648p-10f);
    q = v_fma(q, r, v_set(0x1.123ce0p-7f));
    q = v_fma(q, r, v_set(0x1.55545cp-5f));
    q = v_fma(q, r, v_set(0x1.55548cp-3f));
    q = v_fma(q, r, v_set(0.5f));
    const vf rest = v_fma(r * r, q, low), fraction = high + rest;
    return (v_exponential_parts){fraction, rest - (fraction - high), power};
}

/// For x known to lie in [−200, 88], or NaN.
V_INLINE vf v_exponential_bounded(vf x) {
    const v_exponential_parts parts = v_exponential_split(x, v_set(0));
    return v_scale(parts.fraction + 1, parts.power);
}

V_INLINE vf v_exponential(vf x) {
    return v_exponential_bounded(v_max(v_set(-150), v_min(v_set(150), x)));
}

/// ln x = exponent · ln 2 + f − ½ f² + f³ p(f), with x = 2^exponent (1 + f) and √½ ≤ 1 + f < √2; p to 2⁻³⁰.
V_INLINE vf v_logarithm(vf x) {
    const vi subnormal = x < 0x1p-126f;
    const vi bits = (vi)v_select(subnormal, x * 0x1p23f, x);
    const vi exponent = (bits - 0x3f3504f3) >> 23;
    const vf f = (vf)(bits - (exponent << 23)) - 1;
    const vf e = __builtin_convertvector(exponent, vf) - v_select(subnormal, v_set(23), v_set(0));
    vf p = v_set(0x1.1456cep-4f);
    p = v_fma(p, f, v_set(-0x1.de65f0p-4f));
    p = v_fma(p, f, v_set(0x1.e70736p-4f));
    p = v_fma(p, f, v_set(-0x1.fc1d4cp-4f));
    p = v_fma(p, f, v_set(0x1.2335aep-3f));
    p = v_fma(p, f, v_set(-0x1.555c5cp-3f));
    p = v_fma(p, f, v_set(0x1.99a4cap-3f));
    p = v_fma(p, f, v_set(-0x1.000006p-2f));
    p = v_fma(p, f, v_set(0x1.555548p-2f));
    const vf square = f * f;
    vf y = v_fma(e, v_set(-0x1.05c610p-29f), p * (square * f));
    y = v_fma(square, v_set(-0.5f), y);
    y = v_fma(e, v_set(0x1.62e430p-1f), f + y);
    y = v_select(x == 0, v_set(-INFINITY), y);
    y = v_select(x < 0, v_set(NAN), y);
    return v_select((x == INFINITY) | (x != x), x, y);
}

/// x / (y + z), corrected for the rounding of the quotient and, where y ≥ |z|, of the sum.
V_INLINE vf v_divide_by_sum(vf x, vf y, vf z) {
    const vf sum = y + z, sum_error = z - (sum - y);
    const vf inverse = 1 / sum, quotient = x * inverse;
    const vf remainder = v_fma(-quotient, sum_error, v_fma(-quotient, sum, x));
    return v_fma(remainder, inverse, quotient);
}

/// e^(2|x|) − 1, accurate near 0 and cut off where tanh x rounds to ±1.
V_INLINE vf v_exponential_minus_one_twice(vf x) {
    const v_exponential_parts parts = v_exponential_split(v_min(v_set(20), 2 * v_abs(x)), v_set(0));
    const vf scale = v_scale(v_set(1), parts.power);
    return v_fma(parts.fraction, scale, scale - 1);
}

/// tanh |x| = m / (m + 2) with m = e^(2|x|) − 1.
V_INLINE vf v_hyperbolic_tangent(vf x) {
    const vf m = v_exponential_minus_one_twice(x);
    return v_copy_sign(v_divide_by_sum(m, v_set(2), m), x);
}

/// The same within 6 units in the last place, for sums of many: x p(x²) / q(x²), a minimax fit to 2⁻²⁵, up to where
/// tanh x rounds to ±1. Two short chains of multiply-adds side by side take three fifths of the time of an exponential.
V_INLINE vf v_hyperbolic_tangent_quick(vf x) {
    const vf a = v_min(v_set(9.01f), v_abs(x)), s = a * a;
    vf p = v_set(0x1.cc7c6cp-27f), q = v_set(0x1.a29f0ep-21f);
    p = v_fma(p, s, v_set(0x1.5a6c5ep-16f)), q = v_fma(q, s, v_set(0x1.58f508p-12f));
    p = v_fma(p, s, v_set(0x1.ca84d0p-9f)), q = v_fma(q, s, v_set(0x1.a8230ap-6f));
    p = v_fma(p, s, v_set(0x1.121730p-3f)), q = v_fma(q, s, v_set(0x1.de60e6p-2f));
    p = v_fma(p, s, v_set(1)), q = v_fma(q, s, v_set(1));
    return v_copy_sign(v_min(v_set(1), a * p / q), x);
}

/// factor · σ(x) = numerator / (1 + e^−|x|), where the numerator is factor, or factor · e^−|x| for negative x. The power
/// of two is applied last, so that a subnormal result is rounded once.
V_INLINE vf v_times_sigmoid(vf factor, vf x) {
    const v_exponential_parts parts = v_exponential_split(v_max(v_set(-150), -v_abs(x)), v_set(0));
    const vf e = v_scale(parts.fraction + 1, parts.power);
    const vi negative = x < 0;
    const vf numerator = v_select(negative, v_fma(parts.fraction, factor, factor), factor);
    return v_scale(v_divide_by_sum(numerator, v_set(1), e), v_select(negative, parts.power, v_set(0)));
}

V_INLINE vf v_sigmoid(vf x) { return v_times_sigmoid(v_set(1), x); }
V_INLINE vf v_silu(vf x) {
    return v_select(x > 100, x, v_times_sigmoid(v_max(v_set(-150), x), x));  // infinity has no remainder to correct by
}
V_INLINE vf v_relu(vf x) { return v_select(x < 0, v_set(0), x); }

// MARK: The normal distribution

/// Φ(x) = ½ + x Q(x²) for |x| < ½, Q to 2⁻³⁵.
V_INLINE vf v_normal_centre(vf x) {
    const vf s = x * x;
    vf q = v_set(0x1.cc1ffcp-14f);
    q = v_fma(q, s, v_set(-0x1.36ecf4p-10f));
    q = v_fma(q, s, v_set(0x1.46cf56p-7f));
    q = v_fma(q, s, v_set(-0x1.105836p-4f));
    q = v_fma(q, s, v_set(0x1.988454p-2f));
    return v_fma(q, x, v_set(0.5f));
}

/// Φ(−a) = (tail + tail_error) · 2^power and e^(−a²/2) = gaussian · 2^power.
typedef struct v_normal_parts {
    vf tail, tail_error, gaussian, power;
} v_normal_parts;

/// For ½ ≤ a ≤ 16: Φ(−a) = e^(−a²/2) t S(t) with t = 1 / (1 + 5a/16), S to 2⁻²⁹. What rounding took from a², from t and
/// from the last sums and products is carried along to first order.
V_INLINE v_normal_parts v_normal_tail(vf a) {
    const vf square = a * a, square_error = v_fma(a, a, -square);
    const v_exponential_parts e = v_exponential_split(-0.5f * square, -0.5f * square_error);
    const vf slope = v_set(0.3125f);
    const vf divisor = v_fma(a, slope, v_set(1)), divisor_error = v_fma(a, slope, 1 - divisor);
    const vf t = 1 / divisor;
    const vf t_error = v_fma(-t, divisor, v_set(1)) - t * divisor_error;  // relative
    vf s = v_set(-0x1.9a98f4p-6f);
    s = v_fma(s, t, v_set(0x1.ec8f1ap-4f));
    s = v_fma(s, t, v_set(-0x1.af172ep-3f));
    s = v_fma(s, t, v_set(0x1.25e0b6p-3f));
    s = v_fma(s, t, v_set(-0x1.af23cep-5f));
    s = v_fma(s, t, v_set(0x1.42f0f2p-4f));
    s = v_fma(s, t, v_set(0x1.5487bcp-4f));
    s = v_fma(s, t, v_set(0x1.cf851cp-4f));
    const vf c1 = v_set(0x1.fe6fd8p-4f), s1 = v_fma(s, t, c1), s1_error = v_fma(s, t, c1 - s1);
    const vf c0 = v_set(0x1.fea72ep-4f), s0 = v_fma(s1, t, c0), s0_error = v_fma(s1, t, c0 - s0) + t * s1_error;
    const vf gaussian = 1 + e.fraction, gaussian_error = e.fraction - (gaussian - 1) + e.fraction_error;
    const vf ratio = t * s0;
    const vf ratio_error = v_fma(t, s0_error, v_fma(t, s0, -ratio))
        + ratio * t_error * v_fma(v_set(1.55f), t, v_set(1));  // d ln(t S)/d ln t ≈ 1 + 1.55 t
    const vf tail = ratio * gaussian;
    const vf tail_error = v_fma(ratio, gaussian_error, v_fma(ratio_error, gaussian, v_fma(ratio, gaussian, -tail)));
    return (v_normal_parts){tail, tail_error, gaussian, e.power};
}

/// x Φ(x). The power of two is applied last, as above.
V_INLINE vf v_gelu(vf x) {
    const vf a = v_min(v_set(16), v_abs(x)), bounded = v_max(v_set(-16), x);
    const v_normal_parts parts = v_normal_tail(a);
    const vf product = bounded * parts.tail, product_error = v_fma(bounded, parts.tail, -product);
    const vf below = v_scale(product + v_fma(bounded, parts.tail_error, product_error), parts.power);
    const vf above = x * (1 - v_scale(parts.tail + parts.tail_error, parts.power));
    const vf outside = v_select(x < 0, below, above);
    return v_select(a < 0.5f, x * v_normal_centre(x), outside);
}

/// x Φ(x) within 2⁻²² |x|, for sums of many: Φ(x) = ½ + x p(x²) / q(x²), a minimax fit to 2⁻²⁴, up to where Φ rounds to
/// 0 or 1.
V_INLINE vf v_gelu_quick(vf x) {
    const vf bounded = v_max(v_set(-5.2f), x), a = v_min(v_set(5.2f), bounded), s = a * a;
    vf p = v_set(0x1.87f6c2p-18f), q = v_set(0x1.0d7588p-21f);
    q = v_fma(q, s, v_set(0x1.d8e098p-14f));
    p = v_fma(p, s, v_set(0x1.4988d0p-12f)), q = v_fma(q, s, v_set(0x1.6263b0p-9f));
    p = v_fma(p, s, v_set(0x1.69ad84p-8f)), q = v_fma(q, s, v_set(0x1.31e3e2p-5f));
    p = v_fma(p, s, v_set(0x1.964600p-5f)), q = v_fma(q, s, v_set(0x1.29f52ap-2f));
    p = v_fma(p, s, v_set(0x1.98843ap-2f)), q = v_fma(q, s, v_set(1));
    return bounded * v_fma(a, p / q, v_set(0.5f));
}

/// Φ(x) + x φ(x)
V_INLINE vf v_gelu_derivative(vf x) {
    const vf a = v_min(v_set(16), v_abs(x));
    const v_normal_parts parts = v_normal_tail(a);
    const vf tail = v_scale(parts.tail + parts.tail_error, parts.power);
    const vf outside = v_select(x < 0, tail, 1 - tail);
    const vf density = v_scale(0.3989422804f * parts.gaussian, parts.power);
    return v_fma(v_copy_sign(a, x), density, v_select(a < 0.5f, v_normal_centre(x), outside));
}

/// σ(x) (1 + x (1 − σ(x)))
V_INLINE vf v_silu_derivative(vf x) {
    const vf s = v_sigmoid(x), bounded = v_max(v_set(-150), v_min(v_set(150), x));
    return s * v_fma(bounded, 1 - s, v_set(1));
}
