// Weights in blocks: short runs of small integers that share scales, laid out as GGUF files have them (ggml's formats).
//
// Every format is read in groups of 32 numbers, of which a function below makes float32: exactly what the reference makes
// of them, since each number is a product of few bits, or the sum of two, rounded once. Include where the instruction set is
// switched on and `attn_half(p)`, the float of the two bytes of binary16 at p, is defined.
#ifndef ATTN_BLOCKS_H
#define ATTN_BLOCKS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { attn_group_size = 32 };

typedef float attn_group __attribute__((ext_vector_type(32)));
typedef int8_t attn_group_integers __attribute__((ext_vector_type(32)));
typedef uint8_t attn_group_bytes __attribute__((ext_vector_type(32)));
typedef uint32_t attn_group_words __attribute__((ext_vector_type(32)));
typedef uint8_t attn_nibble_pairs __attribute__((ext_vector_type(16)));

#define ATTN_BLOCK_INLINE static inline __attribute__((always_inline))

/// 16 bytes: the low halves of all, then the high halves of all.
#define attn_nibbles(bytes, from)                              \
    attn_group_bytes bytes;                                    \
    do {                                                       \
        attn_nibble_pairs pairs;                               \
        memcpy(&pairs, from, sizeof pairs);                    \
        bytes.lo = pairs & 15, bytes.hi = pairs >> 4;          \
    } while (0)

/// 16 where the bit of each number is set in these four bytes, the first number's the lowest.
#define attn_fifth_bits(bits, from)                                                                                  \
    attn_group_bytes bits;                                                                                           \
    do {                                                                                                             \
        uint32_t word;                                                                                               \
        memcpy(&word, from, sizeof word);                                                                            \
        const attn_group_words places = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,             \
                                         16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31};            \
        bits = __builtin_convertvector(((attn_group_words)word >> places & 1) << 4, attn_group_bytes);               \
    } while (0)

#define attn_signed(bytes, offset) \
    __builtin_convertvector((attn_group_integers)(bytes) - (int8_t)(offset), attn_group)
#define attn_unsigned(bytes) __builtin_convertvector(bytes, attn_group)

// MARK: Blocks of 32: a scale, for _1 a least value, for 5 bits the fifth of each, then the integers

ATTN_BLOCK_INLINE void attn_group_q4_0(attn_group *out, const uint8_t *blocks, size_t group) {
    const uint8_t *b = blocks + group * 18;
    attn_nibbles(q, b + 2);
    *out = attn_signed(q, 8) * attn_half(b);
}

ATTN_BLOCK_INLINE void attn_group_q4_1(attn_group *out, const uint8_t *blocks, size_t group) {
    const uint8_t *b = blocks + group * 20;
    attn_nibbles(q, b + 4);
    *out = attn_unsigned(q) * attn_half(b) + attn_half(b + 2);
}

ATTN_BLOCK_INLINE void attn_group_q5_0(attn_group *out, const uint8_t *blocks, size_t group) {
    const uint8_t *b = blocks + group * 22;
    attn_nibbles(q, b + 6);
    attn_fifth_bits(fifth, b + 2);
    *out = attn_signed(q | fifth, 16) * attn_half(b);
}

ATTN_BLOCK_INLINE void attn_group_q5_1(attn_group *out, const uint8_t *blocks, size_t group) {
    const uint8_t *b = blocks + group * 24;
    attn_nibbles(q, b + 8);
    attn_fifth_bits(fifth, b + 4);
    *out = attn_unsigned(q | fifth) * attn_half(b) + attn_half(b + 2);
}

ATTN_BLOCK_INLINE void attn_group_q8_0(attn_group *out, const uint8_t *blocks, size_t group) {
    const uint8_t *b = blocks + group * 34;
    attn_group_integers q;
    memcpy(&q, b + 2, sizeof q);
    *out = __builtin_convertvector(q, attn_group) * attn_half(b);
}

