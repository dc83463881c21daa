package import Time
package import Wire

/// What a newer view changes for frames, told to the gate at once (lease.md §2.17).
///
/// The view goes through a queue to a loop that may be computing. This does not: a renewal moves the deadline, and what
/// was lost falls silent, however long that loop takes.
package struct GateChange: Hashable, Sendable {
  package enum Deadline: Hashable, Sendable {
    /// Frames may leave until then; it is later than before.
    case forward(Instant)
    /// Frames may leave until then; it is earlier than before, and nothing is in doubt.
    case back(Instant)
    /// Ownership is in doubt: nothing may leave before the deadline is moved forward again (lease.md §2.6).
    case shut
  }

  /// Nil where it stays.
  package var deadline: Deadline?
  /// Claims that are lost. They must not be answered as what was armed under an earlier revision.
  package var lost: Set<IPAddress>
  /// The view's.
  package var revision: UInt64

  package init(deadline: Deadline?, lost: Set<IPAddress>, revision: UInt64) {
    self.deadline = deadline
    self.lost = lost
    self.revision = revision
  }
}

extension LeaseView {
  /// Numbers a view that follows `earlier`, and says what it changes for frames; nil where it changes nothing.
  package mutating func follow(_ earlier: LeaseView) -> GateChange? {
    let lost = Set(
      (changed ?? Set(earlier.held.keys)).filter { address in
        earlier.held[address].map { held[address]?.epoch != $0.epoch } ?? false
      })
    revision = lost.isEmpty ? earlier.revision : earlier.revision + 1
    let change: GateChange.Deadline? =
      if deadline < earlier.deadline {
        deadline == .distantPast ? .shut : .back(deadline)
      } else if deadline > earlier.deadline {
        .forward(deadline)
      } else { nil }
    if change == nil, lost.isEmpty { return nil }
    return GateChange(deadline: change, lost: lost, revision: revision)
  }
}

/// Lets frames leave, or keeps them. The lease moves it without waiting for anybody.
package protocol LeaseGate: Sendable {
  /// Does what a view changes. When it returns, no frame leaves that must not.
  func apply(_ change: GateChange)
}
