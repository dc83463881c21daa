// The bar that the announcer is measured against: a responder of the same design in plain C.
//
// One unbound AF_PACKET socket per protocol with a filter in the kernel that knows the addresses;
// one thread; poll, recvmsg with link and timestamp, every check of the request, a hash look-up
// and a deadline on the boot clock under a mutex, sendto. It looks again for 50 µs before it
// sleeps while requests come back to back, because waking a thread is most of the latency. When the
// next request comes right after a spin that saw none, the asker most likely waits for this core:
// then it does not spin for a while.
//
//   reference-responder INTERFACE ADDRESS|FIRST-LAST|@FILE ...
//
// Prints "ready" when it answers, and ends by signal.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "addresses.h"
#include "frames.h"

enum {
  SPIN_NS = 50000,         // how long to look again before sleeping
  HOT_GAP_NS = 100000,     // requests closer than this come back to back
  COLD_REQUESTS = 64,      // how many to answer without spinning after a spin that did harm
  STALE_NS = 100000000,    // older requests are dropped
  FILTER_MAX = 4096,       // BPF_MAXINSNS
  FILTER_RANGES = 1900,    // what fits, at two instructions a range
  FILTER_CHUNK = 64,       // ranges that share two returns, within reach of an 8-bit jump
};

// --- The kernel filter -------------------------------------------------------------------------

static struct sock_filter code[FILTER_MAX];
static size_t length;

static size_t emit(uint16_t operation, uint8_t yes, uint8_t no, uint32_t value) {
  if (length == FILTER_MAX) die("filter too long", "BPF_MAXINSNS");
  code[length] = (struct sock_filter){operation, yes, no, value};
  return length++;
}

/// A range of 32-bit keys, as the filter compares them.
struct key_range {
  uint32_t first, last;
};

/// Where a compare of the current chunk leads, until the chunk's two returns have a place.
enum { NEXT = 0, ACCEPT = 0xfe, REJECT = 0xff };

/// A balanced tree over ranges [low, high) with placeholders for its two ends. `bounded` says that
/// the key is known not to lie below the first range.
static void emit_tree(const struct key_range *range, size_t low, size_t high, bool bounded) {
  if (high - low == 1) {
    if (range[low].first == range[low].last) {
      emit(BPF_JMP | BPF_JEQ | BPF_K, ACCEPT, REJECT, range[low].first);
    } else {
      if (!bounded) emit(BPF_JMP | BPF_JGE | BPF_K, NEXT, REJECT, range[low].first);
      emit(BPF_JMP | BPF_JGT | BPF_K, REJECT, ACCEPT, range[low].last);
    }
    return;
  }
  size_t middle = (low + high) / 2;
  size_t branch = emit(BPF_JMP | BPF_JGE | BPF_K, 0, NEXT, range[middle].first);
  emit_tree(range, low, middle, bounded);
  code[branch].jt = (uint8_t)(length - branch - 1);
  emit_tree(range, middle, high, true);
}

static void emit_chunks(const struct key_range *range, size_t low, size_t high, bool bounded) {
  if (high - low > FILTER_CHUNK) {
    size_t middle = (low + high) / 2;
    emit(BPF_JMP | BPF_JGE | BPF_K, 0, 1, range[middle].first);
    size_t jump = emit(BPF_JMP | BPF_JA, 0, 0, 0);
    emit_chunks(range, low, middle, bounded);
    code[jump].k = (uint32_t)(length - jump - 1);
    emit_chunks(range, middle, high, true);
    return;
  }
  size_t start = length;
  emit_tree(range, low, high, bounded);
  size_t reject = emit(BPF_RET | BPF_K, 0, 0, 0), accept = emit(BPF_RET | BPF_K, 0, 0, 0x40000);
  for (size_t i = start; i < reject; i++) {
    if (BPF_CLASS(code[i].code) != BPF_JMP) continue;
    if (code[i].jt >= ACCEPT)
      code[i].jt = (uint8_t)((code[i].jt == ACCEPT ? accept : reject) - i - 1);
    if (code[i].jf >= ACCEPT)
      code[i].jf = (uint8_t)((code[i].jf == ACCEPT ? accept : reject) - i - 1);
  }
}

