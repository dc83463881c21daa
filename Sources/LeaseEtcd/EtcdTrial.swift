internal import FoundationEssentials
internal import HTTPTransport
package import Lease
internal import LinuxSystem
internal import Time

extension EtcdLeaseStore {
  /// Goes to every endpoint as a daemon would, logs in, and reads: nothing is written.
  ///
  /// Each on a connection of its own and all at once, so that one that hangs hides no other.
  ///
  /// - Returns: in the order of the options; one alone where these are of no use to any.
  package static func trials(
    _ options: EtcdOptions, within: Duration
  ) async -> [StoreTrial] {
    let deadline = Instant.now + within
    let results = await withTaskGroup(of: (Int, EtcdTrial.Result).self) { group in
      for (index, url) in options.endpoints.enumerated() {
        group.addTask { (index, await EtcdTrial.make(options, url, until: deadline)) }
      }
      var results: [Int: EtcdTrial.Result] = [:]
      for await (index, result) in group { results[index] = result }
      return options.endpoints.indices.compactMap { results[$0] }
    }
    return EtcdTrial.judged(results)
  }
}

/// A try of one endpoint.
enum EtcdTrial {
  struct Result: Sendable {
    var trial: StoreTrial
    /// Nil where it did not say.
    var cluster: UInt64?
  }

  /// As many nodes are told of.
  private static let mostNodes: Int64 = 1000

  static func make(_ options: EtcdOptions, _ url: String, until deadline: Instant) async -> Result {
    var options = options
    options.endpoints = [url]
    let start = Instant.now
    do throws(StoreFailure) {
      let connection = try EtcdConnection(options)
      let keys = try EtcdKeys(prefix: options.prefix)
      let (version, page, nodes) = try await connection.perform(
        "read the claims", until: deadline
      ) { endpoint async throws(EtcdFailure) -> (String?, RangeAnswer, [String]) in
        try await ask(endpoint, connection, keys, until: deadline)
      }
      let words = "etcd \(version?.oneLine ?? "that keeps its version to itself")"
      return Result(
        trial: StoreTrial(
          place: url, outcome: .success("\(words), the keys below \(keys.prefix)/ can be read"),
          took: .now - start, nodes: nodes),
        cluster: page.header?.cluster)
    } catch {
      return Result(trial: StoreTrial(place: url, outcome: .failure(error), took: .now - start))
    }
  }

  private static func ask(
    _ endpoint: EtcdEndpoint, _ connection: EtcdConnection, _ keys: EtcdKeys,
    until deadline: Instant
  ) async throws(EtcdFailure) -> (String?, RangeAnswer, [String]) {
    // All that is ours, as the daemon reads it: a role for a part of it is refused here.
    let page: RangeAnswer = try await connection.post(
      "/v3/kv/range",
      RangeRequest(key: keys.first, rangeEnd: keys.end, limit: 1, isKeysOnly: true),
      to: endpoint, until: deadline)
    let nodes: RangeAnswer = try await connection.post(
      "/v3/kv/range",
      RangeRequest(
        key: Data("\(keys.prefix)/nodes/".utf8), rangeEnd: Data("\(keys.prefix)/nodes0".utf8),
        limit: mostNodes, isKeysOnly: true), to: endpoint, until: deadline)
    var version: String?
    do throws(EtcdFailure) {
      let status: StatusAnswer = try await connection.post(
        "/v3/maintenance/status", StatusRequest(), to: endpoint, until: deadline)
      version = status.version
    } catch {
      // A question that only an administrator may ask says nothing against the configuration.
      guard error.kind == .refused else { throw error }
    }
    let names = (nodes.keyValues ?? []).compactMap { key in
      if case .node(let name) = keys.subject(of: key.key) { name } else { nil }
    }
    return (version, page, names)
  }

  /// Holds the endpoints against each other: a lease lives in one cluster.
  static func judged(_ results: [Result]) -> [StoreTrial] {
    guard let first = results.compactMap(\.cluster).first else { return results.map(\.trial) }
    return results.map { result in
      guard let cluster = result.cluster, cluster != first else { return result.trial }
      var trial = result.trial
      trial.outcome = .failure(
        StoreFailure(
          .misconfigured,
          "\(trial.place) is of the cluster \(String(cluster, radix: 16)), and others of "
            + "\(String(first, radix: 16)): name the members of one cluster"))
      return trial
    }
  }
}
