// Matrices as bfloat16 products take them: sums over depth go in steps of two, so that two neighbours in depth share a
// word of 32 bits.
//
// A block is 32 × 32 elements. As A it lies in 32 rows of 32 steps of depth; as B in two halves of 16 columns, each 16
// rows of a pair of steps by 16 columns. Both are what tiles of 16 × 64 bytes load, two tiles each, and what vectors of
// 16 words multiply just as well. A matrix in `parts` = 2 parts holds x = high + low, two bfloat16 numbers: a block of the
// high parts is followed by one of the low parts.
//
// Sums of products are right only for ordinary numbers, below 2⁶² in magnitude; packing reports the others.

enum {
    pair_block = 32,
    pair_block_halves = pair_block * pair_block,
};

typedef uint16_t pair_halves __attribute__((ext_vector_type(2 * ATTN_WIDTH)));

#if !defined(ATTN_EMULATE_TILES)

/// Two vectors rounded to nearest even, one behind the other.
V_INLINE pair_halves pair_round(vf first, vf second) { return (pair_halves)_mm512_cvtne2ps_pbh(second, first); }

#else

V_INLINE pair_halves pair_round(vf first, vf second) {
    typedef uint16_t half_vector __attribute__((ext_vector_type(ATTN_WIDTH)));
    const vu x = (vu)first, y = (vu)second;
    pair_halves halves;
    halves.lo = __builtin_convertvector((x + 0x7fff + ((x >> 16) & 1)) >> 16, half_vector);
    halves.hi = __builtin_convertvector((y + 0x7fff + ((y >> 16) & 1)) >> 16, half_vector);
    return halves;
}

#endif

typedef struct pair_split {
    pair_halves parts[2];  // high, low
} pair_split;

V_INLINE pair_split pair_split_of(const size_t parts, vf first, vf second) {
    pair_split split = {{pair_round(first, second)}};
    if (parts == 2) {
        const vf high_first = (vf)(__builtin_convertvector(split.parts[0].lo, vu) << 16);
        const vf high_second = (vf)(__builtin_convertvector(split.parts[0].hi, vu) << 16);
        split.parts[1] = pair_round(first - high_first, second - high_second);
    }
    return split;
}

/// To a row of a block of each part.
V_INLINE void pair_store(const size_t parts, uint16_t *row, pair_split split) {
    for (size_t part = 0; part < parts; part++) {
        memcpy(row + part * pair_block_halves, &split.parts[part], sizeof(pair_halves));
    }
}

V_INLINE size_t pair_blocks(size_t n) { return v_ceiling_divide(n, pair_block); }

V_INLINE vi pair_extreme(vf x) { return ~(v_abs(x) < 0x1p62f); }

/// Element i of a row of n, as far as there are any.
V_INLINE vf pair_load(const float *row, size_t i, size_t n) { return i < n ? v_load_any(row + i, n - i) : v_set(0); }

/// Rows [count ≤ 32, depth] as A: blocks along the depth, `block_stride` halves apart.
V_INLINE void pair_pack_a(const size_t parts, uint16_t *out, size_t block_stride, const float *x, size_t stride,
                          size_t count, size_t depth, vi *extreme) {
    for (size_t d = 0; d < depth; d += pair_block, out += block_stride) {
        for (size_t row = 0; row < pair_block; row++) {
            vf first = v_set(0), second = v_set(0);
            if (row < count) {
                first = pair_load(x + row * stride, d, depth);
                second = pair_load(x + row * stride, d + ATTN_WIDTH, depth);
                *extreme |= pair_extreme(first) | pair_extreme(second);
            }
            pair_store(parts, out + row * pair_block, pair_split_of(parts, first, second));
        }
    }
}

