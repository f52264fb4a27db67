#define _GNU_SOURCE
#include "attention_messages.h"

#include <dlfcn.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// What is done with MPI, whatever its handles.
typedef struct table {
    int (*join)(int *rank, int *count);
    int (*all_gather)(const void *, void *, int);
    int (*begin_all_to_all)(const void *, void *, int, attn_mpi_request *);
    int (*advance)(attn_mpi_request *);
    int (*finish)(attn_mpi_request *);
    void (*abort)(int);
} table;

// Room for what any library says of a message; nobody asks for it.
typedef struct any_status {
    long long words[16];
} any_status;

// The same by MPI's functions for one kind of handle.
#define FUNCTIONS(name, handle)                                                                                      \
    typedef struct name##_functions {                                                                                \
        int (*comm_rank)(handle, int *);                                                                             \
        int (*comm_size)(handle, int *);                                                                             \
        int (*all_gather)(const void *, int, handle, void *, int, handle, handle);                                   \
        int (*begin_all_to_all)(const void *, int, handle, void *, int, handle, handle, handle *);                   \
        int (*test)(handle *, int *, void *);                                                                        \
        int (*wait)(handle *, void *);                                                                               \
        int (*abort)(handle, int);                                                                                   \
        handle world;                                                                                                \
        handle byte;                                                                                                 \
    } name##_functions;                                                                                              \
    static name##_functions name;                                                                                    \
    static int name##_join(int *rank, int *count) {                                                                  \
        int failure = name.comm_rank(name.world, rank);                                                              \
        return failure ? failure : name.comm_size(name.world, count);                                                \
    }                                                                                                                \
    static int name##_all_gather(const void *sent, void *received, int count) {                                      \
        return name.all_gather(sent, count, name.byte, received, count, name.byte, name.world);                      \
    }                                                                                                                \
    static int name##_begin_all_to_all(const void *sent, void *received, int count, attn_mpi_request *request) {     \
        return name.begin_all_to_all(                                                                                \
            sent, count, name.byte, received, count, name.byte, name.world, &request->name);                         \
    }                                                                                                                \
    static int name##_advance(attn_mpi_request *request) {                                                           \
        any_status status;                                                                                           \
        int is_finished;                                                                                             \
        return name.test(&request->name, &is_finished, &status);                                                     \
    }                                                                                                                \
    static int name##_finish(attn_mpi_request *request) {                                                            \
        any_status status;                                                                                           \
        return name.wait(&request->name, &status);                                                                   \
    }                                                                                                                \
    static void name##_abort(int code) { name.abort(name.world, code); }                                             \
    static const table name##_table = {                                                                              \
        name##_join,    name##_all_gather, name##_begin_all_to_all,                                                  \
        name##_advance, name##_finish,     name##_abort,                                                             \
    };                                                                                                               \
    static void name##_fill(void *library) {                                                                         \
        *(void **)&name.comm_rank = dlsym(library, "MPI_Comm_rank");                                                 \
        *(void **)&name.comm_size = dlsym(library, "MPI_Comm_size");                                                 \
        *(void **)&name.all_gather = dlsym(library, "MPI_Allgather");                                                \
        *(void **)&name.begin_all_to_all = dlsym(library, "MPI_Ialltoall");                                          \
        *(void **)&name.test = dlsym(library, "MPI_Test");                                                           \
        *(void **)&name.wait = dlsym(library, "MPI_Wait");                                                           \
        *(void **)&name.abort = dlsym(library, "MPI_Abort");                                                         \
    }

FUNCTIONS(pointers, void *)
FUNCTIONS(numbers, int)

// What does not depend on handles.
static struct {
    int (*init_thread)(int *, char ***, int, int *);
    int (*finalize)(void);
    int (*library_version)(char *, int *);
} plain;

static const table *active;
static attn_mpi_convention convention;
static int threads_funneled, own_rank, rank_total, is_joined;

static attn_mpi_convention convention_of(void *library) {
    if (dlsym(library, "ompi_mpi_comm_world")) return ATTN_MPI_OPEN_MPI;
    // A library that offers the standard ABI says which version of it; one that only knows the function says -1.
    int (*abi_version)(int *, int *);
    *(void **)&abi_version = dlsym(library, "MPI_Abi_get_version");
    int major = -1, minor = -1;
    if (abi_version && abi_version(&major, &minor) == 0 && major > 0) return ATTN_MPI_STANDARD;
    return ATTN_MPI_MPICH;
}

