// The counter-based generator behind dropout, the same in every table.
//
// The seed and the upper half of the index make a 64-bit key, mixed by the finaliser of SplitMix64 (Steele, Lea &
// Flood 2014). The lower half of the index then goes through two rounds of a 32-bit multiply–xorshift permutation, one
// half of the key entering before each. For one key all 2³² indices give different bits; a vector of consecutive
// indices costs four multiplications.
#ifndef ATTN_RANDOM_H
#define ATTN_RANDOM_H

#include <stdint.h>

#define ATTN_RANDOM_MULTIPLIER_1 0x7feb352du
#define ATTN_RANDOM_MULTIPLIER_2 0x846ca68bu

static inline uint64_t attn_random_key(uint64_t seed, uint32_t index_high) {
    uint64_t key = seed + 0x9e3779b97f4a7c15u * ((uint64_t)index_high + 1);
    key = (key ^ (key >> 30)) * 0xbf58476d1ce4e5b9u;
    key = (key ^ (key >> 27)) * 0x94d049bb133111ebu;
    return key ^ (key >> 31);
}

static inline uint32_t attn_random_round(uint32_t x) {
    x = (x ^ (x >> 16)) * ATTN_RANDOM_MULTIPLIER_1;
    x = (x ^ (x >> 15)) * ATTN_RANDOM_MULTIPLIER_2;
    return x ^ (x >> 16);
}

static inline uint32_t attn_random_bits_of_key(uint64_t key, uint32_t index_low) {
    return attn_random_round(attn_random_round(index_low ^ (uint32_t)key) ^ (uint32_t)(key >> 32));
}

/// An element is kept iff the upper 24 of its random bits are at least this.
static inline uint32_t attn_dropout_threshold(float probability) {
    return (uint32_t)((double)probability * 0x1p24);
}

static inline int attn_dropout_keeps(uint64_t seed, uint64_t index, uint32_t threshold) {
    uint64_t key = attn_random_key(seed, (uint32_t)(index >> 32));
    return (attn_random_bits_of_key(key, (uint32_t)index) >> 8) >= threshold;
}

#endif
