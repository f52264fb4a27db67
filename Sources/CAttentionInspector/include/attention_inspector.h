// The inspector page's script and style sheet, compiled into the program.
#ifndef ATTENTION_INSPECTOR_H
#define ATTENTION_INSPECTOR_H

#include <stddef.h>

#pragma clang assume_nonnull begin

typedef struct attn_text {
    const unsigned char *bytes;
    size_t count;
} attn_text;

attn_text attn_inspector_script(void);
// The script of the page that shows two of them side by side.
attn_text attn_inspector_pair_script(void);
attn_text attn_inspector_style(void);

#pragma clang assume_nonnull end

#endif
