// Kernel and libc interfaces that Swift's Glibc module lacks, and the macros among them that
// Swift cannot import, spelled out as functions. Nothing here decides anything.
#pragma once

#include <arpa/inet.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <malloc.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/fsuid.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <sys/xattr.h>
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

/// `renameat2(2)` of an absolute path that fails with EEXIST where the new name exists
/// (RENAME_NOREPLACE); glibc shows it only with _GNU_SOURCE.
extern int renameat2(int old_directory, const char *old_path, int new_directory,
                     const char *new_path, unsigned int flags);
static inline int clinux_rename_noreplace(const char *old_path, const char *new_path) {
  return renameat2(AT_FDCWD, old_path, AT_FDCWD, new_path, 1);
}

/// Flags of `timerfd_create(2)` and `timerfd_settime(2)`.
static inline int clinux_timer_flags(void) { return TFD_CLOEXEC | TFD_NONBLOCK; }
static inline int clinux_timer_close_on_exec(void) { return TFD_CLOEXEC; }
static inline int clinux_timer_absolute(void) { return TFD_TIMER_ABSTIME; }
static inline int clinux_timer_cancel_on_set(void) {
  return TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET;
}

/// Moves the time of day by less than a second (`adjtimex(2)`): at once (ADJ_SETOFFSET, in
/// nanoseconds), or by letting the clock run faster or slower (ADJ_OFFSET_SINGLESHOT, microseconds).
static inline int clinux_step_clock(long nanoseconds) {
  struct timex change = {.modes = ADJ_SETOFFSET | ADJ_NANO};
  change.time.tv_sec = nanoseconds < 0 ? -1 : 0;
  change.time.tv_usec = nanoseconds < 0 ? nanoseconds + 1000000000 : nanoseconds;
  return adjtimex(&change);
}
static inline int clinux_slew_clock(long microseconds) {
  struct timex change = {.modes = ADJ_OFFSET_SINGLESHOT, .offset = microseconds};
  return adjtimex(&change);
}

/// CAP_NET_RAW as the calling thread has it: bit 0 effective, bit 1 permitted, bit 2 in the bounding set. -1 with errno.
/// glibc has no capget and capset; libcap has them, and brings nothing else that we need.
static inline int clinux_net_raw(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[2];
  if (syscall(SYS_capget, &header, data) == -1) return -1;
  unsigned bit = 1U << CAP_NET_RAW;
  return (data[0].effective & bit ? 1 : 0) | (data[0].permitted & bit ? 2 : 0) |
         (prctl(PR_CAPBSET_READ, CAP_NET_RAW) == 1 ? 4 : 0);
}

/// Makes a permitted CAP_NET_RAW effective in the calling thread, and in threads that it starts from now on.
static inline int clinux_raise_net_raw(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[2];
  if (syscall(SYS_capget, &header, data) == -1) return -1;
  data[0].effective |= data[0].permitted & 1U << CAP_NET_RAW;
  return (int)syscall(SYS_capset, &header, data);
}

/// The symbol of an error number, "EACCES"; NULL for an unknown one. Hidden without _GNU_SOURCE.
extern const char *strerrorname_np(int code);

/// Names the calling thread for `top -H` and debuggers; at most 15 octets.
extern int pthread_setname_np(pthread_t thread, const char *name);

/// Octets of control data that `clinux_receive_frame` needs.
#define CLINUX_CONTROL_LENGTH 64

/// Where and when a frame came in.
struct clinux_arrival {
  int32_t interface_index;
  uint8_t packet_type;
  /// Nanoseconds since 1970 from SO_TIMESTAMPNS; 0 where the kernel gave none.
  int64_t timestamp;
};

