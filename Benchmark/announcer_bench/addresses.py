"""The addresses that subjects answer for."""

import ipaddress
import random

ONE = ["10.80.8.150", "2001:db8::10"]
MANY = 10_000
PROTOCOLS = ["arp", "ns-multicast", "ns-unicast"]


def family_of(protocol):
    return 4 if protocol == "arp" else 6


def of_family(addresses, family):
    return [address for address in addresses if (":" in address) == (family == 6)]


def scattered(count, family, seed=1):
    """Addresses without neighbours, over a /12 or over 2^32 interface identifiers."""
    rng = random.Random(seed)
    base, size = (int(ipaddress.ip_address("10.96.0.0")), 1 << 20)
    if family == 6:
        base, size = (int(ipaddress.ip_address("2001:db8::")), 1 << 32)
    kind = ipaddress.IPv4Address if family == 4 else ipaddress.IPv6Address
    return [str(kind(base + 2 * n + 1)) for n in sorted(rng.sample(range(size // 2), count))]


def half_and_half():
    """Ten thousand, half of each family."""
    return scattered(MANY // 2, 4) + scattered(MANY // 2, 6)
