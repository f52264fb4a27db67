// The sources that use tiles, compiled with emulated ones, under other names.

#define ATTN_EMULATE_TILES
#define attn_install_amx_attention attn_install_amx_emulated_attention
#define attn_install_amx attn_install_amx_emulated
#define attn_install_tile_ceilings attn_install_tile_ceilings_emulated
#define attn_amx_thread_enter attn_amx_emulated_thread_enter
#define attn_amx_thread_leave attn_amx_emulated_thread_leave

#include "../../Sources/CAttentionKernels/x86/amx.c"
#include "../../Sources/CAttentionKernels/x86/tile_ceilings.c"

#include <string.h>

#include "include/attention_kernels_emulation.h"

const attn_kernels *attn_kernels_amx_emulated(void) {
#if defined(__x86_64__)
    static attn_kernels emulated;
    const attn_kernels *tables[8];
    const size_t count = attn_kernels_available(tables, 8);
    for (size_t i = 0; i < count && i < 8; i++) {
        if (strcmp(tables[i]->name, "avx512") == 0) {
            emulated = *tables[i];
            emulated.name = "amx-emulated";
            attn_install_amx_emulated(&emulated);
            attn_install_amx_emulated_attention(&emulated);
            attn_install_tile_ceilings_emulated(&emulated);
            return &emulated;
        }
    }
#endif
    return NULL;
}
