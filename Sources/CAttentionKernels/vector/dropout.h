// Dropout of a vector of elements by the generator in random.h.

/// The generator's bits for ATTN_WIDTH consecutive indices, as attn_random_bits_of_key gives them one by one.
V_INLINE vu v_random_bits(uint64_t key, uint32_t index) {
    vu x;
    for (uint32_t i = 0; i < ATTN_WIDTH; i++) {
        x[i] = i;
    }
    x = (x + index) ^ (uint32_t)key;
    for (int round = 0; round < 2; round++) {
        x = (x ^ (x >> 16)) * ATTN_RANDOM_MULTIPLIER_1;
        x = (x ^ (x >> 15)) * ATTN_RANDOM_MULTIPLIER_2;
        x = x ^ (x >> 16);
        x = round == 0 ? x ^ (uint32_t)(key >> 32) : x;
    }
    return x;
}

V_INLINE vf v_dropout(vf x, uint64_t key, uint32_t index, uint32_t threshold, float scale) {
    const vi bits = (vi)(v_random_bits(key, index) >> 8);
    return v_select(bits >= (int32_t)threshold, x * scale, v_set(0));
}

/// Element i by index + i, the key changing where the upper half of the index does.
V_INLINE vf v_dropout_at(vf x, uint64_t seed, uint64_t index, uint32_t threshold, float scale) {
    const uint32_t low = (uint32_t)index, rest = 0 - low;  // how many indices are left to this key; 0 is all
    const vf dropped = v_dropout(x, attn_random_key(seed, (uint32_t)(index >> 32)), low, threshold, scale);
    if (rest == 0 || rest >= ATTN_WIDTH) {
        return dropped;
    }
    const uint64_t next = attn_random_key(seed, (uint32_t)(index >> 32) + 1);
    return v_first(dropped, v_dropout(x, next, low, threshold, scale), rest);
}
