// What vector/vector.h asks of an instruction set, for AVX-512. Include where the instruction set is switched on.

#define ATTN_WIDTH 16

static inline __mmask16 attn_first_lanes(size_t n) { return (__mmask16)((1u << n) - 1); }

static inline __m512 v_load_part(const float *p, size_t n) { return _mm512_maskz_loadu_ps(attn_first_lanes(n), p); }

static inline void v_store_part(float *p, __m512 x, size_t n) { _mm512_mask_storeu_ps(p, attn_first_lanes(n), x); }

static inline __m512 v_scale(__m512 x, __m512 power) { return _mm512_scalef_ps(x, power); }
