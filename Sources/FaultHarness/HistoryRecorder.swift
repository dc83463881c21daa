internal import FaultCheckers
internal import LANTestKit
internal import LinuxSystem
internal import Synchronization
internal import Time
internal import Wire

/// Watches a store through each of its members and keeps every change with the earliest instant at
/// which one of them told of it.
final class HistoryRecorder: Sendable {
  /// A change as etcd tells it.
  struct Record: Sendable {
    let revision: Int64
    let key: String
    let isDelete: Bool
    let lease: Int64
    let createRevision: Int64
    let value: String
    var seen: Instant
  }

  private struct State {
    var records: [String: Record] = [:]
    var order: [String] = []
    var created: Set<Int> = []
  }

  /// The keys watched: the program's prefix, and those of `SightingMeter`.
  static let first = "/announcer"
  static let end = "/c"

  private let state = Mutex(State())
  private let isStopping = Atomic<Bool>(false)
  private let gateways: [Gateway]

  init(_ gateways: [Gateway]) {
    self.gateways = gateways
  }

  /// Starts a watch on each member from the first revision on; returns when all have begun.
  func start() async throws {
    for (index, gateway) in gateways.enumerated() {
      Task { [self] in
        try? await gateway.host.inNamespace { self.watch(index, gateway) }
      }
    }
    let began = ContinuousClock.now
    while state.withLock({ $0.created.count }) < gateways.count {
      guard ContinuousClock.now - began < .seconds(15) else {
        throw HarnessError("the store does not let itself be watched")
      }
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  func stop() { isStopping.store(true, ordering: .relaxed) }

  /// Everything so far, in the order of the store.
  var records: [Record] {
    state.withLock { state in
      state.order.compactMap { state.records[$0] }.enumerated()
        .sorted { ($0.element.revision, $0.offset) < ($1.element.revision, $1.offset) }
        .map(\.element)
    }
  }

  /// When a key's change of a revision was first told of; nil while it was not.
  func sighting(of key: String, revision: Int64) -> Instant? {
    state.withLock { $0.records["\(revision) \(key)"]?.seen }
  }

  /// Watches one member until `stop`, again and again where the member goes away.
  private func watch(_ index: Int, _ gateway: Gateway) {
    var next: Int64 = 1
    while !isStopping.load(ordering: .relaxed) {
      do {
        try follow(index, gateway, from: &next)
      } catch {
        // The member is gone, or does not know us yet: what it has to tell, others tell, or it will.
      }
      if !isStopping.load(ordering: .relaxed) { sleepBriefly() }
    }
  }

  private func follow(_ index: Int, _ gateway: Gateway, from next: inout Int64) throws {
    let request =
      #"{"create_request":{"key":"\#(base64(Self.first))","range_end":"\#(base64(Self.end))","#
      + #""start_revision":"\#(next)"}}"#
    var connection = try GatewayConnection(
      to: gateway.address, path: "/v3/watch", body: request,
      token: gateway.blockingToken(limit: 1000), limit: 1000)
    try connection.setReadLimit(milliseconds: 100)
    var pending: [UInt8] = []
    while !isStopping.load(ordering: .relaxed), let part = try connection.read() {
      let now = Instant.now
      pending += part
      while let end = pending.firstIndex(of: 10) {
        let line = Array(pending[..<end])
        pending.removeFirst(end + 1)
        let answer = try decodeGateway(WatchAnswer.self, line)
        guard let result = answer.result else { return }
        if result.created == true { _ = state.withLock { $0.created.insert(index) } }
        for event in result.events ?? [] {
          note(event, now)
          next = max(next, (event.kv.modRevision?.value ?? 0) + 1)
        }
        if result.canceled == true {
          // Others have told of what was forgotten meanwhile.
          next = max(next, result.compactRevision?.value ?? next)
          return
        }
      }
    }
  }

  private func note(_ event: WatchAnswer.Event, _ now: Instant) {
    let record = Record(
      revision: event.kv.modRevision?.value ?? 0, key: event.kv.name, isDelete: event.isDelete,
      lease: event.kv.leaseID, createRevision: event.kv.createRevision?.value ?? 0,
      value: event.kv.text, seen: now)
    let name = "\(record.revision) \(record.key)"
    state.withLock { state in
      if let known = state.records[name] {
        state.records[name]?.seen = min(known.seen, now)
      } else {
        state.records[name] = record
        state.order.append(name)
      }
    }
  }
}
