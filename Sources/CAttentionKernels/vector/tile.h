// The inner loop of every product: a tile of C, `rows` × (`vectors` · ATTN_WIDTH), kept in registers while the depth
// goes by. Rows and vectors are constants wherever this is inlined, so that the tile is registers indeed.

typedef struct v_operands {
    const float *a;
    size_t a_row_stride, a_column_stride;
    const float *b;  // rows of B, contiguous along the columns
    size_t b_row_stride;
    size_t depth;
} v_operands;

/// Adds A B to the tile, of whose columns only the first `columns` exist in B: all of them if `whole`.
V_INLINE void v_tile_steps(vf *tile, const int rows, const int vectors, const bool whole, v_operands o,
                           size_t columns) {
    for (size_t d = 0; d < o.depth; d++) {
        vf b[ATTN_DIRECT_VECTORS];
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) {
            const size_t start = (size_t)v * ATTN_WIDTH, rest = columns > start ? columns - start : 0;
            b[v] = whole ? v_load(o.b + start) : v_load_part(o.b + start, rest < ATTN_WIDTH ? rest : ATTN_WIDTH);
        }
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) {
            const vf a = v_set(o.a[(size_t)r * o.a_row_stride]);
#pragma clang loop unroll(full)
            for (int v = 0; v < vectors; v++) {
                tile[r * vectors + v] = v_fma(a, b[v], tile[r * vectors + v]);
            }
        }
        o.a += o.a_column_stride;
        o.b += o.b_row_stride;
    }
}

V_INLINE void v_tile_multiply(vf *tile, const int rows, const int vectors, v_operands o, size_t columns) {
    if (columns >= (size_t)vectors * ATTN_WIDTH) {
        v_tile_steps(tile, rows, vectors, true, o, columns);
    } else {
        v_tile_steps(tile, rows, vectors, false, o, columns);
    }
}
