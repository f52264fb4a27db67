#include "attention_case.h"

attention_case make_attention_case(size_t queries, size_t keys, size_t head_size, size_t value_size, float range) {
    const size_t query_stride = head_size + 3, key_stride = head_size + 5, value_stride = value_size + 2;
    attention_case one = {
        .a = {
            .queries = queries, .keys = keys, .head_size = head_size, .value_size = value_size,
            .query = check_random_floats(queries * query_stride, -range, range), .query_stride = query_stride,
            .key = check_random_floats(keys * key_stride, -range, range), .key_stride = key_stride,
            .value = check_random_floats(keys * value_stride, -1, 1), .value_stride = value_stride,
            .visible_keys = keys, .left = SIZE_MAX, .right = SIZE_MAX, .mask_stride = keys, .scale = 0.5f,
            .bias_stride = keys, .dropout_seed = 42, .dropout_base = (UINT64_C(1) << 32) - 30, .dropout_stride = keys,
        },
        .upstream = check_random_floats(queries * (value_size + 4), -1, 1),
        .bias = check_random_floats(queries * keys, -1, 1),
        .distance_bias = check_random_floats(queries + keys, -1, 1),
        .output_stride = value_size + 4,
    };
    uint8_t *mask = check_memory(queries * keys);
    for (size_t i = 0; i < queries * keys; i++) {
        mask[i] = check_random() % 3 != 0;
    }
    one.mask = mask;
    return one;
}

const char *const regions[] = {"full", "causal", "decoding", "window", "left window", "padded", "padded causal",
                                      "nothing", "blind at first", "blind at last", "open right", "wide"};
_Static_assert(sizeof regions / sizeof *regions == region_count, "regions");

void restrict_to(size_t region, attn_attention *a) {
    const ptrdiff_t queries = (ptrdiff_t)a->queries, keys = (ptrdiff_t)a->keys;
    switch (region) {
    case 1: a->right = 0; break;
    case 2: a->offset = keys - queries, a->right = 0; break;
    case 3: a->left = 3, a->right = 2; break;
    case 4: a->left = 5, a->right = 0, a->offset = 1; break;
    case 5: a->visible_keys = a->keys / 3; break;
    case 6: a->visible_keys = a->keys / 2, a->right = 0; break;
    case 7: a->visible_keys = 0; break;
    case 8: a->offset = -4, a->right = 0; break;
    case 9: a->offset = keys - 3, a->left = 0, a->right = 5; break;
    case 10: a->left = 0; break;
    case 11: a->left = PTRDIFF_MAX - 1, a->right = PTRDIFF_MAX; break;
    default: break;
    }
}

const char *const edits[] = {"plain", "cap", "bias", "bias of keys", "distances", "mask", "mask of keys",
                                    "everything"};
_Static_assert(sizeof edits / sizeof *edits == edit_count, "edits");

void edit(size_t edit, attention_case *one) {
    attn_attention *a = &one->a;
    if (edit == 1 || edit == 7) {
        a->cap = edit == 1 ? 0.7f : 2;
    }
    if (edit == 2 || edit == 3 || edit == 7) {
        a->bias = one->bias, a->bias_stride = edit == 3 ? 0 : a->keys;
    }
    if (edit == 4 || edit == 7) {
        a->distance_bias = one->distance_bias + a->queries - 1;
    }
    if (edit >= 5) {
        a->mask = one->mask, a->mask_stride = edit == 6 ? 0 : a->keys;
    }
}
