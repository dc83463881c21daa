internal import FoundationEssentials
internal import LinuxSystem

extension ReportPart {
  /// What there is to know of the machine and its network.
  package static var host: [ReportPart] {
    [
      ReportPart("system.txt", "kernel and distribution") {
        let release = try content("/etc/os-release")
        return "\(try content("/proc/version"))\n\(release)"
      },
      .command("links.json", "ip -d -s -j link", "ip", "-d", "-s", "-j", "link"),
      .command("addresses.json", "ip -d -j address", "ip", "-d", "-j", "address"),
      .command("addresses.txt", "ip -br address", "ip", "-br", "address"),
      .command("neighbours.json", "ip -s -j neighbour", "ip", "-s", "-j", "neighbour"),
      .command(
        "routes.json", "ip -j route show table all", "ip", "-j", "route", "show", "table", "all"),
      .command(
        "routes6.json", "ip -6 -j route show table all", "ip", "-6", "-j", "route", "show", "table",
        "all"),
      .command("rules.txt", "ip rule", "ip", "rule"),
      ReportPart("sysctl.txt", "kernel parameters of ARP, NDP and forwarding") { sysctls() },
      .command("nftables.txt", "nft list ruleset", "nft", "list", "ruleset"),
      ReportPart("log.txt", "the last 1,000 lines of the daemon's log") {
        guard FileManager.default.fileExists(atPath: "/run/systemd/system") else {
          throw Failure("systemd does not run here")
        }
        return try await standardOutput(
          of: "journalctl",
          [
            "--unit", "announcer", "--lines", "1000", "--no-pager", "--quiet", "--output",
            "short-iso-precise",
          ])
      },
    ]
  }

  /// What matters of `/proc/sys/net`, for every interface, as `sysctl` prints it.
  ///
  /// Source: the kernel's Documentation/networking/ip-sysctl.rst.
  private static func sysctls() -> String {
    let wanted = ["arp_", "ndisc_", "proxy_", "rp_filter", "forwarding", "drop_gratuitous"]
    let more: Set = [
      "accept_dad", "accept_local", "accept_ra", "dad_transmits", "disable_ipv6",
      "drop_unsolicited_na", "route_localnet",
    ]
    var lines: [String] = []
    for family in ["ipv4", "ipv6"] {
      for table in ["conf", "neigh"] {
        let place = "/proc/sys/net/\(family)/\(table)"
        for interface in names(in: place) {
          for name in names(in: "\(place)/\(interface)")
          where table == "neigh" && interface == "default"
            || table == "conf"
              && (wanted.contains { name.hasPrefix($0) } || more.contains(name))
          {
            guard let value = try? content("\(place)/\(interface)/\(name)") else { continue }
            let text = value.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            lines.append("net.\(family).\(table).\(interface).\(name) = \(text)")
          }
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func names(in directory: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).sorted()
  }

  private static func content(_ file: String) throws -> String {
    String(decoding: try contentOfRegularFile(file, atMost: 65_536), as: UTF8.self)
  }
}
