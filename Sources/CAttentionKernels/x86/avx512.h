// What vector/vector.h asks of an instruction set, for AVX-512. Include where the instruction set is switched on.

#define ATTN_WIDTH 16
#define ATTN_TILE_ROWS 14  // × 2 vectors: 28 sums, 2 vectors of B and an element of A fill the registers
#define ATTN_TILE_VECTORS 2
#define ATTN_EACH_TILE_HEIGHT(tile) \
    tile(1) tile(2) tile(3) tile(4) tile(5) tile(6) tile(7) tile(8) tile(9) tile(10) tile(11) tile(12) tile(13) tile(14)
#define ATTN_DIRECT_ROWS 6
#define ATTN_DIRECT_VECTORS 4
#define ATTN_EACH_DIRECT_HEIGHT(tile) tile(1) tile(2) tile(3) tile(4) tile(5) tile(6)

static inline __mmask16 attn_first_lanes(size_t n) { return (__mmask16)((1u << n) - 1); }

static inline __m512 v_load_part(const float *p, size_t n) { return _mm512_maskz_loadu_ps(attn_first_lanes(n), p); }

static inline void v_store_part(float *p, __m512 x, size_t n) { _mm512_mask_storeu_ps(p, attn_first_lanes(n), x); }

static inline __m512 v_scale(__m512 x, __m512 power) { return _mm512_scalef_ps(x, power); }

static inline __m512i v_dot_shorts(__m512i x, __m512i y) { return _mm512_madd_epi16(x, y); }

static inline __m512i v_settled(__m512i x) {
    __asm__("" : "+v"(x));
    return x;
}
