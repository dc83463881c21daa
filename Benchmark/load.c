// Asks for addresses as a client on the LAN does, and measures the answers.
//
//   load MODE --interface NAME --protocol arp|ns-multicast|ns-unicast --addresses LIST [options]
//
//   latency   one question after the other, without pause
//   paced     one question every --interval microseconds (1000)
//   flood     keeps --window questions (64) outstanding
//   noise     questions at --rate a second (20000) for addresses that are near those of LIST but
//             not among them; nobody answers
//   watch     asks every --interval microseconds and says when answers begin, change or pause
//             (longer than --pause milliseconds, 20); one line each, until --seconds are over
//
// LIST is an address, a range or @FILE. --count bounds the questions of latency and paced,
// --seconds (5) bounds every mode. Every mode ends with one line of JSON; times are microseconds.
// It spins while it waits for an answer, 1 s at most: its own wake-up must not be measured.
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <ifaddrs.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "addresses.h"
#include "frames.h"

enum { BATCH = 32, FRAME = 128, SAMPLES_MAX = 4000000, YIELD_AFTER_NS = 20000 };
static const int64_t ANSWER_LIMIT_NS = 1000000000;

static struct {
  const char *mode, *interface, *protocol, *addresses;
  double seconds;
  long count, interval_us, window, rate, pause_ms;
} option = {.seconds = 5, .count = SAMPLES_MAX, .interval_us = 1000, .window = 64, .rate = 20000,
            .pause_ms = 20};

static int fd;
static bool ipv6, unicast, yields;
static uint8_t own_mac[6], own_address[16], responder_mac[6];
static u128 *addresses;
static size_t address_count;
static volatile sig_atomic_t stopped;

static void stop(int number) {
  (void)number;
  stopped = 1;
}

// --- Questions and answers ---------------------------------------------------------------------

/// A request for `target` in `frame`; its length.
static size_t question(uint8_t *frame, u128 target) {
  if (!ipv6) {
    arp_frame(frame, (const uint8_t *)"\xff\xff\xff\xff\xff\xff", own_mac, 1);
    memcpy(frame + ARP_SENDER, own_address, 4);
    octets_of_number(target, frame + ARP_TARGET, 4);
    return ARP_LENGTH;
  }
  uint8_t group[6] = {0x33, 0x33, 0xff, (uint8_t)(target >> 16), (uint8_t)(target >> 8),
                      (uint8_t)target};
  nd_frame(frame, unicast ? responder_mac : group, own_mac, 135);
  memcpy(frame + ETHERNET + 8, own_address, 16);
  octets_of_number(target, frame + ND_TARGET, 16);
  if (unicast) {
    octets_of_number(target, frame + ETHERNET + 24, 16);
  } else {
    memcpy(frame + ETHERNET + 24, "\xff\2\0\0\0\0\0\0\0\0\0\1\xff", 13);
    octets_of_number(target & 0xffffff, frame + ETHERNET + 37, 3);
  }
  put16(frame + IPV6 + 2, icmp_checksum(frame, ND_LENGTH - IPV6));
  return ND_LENGTH;
}

/// Whether `frame` answers the question for `target`; the answerer's hardware address then.
static const uint8_t *answer_for(const uint8_t *frame, size_t size, u128 target) {
  if (ipv6) {
    if (size < ND_OPTION || frame[ETHERNET + 6] != 58 || frame[IPV6] != 136) return NULL;
    // The kernel's answers to unicast questions come without an option.
    const uint8_t *mac = size < ND_LENGTH ? frame + 6 : frame + ND_OPTION + 2;
    return number_of_octets(frame + ND_TARGET, 16) == target ? mac : NULL;
  }
  if (size < ETHERNET + 28 || get16(frame + ARP_OPERATION) != 2) return NULL;
  return number_of_octets(frame + ARP_SENDER, 4) == target ? frame + ARP_SENDER_MAC : NULL;
}