static int compare_gaps(const void *left, const void *right) {
  uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
  return a < b ? -1 : a > b;
}

/// The ranges as 32-bit keys, the narrowest gaps closed until they fit into a filter. Ranges must
/// not cross a multiple of 2³², which none of the benchmark's does.
static size_t filter_ranges(const struct ranges *list, struct key_range *out) {
  uint32_t *gaps = malloc((list->count + 1) * sizeof *gaps);
  if (!gaps) die("out of memory", "filter");
  for (size_t i = 1; i < list->count; i++)
    gaps[i - 1] = (uint32_t)(list->item[i].first - list->item[i - 1].last);
  uint32_t closed = 0;
  if (list->count > FILTER_RANGES) {
    qsort(gaps, list->count - 1, sizeof *gaps, compare_gaps);
    closed = gaps[list->count - 1 - FILTER_RANGES];
  }
  free(gaps);
  size_t count = 0;
  for (size_t i = 0; i < list->count; i++) {
    struct range range = list->item[i];
    if (count && (uint32_t)range.first - out[count - 1].last <= closed)
      out[count - 1].last = (uint32_t)range.last;
    else
      out[count++] = (struct key_range){(uint32_t)range.first, (uint32_t)range.last};
  }
  return count;
}

/// Drops the frame unless the loaded value equals `value`.
static void require(uint32_t value) {
  emit(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, value);
  emit(BPF_RET | BPF_K, 0, 0, 0);
}

static void attach_filter(int socket, int family, const struct ranges *list) {
  length = 0;
  emit(BPF_LD | BPF_B | BPF_ABS, 0, 0, (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE));
  emit(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, PACKET_OTHERHOST);
  emit(BPF_RET | BPF_K, 0, 0, 0);
  if (family == AF_INET) {
    emit(BPF_LD | BPF_H | BPF_ABS, 0, 0, ARP_OPERATION);
    require(1);
    emit(BPF_LD | BPF_W | BPF_ABS, 0, 0, ARP_TARGET);
  } else {
    emit(BPF_LD | BPF_B | BPF_ABS, 0, 0, ETHERNET + 6);
    require(58);
    emit(BPF_LD | BPF_B | BPF_ABS, 0, 0, IPV6);
    require(135);
    emit(BPF_LD | BPF_W | BPF_ABS, 0, 0, ND_TARGET + 12);
  }
  struct key_range *keys = malloc((list->count + 1) * sizeof *keys);
  if (!keys) die("out of memory", "filter");
  size_t count = filter_ranges(list, keys);
  if (count)
    emit_chunks(keys, 0, count, false);
  else
    emit(BPF_RET | BPF_K, 0, 0, 0);
  free(keys);
  struct sock_fprog program = {(unsigned short)length, code};
  if (setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program))
    die("SO_ATTACH_FILTER", strerror(errno));
}

// --- What is claimed ---------------------------------------------------------------------------

/// A claimed address and the boot-clock reading until which it may be answered.
struct claim {
  u128 address;
  int64_t deadline;
  bool used;
};

