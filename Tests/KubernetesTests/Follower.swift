import FoundationEssentials
import Synchronization
import Testing

@testable import Kubernetes

/// A consumer that keeps what it is told.
final class Follower: Sendable {
  private struct State {
    var objects: [String: String] = [:]
    var told: [String] = []
    var failures: [APIFailure] = []
  }
  private let state = Mutex(State())

  /// Names and versions.
  var objects: [String: String] { state.withLock { $0.objects } }
  /// What came, in short.
  var told: [String] { state.withLock { $0.told } }
  var failures: [APIFailure] { state.withLock { $0.failures } }
  func count(_ what: String) -> Int { told.filter { $0 == what }.count }

  private struct List: Decodable { let items: [Object] }
  private struct Event: Decodable {
    let type: String
    let object: Object
  }
  private struct Object: Decodable {
    let metadata: Metadata
    struct Metadata: Decodable {
      let name: String?
      let resourceVersion: String
    }
  }

  func take(_ news: ListWatchNews) {
    state.withLock { state in
      switch news {
      case .listed(let pages, let version, let isRestored):
        state.told.append(isRestored ? "restored" : "listed")
        state.objects = [:]
        for page in pages {
          let list = try? JSONDecoder().decode(List.self, from: Data(page))
          #expect(list != nil)
          for item in list?.items ?? [] {
            state.objects[item.metadata.name ?? "?"] = item.metadata.resourceVersion
          }
        }
        #expect(!version.isEmpty)
      case .event(let line):
        guard let event = try? JSONDecoder().decode(Event.self, from: Data(line)) else {
          Issue.record("no event: \(String(decoding: line, as: UTF8.self))")
          return
        }
        state.told.append(event.type)
        guard event.type != "BOOKMARK" else { return }
        let metadata = event.object.metadata
        state.objects[metadata.name ?? "?"] =
          event.type == "DELETED" ? nil : metadata.resourceVersion
      case .listening: state.told.append("listening")
      case .quiet: state.told.append("quiet")
      case .failed(let failure):
        state.told.append("failed")
        state.failures.append(failure)
      case .absent: state.told.append("absent")
      }
    }
  }
}

extension Follower {
  /// Impatient, so that tests need not be patient.
  static let pace: ListWatchPace = {
    var pace = ListWatchPace(silence: .seconds(30))
    pace.pauses = .milliseconds(10) ... .milliseconds(50)
    pace.pausesWhenRefused = .milliseconds(50) ... .milliseconds(60)
    pace.pausesWhenAbsent = .milliseconds(50) ... .milliseconds(60)
    return pace
  }()

  /// Follows a collection that answers as `answer` says.
  static func follow(
    pageLimit: Int = 500, pace: ListWatchPace = Follower.pace,
    answer: @escaping ScriptedAPI.Answer,
    _ body: (ScriptedAPI, Follower) async throws -> Void
  ) async throws {
    try await ScriptedAPI.run(answer: answer) { server in
      let client = try APIClient(access(server.url))
      let watch = ListWatch(
        client, path: "/things", query: [("labelSelector", "a=b")], pageLimit: pageLimit, pace: pace
      )
      let follower = Follower()
      let task = Task { await watch.run { follower.take($0) } }
      do {
        try await body(server, follower)
      } catch {
        task.cancel()
        throw error
      }
      task.cancel()
      await task.value
    }
  }
}
