internal import CLinux

/// Sets the C library's allocator up for a small daemon: one arena for all threads, and memory that
/// is freed goes back to the system early. The default, an arena for each thread and thresholds
/// that grow, holds on to whatever the largest reload ever needed (`mallopt(3)`).
///
/// The thread that answers allocates nothing, so that one arena's lock is no matter.
package func setUpAllocator() {
  mallopt(M_ARENA_MAX, 1)
  mallopt(M_TRIM_THRESHOLD, 64 << 10)
  mallopt(M_MMAP_THRESHOLD, 64 << 10)
}

/// Gives memory that is free back to the system (`malloc_trim(3)`): after work on a large scale.
package func returnFreeMemory() { malloc_trim(0) }

/// Lets go of the code that only the start needed: reading the command line and the configuration
/// touches half of the program, and what is touched stays mapped. What runs on is mapped again from
/// the page cache as it is used.
package func unmapUnusedCode() { clinux_unmap_unused_code() }
