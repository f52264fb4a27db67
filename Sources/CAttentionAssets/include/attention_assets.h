// What is compiled into the program: the default model and policies, folders whose files are arrays of bytes that live for ever.
#ifndef ATTENTION_ASSETS_H
#define ATTENTION_ASSETS_H

#include <stddef.h>

#pragma clang assume_nonnull begin

typedef struct attn_asset {
    const unsigned char *bytes;
    size_t count;
} attn_asset;

attn_asset attn_default_model_configuration(void);
attn_asset attn_default_model_tokenizer(void);
attn_asset attn_default_model_weights(void);

// Small policies for environments: folders that attend train policy leaves.
attn_asset attn_cart_pole_policy_configuration(void);
attn_asset attn_cart_pole_policy_weights(void);
attn_asset attn_key_door_policy_configuration(void);
attn_asset attn_key_door_policy_weights(void);
attn_asset attn_memory_policy_configuration(void);
attn_asset attn_memory_policy_weights(void);

#pragma clang assume_nonnull end

#endif
