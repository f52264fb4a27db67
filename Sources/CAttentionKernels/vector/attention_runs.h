// Which keys a tile of queries goes through: what no query of it may see is not visited, in steps of v_panel keys.

/// Whether the mask admits any pair of the queries and the keys [first, last), at most v_panel of them.
V_INLINE bool v_mask_admits_any(const attn_attention *a, size_t query, size_t rows, size_t first, size_t last) {
    typedef uint8_t v_bytes __attribute__((ext_vector_type(v_panel), aligned(1)));
    typedef uint64_t v_words __attribute__((ext_vector_type(v_panel / 8)));
    const uint8_t *bytes = a->mask + query * a->mask_stride + first;
    if (last - first < v_panel) {
        for (size_t row = 0; row < rows; row++, bytes += a->mask_stride) {
            for (size_t i = 0; i < last - first; i++) {
                if (bytes[i]) {
                    return true;
                }
            }
        }
        return false;
    }
    v_bytes any = 0;
    for (size_t row = 0; row < rows; row++, bytes += a->mask_stride) {
        any |= *(const v_bytes *)bytes;
    }
    v_words words;
    __builtin_memcpy(&words, &any, sizeof words);
    uint64_t sum = 0;
    for (int i = 0; i < v_panel / 8; i++) {
        sum |= words[i];
    }
    return sum != 0;
}

/// The next keys within [first, last) that some query of a tile may see: whole panels, but for both ends.
V_INLINE attn_range v_next_run(const attn_attention *a, size_t query, size_t rows, size_t first, size_t last) {
    if (!a->mask) {
        return (attn_range){first, last};
    }
    attn_range run = {first, first};
    while (run.last < last) {
        const size_t boundary = (run.last / v_panel + 1) * v_panel, end = boundary < last ? boundary : last;
        if (v_mask_admits_any(a, query, rows, run.last, end)) {
            run.last = end;
        } else if (run.first < run.last) {
            break;
        } else {
            run.first = run.last = end;
        }
    }
    return run;
}
