// The tiles' attention, likewise.

#define ATTN_EMULATE_TILES
#define attn_install_amx_attention attn_install_amx_emulated_attention
#define attn_amx_thread_enter attn_amx_emulated_thread_enter

#include "../../Sources/CAttentionKernels/x86/amx_attention.c"
