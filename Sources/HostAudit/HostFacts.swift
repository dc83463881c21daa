package import Announcer

/// What was read of the node's own kernel and processes, as values.
package struct HostFacts: Hashable, Sendable {
  /// By link name. A link that is missing could not be read.
  package var settings: [String: LinkSettings]
  /// Programs that announce addresses too.
  package var programs: [RunningProgram]
  /// Addresses that the kernel answers for on others' behalf.
  package var proxies: [NeighborProxy]
  /// Whether `/proc/sys/net` could be read at all (`ProcSubset=pid` hides it).
  package var canReadSettings: Bool

  package init(
    settings: [String: LinkSettings] = [:], programs: [RunningProgram] = [],
    proxies: [NeighborProxy] = [], canReadSettings: Bool = true
  ) {
    self.settings = settings
    self.programs = programs
    self.proxies = proxies
    self.canReadSettings = canReadSettings
  }

  /// A process, by what `/proc/<pid>/comm` calls it.
  package struct RunningProgram: Hashable, Sendable {
    package let name: String
    package let pid: Int32

    package init(name: String, pid: Int32) {
      self.name = name
      self.pid = pid
    }
  }
}

/// The settings of one link that decide who else answers, as they take effect.
///
/// Mostly the greater of "all" and the link's own, as the kernel combines them (IN_DEV_MAXCONF and
/// IN_DEV_ORCONF in `linux/inetdevice.h`); forwarding and disable_ipv6 are the link's own alone.
/// Nil where a setting could not be read, or does not exist.
package struct LinkSettings: Hashable, Sendable {
  package var arpIgnore: Int?
  package var arpAnnounce: Int?
  /// 0 off, 1 strict, 2 loose (RFC 3704).
  package var reversePathFilter: Int?
  package var proxyARP: Int?
  package var proxyARPPrivateVLAN: Int?
  package var ipv4Forwarding: Int?
  package var proxyNDP: Int?
  package var ipv6Forwarding: Int?
  package var disableIPv6: Int?

  package init() {}
}
