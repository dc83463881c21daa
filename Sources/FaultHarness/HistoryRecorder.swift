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

  /// A line of a watch, as it came. Taking it apart takes longer than the next one needs to come, and must
  /// not make that one look late; so it waits until somebody asks.
  private struct Line: Sendable {
    let octets: [UInt8]
    let seen: Instant
  }

  private struct State {
    var lines: [Line] = []
    var records: [String: Record] = [:]
    var order: [String] = []
    var created: Set<Int> = []
    /// The newest revision that any member has told of: what is older is known.
    var newest: Int64 = 0
  }

  private let state = Mutex(State())
  /// One at a time takes lines apart, so that whoever asks finds all that came before.
  private let digestion = Mutex(())
  private let isStopping = Atomic<Bool>(false)
  private let gateways: [Gateway]
  /// The keys watched, from the first to before the end.
  private let watched: (first: String, end: String)

  init(_ gateways: [Gateway], _ backend: Backend) {
    self.gateways = gateways
    watched = backend.watched
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
    digest()
    return state.withLock { state in
      state.order.compactMap { state.records[$0] }.enumerated()
        .sorted { ($0.element.revision, $0.offset) < ($1.element.revision, $1.offset) }
        .map(\.element)
    }
  }

  /// When a key's change of a revision was first told of; nil while it was not.
  func sighting(of key: String, revision: Int64) -> Instant? {
    digest()
    return state.withLock { $0.records["\(revision) \(key)"]?.seen }
  }

  /// Watches one member until `stop`, again and again where the member goes away.
  private func watch(_ index: Int, _ gateway: Gateway) {
    while !isStopping.load(ordering: .relaxed) {
      do {
        try follow(index, gateway)
      } catch {
        // The member is gone, or does not know us yet: what it has to tell, others tell, or it will.
      }
      if !isStopping.load(ordering: .relaxed) { sleepBriefly() }
    }
  }

  private func follow(_ index: Int, _ gateway: Gateway) throws {
    digest()
    let next = state.withLock { $0.newest + 1 }
    let request =
      #"{"create_request":{"key":"\#(base64(watched.first))","range_end":"\#(base64(watched.end))","#
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
        let line = Line(octets: Array(pending[..<end]), seen: now)
        pending.removeSubrange(...end)
        // What begins or ends a watch is short; a change waits.
        let answer =
          line.octets.count < 512 ? try? decodeGateway(WatchAnswer.self, line.octets) : nil
        state.withLock { state in
          state.lines.append(line)
          if answer?.result?.created == true { state.created.insert(index) }
        }
        if line.octets.count < 512, answer?.result == nil || answer?.result?.canceled == true {
          return
        }
      }
    }
  }

  /// Takes the lines apart that have come since.
  private func digest() {
    digestion.withLock { _ in
      let lines = state.withLock { state in
        defer { state.lines = [] }
        return state.lines
      }
      for line in lines {
        guard let result = try? decodeGateway(WatchAnswer.self, line.octets).result else {
          continue
        }
        for event in result.events ?? [] { note(event, line.seen) }
        if result.canceled == true, let compacted = result.compactRevision?.value {
          // Others have told of what was forgotten meanwhile.
          state.withLock { $0.newest = max($0.newest, compacted - 1) }
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
      state.newest = max(state.newest, record.revision)
      if let known = state.records[name] {
        state.records[name]?.seen = min(known.seen, now)
      } else {
        state.records[name] = record
        state.order.append(name)
      }
    }
  }
}
