// Kernel and libc interfaces that Swift's Glibc module lacks, and the macros among them that
// Swift cannot import, spelled out as functions. Nothing here decides anything.
#pragma once

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/// Open-file-description locks (Linux 3.15): glibc shows them only with _GNU_SOURCE.
static inline int clinux_ofd_getlk(void) { return 36; }
static inline int clinux_ofd_setlk(void) { return 37; }

/// Takes (F_WRLCK) or gives back (F_UNLCK) an open-file-description lock on the whole file without
/// waiting; `fcntl` is variadic and cannot be imported. -1 with errno EAGAIN: another has it.
static inline int clinux_ofd_lock(int fd, short type) {
  struct flock lock = {.l_type = type, .l_whence = SEEK_SET};
  return fcntl(fd, clinux_ofd_setlk(), &lock);
}

/// Whether another open file description holds a lock on the file: 1 or 0, or -1 with errno. Works on
/// descriptors opened for reading only.
static inline int clinux_ofd_is_locked(int fd) {
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  if (fcntl(fd, clinux_ofd_getlk(), &lock) == -1) return -1;
  return lock.l_type != F_UNLCK;
}

/// `unshare(2)` and `setns(2)`: glibc shows them only with _GNU_SOURCE.
extern int unshare(int flags);
extern int setns(int fd, int nstype);
static inline int clinux_clone_newnet(void) { return 0x40000000; }

/// The symbol of an error number, "EACCES"; NULL for an unknown one. Hidden without _GNU_SOURCE.
extern const char *strerrorname_np(int code);

/// Names the calling thread for `top -H` and debuggers; at most 15 octets.
extern int pthread_setname_np(pthread_t thread, const char *name);
