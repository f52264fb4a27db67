#include "attention_assets.h"

// #embed is C23, which clang also accepts in earlier modes with a warning.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char configuration[] = {
#embed "model/config.json"
};

static const unsigned char tokenizer[] = {
#embed "model/tokenizer.json"
};

// Aligned, so that tensors in it are.
_Alignas(64) static const unsigned char weights[] = {
#embed "model/model.safetensors"
};

attn_asset attn_default_model_configuration(void) { return (attn_asset){configuration, sizeof configuration}; }
attn_asset attn_default_model_tokenizer(void) { return (attn_asset){tokenizer, sizeof tokenizer}; }
attn_asset attn_default_model_weights(void) { return (attn_asset){weights, sizeof weights}; }
