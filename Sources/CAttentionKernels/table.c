// Builds the tables once and chooses the one in use.

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "tables.h"

enum { attn_table_limit = 6 };  // scalar and at most five instruction sets of one architecture

static attn_kernels tables[attn_table_limit];
static size_t table_count;
static const attn_kernels *active;
static const char *refused;
#if defined(__x86_64__)
static attn_kernels *tile_table;  // the one whose threads must configure tiles; null where there is none
#endif
static pthread_once_t once = PTHREAD_ONCE_INIT;

/// Starts a table as a copy of the one below it.
static attn_kernels *next_table(const char *name) {
    attn_kernels *table = &tables[table_count];
    if (table_count > 0) {
        *table = tables[table_count - 1];
    }
    table->name = name;
    table_count++;
    return table;
}

static void build_tables(void) {
    attn_kernels *table = next_table("scalar");
    attn_install_scalar_products(table);
    attn_install_scalar_products_int8(table);
    attn_install_scalar_blocks(table);
    attn_install_scalar_elements(table);
    attn_install_scalar_reductions(table);
    attn_install_scalar_rows(table);
    attn_install_scalar_norms(table);
    attn_install_scalar_recurrent(table);
    attn_install_scalar_attention(table);
    attn_install_scalar_depthwise(table);
    attn_install_scalar_pooling(table);
    attn_install_scalar_training(table);
    attn_install_scalar_formats(table);
    attn_install_scalar_ceilings(table);
#if defined(__x86_64__)
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") || !__builtin_cpu_supports("f16c")) {
        return;
    }
    attn_install_avx2(next_table("avx2"));
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512vl") ||
        !__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("avx512dq")) {
        return;
    }
    attn_install_avx512(next_table("avx512"));
    if (!__builtin_cpu_supports("avx512vnni")) {
        return;
    }
    table = next_table("avx512-vnni");
    attn_install_avx512_vnni(table);
    attn_install_int8_dot_ceiling(table);
    if (!__builtin_cpu_supports("avx512bf16")) {
        return;
    }
    table = next_table("avx512-bf16");
    attn_install_avx512_bf16(table);
    attn_install_avx512_bfloat16_attention(table);
    attn_install_bfloat16_dot_ceiling(table);
    if (!attn_amx_permitted()) {
        return;
    }
    tile_table = next_table("amx");
    attn_install_amx(tile_table);
    attn_install_tile_ceilings(tile_table);
    if (__builtin_cpu_supports("avx512bf16")) {
        attn_install_amx_attention(tile_table);
    }
#elif defined(__aarch64__)
    attn_install_neon(next_table("neon"));
#endif
}

static void choose_table(void) {
    build_tables();
    active = &tables[table_count - 1];
    const char *wanted = getenv("ATTENTION_KERNELS");
    if (!wanted || !*wanted) {
        return;
    }
    for (size_t i = 0; i < table_count; i++) {
        if (strcmp(tables[i].name, wanted) == 0) {
            active = &tables[i];
            return;
        }
    }
    refused = strdup(wanted);  // the environment may change later
}

const attn_kernels *attn_kernels_active(void) {
    pthread_once(&once, choose_table);
    return active;
}

const char *attn_kernels_refused(void) {
    pthread_once(&once, choose_table);
    return refused;
}

size_t attn_kernels_available(const attn_kernels **available, size_t capacity) {
    pthread_once(&once, choose_table);
    for (size_t i = 0; i < table_count && i < capacity; i++) {
        available[i] = &tables[i];
    }
    return table_count;
}

void attn_thread_enter(void) {
#if defined(__x86_64__)
    if (attn_kernels_active() == tile_table) {
        attn_amx_thread_enter();
    }
#endif
}

void attn_thread_leave(void) {
#if defined(__x86_64__)
    if (attn_kernels_active() == tile_table) {
        attn_amx_thread_leave();
    }
#endif
}

uint32_t attn_random_bits(uint64_t seed, uint64_t index) {
    return attn_random_bits_of_key(attn_random_key(seed, (uint32_t)(index >> 32)), (uint32_t)index);
}
