// libmnl, and the rtnetlink headers whose messages it carries.
#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

/// DEVCONF_DISABLE_IPV6 (linux/ipv6.h, which cannot be included next to netinet/in.h): the place of
/// disable_ipv6 in the array IFLA_INET6_CONF, fixed by the kernel's binary interface.
static inline int cmnl_devconf_disable_ipv6(void) { return 26; }