/// The transpose of rows [count ≤ 32, size] as A: one block of depth, of blocks of rows `block_stride` halves apart.
V_INLINE void pair_pack_a_transposed(const size_t parts, uint16_t *out, size_t block_stride, const float *x,
                                     size_t stride, size_t count, size_t size) {
    for (size_t column = 0; column < size; column += ATTN_WIDTH) {
        uint16_t *rows = out + column / pair_block * block_stride + column % pair_block * pair_block;
        vf first[ATTN_WIDTH], second[ATTN_WIDTH];
        for (size_t i = 0; i < ATTN_WIDTH; i++) {
            first[i] = i < count ? pair_load(x + i * stride, column, size) : v_set(0);
            second[i] = i + ATTN_WIDTH < count ? pair_load(x + (i + ATTN_WIDTH) * stride, column, size) : v_set(0);
        }
        v_transpose(first);
        v_transpose(second);
        for (size_t i = 0; i < ATTN_WIDTH; i++) {
            const pair_split split = pair_split_of(parts, first[i], second[i]);
            memcpy(rows + i * pair_block, &split.parts[0], sizeof(pair_halves));
            if (parts == 2) {
                memcpy(rows + pair_block_halves + i * pair_block, &split.parts[1], sizeof(pair_halves));
            }
        }
    }
}

/// x₀ y₀ x₁ y₁ … of two rounded vectors.
V_INLINE pair_halves pair_interleave(pair_halves xy) {
    return __builtin_shufflevector(xy, xy, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23, 8, 24, 9, 25, 10, 26,
                                   11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

/// Rows [depth, size] as B, the depth filled up to whole blocks: panels of 32 columns, `panel_stride` halves apart, of
/// blocks along the depth.
V_INLINE void pair_pack_b(const size_t parts, uint16_t *out, size_t panel_stride, const float *x, size_t stride,
                          size_t depth, size_t size, vi *extreme) {
    for (size_t column = 0; column < size; column += ATTN_WIDTH) {
        uint16_t *panel = out + column / pair_block * panel_stride
            + column % pair_block / ATTN_WIDTH * (pair_block_halves / 2);
        for (size_t d = 0; d < pair_blocks(depth) * pair_block; d += 2) {
            const vf first = d < depth ? pair_load(x + d * stride, column, size) : v_set(0);
            const vf second = d + 1 < depth ? pair_load(x + (d + 1) * stride, column, size) : v_set(0);
            *extreme |= pair_extreme(first) | pair_extreme(second);
            const pair_split split = pair_split_of(parts, first, second);
            uint16_t *row = panel + d / pair_block * parts * pair_block_halves + d % pair_block * ATTN_WIDTH;
            const pair_halves high = pair_interleave(split.parts[0]);
            memcpy(row, &high, sizeof high);
            if (parts == 2) {
                const pair_halves low = pair_interleave(split.parts[1]);
                memcpy(row + pair_block_halves, &low, sizeof low);
            }
        }
    }
}

/// The transpose of rows [count, depth] as B: a panel for each 32 rows, blocks along the depth.
V_INLINE void pair_pack_b_transposed(const size_t parts, uint16_t *out, const float *x, size_t stride, size_t count,
                                     size_t depth, vi *extreme) {
    for (size_t row = 0; row < pair_blocks(count) * pair_block; row += ATTN_WIDTH) {
        uint16_t *panel = out + row / pair_block * pair_blocks(depth) * parts * pair_block_halves
            + row % pair_block / ATTN_WIDTH * (pair_block_halves / 2);
        for (size_t d = 0; d < depth; d += pair_block, panel += parts * pair_block_halves) {
            vf words[2][ATTN_WIDTH];
            for (size_t i = 0; i < ATTN_WIDTH; i++) {
                const float *from = x + (row + i) * stride;
                const vf first = row + i < count ? pair_load(from, d, depth) : v_set(0);
                const vf second = row + i < count ? pair_load(from, d + ATTN_WIDTH, depth) : v_set(0);
                *extreme |= pair_extreme(first) | pair_extreme(second);
                const pair_split split = pair_split_of(parts, first, second);
                words[0][i] = (vf)split.parts[0];
                words[1][i] = parts == 2 ? (vf)split.parts[1] : v_set(0);
            }
            for (size_t part = 0; part < parts; part++) {
                v_transpose(words[part]);
                for (size_t i = 0; i < ATTN_WIDTH; i++) {
                    memcpy(panel + part * pair_block_halves + i * pair_block, &words[part][i], sizeof(vf));
                }
            }
        }
    }
}

V_INLINE bool pair_any(vi mask) { return v_maximum(v_select(mask, v_set(1), v_set(0))) > 0; }
