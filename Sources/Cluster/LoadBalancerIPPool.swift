package import Wire

/// What matters of a `CiliumLoadBalancerIPPool`: which addresses may be given out, and to whom.
package struct LoadBalancerIPPool: Hashable, Sendable {
  package var name: String
  /// What it has, in the order in which it is written and given out.
  package var blocks: [Block]
  /// Blocks that cannot be used.
  package var unreadable: [UnreadableBlock]
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
    /// As people wrote it.
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

  /// The addresses of all blocks.
  package var ranges: [IPRange] { blocks.map(\.range) }

  /// Leaves what people wrote, so that two of them are equal where nothing but the status has changed.
  package mutating func forgetStatus() {
    generation = 0
    version = ""
    conditions = []
  }
}