static void ask(u128 target) {
  uint8_t frame[FRAME];
  size_t size = question(frame, target);
  while (send(fd, frame, size, 0) < 0)
    // A link that is down takes nothing (ENETDOWN, ENXIO): `watch` waits for it to come back.
    if (errno != EINTR && errno != ENOBUFS) return;
}

/// Spins until `target` is answered or `until` has passed; who answered, or NULL.
static const uint8_t *await_answer(u128 target, int64_t until) {
  static uint8_t frame[FRAME];
  int64_t start = read_clock(CLOCK_BOOTTIME), now = start;
  for (;;) {
    ssize_t size = recv(fd, frame, sizeof frame, MSG_DONTWAIT);
    if (size > 0) {
      const uint8_t *mac = answer_for(frame, (size_t)size, target);
      if (mac) return mac;
    } else {
      now = read_clock(CLOCK_BOOTTIME);
      if (now > until || stopped) return NULL;
      // A responder that woke on this core must get it: spinning on would measure the scheduler.
      // Not back to back: there it would keep two spinning threads on one core for good.
      if (yields && now - start > YIELD_AFTER_NS) sched_yield();
    }
  }
}

/// Empties the socket of late answers.
static void forget_answers(void) {
  uint8_t frame[FRAME];
  while (recv(fd, frame, sizeof frame, MSG_DONTWAIT) >= 0) continue;
}

/// Unicast questions go to whoever answers the multicast one.
static void find_responder(void) {
  unicast = false;
  for (int attempt = 0; attempt < 20 && !stopped; attempt++) {
    ask(addresses[0]);
    const uint8_t *mac = await_answer(addresses[0], read_clock(CLOCK_BOOTTIME) + 100000000);
    if (mac) {
      memcpy(responder_mac, mac, 6);
      unicast = strcmp(option.protocol, "ns-unicast") == 0;
      return;
    }
  }
  die("nobody answers for", option.addresses);
}

// --- Modes -------------------------------------------------------------------------------------

static uint32_t next_random(void) {
  static uint64_t state = 0x9e3779b97f4a7c15u;
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (uint32_t)(state >> 32);
}

static int compare_samples(const void *left, const void *right) {
  uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
  return a < b ? -1 : a > b;
}

static double quantile(const uint32_t *sample, long count, double share) {
  if (!count) return 0;
  long at = (long)(share * (double)count);
  return sample[at < count ? at : count - 1] / 1000.0;
}

static void sleep_until(int64_t when) {
  struct timespec time = {when / 1000000000, when % 1000000000};
  while (clock_nanosleep(CLOCK_BOOTTIME, TIMER_ABSTIME, &time, NULL) == EINTR && !stopped) continue;
}

static void measure_latency(bool paced) {
  yields = paced;
  uint32_t *sample = malloc(SAMPLES_MAX * sizeof *sample);
  if (!sample) die("out of memory", "samples");
  long count = 0, asked = 0, lost = 0;
  int64_t start = read_clock(CLOCK_BOOTTIME), end = start + (int64_t)(option.seconds * 1e9);
  while (asked < option.count && count < SAMPLES_MAX && !stopped) {
    if (paced) sleep_until(start + (asked + 1) * option.interval_us * 1000);
    // Scattered over the list, so that ten thousand addresses are not one hot cache line.
    u128 target = addresses[next_random() % address_count];
    int64_t sent = read_clock(CLOCK_BOOTTIME);
    if (sent > end) break;
    asked++;
    ask(target);
    if (await_answer(target, sent + ANSWER_LIMIT_NS)) {
      int64_t took = read_clock(CLOCK_BOOTTIME) - sent;
      sample[count++] = took > UINT32_MAX ? UINT32_MAX : (uint32_t)took;
    } else {
      lost++;
    }
  }
  qsort(sample, (size_t)count, sizeof *sample, compare_samples);
  printf("{\"mode\":\"%s\",\"protocol\":\"%s\",\"asked\":%ld,\"lost\":%ld,\"p50\":%.2f,"
         "\"p90\":%.2f,\"p99\":%.2f,\"max\":%.2f}\n",
         option.mode, option.protocol, asked, lost, quantile(sample, count, .5),
         quantile(sample, count, .9), quantile(sample, count, .99), quantile(sample, count, 1));
}

