// The default model, compiled into the program: a model folder whose files are arrays of bytes that live for ever.
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

#pragma clang assume_nonnull end

#endif
