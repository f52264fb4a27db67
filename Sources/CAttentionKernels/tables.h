// How tables are built: each function below overwrites the entries of one topic in the table it is given.
#ifndef ATTN_TABLES_H
#define ATTN_TABLES_H

#include "attention_kernels.h"

void attn_install_scalar_products(attn_kernels *table);
void attn_install_scalar_products_int8(attn_kernels *table);
void attn_install_scalar_blocks(attn_kernels *table);
void attn_install_scalar_elements(attn_kernels *table);
void attn_install_scalar_reductions(attn_kernels *table);
void attn_install_scalar_rows(attn_kernels *table);
void attn_install_scalar_norms(attn_kernels *table);
void attn_install_scalar_recurrent(attn_kernels *table);
void attn_install_scalar_attention(attn_kernels *table);
void attn_install_scalar_depthwise(attn_kernels *table);
void attn_install_scalar_pooling(attn_kernels *table);
void attn_install_scalar_training(attn_kernels *table);
void attn_install_scalar_formats(attn_kernels *table);
void attn_install_scalar_ceilings(attn_kernels *table);

#if defined(__x86_64__)
void attn_install_avx2(attn_kernels *table);
void attn_install_avx512(attn_kernels *table);
void attn_install_avx512_vnni(attn_kernels *table);
void attn_install_avx512_bf16(attn_kernels *table);
void attn_install_avx512_bfloat16_attention(attn_kernels *table);
void attn_install_amx(attn_kernels *table);
void attn_install_amx_attention(attn_kernels *table);

/// Overwrite the ceilings of what a processor has beyond the plain instruction set.
void attn_install_int8_dot_ceiling(attn_kernels *table);
void attn_install_bfloat16_dot_ceiling(attn_kernels *table);
void attn_install_tile_ceilings(attn_kernels *table);

/// Whether this processor has AMX tiles and the kernel grants their use, which must be asked for once per process.
bool attn_amx_permitted(void);
void attn_amx_thread_enter(void);
void attn_amx_thread_leave(void);
#elif defined(__aarch64__)
void attn_install_neon(attn_kernels *table);
#endif

#endif
