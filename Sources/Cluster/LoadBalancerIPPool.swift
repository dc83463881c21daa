package import Wire

/// What matters of a `CiliumLoadBalancerIPPool`: which addresses may be given out. It decides nothing
/// here; an announced address that lies in no pool is most likely a slip, and is pointed out.
package struct LoadBalancerIPPool: Hashable, Sendable {
  package var name: String
  package var ranges: [IPRange]
  /// Blocks that cannot be read, as written.
  package var unreadable: [String]

  package init(_ name: String, ranges: [IPRange], unreadable: [String] = []) {
    self.name = name
    self.ranges = ranges
    self.unreadable = unreadable
  }

  /// One element of `blocks`: a prefix, or the first address and the last.
  package enum Block: Hashable, Sendable {
    case cidr(String)
    /// Without an end it is the one address.
    case run(start: String, stop: String?)
  }

  package init(_ name: String, blocks: [Block]) {
    self.init(name, ranges: [])
    for block in blocks {
      switch block {
      case .cidr(let text):
        if let range = Self.range(cidr: text) {
          ranges.append(range)
        } else {
          unreadable.append(text)
        }
      case .run(let start, let stop):
        if let lower = IPAddress(start), let upper = IPAddress(stop ?? start),
          let range = IPRange(lower, upper)
        {
          ranges.append(range)
        } else {
          unreadable.append(stop.map { "\(start)-\($0)" } ?? start)
        }
      }
    }
  }

  /// Host bits do not matter here: the pool's own controller takes the block.
  private static func range(cidr text: String) -> IPRange? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard let address = IPAddress(parts[0]) else { return nil }
    if parts.count == 1 { return IPRange(address) }
    guard parts.count == 2, let length = Int(parts[1]) else { return nil }
    return IPRange(address, prefixLength: length)
  }
}
