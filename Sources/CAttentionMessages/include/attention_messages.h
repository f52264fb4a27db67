// Messages between the processes that mpirun starts: the few functions of MPI that training needs, from a library that is found when the program
// runs. There are three conventions of what a communicator and a datatype are; nobody outside this room hears of them.
#ifndef ATTENTION_MESSAGES_H
#define ATTENTION_MESSAGES_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// How a library writes its handles.
typedef enum attn_mpi_convention {
    // Addresses of objects of the library.
    ATTN_MPI_OPEN_MPI,
    // Numbers of 32 bits: MPICH, Intel MPI, MVAPICH.
    ATTN_MPI_MPICH,
    // Small numbers in pointers: the standard ABI of MPI 5.
    ATTN_MPI_STANDARD,
} attn_mpi_convention;

// Opens the library of this name; 0 if it is MPI's and has all that is needed. Otherwise `reason` says in words what is wrong.
int attn_mpi_open(const char *name, char *reason, size_t size);

// The convention of the open library.
attn_mpi_convention attn_mpi_opened_convention(void);

// What the library calls itself, its first line.
void attn_mpi_version(char *text, size_t size);

// Joins the others; from then on the end of the program ends them too, unless its exit code is 0. 0 if that worked.
int attn_mpi_join(void);
int attn_mpi_rank(void);
int attn_mpi_rank_count(void);

// Waits for the others, and parts from them.
void attn_mpi_leave(void);

// `received` gets the `count` bytes of every rank, in their order. 0 if that worked.
int attn_mpi_all_gather(const void *sent, void *received, int count);

// What is under way, as a library writes it.
typedef union attn_mpi_request {
    void *_Nullable pointers;
    int numbers;
} attn_mpi_request;

// Begins to give rank r the r-th `count` bytes of what every rank sends, in the order of ranks. Until that is finished nobody else may write `sent`, or look at
// `received`. 0 if that worked.
int attn_mpi_begin_all_to_all(const void *sent, void *received, int count, attn_mpi_request *request);

// Lets the library move what is under way, and waits for nobody: many a library does nothing for it while it is not called. 0 if that worked.
int attn_mpi_advance(attn_mpi_request *request);

// Waits until it is finished. 0 if that worked.
int attn_mpi_finish(attn_mpi_request *request);

// How many cores this process may use; `place` gets which, and of what machine, in words that are the same for processes that share them.
int attn_allowed_cores(char *place, size_t size);

// 64 bits that differ for bytes that differ by accident (FNV-1a by words).
uint64_t attn_fingerprint(const void *bytes, size_t count);

#pragma clang assume_nonnull end

#endif
