internal import LANTestKit

/// What is put in the way of packets, as rules of nftables inside one host's namespace.
struct Obstacle: Sendable {
  /// The whole of nft's input for a table `fault`.
  let rules: String

  enum Direction: Sendable { case both, outgoing, incoming }

  /// Nothing passes a link any more; nobody is told.
  static func drop(_ direction: Direction, link: String) -> Obstacle {
    inet(
      input: direction == .outgoing ? "" : "iifname \"\(link)\" drop",
      output: direction == .incoming ? "" : "oifname \"\(link)\" drop")
  }

  /// Every connection through a link is reset as soon as it sends.
  static func reset(link: String) -> Obstacle {
    inet(
      input: "", output: "oifname \"\(link)\" meta l4proto tcp reject with tcp reset")
  }

  /// Each packet is lost with a probability of `percent` in a hundred, in each direction.
  static func lose(percent: Int, link: String) -> Obstacle {
    let lost = "numgen random mod 100 < \(percent) drop"
    return inet(input: "iifname \"\(link)\" \(lost)", output: "oifname \"\(link)\" \(lost)")
  }

  /// Gratuitous ARP for an address that comes in through a port of a bridge is dropped, up to so
  /// many octets from the ARP header on.
  static func dropGratuitous(
    from port: String, for address: String, octets: Int
  ) -> Obstacle {
    Obstacle(
      rules: """
        table netdev fault {
          chain ingress {
            type filter hook ingress device "\(port)" priority 0;
            arp saddr ip \(address) arp daddr ip \(address) quota until \(octets) bytes counter drop
          }
        }
        """)
  }

  private static func inet(input: String, output: String) -> Obstacle {
    Obstacle(
      rules: """
        table inet fault {
          chain input { type filter hook input priority 0; \(input)\(input.isEmpty ? "" : ";") }
          chain output { type filter hook output priority 0; \(output)\(output.isEmpty ? "" : ";") }
        }
        """)
  }
}

extension Host {
  /// Puts an obstacle up, in place of one that stands; in one step.
  func plant(_ obstacle: Obstacle) async throws {
    try await nft("\(Self.nothing)\n\(obstacle.rules)")
  }

  /// Takes every obstacle away.
  func clear() async throws { try await nft(Self.nothing) }

  /// A table that does not exist cannot be deleted: it is made first.
  private static let nothing = """
    add table inet fault; delete table inet fault; add table netdev fault; delete table netdev fault
    """

  private func nft(_ rules: String) async throws {
    let result = try await run("nft", rules)
    guard result.succeeded else {
      throw HarnessError("nft: \(rules): \(result.standardError)")
    }
  }
}
