internal import Synchronization
package import Time
package import Wire

/// Collects conflicts between the thread that hears them and whoever acts on them: every frame is
/// counted, and a flood of them costs no more memory than its distinct claimants.
package final class ConflictLog: Sendable {
  private struct Key: Hashable {
    var address: IPAddress
    var hardwareAddress: MACAddress
    var interfaceIndex: Int32
  }

  /// More claimants than this at a time are not told apart: an attacker makes them up.
  private static let capacity = 1024

  private let conflicts = Mutex<[Key: Conflict]>([:])
  private let continuation: AsyncStream<Void>.Continuation
  /// Yields when there is something to take.
  package let signals: AsyncStream<Void>

  package init() {
    (signals, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  package func record(
    _ address: IPAddress, _ hardwareAddress: MACAddress, on interfaceIndex: Int32, at now: Instant
  ) {
    let key = Key(
      address: address, hardwareAddress: hardwareAddress, interfaceIndex: interfaceIndex)
    conflicts.withLock { conflicts in
      guard conflicts.count < Self.capacity || conflicts[key] != nil else { return }
      var conflict =
        conflicts[key]
        ?? Conflict(
          address: address, hardwareAddress: hardwareAddress, interfaceIndex: interfaceIndex,
          count: 0, lastSeenAt: now)
      conflict.count += 1
      conflict.lastSeenAt = now
      conflicts[key] = conflict
    }
    continuation.yield()
  }

  /// Everything since the last call, in order of address.
  package func take() -> [Conflict] {
    conflicts.withLock { conflicts in
      let result = conflicts.values.sorted {
        ($0.address, $0.hardwareAddress.rawValue) < ($1.address, $1.hardwareAddress.rawValue)
      }
      conflicts.removeAll(keepingCapacity: true)
      return result
    }
  }
}
