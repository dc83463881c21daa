// Counts what the calling thread allocates, by standing in front of the C library's malloc.
#pragma once
#include <stdbool.h>
#include <stdint.h>

/// False where a sanitizer owns malloc and nothing can be counted.
bool allocation_counter_is_available(void);
/// Allocations of the calling thread since it started: malloc, calloc, realloc and their aligned kin.
uint64_t allocation_counter_read(void);

