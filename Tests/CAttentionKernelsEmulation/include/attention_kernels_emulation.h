#ifndef ATTENTION_KERNELS_EMULATION_H
#define ATTENTION_KERNELS_EMULATION_H

#include "attention_kernels.h"

/// The amx table with its tiles emulated in plain C; null where the AVX-512 table that it builds on cannot run.
const attn_kernels *_Nullable attn_kernels_amx_emulated(void);

#endif