struct batch {
  struct mmsghdr message[BATCH];
  struct iovec vector[BATCH];
  uint8_t frame[BATCH][FRAME];
};

static void prepare(struct batch *batch) {
  memset(batch, 0, sizeof *batch);
  for (int i = 0; i < BATCH; i++) {
    batch->vector[i] = (struct iovec){batch->frame[i], FRAME};
    batch->message[i].msg_hdr.msg_iov = &batch->vector[i];
    batch->message[i].msg_hdr.msg_iovlen = 1;
  }
}

static bool is_answer(const uint8_t *frame, size_t size) {
  return ipv6 ? size >= ND_OPTION && frame[ETHERNET + 6] == 58 && frame[IPV6] == 136
              : size >= ETHERNET + 28 && get16(frame + ARP_OPERATION) == 2;
}

static void measure_flood(void) {
  static struct batch out, in;
  prepare(&out);
  prepare(&in);
  long outstanding = 0, answered = 0, lost = 0;
  int64_t start = read_clock(CLOCK_BOOTTIME), end = start + (int64_t)(option.seconds * 1e9);
  int64_t progress = start, now = start;
  while (now < end && !stopped) {
    long room = option.window - outstanding;
    if (room > BATCH) room = BATCH;
    // Whole batches where possible: the generator must not be the bottleneck.
    if (room >= BATCH / 2 || (room > 0 && outstanding == 0)) {
      for (long i = 0; i < room; i++)
        out.vector[i].iov_len = question(out.frame[i], addresses[next_random() % address_count]);
      int sent = sendmmsg(fd, out.message, (unsigned)room, 0);
      if (sent > 0) outstanding += sent;
    }
    int got = recvmmsg(fd, in.message, BATCH, MSG_DONTWAIT, NULL);
    now = read_clock(CLOCK_BOOTTIME);
    // Nothing to do: a responder that shares this core must get it at once.
    if (got <= 0) sched_yield();
    for (int i = 0; i < got; i++)
      if (is_answer(in.frame[i], in.message[i].msg_len)) {
        answered++;
        if (outstanding > 0) outstanding--;
        progress = now;
      }
    if (now - progress > 10000000) {
      lost += outstanding;
      outstanding = 0;
      progress = now;
    }
  }
  printf("{\"mode\":\"flood\",\"protocol\":\"%s\",\"answered\":%ld,\"lost\":%ld,"
         "\"per_second\":%.0f}\n",
         option.protocol, answered, lost, (double)answered * 1e9 / (double)(now - start));
}

/// A random address that is not in `list`: one half between its first and last (where there is
/// room), one half within a /12 (IPv4) or the low 32 bits (IPv6) around them.
static u128 stranger(const struct ranges *list) {
  u128 first = list->item[0].first, last = list->item[list->count - 1].last;
  for (;;) {
    u128 value;
    if ((next_random() & 1) && last - first > 2 * (u128)address_count)
      value = first + next_random() % (uint64_t)(last - first);
    else
      value = ipv6 ? (first >> 32 << 32) | next_random() : (first >> 20 << 20) | next_random() >> 12;
    if (!ranges_contain(list, value)) return value;
  }
}

static void make_noise(const struct ranges *list) {
  static struct batch out;
  prepare(&out);
  long sent = 0;
  int64_t start = read_clock(CLOCK_BOOTTIME), end = start + (int64_t)(option.seconds * 1e9), now;
  while ((now = read_clock(CLOCK_BOOTTIME)) < end && !stopped) {
    long due = (long)((double)(now - start) * (double)option.rate / 1e9) - sent;
    if (due <= 0) {
      sleep_until(now + 500000);
      continue;
    }
    if (due > BATCH) due = BATCH;
    for (long i = 0; i < due; i++)
      out.vector[i].iov_len = question(out.frame[i], stranger(list));
    int done = sendmmsg(fd, out.message, (unsigned)due, 0);
    if (done > 0) sent += done;
  }
  printf("{\"mode\":\"noise\",\"protocol\":\"%s\",\"sent\":%ld,\"per_second\":%.0f}\n",
         option.protocol, sent, (double)sent * 1e9 / (double)(now - start));
}

