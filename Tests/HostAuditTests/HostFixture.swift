import Announcer
import Foundation
import HostAudit
import Wire

/// A link with addresses written `10.0.0.1/24`.
func host(
  _ index: Int32, _ name: String, flags: LinkFlags = [.up, .broadcast, .multicast, .lowerUp],
  _ addresses: String...
) -> Link {
  Link(
    id: LinkID(index: index, generation: 0), name: name, flags: flags,
    addresses: addresses.map {
      let parts = $0.split(separator: "/")
      return LinkAddress(address: IPAddress(parts[0])!, prefixLength: Int(parts[1])!)
    })
}

func announced(_ addresses: String..., on links: Set<Int32>) -> [AnnouncedAddress] {
  addresses.map { AnnouncedAddress(address: IPAddress($0)!, links: links) }
}

/// A proc file system in a directory of its own, gone with this value.
final class FakeProc {
  let root: String

  init(_ files: [String: String]) throws {
    root =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("announcer-proc-\(UUID().uuidString)").path
    for (path, text) in files {
      let file = URL(fileURLWithPath: "\(root)/\(path)")
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("\(text)\n".utf8).write(to: file)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  /// Settings as they are on a fresh kernel, with `changes` on top.
  static func settings(links: [String], _ changes: [String: String] = [:]) -> [String: String] {
    var files: [String: String] = [:]
    for link in links + ["all"] {
      for name in [
        "arp_ignore", "arp_announce", "rp_filter", "proxy_arp", "proxy_arp_pvlan", "forwarding",
      ] {
        files["sys/net/ipv4/conf/\(link)/\(name)"] = "0"
      }
      for name in ["proxy_ndp", "forwarding", "disable_ipv6"] {
        files["sys/net/ipv6/conf/\(link)/\(name)"] = "0"
      }
    }
    for (path, text) in changes { files["sys/net/\(path)"] = text }
    return files
  }
}
