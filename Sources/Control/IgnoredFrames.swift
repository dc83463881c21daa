/// The words of `status` for frames that were not answered.
package enum IgnoredFrames {
  /// For people, by the stable name that JSON and metrics have; each follows a number of frames.
  package static let words: [String: String] = [
    "truncated": "cut short",
    "not-ethernet-ii": "of another framing",
    "other-vlan": "of another VLAN",
    "other-protocol": "of another protocol",
    "malformed": "malformed",
    "bad-ip-version": "with a wrong IP version",
    "fragmented": "in fragments",
    "not-icmpv6": "not ICMPv6",
    "bad-hop-limit": "with a hop limit below 255",
    "bad-checksum": "with a wrong checksum",
    "other-message": "another ICMPv6 message",
    "bad-code": "with a wrong ICMPv6 code",
    "multicast-target": "asked for a group",
    "bad-option": "with a malformed option",
    "bad-link-layer-option": "with a wrong link-layer address option",
    "bad-unspecified-source": "from the unspecified address, where that is wrong",
    "solicited-multicast": "solicited and sent to a group",
    "other-host": "addressed to another station",
    "unknown-link": "on an interface where nothing is announced",
    "not-a-request": "ARP, and no request",
    "target-not-claimed": "asked for other addresses",
    "bad-sender-hardware-address": "from a hardware address that cannot be one",
    "bad-sender-protocol-address": "from an address that cannot be one",
    "own-frame": "of this node's own, reflected",
    "conflict": "of stations that claim an address of ours",
    "gate-closed": "while the lease had run out",
    "stale": "too old when they were read",
    "send-failed": "asked, and the kernel refused to send the answer",
    "socket-full": "dropped by the kernel, because a socket was full",
  ]

  static func text(_ counts: [String: UInt64]) -> String? {
    let counts = counts.filter { $0.value > 0 }
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    guard let first = counts.first else { return nil }
    let number = TextLayout.count(first.value, "frame", "frames")
    return
      ([phrase(number, first.key)] + counts.dropFirst().map { phrase("\($0.value)", $0.key) })
      .joined(separator: ", ")
  }

  /// A newer daemon may have a name that this program does not know.
  private static func phrase(_ number: String, _ name: String) -> String {
    "\(number) \(words[name] ?? "(\(name))")"
  }
}

extension StatusText {
  /// `812 frames asked for other addresses, 3 malformed`, the most frequent first; nothing where none was counted.
  var ignored: [String] {
    IgnoredFrames.text(status.ignored).map { item("ignored", $0) } ?? []
  }
}
