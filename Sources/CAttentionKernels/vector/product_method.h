// The functions of one method of multiplying: included once for each, with V_METHOD(name), the functions' names, and
// V_ARITHMETIC defined.

// One function per height, so that each tile's size is a constant.
#define V_PRODUCT_TILE(rows) \
    static void V_METHOD(tile_##rows)(const v_tile_job *job) { v_unit_tile_of(V_ARITHMETIC, rows, job); }
ATTN_EACH_TILE_HEIGHT(V_PRODUCT_TILE)
#undef V_PRODUCT_TILE

#define V_PRODUCT_TILE(rows) V_METHOD(tile_##rows),
static void (*const V_METHOD(tiles)[])(const v_tile_job *) = {ATTN_EACH_TILE_HEIGHT(V_PRODUCT_TILE)};
#undef V_PRODUCT_TILE

static void V_METHOD(multiply)(const attn_product *p, const void *packed, size_t row_first, size_t row_last,
                               size_t column_first, size_t column_last, void *workspace) {
    v_product(V_ARITHMETIC, V_METHOD(tiles), p, packed, row_first, row_last, column_first, column_last, workspace);
}

static size_t V_METHOD(workspace_size)(size_t depth) {
    return v_workspace_size(V_ARITHMETIC, depth) * sizeof(float) + v_cache_line;
}
