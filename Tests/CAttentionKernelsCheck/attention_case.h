// One head of attention in memory, rows apart by more than their size.
#ifndef ATTENTION_CHECK_ATTENTION_CASE_H
#define ATTENTION_CHECK_ATTENTION_CASE_H

#include "check.h"

typedef struct attention_case {
    attn_attention a;
    const float *upstream, *bias, *distance_bias;
    const uint8_t *mask;
    size_t output_stride;
} attention_case;

/// Everything sees everything by plain scores, of operands within ±range.
attention_case make_attention_case(size_t queries, size_t keys, size_t head_size, size_t value_size, float range);

/// Which keys a query sees: everything, or only some, or for some queries nothing.
extern const char *const regions[];
enum { region_count = 12 };
void restrict_to(size_t region, attn_attention *a);

/// What comes between inner products and weights.
extern const char *const edits[];
enum { edit_count = 8 };
void edit(size_t edit, attention_case *one);

#endif
