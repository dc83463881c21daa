/// Cuts a stream of octets into lines of bounded length.
package struct LineSplitter: Sendable {
  package struct TooLong: Error {}

  /// A session that ends frees all its claims in one message: 10,000 take some 8 MiB.
  package static let longestLine = 32 << 20

  private var rest: [UInt8] = []
  private let limit: Int

  package init(limit: Int = Self.longestLine) {
    self.limit = limit
  }

  /// The lines that are complete now, without what ends them; empty ones left out.
  package mutating func add(_ bytes: some Collection<UInt8>) throws(TooLong) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var bytes = bytes[...]
    while let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
      guard rest.count + bytes[..<end].count <= limit else { throw TooLong() }
      rest += bytes[..<end]
      if !rest.isEmpty { lines.append(rest) }
      rest = []
      bytes = bytes[bytes.index(after: end)...]
    }
    guard rest.count + bytes.count <= limit else { throw TooLong() }
    rest += bytes
    return lines
  }
}