static void say_event(const char *event, const uint8_t *mac, int64_t now, int64_t gap) {
  printf("{\"event\":\"%s\",\"at_ns\":%lld,\"mac\":\"%02x:%02x:%02x:%02x:%02x:%02x\","
         "\"gap_ms\":%.1f}\n",
         event, (long long)now, mac[0], mac[1], mac[2], mac[3], mac[4], mac[5], (double)gap / 1e6);
  fflush(stdout);
}

/// Asks for the first address again and again; sleeps between, so that it can run for long.
static void watch(void) {
  uint8_t holder[6] = {0}, frame[FRAME];
  long asked = 0, answered = 0;
  int64_t last = 0, longest = 0, start = read_clock(CLOCK_BOOTTIME);
  int64_t end = start + (int64_t)(option.seconds * 1e9), next = start;
  puts("{\"event\":\"asking\"}");
  fflush(stdout);
  while (!stopped) {
    int64_t now = read_clock(CLOCK_BOOTTIME);
    if (now >= end) break;
    if (now >= next) {
      ask(addresses[0]);
      asked++;
      next += option.interval_us * 1000;
      // After a stall, go on from now: a burst of overdue questions would help nobody.
      if (next < now) next = now + option.interval_us * 1000;
    }
    struct timespec rest = {0, next > now ? (next - now) % 1000000000 : 0};
    struct pollfd socket = {.fd = fd, .events = POLLIN};
    if (ppoll(&socket, 1, &rest, NULL) <= 0) continue;
    ssize_t size;
    while ((size = recv(fd, frame, sizeof frame, MSG_DONTWAIT)) > 0) {
      const uint8_t *mac = answer_for(frame, (size_t)size, addresses[0]);
      if (!mac) continue;
      now = read_clock(CLOCK_BOOTTIME);
      int64_t gap = last ? now - last : 0;
      if (gap > longest) longest = gap;
      if (!last)
        say_event("first", mac, now, now - start);
      else if (memcmp(mac, holder, 6) != 0)
        say_event("changed", mac, now, gap);
      else if (gap > option.pause_ms * 1000000)
        say_event("paused", mac, now, gap);
      memcpy(holder, mac, 6);
      last = now;
      answered++;
    }
  }
  printf("{\"mode\":\"watch\",\"protocol\":\"%s\",\"asked\":%ld,\"answered\":%ld,"
         "\"longest_gap_ms\":%.1f}\n",
         option.protocol, asked, answered, (double)longest / 1e6);
}

// --- Set-up ------------------------------------------------------------------------------------

static void find_own_address(void) {
  struct ifaddrs *all, *one;
  bool found = false;
  if (getifaddrs(&all)) die("getifaddrs", strerror(errno));
  for (one = all; one; one = one->ifa_next) {
    if (!one->ifa_addr || strcmp(one->ifa_name, option.interface) != 0) continue;
    if (!ipv6 && one->ifa_addr->sa_family == AF_INET && !found) {
      memcpy(own_address, &((struct sockaddr_in *)one->ifa_addr)->sin_addr, 4);
      found = true;
    }
    if (ipv6 && one->ifa_addr->sa_family == AF_INET6) {
      const uint8_t *octets = ((struct sockaddr_in6 *)one->ifa_addr)->sin6_addr.s6_addr;
      if (octets[0] != 0xfe) continue;
      memcpy(own_address, octets, 16);
      found = true;
    }
  }
  freeifaddrs(all);
  if (!found) die("no address of the protocol on", option.interface);
}

