// Which keys a query sees in attn_attention.
#ifndef ATTN_REGION_H
#define ATTN_REGION_H

#include "attention_kernels.h"

typedef struct attn_range {
    size_t first, last;  // half open; empty when first >= last
} attn_range;

/// All that the query may see, but for the mask.
static inline attn_range attn_visible_keys(const attn_attention *a, size_t query) {
    const ptrdiff_t centre = (ptrdiff_t)query + a->offset;
    size_t end = a->visible_keys < a->keys ? a->visible_keys : a->keys;
    size_t first = 0;
    if (a->left < PTRDIFF_MAX && centre > (ptrdiff_t)a->left) {
        first = (size_t)(centre - (ptrdiff_t)a->left);
    }
    if (a->right < PTRDIFF_MAX && centre < (ptrdiff_t)end) {  // otherwise centre + right cannot cut anything
        const ptrdiff_t last = centre + (ptrdiff_t)a->right;
        if (last < 0) {
            end = 0;
        } else if ((size_t)last < end) {
            end = (size_t)last + 1;
        }
    }
    return (attn_range){first < end ? first : end, end};
}

/// All keys that any of `count` ≥ 1 queries may see. Both ends only ever grow from one query to the next.
static inline attn_range attn_visible_union(const attn_attention *a, size_t query, size_t count) {
    return (attn_range){attn_visible_keys(a, query).first, attn_visible_keys(a, query + count - 1).last};
}

static inline bool attn_mask_admits(const attn_attention *a, size_t query, size_t key) {
    return !a->mask || a->mask[query * a->mask_stride + key] != 0;
}

#endif
