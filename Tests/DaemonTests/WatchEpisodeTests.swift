import Testing

@testable import Daemon

/// What the log says of watches in trouble.
@Suite struct WatchEpisodeTests {
  private static func cut(_ kind: String) -> String {
    "watch /api/v1/\(kind) on https://10.80.0.9:6443: it closed the connection"
  }
  private static func refused(_ kind: String) -> String {
    "list /api/v1/\(kind) on https://10.80.0.9:6443: \(kind) is forbidden: no right"
  }

  /// As with each restart of the server: all watches break, and one of them lacks a right from then on.
  @Test func aMissingRightIsSaidAfterABrokenConnection() {
    var episode = WatchEpisode()
    #expect(episode.apply([Self.cut("nodes")]) == ([Self.cut("nodes")], false))
    #expect(episode.apply([Self.cut("nodes"), Self.cut("services")]) == ([], false))
    let now = [Self.refused("services")]
    #expect(episode.apply(now) == (now, false))
    #expect(episode.apply(now) == ([], false))
    let both = [Self.refused("nodes"), Self.refused("services")]
    #expect(episode.apply(both) == ([Self.refused("nodes")], false))
    #expect(episode.apply([]) == ([], true))
    // The next time is said again; and what was never in trouble is not over.
    #expect(episode.apply([]) == ([], false))
    #expect(episode.apply(now) == (now, false))
  }

  @Test func aServerThatInventsCausesDoesNotFillTheLog() {
    var episode = WatchEpisode()
    let said = (0..<1000).flatMap { episode.apply(["watch: cause \($0)"]).new }
    #expect(said.count == WatchEpisode.limit)
  }
}