// MARK: Blocks of 256, eight groups: the scales of groups are integers themselves, times one scale of the block

/// Scale and least value of a group, 6 bits each, packed into 12 bytes.
ATTN_BLOCK_INLINE void attn_scale_and_least(float *scale, float *least, const uint8_t *packed, size_t group) {
    if (group < 4) {
        *scale = packed[group] & 63, *least = packed[group + 4] & 63;
    } else {
        *scale = (packed[group + 4] & 15) | packed[group - 4] >> 6 << 4;
        *least = packed[group + 4] >> 4 | packed[group] >> 6 << 4;
    }
}

ATTN_BLOCK_INLINE void attn_group_q4_k(attn_group *out, const uint8_t *blocks, size_t group) {
    const uint8_t *b = blocks + group / 8 * 144;
    group %= 8;
    float scale, least;
    attn_scale_and_least(&scale, &least, b + 4, group);
    attn_group_bytes q;
    memcpy(&q, b + 16 + group / 2 * 32, sizeof q);
    q = q >> (uint8_t)(group % 2 * 4) & 15;
    *out = attn_unsigned(q) * (attn_half(b) * scale) - attn_half(b + 2) * least;
}

ATTN_BLOCK_INLINE void attn_group_q5_k(attn_group *out, const uint8_t *blocks, size_t group) {
    const uint8_t *b = blocks + group / 8 * 176;
    group %= 8;
    float scale, least;
    attn_scale_and_least(&scale, &least, b + 4, group);
    attn_group_bytes q, fifth;
    memcpy(&fifth, b + 16, sizeof fifth);
    memcpy(&q, b + 48 + group / 2 * 32, sizeof q);
    q = (q >> (uint8_t)(group % 2 * 4) & 15) | (fifth >> (uint8_t)group & 1) << 4;
    *out = attn_unsigned(q) * (attn_half(b) * scale) - attn_half(b + 2) * least;
}

ATTN_BLOCK_INLINE void attn_group_q6_k(attn_group *out, const uint8_t *blocks, size_t group) {
    const uint8_t *b = blocks + group / 8 * 210;
    const size_t half = group % 8 / 4, quarter = group % 4;
    attn_group_bytes low, high;
    memcpy(&low, b + half * 64 + quarter % 2 * 32, sizeof low);
    memcpy(&high, b + 128 + half * 32, sizeof high);
    low = (low >> (uint8_t)(quarter / 2 * 4) & 15) | (high >> (uint8_t)(quarter * 2) & 3) << 4;
    attn_group q = attn_signed(low, 32);
    const int8_t *scales = (const int8_t *)b + 192 + half * 8 + quarter * 2;
    const float scale = attn_half(b + 208);
    q.lo *= scale * (float)scales[0];
    q.hi *= scale * (float)scales[1];
    *out = q;
}

/// All formats: form(name, what a block holds, what it takes).
#define ATTN_EACH_BLOCK_TYPE(form) \
    form(q4_0, 32, 18) form(q4_1, 32, 20) form(q5_0, 32, 22) form(q5_1, 32, 24) form(q8_0, 32, 34) \
    form(q4_k, 256, 144) form(q5_k, 256, 176) form(q6_k, 256, 210)

/// Numbers [first, first + n) of a run of blocks as float32.
#define ATTN_WIDEN_BLOCKS(function, type)                                                     \
    static void function(float *out, const void *blocks, size_t first, size_t n) {            \
        for (size_t i = 0; i < n;) {                                                          \
            const size_t start = (first + i) % attn_group_size, rest = attn_group_size - start; \
            const size_t count = n - i < rest ? n - i : rest;                                 \
            attn_group group;                                                                 \
            attn_group_##type(&group, blocks, (first + i) / attn_group_size);                 \
            memcpy(out + i, (const float *)&group + start, count * sizeof(float));            \
            i += count;                                                                       \
        }                                                                                     \
    }

#endif
