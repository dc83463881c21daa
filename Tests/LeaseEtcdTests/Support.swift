import EtcdTestKit
import LANTestKit
import Lease
import LeaseEtcd
import Synchronization
import Testing
import Wire

let x = IPAddress("10.80.8.150")!
let y = IPAddress("2001:db8::1")!

func addresses(_ count: Int, from first: UInt32 = 0x0a00_0001) -> [IPAddress] {
  (0..<count).map { .v4(IPv4Address(rawValue: first + UInt32($0))) }
}

/// A store and what it told.
final class StoreClient: Sendable {
  let store: EtcdLeaseStore
  private let told = Mutex<[StoreChange]>([])
  private let batches = Mutex<[[StoreChange]]>([])

  init(_ endpoints: [String], _ change: (inout EtcdOptions) -> Void = { _ in }) throws {
    var options = EtcdOptions(endpoints: endpoints)
    change(&options)
    store = try EtcdLeaseStore(options)
    let changes = store.changes
    Task { [weak self] in
      for await batch in changes {
        self?.batches.withLock { $0.append(batch) }
        self?.told.withLock { $0 += batch }
      }
    }
  }

  var changes: [StoreChange] { told.withLock { $0 } }
  var changeBatches: [[StoreChange]] { batches.withLock { $0 } }

  func forget() {
    told.withLock { $0 = [] }
    batches.withLock { $0 = [] }
  }

  /// Opens a session that has to open, and waits until the watch listens.
  func open(
    _ node: String, timeToLive: Duration = .seconds(30), listening: Bool = true
  ) async throws -> SessionID {
    let opening = try await store.open(node: node, timeToLive: timeToLive, within: .seconds(20))
    guard case .opened(let id, _) = opening else {
      throw EtcdTestError("\(node): \(opening)")
    }
    if listening { await eventually { changes.contains(.missed) } }
    return id
  }

  func acquire(_ addresses: [IPAddress], _ session: SessionID) async throws
    -> [IPAddress: AcquireAnswer]
  {
    try await store.acquire(addresses, for: session, within: .seconds(20))
  }

  func expectRenewal(
    of session: SessionID, _ expected: Renewal, within limit: Duration = .seconds(10),
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let renewal = try await store.renew(session, within: limit)
    #expect(renewal == expected, sourceLocation: sourceLocation)
  }

  func read() async throws -> StorePicture { try await store.read(within: .seconds(20)) }
}

extension AcquireAnswer {
  var epoch: Epoch? { if case .acquired(let epoch) = self { epoch } else { nil } }
}

extension SessionID {
  /// As the gateway writes it.
  var decimal: Int64 { Int64(bitPattern: UInt64(text, radix: 16)!) }
}

/// Waits until something is so; longer than other tests do, for members share the machine with us.
func eventually(
  _ condition: () async throws -> Bool, sourceLocation: SourceLocation = #_sourceLocation
) async rethrows {
  try await LANTestKit.eventually(
    within: .seconds(30), sourceLocation: sourceLocation, condition)
}
