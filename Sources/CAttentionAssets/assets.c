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

static const unsigned char cart_pole_configuration[] = {
#embed "policies/cart-pole/config.json"
};

_Alignas(64) static const unsigned char cart_pole_weights[] = {
#embed "policies/cart-pole/model.safetensors"
};

static const unsigned char key_door_configuration[] = {
#embed "policies/key-door/config.json"
};

_Alignas(64) static const unsigned char key_door_weights[] = {
#embed "policies/key-door/model.safetensors"
};

static const unsigned char memory_configuration[] = {
#embed "policies/memory/config.json"
};

_Alignas(64) static const unsigned char memory_weights[] = {
#embed "policies/memory/model.safetensors"
};

attn_asset attn_default_model_configuration(void) { return (attn_asset){configuration, sizeof configuration}; }
attn_asset attn_default_model_tokenizer(void) { return (attn_asset){tokenizer, sizeof tokenizer}; }
attn_asset attn_default_model_weights(void) { return (attn_asset){weights, sizeof weights}; }
attn_asset attn_cart_pole_policy_configuration(void) {
    return (attn_asset){cart_pole_configuration, sizeof cart_pole_configuration};
}
attn_asset attn_cart_pole_policy_weights(void) { return (attn_asset){cart_pole_weights, sizeof cart_pole_weights}; }
attn_asset attn_key_door_policy_configuration(void) {
    return (attn_asset){key_door_configuration, sizeof key_door_configuration};
}
attn_asset attn_key_door_policy_weights(void) { return (attn_asset){key_door_weights, sizeof key_door_weights}; }
attn_asset attn_memory_policy_configuration(void) {
    return (attn_asset){memory_configuration, sizeof memory_configuration};
}
attn_asset attn_memory_policy_weights(void) { return (attn_asset){memory_weights, sizeof memory_weights}; }
