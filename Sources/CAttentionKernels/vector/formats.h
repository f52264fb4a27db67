// bfloat16 and IEEE binary16. The last part of a vector goes through a whole one on the stack.

typedef uint16_t v_halves __attribute__((ext_vector_type(ATTN_WIDTH)));
typedef _Float16 v_float16 __attribute__((ext_vector_type(ATTN_WIDTH)));

V_INLINE v_halves v_load_halves(const uint16_t *x, size_t n) {
    v_halves halves = 0;
    __builtin_memcpy(&halves, x, (n < ATTN_WIDTH ? n : ATTN_WIDTH) * sizeof *x);
    return halves;
}

V_INLINE void v_store_halves(uint16_t *out, v_halves halves, size_t n) {
    __builtin_memcpy(out, &halves, (n < ATTN_WIDTH ? n : ATTN_WIDTH) * sizeof *out);
}

V_INLINE vf v_from_bfloat16(v_halves x) { return (vf)(__builtin_convertvector(x, vu) << 16); }

V_INLINE v_halves v_to_bfloat16(vf x) {
    const vu bits = (vu)x, rounded = bits + 0x7fff + ((bits >> 16) & 1);
    const vu chosen = (vu)v_select(x != x, (vf)(bits | 0x400000), (vf)rounded);
    return __builtin_convertvector(chosen >> 16, v_halves);
}

V_INLINE vf v_from_float16(v_halves x) { return __builtin_convertvector((v_float16)x, vf); }
V_INLINE v_halves v_to_float16(vf x) { return (v_halves)__builtin_convertvector(x, v_float16); }

#define V_FROM_HALVES(name, function)                                                   \
    static void V_NAME(name)(float *out, const uint16_t *x, size_t n) {                 \
        V_EACH(n, function(v_load_halves(x + i, ATTN_WIDTH)), function(v_load_halves(x + i, n - i))) \
    }
#define V_TO_HALVES(name, function)                                                     \
    static void V_NAME(name)(uint16_t *out, const float *x, size_t n) {                 \
        for (size_t i = 0; i + ATTN_WIDTH <= n; i += ATTN_WIDTH) {                      \
            v_store_halves(out + i, function(v_load(x + i)), ATTN_WIDTH);               \
        }                                                                               \
        const size_t rest = n % ATTN_WIDTH;                                             \
        if (rest > 0) {                                                                 \
            v_store_halves(out + n - rest, function(v_load_part(x + n - rest, rest)), rest); \
        }                                                                               \
    }

V_FROM_HALVES(float_from_bfloat16, v_from_bfloat16)
V_FROM_HALVES(float_from_float16, v_from_float16)
V_TO_HALVES(bfloat16_from_float, v_to_bfloat16)
V_TO_HALVES(float16_from_float, v_to_float16)

static void attn_install_vector_formats(attn_kernels *table) {
    table->float_from_bfloat16 = V_NAME(float_from_bfloat16);
    table->bfloat16_from_float = V_NAME(bfloat16_from_float);
    table->float_from_float16 = V_NAME(float_from_float16);
    table->float16_from_float = V_NAME(float16_from_float);
}
