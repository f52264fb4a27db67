#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

const size_t check_sizes[] = {0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 63, 65, 100, 127, 257};
_Static_assert(sizeof check_sizes / sizeof *check_sizes == check_size_count, "sizes");

const float check_specials[] = {
    0,        -0.0f, 1,    -1,   INFINITY, -INFINITY, NAN, 0x1.fffffep127f, -0x1.fffffep127f, 0x1p-126f, 0x1p-149f,
    -0x1p-149f, 88.8f, -88.8f, 104, -104, 14, -14, 1e20f, -1e20f,
};
_Static_assert(sizeof check_specials / sizeof *check_specials == check_special_count, "special values");

// MARK: Memory

enum { guard_size = 132, guard_byte = 0xa5 };

typedef struct check_mapping {
    struct check_mapping *next;
    unsigned char *mapping, *start;
    size_t size;
} check_mapping;

static check_mapping *mappings;

void *check_memory(size_t bytes) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), accessible = (bytes + guard_size + page - 1) / page * page;
    check_mapping *one = malloc(sizeof *one);
    unsigned char *mapping = mmap(NULL, accessible + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (!one || mapping == MAP_FAILED || mprotect(mapping + accessible, page, PROT_NONE) != 0) {
        perror("memory for operands");
        exit(71);
    }
    *one = (check_mapping){mappings, mapping, mapping + accessible - bytes, accessible + page};
    mappings = one;
    memset(one->start - guard_size, guard_byte, guard_size);
    return one->start;
}

void check_release(void) {
    while (mappings) {
        check_mapping *one = mappings;
        for (size_t i = 1; i <= guard_size; i++) {
            if (one->start[-(ptrdiff_t)i] != guard_byte) {
                check_fail("wrote %zu bytes before the start of an operand", i);
                break;
            }
        }
        mappings = one->next;
        munmap(one->mapping, one->size);
        free(one);
    }
}

float *check_floats(float value, size_t n) {
    float *x = check_memory(n * sizeof *x);
    for (size_t i = 0; i < n; i++) {
        x[i] = value;
    }
    return x;
}

float *check_copy(const float *x, size_t n) {
    float *copy = check_memory(n * sizeof *x);
    memcpy(copy, x, n * sizeof *x);
    return copy;
}

// MARK: Values

static uint64_t state;

void check_seed(uint64_t seed) { state = seed; }

/// SplitMix64 (Steele, Lea & Flood 2014).
uint64_t check_random(void) {
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

float *check_random_floats(size_t n, float low, float high) {
    float *x = check_memory(n * sizeof *x);
    for (size_t i = 0; i < n; i++) {
        x[i] = low + (high - low) * (float)(check_random() >> 40) * 0x1p-24f;
    }
    return x;
}

float *check_sweep(void) {
    float *x = check_memory(check_sweep_count * sizeof *x);
    for (size_t i = 0; i < check_sweep_count; i++) {
        const uint32_t bits = (uint32_t)(i * 9973);
        memcpy(x + i, &bits, sizeof bits);
    }
    return x;
}