static void open_socket(void) {
  fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  if (fd < 0) die("socket(AF_PACKET)", strerror(errno));
  // Only answers wake us: ARP operation 2, ICMPv6 type 136.
  struct sock_filter arp[] = {{BPF_LD | BPF_H | BPF_ABS, 0, 0, ARP_OPERATION},
                              {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 2},
                              {BPF_RET | BPF_K, 0, 0, FRAME},
                              {BPF_RET | BPF_K, 0, 0, 0}};
  struct sock_filter nd[] = {{BPF_LD | BPF_B | BPF_ABS, 0, 0, IPV6},
                             {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 136},
                             {BPF_RET | BPF_K, 0, 0, FRAME},
                             {BPF_RET | BPF_K, 0, 0, 0}};
  struct sock_fprog program = {4, ipv6 ? nd : arp};
  int one = 1, octets = 4 << 20;
  if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) ||
      setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof one) ||
      setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &octets, sizeof octets))
    die("setsockopt", strerror(errno));
  struct ifreq request = {0};
  snprintf(request.ifr_name, sizeof request.ifr_name, "%s", option.interface);
  if (ioctl(fd, SIOCGIFHWADDR, &request)) die(option.interface, strerror(errno));
  memcpy(own_mac, request.ifr_hwaddr.sa_data, 6);
  struct sockaddr_ll link = {.sll_family = AF_PACKET,
                             .sll_protocol = htons(ipv6 ? 0x86dd : 0x0806),
                             .sll_ifindex = (int)if_nametoindex(option.interface)};
  if (bind(fd, (struct sockaddr *)&link, sizeof link)) die("bind", strerror(errno));
}

static void read_options(int count, char **argument) {
  static const struct option known[] = {
      {"interface", 1, 0, 'i'}, {"protocol", 1, 0, 'p'}, {"addresses", 1, 0, 'a'},
      {"seconds", 1, 0, 's'},   {"count", 1, 0, 'c'},    {"interval", 1, 0, 't'},
      {"window", 1, 0, 'w'},    {"rate", 1, 0, 'r'},     {"pause", 1, 0, 'x'},
      {0, 0, 0, 0}};
  for (int key; (key = getopt_long(count, argument, "", known, NULL)) != -1;) switch (key) {
      case 'i': option.interface = optarg; break;
      case 'p': option.protocol = optarg; break;
      case 'a': option.addresses = optarg; break;
      case 's': option.seconds = atof(optarg); break;
      case 'c': option.count = atol(optarg); break;
      case 't': option.interval_us = atol(optarg); break;
      case 'w': option.window = atol(optarg); break;
      case 'r': option.rate = atol(optarg); break;
      case 'x': option.pause_ms = atol(optarg); break;
      default: exit(2);
    }
  if (optind != count - 1 || !option.interface || !option.protocol || !option.addresses)
    die("usage", "load MODE --interface NAME --protocol PROTOCOL --addresses LIST");
  option.mode = argument[optind];
  ipv6 = strncmp(option.protocol, "ns-", 3) == 0;
  if (!ipv6 && strcmp(option.protocol, "arp") != 0) die("unknown protocol", option.protocol);
}

int main(int count, char **argument) {
  read_options(count, argument);
  struct ranges v4 = {0}, v6 = {0};
  parse_addresses(option.addresses, &v4, &v6);
  struct ranges *list = ipv6 ? &v6 : &v4;
  ranges_normalize(list);
  addresses = ranges_expand(list);
  address_count = ranges_size(list);
  if (!address_count) die("no address of the protocol in", option.addresses);
  struct sigaction action = {.sa_handler = stop};
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);
  find_own_address();
  open_socket();
  bool answers = strcmp(option.mode, "noise") != 0 && strcmp(option.mode, "watch") != 0;
  if (answers) {
    find_responder();
    forget_answers();
  }
  if (strcmp(option.mode, "latency") == 0)
    measure_latency(false);
  else if (strcmp(option.mode, "paced") == 0)
    measure_latency(true);
  else if (strcmp(option.mode, "flood") == 0)
    measure_flood();
  else if (strcmp(option.mode, "noise") == 0)
    make_noise(list);
  else if (strcmp(option.mode, "watch") == 0)
    watch();
  else
    die("unknown mode", option.mode);
  return 0;
}