int attn_mpi_open(const char *name, char *reason, size_t size) {
    // The library's own plug-ins look for its symbols among those of the program.
    void *library = dlopen(name, RTLD_NOW | RTLD_GLOBAL);
    if (!library) {
        snprintf(reason, size, "%s", dlerror());
        return 1;
    }
    static const char *const needed[] = {
        "MPI_Init_thread", "MPI_Finalize",  "MPI_Get_library_version", "MPI_Comm_rank", "MPI_Comm_size",
        "MPI_Allgather",   "MPI_Ialltoall", "MPI_Test",                "MPI_Wait",      "MPI_Abort",
    };
    for (size_t index = 0; index < sizeof needed / sizeof *needed; ++index) {
        if (dlsym(library, needed[index])) continue;
        snprintf(reason, size, "it has no %s", needed[index]);
        dlclose(library);
        return 1;
    }
    *(void **)&plain.init_thread = dlsym(library, "MPI_Init_thread");
    *(void **)&plain.finalize = dlsym(library, "MPI_Finalize");
    *(void **)&plain.library_version = dlsym(library, "MPI_Get_library_version");
    pointers_fill(library);
    numbers_fill(library);
    convention = convention_of(library);
    switch (convention) {
    case ATTN_MPI_OPEN_MPI:
        active = &pointers_table;
        pointers.world = dlsym(library, "ompi_mpi_comm_world");
        pointers.byte = dlsym(library, "ompi_mpi_byte");
        threads_funneled = 1;
        break;
    case ATTN_MPI_MPICH:
        active = &numbers_table;
        numbers.world = 0x44000000;
        numbers.byte = 0x4c00010d;
        threads_funneled = 1;
        break;
    case ATTN_MPI_STANDARD:
        active = &pointers_table;
        pointers.world = (void *)0x101;
        pointers.byte = (void *)0x247;
        threads_funneled = 1024;
        break;
    }
    return 0;
}

attn_mpi_convention attn_mpi_opened_convention(void) { return convention; }

void attn_mpi_version(char *text, size_t size) {
    char all[8192 + 1] = "";  // MPI_MAX_LIBRARY_VERSION_STRING, the largest there is
    int length = 0;
    if (plain.library_version(all, &length) != 0) length = 0;
    all[strcspn(all, "\n")] = 0;
    snprintf(text, size, "%s", all);
}

// The others wait for one that is gone for ever, unless they are told.
static void end_all(int status, void *argument) {
    (void)argument;
    if (!is_joined) return;
    is_joined = 0;
    if (status == 0)
        plain.finalize();
    else
        active->abort(status);
}

int attn_mpi_join(void) {
    int provided = 0;
    int failure = plain.init_thread(NULL, NULL, threads_funneled, &provided);
    if (!failure) failure = active->join(&own_rank, &rank_total);
    if (failure) return failure;
    is_joined = 1;
    on_exit(end_all, NULL);
    return 0;
}

int attn_mpi_rank(void) { return own_rank; }

int attn_mpi_rank_count(void) { return rank_total; }

void attn_mpi_leave(void) {
    if (!is_joined) return;
    is_joined = 0;
    plain.finalize();
}

int attn_mpi_all_gather(const void *sent, void *received, int count) {
    return active->all_gather(sent, received, count);
}

int attn_mpi_begin_all_to_all(const void *sent, void *received, int count, attn_mpi_request *request) {
    return active->begin_all_to_all(sent, received, count, request);
}

int attn_mpi_advance(attn_mpi_request *request) { return active->advance(request); }

int attn_mpi_finish(attn_mpi_request *request) { return active->finish(request); }

int attn_allowed_cores(char *place, size_t size) {
    char host[256] = "";
    gethostname(host, sizeof host - 1);
    cpu_set_t cores;
    CPU_ZERO(&cores);
    if (sched_getaffinity(0, sizeof cores, &cores) != 0) {
        snprintf(place, size, "%s", host);
        return (int)sysconf(_SC_NPROCESSORS_ONLN);
    }
    uint64_t fingerprint = attn_fingerprint(&cores, sizeof cores);
    snprintf(place, size, "%s %016llx", host, (unsigned long long)fingerprint);
    return CPU_COUNT(&cores);
}

uint64_t attn_fingerprint(const void *bytes, size_t count) {
    const unsigned char *place = bytes;
    uint64_t state = 0xcbf29ce484222325;
    for (; count >= 8; place += 8, count -= 8) {
        uint64_t word;
        memcpy(&word, place, 8);
        state = (state ^ word) * 0x100000001b3;
        state ^= state >> 32;  // high bits of a word reach the low ones of the state
    }
    for (; count > 0; ++place, --count) state = (state ^ *place) * 0x100000001b3;
    return state;
}