struct table {
  struct claim *slot;
  size_t mask;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static size_t hash(u128 address) {
  uint64_t value = (uint64_t)address ^ (uint64_t)(address >> 64) * 0x9e3779b97f4a7c15u;
  value = (value ^ value >> 32) * 0xd6e8feb86659fd93u;
  return (size_t)(value ^ value >> 32);
}

static struct table build_table(const struct ranges *list) {
  size_t count = ranges_size(list), space = 16;
  while (space < 2 * count) space *= 2;
  struct table table = {calloc(space, sizeof(struct claim)), space - 1};
  u128 *values = ranges_expand(list);
  if (!table.slot) die("out of memory", "claims");
  for (size_t i = 0; i < count; i++) {
    size_t at = hash(values[i]) & table.mask;
    while (table.slot[at].used) at = (at + 1) & table.mask;
    table.slot[at] = (struct claim){values[i], INT64_MAX, true};
  }
  free(values);
  return table;
}

static bool may_answer(const struct table *table, u128 address) {
  for (size_t at = hash(address) & table->mask; table->slot[at].used; at = (at + 1) & table->mask)
    if (table->slot[at].address == address)
      return read_clock(CLOCK_BOOTTIME) < table->slot[at].deadline;
  return false;
}

// --- Requests and their answers ----------------------------------------------------------------

static struct table claims4, claims6;
static uint8_t own_mac[6];
static int own_index;

static bool is_station(const uint8_t *mac) {
  return !(mac[0] & 1) && memcmp(mac, "\0\0\0\0\0\0", 6) != 0 && memcmp(mac, own_mac, 6) != 0;
}

/// The answer to an ARP request in `frame`: its length, or 0 for silence.
static size_t answer_arp(const uint8_t *frame, size_t size, uint8_t *reply) {
  if (size < ETHERNET + 28 || memcmp(frame + 12, "\10\6\0\1\10\0\6\4\0\1", 10) != 0) return 0;
  const uint8_t *asker = frame + ARP_SENDER_MAC, *from = frame + ARP_SENDER;
  if (!is_station(asker) || from[0] >= 224 || from[0] == 127) return 0;
  if (!may_answer(&claims4, number_of_octets(frame + ARP_TARGET, 4))) return 0;
  arp_frame(reply, asker, own_mac, 2);
  memcpy(reply + ARP_SENDER, frame + ARP_TARGET, 4);
  memcpy(reply + ARP_TARGET_MAC, asker, 6);
  memcpy(reply + ARP_TARGET, from, 4);
  return ARP_LENGTH;
}

/// The answer to a neighbour solicitation in `frame`: its length, or 0 for silence.
static size_t answer_solicitation(const uint8_t *frame, size_t size, uint8_t *reply) {
  if (size < IPV6 + 24 || get16(frame + 12) != 0x86dd || frame[ETHERNET] >> 4 != 6) return 0;
  size_t payload = get16(frame + ETHERNET + 4);
  if (payload < 24 || IPV6 + payload > size) return 0;
  if (frame[ETHERNET + 6] != 58 || frame[ETHERNET + 7] != 255 || frame[IPV6] != 135 ||
      frame[IPV6 + 1] != 0)
    return 0;
  const uint8_t *source = frame + ETHERNET + 8, *target = frame + ND_TARGET;
  static const uint8_t none[16];
  bool detection = memcmp(source, none, 16) == 0;
  if (source[0] == 0xff || target[0] == 0xff) return 0;
  const uint8_t *to = frame + 6;
  for (size_t at = 24; at < payload;) {
    if (at + 8 > payload) return 0;
    size_t octets = 8u * frame[IPV6 + at + 1];
    if (octets == 0 || at + octets > payload) return 0;
    if (frame[IPV6 + at] == 1) {
      if (octets != 8 || detection) return 0;
      to = frame + IPV6 + at + 2;
    }
    at += octets;
  }
  if (!is_station(to) || icmp_checksum(frame, payload) != 0) return 0;
  if (!may_answer(&claims6, number_of_octets(target, 16))) return 0;
  nd_frame(reply, detection ? (const uint8_t *)"\x33\x33\0\0\0\1" : to, own_mac, 136);
  memcpy(reply + ETHERNET + 8, target, 16);
  if (detection)
    memcpy(reply + ETHERNET + 24, "\xff\2\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16);
  else
    memcpy(reply + ETHERNET + 24, source, 16);
  reply[IPV6 + 4] = detection ? 0x20 : 0x60;
  memcpy(reply + ND_TARGET, target, 16);
  put16(reply + IPV6 + 2, icmp_checksum(reply, ND_LENGTH - IPV6));
  return ND_LENGTH;
}

/// Answers everything that waits in `socket`; how many frames there were.
static int drain(int socket, size_t (*answer)(const uint8_t *, size_t, uint8_t *)) {
  uint8_t frame[256], reply[ND_LENGTH];
  struct sockaddr_ll from;
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(struct timespec))];
  } control;
  struct iovec vector = {frame, sizeof frame};
  for (int count = 0;; count++) {
    struct msghdr message = {.msg_name = &from,
                             .msg_namelen = sizeof from,
                             .msg_iov = &vector,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    ssize_t size = recvmsg(socket, &message, MSG_DONTWAIT);
    if (size < 0) {
      if (errno == EINTR || errno == ENETDOWN) continue;
      return count;
    }
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header && header->cmsg_type == SO_TIMESTAMPNS) {
      struct timespec arrived;
      memcpy(&arrived, CMSG_DATA(header), sizeof arrived);
      int64_t age = read_clock(CLOCK_REALTIME) - arrived.tv_sec * 1000000000LL - arrived.tv_nsec;
      if (age > STALE_NS) continue;
    }
    if (from.sll_ifindex != own_index || from.sll_pkttype == PACKET_OTHERHOST) continue;
    pthread_mutex_lock(&lock);
    size_t octets = answer(frame, (size_t)size, reply);
    if (octets) {
      struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_ifindex = own_index};
      sendto(socket, reply, octets, MSG_DONTWAIT, (struct sockaddr *)&to, sizeof to);
    }
    pthread_mutex_unlock(&lock);
  }
}

