internal import Synchronization

/// The events of one watch, as they come.
package final class ClusterWatch: Sendable {
  /// What the watch was answered with.
  package let code: Int

  private struct State {
    var events: [JSON] = []
    var rest: [UInt8] = []
    var isOver = false
    var failure: String?
  }
  private let state: Shared
  private let reading: Task<Void, Never>

  /// Outlives the watch for as long as its task takes to end.
  private final class Shared: Sendable {
    let value = Mutex(State())
  }

  init(
    code: Int,
    _ read: @escaping @Sendable (@escaping @Sendable ([UInt8]) -> Void) async throws -> Void
  ) {
    self.code = code
    let shared = Shared()
    state = shared
    reading = Task {
      var failure: String?
      do {
        try await read { bytes in shared.value.withLock { Self.take(bytes, &$0) } }
      } catch {
        failure = "\(error)"
      }
      shared.value.withLock { state in
        // An answer that is an error has no line feed at its end.
        Self.take([UInt8(ascii: "\n")], &state)
        state.isOver = true
        state.failure = failure
      }
    }
  }

  deinit { reading.cancel() }

  /// All events until now; a line that is no JSON is null.
  package var events: [JSON] { state.value.withLock { $0.events } }

  /// `ADDED a`, `DELETED b`, `BOOKMARK`, `ERROR 410`: the events in a few words.
  package var summary: [String] {
    events.map { event in
      let object = event["object"]
      let what =
        object["metadata"]["name"].string ?? object["code"].int.map { "\($0)" } ?? ""
      return "\(event["type"].string ?? "?")\(what.isEmpty ? "" : " \(what)")"
    }
  }

  package var isOver: Bool { state.value.withLock { $0.isOver } }
  /// Why it ended, if not as it should.
  package var failure: String? { state.value.withLock { $0.failure } }

  package func cancel() { reading.cancel() }

  private static func take(_ bytes: [UInt8], _ state: inout State) {
    state.rest += bytes
    while let end = state.rest.firstIndex(of: UInt8(ascii: "\n")) {
      let line = state.rest[..<end]
      if !line.isEmpty { state.events.append((try? JSON(parsing: line)) ?? .null) }
      state.rest.removeFirst(end + 1)
    }
  }
}
