// The greatest of what windows see that move over planes.

#include "../tables.h"
#include "../window.h"

static void attn_f32_maximum_pooling_scalar(float *out, int32_t *source, const float *x, const attn_window_axis *rows,
                                            const attn_window_axis *columns) {
    for (size_t row = 0; row < rows->places; row++) {
        for (size_t column = 0; column < columns->places; column++) {
            attn_window_maximum(out++, source++, x, rows, columns, row, column);
        }
    }
}

void attn_install_scalar_pooling(attn_kernels *table) { table->maximum_pooling = attn_f32_maximum_pooling_scalar; }
