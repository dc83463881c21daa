#define _GNU_SOURCE
#include "thread_stop.h"

#include <errno.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

int thread_stop(pid_t thread) {
  if (ptrace(PTRACE_SEIZE, thread, 0, 0) != 0) return errno;
  if (ptrace(PTRACE_INTERRUPT, thread, 0, 0) != 0) return errno;
  int status;
  while (waitpid(thread, &status, __WALL) != thread)
    if (errno != EINTR) return errno;
  return 0;
}

int thread_continue(pid_t thread) {
  return ptrace(PTRACE_DETACH, thread, 0, 0) == 0 ? 0 : errno;
}
