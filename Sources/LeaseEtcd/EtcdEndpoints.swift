internal import Lease
internal import Synchronization

/// The endpoints and which of them is in use, by all calls and the watch alike.
final class EtcdEndpoints: Sendable {
  let all: [EtcdEndpoint]

  private struct State {
    var current = 0
    var onMove: (@Sendable () -> Void)?
  }
  private let state = Mutex(State())

  init(_ urls: [String]) throws(StoreFailure) {
    var all: [EtcdEndpoint] = []
    for url in urls { all.append(try EtcdEndpoint(url, index: all.count)) }
    guard !all.isEmpty else {
      throw StoreFailure(.misconfigured, "`lease.etcd.endpoints` names no endpoint")
    }
    self.all = all
  }

  var current: EtcdEndpoint { all[state.withLock { $0.current }] }

  /// The next one takes the place of `endpoint` where that one is still in use: of several calls
  /// that fail together, the first moves.
  func leave(_ endpoint: EtcdEndpoint) {
    let onMove = state.withLock { state -> (@Sendable () -> Void)? in
      guard state.current == endpoint.index, all.count > 1 else { return nil }
      state.current = (endpoint.index + 1) % all.count
      return state.onMove
    }
    onMove?()
  }

  /// Says whenever another endpoint has come into use. One listener.
  func whenMoved(_ action: @escaping @Sendable () -> Void) {
    state.withLock { $0.onMove = action }
  }
}
