internal import Glibc

extension String {
  /// Whether it is an IPv4 or IPv6 address, as TLS tells addresses from names.
  var isAddress: Bool {
    var four = in_addr()
    var six = in6_addr()
    return unsafe inet_pton(AF_INET, self, &four) == 1 || inet_pton(AF_INET6, self, &six) == 1
  }
}
