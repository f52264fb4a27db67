// What products multiply and add. An element of a packed operand is a unit of 32 bits: one float32, two bfloat16 or four
// integers, steps of depth that follow each other. Where no instruction takes a whole unit it is widened into two parts,
// even steps and odd ones, and A is packed in such parts.

typedef enum v_arithmetic {
    v_float32,           // a unit is a float
    v_bfloat16_pairs,    // two bfloat16, by an instruction that multiplies pairs
    v_bfloat16_widened,  // the same, by two multiply-adds in float32
    v_int8_quads,        // four integers, by an instruction that multiplies unsigned by signed ones: A is offset by 128
    v_int8_widened,      // the same, by two instructions that multiply pairs of 16 bits
} v_arithmetic;

V_INLINE bool v_is_int8(const v_arithmetic k) { return k == v_int8_quads || k == v_int8_widened; }

/// Steps of depth in a unit, and parts that it is multiplied in.
V_INLINE size_t v_unit_depth(const v_arithmetic k) { return k == v_float32 ? 1 : v_is_int8(k) ? 4 : 2; }
V_INLINE size_t v_unit_parts(const v_arithmetic k) { return k == v_bfloat16_widened || k == v_int8_widened ? 2 : 1; }

typedef int16_t v_shorts __attribute__((ext_vector_type(2 * ATTN_WIDTH)));

/// A part of units of B.
V_INLINE vu v_unit_part(const v_arithmetic k, vu x, const int part) {
    switch (k) {
        case v_bfloat16_widened: return part == 0 ? x << 16 : x & 0xffff0000;
        case v_int8_widened: return (vu)((part == 0 ? (v_shorts)(x << 8) : (v_shorts)x) >> 8);
        default: return x;
    }
}

/// Makes the compiler read memory again from here on, instead of keeping in registers what it will want later: where a unit has two parts, the
/// second parts of B would take registers that the sums need.
V_INLINE void v_read_again(void) { __asm__ volatile("" ::: "memory"); }

/// sums + a · b, in float32 or in int32. Sums of integers are settled: else the compiler adds the products of both parts to each other first,
/// and keeps as many of them waiting as there are sums, for which there are no registers.
V_INLINE vu v_dot(const v_arithmetic k, vu sums, vu a, vu b) {
    switch (k) {
        case v_float32:
        case v_bfloat16_widened: return (vu)v_fma((vf)a, (vf)b, (vf)sums);
        case v_int8_widened: return (vu)v_settled(sums + (vu)v_dot_shorts(a, b));
#if defined(ATTN_DOTS_OF_BFLOAT16)
        case v_bfloat16_pairs: return (vu)v_dot_bfloat16((vf)sums, a, b);
#endif
#if defined(ATTN_DOTS_OF_INT8)
        case v_int8_quads: return v_dot_int8(sums, a, b);
#endif
        default: return sums;  // never asked for where there is no such instruction
    }
}
