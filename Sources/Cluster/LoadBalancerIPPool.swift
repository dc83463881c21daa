package import Wire

/// What matters of a `CiliumLoadBalancerIPPool`: which addresses may be given out, and to whom.
package struct LoadBalancerIPPool: Hashable, Sendable {
  package var name: String
  /// What it has, in the order in which it is written and given out.
  package var blocks: [Block]
  /// Blocks that cannot be used.
  package var unreadable: [UnreadableBlock]
  /// Blocks that are written as an address inside of them; they count as the whole of them.
  package var inexact: [InexactBlock] = []
  /// Nil: every Service.
  package var serviceSelector: LabelSelector?
  /// `spec.allowFirstLastIPs`: whether the first and the last address of a prefix may be given out.
  package var allowsFirstLast = true
  /// `spec.disabled`: gives nothing out; what was given stays.
  package var isDisabled = false
  /// `metadata.creationTimestamp`: texts of one width, whose order is the order in time.
  package var createdAt = ""
  /// `metadata.generation`, which a condition names as the one it was found in.
  package var generation: Int64 = 0
  /// `metadata.resourceVersion`.
  package var version = ""
  /// `status.conditions`.
  package var conditions: [Condition] = []

  /// A run of addresses that was read from the object.
  package struct Block: Hashable, Sendable {
    package var range: IPRange
    /// Whether it is written as a prefix, whose first and last address may be meant for other things.
    package var isPrefix: Bool
    /// As people wrote it, or should have: what is shown is what counts.
    package var text: String

    package init(_ range: IPRange, isPrefix: Bool, text: String) {
      self.range = range
      self.isPrefix = isPrefix
      self.text = text
    }
  }

  package struct UnreadableBlock: Error, Hashable, Sendable, CustomStringConvertible {
    /// As people wrote it, or the beginning of that.
    package var text: String
    /// Why it cannot be used.
    package var reason: String

    package init(_ text: String, _ reason: String) {
      self.text = text.count > 64 ? "\(text.prefix(64))…" : text
      self.reason = reason
    }

    package var description: String { "'\(text)': \(reason)" }
  }

  /// A prefix with host bits. The API takes it, and so do others; who wrote it may have meant one address.
  package struct InexactBlock: Hashable, Sendable, CustomStringConvertible {
    /// As people wrote it: `10.80.8.200/28`.
    package var written: String
    /// What counts: `10.80.8.192/28`.
    package var block: String
    /// What stands before the slash, with a length for it alone: `10.80.8.200/32`.
    package var single: String

    package var description: String {
      "'\(written)' is an address inside a block, all of which counts: write \(block) for the block or "
        + "\(single) for the one address"
    }
  }

  /// The addresses of all blocks.
  package var ranges: [IPRange] { blocks.map(\.range) }

  /// What it would give out: without the first and last address of prefixes, where they are spared.
  package var givableRanges: [IPRange] {
    blocks.compactMap { block in
      allowsFirstLast || !block.isPrefix ? block.range : Self.inner(block.range)
    }
  }

  /// A prefix without its first and its last address; those of one or two addresses are left whole
  /// (RFC 3021, RFC 6164).
  private static func inner(_ range: IPRange) -> IPRange? {
    guard range.count > 2 else { return range }
    let family = IPFamily(range.lower)
    return IPRange(
      family.address(range.lower.number + 1), family.address(range.upper.number - 1))
  }

  /// Leaves what people wrote, so that two of them are equal where nothing but the status has changed.
  package mutating func forgetStatus() {
    generation = 0
    version = ""
    conditions = []
  }
}
