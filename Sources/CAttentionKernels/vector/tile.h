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

/// One tile of C from packed panels of A and B: C = scale · A B + bias (+ C).
typedef struct v_tile_job {
    const float *a, *b, *bias;  // bias may be null
    float *c;
    size_t depth, columns, c_row_stride;
    float scale;
    bool add;
    bool stream;        // past the caches, for a C that they would not hold: lines that are written whole need not be read first
    size_t panel_size;  // floats between panels of B, for tiles of several
    // What is wanted next, of which each unit of depth asks for `next_step` floats; null if nothing is.
    const float *next;
    size_t next_step;
    // Of integers: one scale a row, and for each panel of B its scales and what the sums start from.
    const float *row_scales, *column_scales, *starts;
} v_tile_job;

V_INLINE void v_store_tile(const vf *tile, const int rows, const int vectors, const v_tile_job *job) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
        const size_t start = (size_t)v * ATTN_WIDTH;
        if (start >= job->columns) {
            break;
        }
        const size_t count = job->columns - start;
        const vf bias = job->bias ? v_load_any(job->bias + start, count) : v_set(0);
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) {
            float *c = job->c + (size_t)r * job->c_row_stride + start;
            const vf x = v_fma(tile[r * vectors + v], v_set(job->scale), bias);
            if (job->stream && count >= ATTN_WIDTH && (uintptr_t)c % sizeof(vf) == 0) {
                __builtin_nontemporal_store(x, (vf *)c);
            } else {
                v_store_any(c, job->add ? x + v_load_any(c, count) : x, count);
            }
        }
    }
}
