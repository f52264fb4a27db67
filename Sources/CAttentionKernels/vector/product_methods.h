// The products that every vector table has. Tables above may multiply the same packed operands by instructions of their own.

#define V_METHOD(name) V_NAME(product_##name)
#define V_ARITHMETIC v_float32
#include "product_method.h"
#undef V_METHOD
#undef V_ARITHMETIC

#define V_METHOD(name) V_NAME(product_bfloat16_##name)
#define V_ARITHMETIC v_bfloat16_widened
#include "product_method.h"
#undef V_METHOD
#undef V_ARITHMETIC

#define V_METHOD(name) V_NAME(product_int8_##name)
#define V_ARITHMETIC v_int8_widened
#include "product_method.h"
#undef V_METHOD
#undef V_ARITHMETIC

#define V_PACKING(name, arithmetic)                                                                           \
    static size_t V_NAME(product_##name##packed_size)(size_t depth, size_t columns) {                         \
        const size_t floats = v_ceiling_divide(columns, v_panel) * v_panel_size(arithmetic, depth);           \
        return floats * sizeof(float) + v_cache_line;                                                         \
    }                                                                                                         \
    static void V_NAME(product_##name##pack)(void *packed, const attn_product *p, size_t first, size_t last) { \
        v_pack_panels(arithmetic, packed, p, first, last);                                                    \
    }
V_PACKING(, v_float32)
V_PACKING(bfloat16_, v_bfloat16_pairs)
V_PACKING(int8_, v_int8_quads)
#undef V_PACKING

static void attn_install_vector_products(attn_kernels *table) {
    table->products[attn_precision_exact] = table->products[attn_precision_float32] = (attn_product_method){
        .name = "fma",
        .row_block = 1,
        .column_block = v_panel,
        .few_rows = 4,
        .packed_size = V_NAME(product_packed_size),
        .workspace_size = V_NAME(product_workspace_size),
        .pack = V_NAME(product_pack),
        .multiply = V_NAME(product_multiply),
    };
    table->products[attn_precision_bfloat16] = (attn_product_method){
        .name = "widened bfloat16",
        .row_block = 1,
        .column_block = v_panel,
        .packed_size = V_NAME(product_bfloat16_packed_size),
        .workspace_size = V_NAME(product_bfloat16_workspace_size),
        .pack = V_NAME(product_bfloat16_pack),
        .multiply = V_NAME(product_bfloat16_multiply),
    };
    table->products[attn_precision_int8] = (attn_product_method){
        .name = "widened int8",
        .row_block = 1,
        .column_block = v_panel,
        .packed_size = V_NAME(product_int8_packed_size),
        .workspace_size = V_NAME(product_int8_workspace_size),
        .pack = V_NAME(product_int8_pack),
        .multiply = V_NAME(product_int8_multiply),
    };
    table->product_direct = V_NAME(product_direct);
}
