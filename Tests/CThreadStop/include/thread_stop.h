#pragma once
#include <sys/types.h>

/// Stops one thread of another process and leaves the others alone (ptrace(2), PTRACE_SEIZE and
/// PTRACE_INTERRUPT). To be undone by the same thread of this process. 0, or an errno value.
int thread_stop(pid_t thread);

/// Lets a stopped thread go on. 0, or an errno value.
int thread_continue(pid_t thread);
