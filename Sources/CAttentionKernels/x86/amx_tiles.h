// The tile operations that products and attention need, and the tiles' configuration: eight tiles of 16 rows of 64 bytes.
//
// With ATTN_EMULATE_TILES they are plain C, so that the product's source can be tested on any processor. The emulation
// adds in index order and keeps subnormal numbers; the hardware rounds alike but treats them as zero.
#ifndef ATTN_AMX_TILES_H
#define ATTN_AMX_TILES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { tile_rows = 16, tile_row_bytes = 64, tile_bytes = tile_rows * tile_row_bytes };

#if !defined(ATTN_EMULATE_TILES)

#define tile_zero(tile) _tile_zero(tile)
#define tile_load(tile, from, stride) _tile_loadd(tile, from, stride)  // the stride in bytes
#define tile_store(tile, to, stride) _tile_stored(tile, to, stride)
#define tile_dot_bf16(sums, a, b) _tile_dpbf16ps(sums, a, b)
#define tile_dot_int8(sums, a, b) _tile_dpbssd(sums, a, b)

static inline void tile_configure(void) {
    struct {
        uint8_t palette, start_row, reserved[14];
        uint16_t row_bytes[16];
        uint8_t rows[16];
    } configuration = {.palette = 1};
    for (int tile = 0; tile < 8; tile++) {
        configuration.row_bytes[tile] = tile_row_bytes;
        configuration.rows[tile] = tile_rows;
    }
    _tile_loadconfig(&configuration);
}

static inline void tile_release(void) { _tile_release(); }

#else

typedef union emulated_tile {
    uint16_t pairs[tile_rows][16][2];
    int8_t quads[tile_rows][16][4];
    float sums[tile_rows][16];
    int32_t integer_sums[tile_rows][16];
    char rows[tile_rows][tile_row_bytes];
} emulated_tile;

static _Thread_local emulated_tile emulated_tiles[8];

static inline void tile_zero(int tile) { memset(&emulated_tiles[tile], 0, tile_bytes); }
static inline void tile_load(int tile, const void *from, size_t stride) {
    for (int row = 0; row < tile_rows; row++) {
        memcpy(emulated_tiles[tile].rows[row], (const char *)from + (size_t)row * stride, tile_row_bytes);
    }
}
static inline void tile_store(int tile, void *to, size_t stride) {
    for (int row = 0; row < tile_rows; row++) {
        memcpy((char *)to + (size_t)row * stride, emulated_tiles[tile].rows[row], tile_row_bytes);
    }
}

typedef float emulated_row __attribute__((ext_vector_type(16)));
typedef uint32_t emulated_words __attribute__((ext_vector_type(16)));

static inline float emulated_float(uint16_t bfloat16) {
    const uint32_t bits = (uint32_t)bfloat16 << 16;
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/// sums[m][n] += Σ_k a[m][2k] b[2k][n] + a[m][2k + 1] b[2k + 1][n]
static inline void tile_dot_bf16(int sums, int a, int b) {
    for (int k = 0; k < tile_rows; k++) {
        emulated_words words;
        memcpy(&words, emulated_tiles[b].pairs[k], sizeof words);
        const emulated_row even = (emulated_row)(words << 16), odd = (emulated_row)(words & 0xffff0000);
        for (int m = 0; m < tile_rows; m++) {
            const uint16_t *left = emulated_tiles[a].pairs[m][k];
            emulated_row row;
            memcpy(&row, emulated_tiles[sums].sums[m], sizeof row);
            row += emulated_float(left[0]) * even + emulated_float(left[1]) * odd;
            memcpy(emulated_tiles[sums].sums[m], &row, sizeof row);
        }
    }
}

/// sums[m][n] += Σ_k Σ_i a[m][4k + i] b[4k + i][n]
static inline void tile_dot_int8(int sums, int a, int b) {
    for (int m = 0; m < tile_rows; m++) {
        for (int k = 0; k < tile_rows; k++) {
            const int8_t *left = emulated_tiles[a].quads[m][k];
            for (int n = 0; n < 16; n++) {
                const int8_t *right = emulated_tiles[b].quads[k][n];
                emulated_tiles[sums].integer_sums[m][n] +=
                    left[0] * right[0] + left[1] * right[1] + left[2] * right[2] + left[3] * right[3];
            }
        }
    }
}

static inline void tile_configure(void) {}
static inline void tile_release(void) {}

#endif

#endif