static int open_socket(int protocol, int family, const struct ranges *list) {
  // Opened deaf: the filter stands before the first frame can arrive.
  int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) die("socket(AF_PACKET)", strerror(errno));
  attach_filter(fd, family, list);
  int one = 1, octets = 1 << 20;
  if (setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof one) ||
      setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one) ||
      setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &octets, sizeof octets))
    die("setsockopt", strerror(errno));
  struct sockaddr_ll all = {.sll_family = AF_PACKET, .sll_protocol = htons((uint16_t)protocol)};
  if (bind(fd, (struct sockaddr *)&all, sizeof all)) die("bind", strerror(errno));
  return fd;
}

int main(int count, char **argument) {
  if (count < 3) die("usage", "reference-responder INTERFACE ADDRESS|FIRST-LAST|@FILE ...");
  struct ranges v4 = {0}, v6 = {0};
  for (int i = 2; i < count; i++) parse_addresses(argument[i], &v4, &v6);
  ranges_normalize(&v4);
  ranges_normalize(&v6);
  claims4 = build_table(&v4);
  claims6 = build_table(&v6);
  int arp = open_socket(0x0806, AF_INET, &v4), ipv6 = open_socket(0x86dd, AF_INET6, &v6);

  struct ifreq request = {0};
  snprintf(request.ifr_name, sizeof request.ifr_name, "%s", argument[1]);
  if (ioctl(arp, SIOCGIFHWADDR, &request)) die(argument[1], strerror(errno));
  memcpy(own_mac, request.ifr_hwaddr.sa_data, 6);
  own_index = (int)if_nametoindex(argument[1]);
  puts("ready");
  fflush(stdout);

  struct pollfd sockets[2] = {{.fd = arp, .events = POLLIN}, {.fd = ipv6, .events = POLLIN}};
  int64_t last = 0;
  bool missed = false;  // the last spin ended without a request
  int cold = 0;         // requests to answer without spinning
  for (;;) {
    if (poll(sockets, 2, -1) < 0 && errno != EINTR) die("poll", strerror(errno));
    bool hot = false;
    do {
      int answered = drain(arp, answer_arp) + drain(ipv6, answer_solicitation);
      int64_t now = read_clock(CLOCK_MONOTONIC), gap = now - last;
      if (answered) {
        if (missed && gap < HOT_GAP_NS) cold = COLD_REQUESTS;
        missed = false;
        hot = gap < HOT_GAP_NS && cold == 0;
        if (cold > 0) cold--;
        last = now;
      } else if (hot && gap > SPIN_NS) {
        hot = false;
        missed = true;
      }
    } while (hot);
  }
}