/// `recvmsg(2)` on a packet socket, without waiting: the frame's length as it was on the wire, cut
/// to `capacity`, or -1 with errno. In C because the CMSG_* macros do not import.
static inline ssize_t clinux_receive_frame(int socket, void *buffer, size_t capacity,
                                           struct clinux_arrival *arrival) {
  struct sockaddr_ll from;
  struct iovec part = {buffer, capacity};
  union {
    char octets[CLINUX_CONTROL_LENGTH];
    struct cmsghdr aligned;
  } control;
  struct msghdr message;
  memset(&message, 0, sizeof message);
  message.msg_name = &from;
  message.msg_namelen = sizeof from;
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.octets;
  message.msg_controllen = sizeof control.octets;
  ssize_t length = recvmsg(socket, &message, MSG_DONTWAIT);
  if (length < 0) return length;
  arrival->interface_index = from.sll_ifindex;
  arrival->packet_type = from.sll_pkttype;
  arrival->timestamp = 0;
  for (struct cmsghdr *item = CMSG_FIRSTHDR(&message); item; item = CMSG_NXTHDR(&message, item))
    if (item->cmsg_level == SOL_SOCKET && item->cmsg_type == SO_TIMESTAMPNS) {
      struct timespec time;
      memcpy(&time, CMSG_DATA(item), sizeof time);
      arrival->timestamp = (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
    }
  return length;
}

/// Sends a whole Ethernet frame on one link, without waiting. `protocol` in host order.
static inline ssize_t clinux_send_frame(int socket, const void *frame, size_t length,
                                        int interface_index, uint16_t protocol) {
  struct sockaddr_ll to;
  memset(&to, 0, sizeof to);
  to.sll_family = AF_PACKET;
  to.sll_protocol = htons(protocol);
  to.sll_ifindex = interface_index;
  to.sll_halen = 6;
  memcpy(to.sll_addr, frame, 6);
  return sendto(socket, frame, length, MSG_DONTWAIT, (const struct sockaddr *)&to, sizeof to);
}

/// Binds a packet socket to a protocol on all links.
static inline int clinux_bind_packet(int socket, uint16_t protocol) {
  struct sockaddr_ll local;
  memset(&local, 0, sizeof local);
  local.sll_family = AF_PACKET;
  local.sll_protocol = htons(protocol);
  return bind(socket, (const struct sockaddr *)&local, sizeof local);
}

/// Joins or leaves an IPv6 multicast group on a link; `address` is 16 octets.
static inline int clinux_group(int socket, int join, const void *address, int interface_index) {
  struct ipv6_mreq request;
  memcpy(&request.ipv6mr_multiaddr, address, 16);
  request.ipv6mr_interface = (unsigned)interface_index;
  return setsockopt(socket, IPPROTO_IPV6, join ? IPV6_JOIN_GROUP : IPV6_LEAVE_GROUP, &request,
                    sizeof request);
}

/// The command of `fcntl(2)` that sets what a pipe holds; glibc shows it only with _GNU_SOURCE.
static inline int clinux_set_pipe_size(void) { return 1031; }

/// `accept(2)` with flags: glibc shows it only with _GNU_SOURCE.
extern int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags);

/// `pipe(2)` with flags: glibc shows it only with _GNU_SOURCE.
extern int pipe2(int ends[2], int flags);

/// Asks the scheduler for short turns for the calling thread (`sched_setattr(2)`; since Linux 6.12
/// `sched_runtime` of an ordinary thread is the slice it wants, 100 µs at least). A thread that wants
/// little comes on sooner after it wakes. Its nice value stays. 0, or -1 with errno; older kernels ignore it.
static inline int clinux_want_short_slices(uint64_t nanoseconds) {
  struct {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
  } attributes = {.size = 48, .runtime = nanoseconds};
  // What is not said is set to zero: a unit's `Nice=` stays.
  attributes.nice = getpriority(PRIO_PROCESS, 0);
  return (int)syscall(SYS_sched_setattr, 0, &attributes, 0);
}

/// Unmaps the program's own code and constants, which come back from the page cache as they are used
/// (`madvise(2)`, MADV_DONTNEED on private file mappings that nobody can have written to). The
/// segments are those of the program headers (`getauxval(3)`, AT_PHDR) without PF_W: what relocation
/// writes to lies in the others.
static inline void clinux_unmap_unused_code(void) {
  const Elf64_Phdr *headers = (const Elf64_Phdr *)getauxval(AT_PHDR);
  size_t count = getauxval(AT_PHNUM), page = getauxval(AT_PAGESZ);
  if (!headers || !page) return;
  uintptr_t bias = 0;
  for (size_t i = 0; i < count; i++)
    if (headers[i].p_type == PT_PHDR) bias = (uintptr_t)headers - headers[i].p_vaddr;
  for (size_t i = 0; i < count; i++) {
    if (headers[i].p_type != PT_LOAD || headers[i].p_flags & PF_W) continue;
    // Whole pages only: the last one may be shared with the next segment.
    uintptr_t start = (bias + headers[i].p_vaddr + page - 1) & ~(page - 1);
    uintptr_t end = (bias + headers[i].p_vaddr + headers[i].p_filesz) & ~(page - 1);
    if (end > start) madvise((void *)start, end - start, MADV_DONTNEED);
  }
}
