// The few octets of ARP (RFC 826) and Neighbor Discovery (RFC 4861) that the benchmark speaks.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

enum {
  ETHERNET = 14,
  IPV6 = ETHERNET + 40,
  ARP_LENGTH = 60,          // padded to Ethernet's minimum
  ND_LENGTH = IPV6 + 32,    // solicitation or advertisement with one link-layer option
  ARP_OPERATION = ETHERNET + 6,
  ARP_SENDER_MAC = ETHERNET + 8,
  ARP_SENDER = ETHERNET + 14,
  ARP_TARGET_MAC = ETHERNET + 18,
  ARP_TARGET = ETHERNET + 24,
  ND_TARGET = IPV6 + 8,
  ND_OPTION = IPV6 + 24,
};

static inline int64_t read_clock(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static inline void put16(uint8_t *at, unsigned value) {
  at[0] = (uint8_t)(value >> 8);
  at[1] = (uint8_t)value;
}

static inline unsigned get16(const uint8_t *at) { return (unsigned)at[0] << 8 | at[1]; }

/// One's complement sum of an ICMPv6 message of `length` octets with its pseudo header (RFC 4443
/// §2.3); 0 for a message whose checksum is right, and what belongs into a field that is 0.
static inline unsigned icmp_checksum(const uint8_t *frame, size_t length) {
  uint32_t sum = (uint32_t)length + 58;
  for (size_t i = ETHERNET + 8; i < IPV6; i += 2) sum += get16(frame + i);
  for (size_t i = 0; i + 1 < length; i += 2) sum += get16(frame + IPV6 + i);
  if (length & 1) sum += (uint32_t)frame[IPV6 + length - 1] << 8;
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}

/// Ethernet and ARP headers for IPv4 over Ethernet, zeroed behind them.
static inline void arp_frame(uint8_t *frame, const uint8_t *to, const uint8_t *mac, int operation) {
  memset(frame, 0, ARP_LENGTH);
  memcpy(frame, to, 6);
  memcpy(frame + 6, mac, 6);
  put16(frame + 12, 0x0806);
  memcpy(frame + ETHERNET, "\0\1\10\0\6\4", 6);
  put16(frame + ARP_OPERATION, (unsigned)operation);
  memcpy(frame + ARP_SENDER_MAC, mac, 6);
}

/// Ethernet, IPv6 and ICMPv6 headers of a solicitation (135) or advertisement (136) that carries
/// `mac` in its link-layer option; addresses, target and checksum are the caller's.
static inline void nd_frame(uint8_t *frame, const uint8_t *to, const uint8_t *mac, int type) {
  memset(frame, 0, ND_LENGTH);
  memcpy(frame, to, 6);
  memcpy(frame + 6, mac, 6);
  put16(frame + 12, 0x86dd);
  frame[ETHERNET] = 0x60;
  put16(frame + ETHERNET + 4, ND_LENGTH - IPV6);
  frame[ETHERNET + 6] = 58;
  frame[ETHERNET + 7] = 255;
  frame[IPV6] = (uint8_t)type;
  frame[ND_OPTION] = type == 135 ? 1 : 2;
  frame[ND_OPTION + 1] = 1;
  memcpy(frame + ND_OPTION + 2, mac, 6);
}
