// Lists of addresses as the benchmark's programs take them on the command line: `10.0.0.1`,
// `10.0.0.1-10.0.0.9`, the same for IPv6, and `@FILE` for a file with one of these a line.
#pragma once

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned __int128 u128;

/// First and last address, both included.
struct range {
  u128 first, last;
};

/// Ranges of one family; sorted, disjoint and not adjacent after `ranges_normalize`.
struct ranges {
  struct range *item;
  size_t count, space;
};

_Noreturn static inline void die(const char *what, const char *subject) {
  fprintf(stderr, "%s: %s\n", what, subject);
  exit(2);
}

static inline u128 number_of_octets(const uint8_t *octets, size_t count) {
  u128 value = 0;
  for (size_t i = 0; i < count; i++) value = value << 8 | octets[i];
  return value;
}

static inline void octets_of_number(u128 value, uint8_t *octets, size_t count) {
  for (size_t i = count; i-- > 0; value >>= 8) octets[i] = (uint8_t)value;
}

static inline void ranges_add(struct ranges *list, struct range range) {
  if (list->count == list->space) {
    list->space = list->space ? 2 * list->space : 64;
    list->item = realloc(list->item, list->space * sizeof *list->item);
    if (!list->item) die("out of memory", "ranges");
  }
  list->item[list->count++] = range;
}

/// Reads one address into `value`; the family, or 0 for rubbish.
static inline int parse_address(const char *text, u128 *value) {
  uint8_t octets[16];
  if (inet_pton(AF_INET, text, octets) == 1) {
    *value = number_of_octets(octets, 4);
    return AF_INET;
  }
  if (inet_pton(AF_INET6, text, octets) == 1) {
    *value = number_of_octets(octets, 16);
    return AF_INET6;
  }
  return 0;
}

static inline void parse_range(char *text, struct ranges *v4, struct ranges *v6) {
  struct range range;
  char *dash = strchr(text, '-');
  if (dash) *dash = 0;
  int family = parse_address(text, &range.first);
  range.last = range.first;
  if (!family || (dash && parse_address(dash + 1, &range.last) != family) ||
      range.last < range.first)
    die("not an address or a range", text);
  ranges_add(family == AF_INET ? v4 : v6, range);
}

static inline void parse_addresses(const char *argument, struct ranges *v4, struct ranges *v6) {
  char line[128];
  if (argument[0] != '@') {
    snprintf(line, sizeof line, "%s", argument);
    parse_range(line, v4, v6);
    return;
  }
  FILE *file = fopen(argument + 1, "r");
  if (!file) die("cannot open", argument + 1);
  while (fgets(line, sizeof line, file)) {
    line[strcspn(line, "\r\n")] = 0;
    if (line[0]) parse_range(line, v4, v6);
  }
  fclose(file);
}

static inline int compare_ranges(const void *left, const void *right) {
  const struct range *a = left, *b = right;
  return a->first < b->first ? -1 : a->first > b->first;
}

static inline void ranges_normalize(struct ranges *list) {
  if (!list->count) return;
  qsort(list->item, list->count, sizeof *list->item, compare_ranges);
  size_t kept = 0;
  for (size_t i = 1; i < list->count; i++) {
    struct range *last = &list->item[kept];
    if (list->item[i].first <= last->last + 1) {
      if (list->item[i].last > last->last) last->last = list->item[i].last;
    } else {
      list->item[++kept] = list->item[i];
    }
  }
  list->count = kept + 1;
}

/// Whether a normalized list covers `value`.
static inline int ranges_contain(const struct ranges *list, u128 value) {
  size_t low = 0, high = list->count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (list->item[middle].last < value)
      low = middle + 1;
    else
      high = middle;
  }
  return low < list->count && list->item[low].first <= value;
}

/// How many addresses a normalized list covers.
static inline size_t ranges_size(const struct ranges *list) {
  u128 size = 0;
  for (size_t i = 0; i < list->count; i++) size += list->item[i].last - list->item[i].first + 1;
  if (size > 1000000) die("too many addresses", "at most a million");
  return (size_t)size;
}

/// Every address of a normalized list, in order.
static inline u128 *ranges_expand(const struct ranges *list) {
  size_t size = ranges_size(list), next = 0;
  u128 *values = malloc((size ? size : 1) * sizeof *values);
  if (!values) die("out of memory", "addresses");
  for (size_t i = 0; i < list->count; i++)
    for (u128 value = list->item[i].first;; value++) {
      values[next++] = value;
      if (value == list->item[i].last) break;
    }
  return values;
}
