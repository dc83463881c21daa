internal import Wire

extension LoadBalancerIPPool {
  /// One element of `blocks` as it is written: a prefix, or the first address and the last.
  package enum WrittenBlock: Hashable, Sendable {
    case cidr(String)
    /// Without an end it is the one address.
    case run(start: String, stop: String?)
  }

  /// Blocks that one pool may have. Who writes more has made a mistake, and each costs every node memory.
  package static let blockLimit = 10_000

  package init(_ name: String, blocks written: [WrittenBlock]) {
    self.name = name
    blocks = []
    unreadable = []
    guard written.count <= Self.blockLimit else {
      unreadable = [
        UnreadableBlock(
          "\(written.count) blocks", "a pool has \(Self.blockLimit) at most; write larger ones")
      ]
      return
    }
    for block in written {
      do throws(UnreadableBlock) {
        blocks.append(try Self.read(block, &inexact))
      } catch {
        unreadable.append(error)
      }
    }
  }

  private static func read(
    _ block: WrittenBlock, _ inexact: inout [InexactBlock]
  ) throws(UnreadableBlock) -> Block {
    switch block {
    case .cidr(let text): return try prefix(text, &inexact)
    case .run(let start, let stop):
      let text = stop.map { "\(start)-\($0)" } ?? start
      guard !start.isEmpty else {
        throw UnreadableBlock(text, "a block needs `cidr` or `start`")
      }
      guard let lower = IPAddress(start) else {
        throw UnreadableBlock(text, "its start is no address")
      }
      guard let upper = stop.map({ IPAddress($0) }) ?? lower else {
        throw UnreadableBlock(text, "its stop is no address")
      }
      guard lower.isIPv6 == upper.isIPv6 else {
        throw UnreadableBlock(
          text, "it begins in \(IPFamily(lower)) and stops in \(IPFamily(upper))")
      }
      guard let range = IPRange(lower, upper) else {
        throw UnreadableBlock(text, "it stops before it begins")
      }
      return Block(range, isPrefix: false, text: text)
    }
  }

  /// Host bits do not matter (the API has never refused them): they are cleared, and it is said.
  private static func prefix(
    _ text: String, _ inexact: inout [InexactBlock]
  ) throws(UnreadableBlock) -> Block {
    let parts = text.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
    guard let address = IPAddress(parts[0]) else {
      throw UnreadableBlock(text, "it is no prefix; write for instance 10.0.0.0/24")
    }
    guard parts.count > 1 else { return Block(IPRange(address), isPrefix: true, text: text) }
    let limit = address.isIPv6 ? 128 : 32
    guard parts.count == 2, parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let length = Int(parts[1]), let range = IPRange(address, prefixLength: length)
    else { throw UnreadableBlock(text, "its length is no number from 0 to \(limit)") }
    guard range.lower != address else { return Block(range, isPrefix: true, text: text) }
    let block = "\(range.lower)/\(length)"
    inexact.append(
      InexactBlock(written: text, block: block, single: "\(address)/\(limit)"))
    return Block(range, isPrefix: true, text: block)
  }
}
