internal import Synchronization
package import Time
package import Wire

/// Collects conflicts between the thread that hears them and whoever acts on them: every frame is
/// counted, and a flood of them costs no more memory than there are own addresses and links.
package final class ConflictLog: Sendable {
  private struct Key: Hashable {
    var address: IPAddress
    var interfaceIndex: Int32
  }

  /// Claimants of one address that are told apart between two calls of `take`: an attacker makes up more. The
  /// last one stands for all beyond, with their count.
  package static let mostClaimants = 4

  private let conflicts = Mutex<[Key: [Conflict]]>([:])
  private let continuation: AsyncStream<Void>.Continuation
  /// Yields when there is something to take.
  package let signals: AsyncStream<Void>

  package init() {
    (signals, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// - Parameter address: one of our own.
  package func record(
    _ address: IPAddress, _ hardwareAddress: MACAddress, on interfaceIndex: Int32, at now: Instant
  ) {
    conflicts.withLock {
      Self.note(
        Conflict(
          address: address, hardwareAddress: hardwareAddress, interfaceIndex: interfaceIndex,
          count: 1, lastSeenAt: now),
        in: &$0[Key(address: address, interfaceIndex: interfaceIndex), default: []])
    }
    continuation.yield()
  }

  private static func note(_ conflict: Conflict, in claimants: inout [Conflict]) {
    let known = claimants.firstIndex { $0.hardwareAddress == conflict.hardwareAddress }
    guard let position = known ?? (claimants.count < mostClaimants ? nil : mostClaimants - 1) else {
      return claimants.append(conflict)
    }
    // The station heard last is shown: of a crowd, it takes the place of the one before.
    claimants[position].hardwareAddress = conflict.hardwareAddress
    claimants[position].count += 1
    claimants[position].lastSeenAt = conflict.lastSeenAt
  }

  /// Everything since the last call, in order of address.
  package func take() -> [Conflict] {
    let taken = conflicts.withLock { conflicts in
      defer { conflicts = [:] }
      return conflicts
    }
    return taken.values.joined().sorted {
      ($0.address, $0.hardwareAddress.rawValue) < ($1.address, $1.hardwareAddress.rawValue)
    }
  }
}
