internal import Synchronization

/// What goes wrong with an `APIServer`, switched on and off while it runs.
package struct Faults: Sendable {
  let core: ServerCore

  /// From now on requests meet `effect`, after the faults that were added before.
  ///
  /// - Parameters:
  ///   - verbs: which requests; nil for all.
  ///   - resources: `leases`, `services/status`; nil for all, discovery included.
  ///   - names: of single objects; nil for all.
  ///   - times: how many requests it meets; nil until it is taken away.
  package func add(
    _ effect: Fault.Effect, verbs: Set<APIVerb>? = nil, resources: Set<String>? = nil,
    names: Set<String>? = nil, times: Int? = nil
  ) {
    let fault = Fault(
      effect: effect, verbs: verbs, resources: resources, names: names, times: times)
    core.state.withLock { $0.faults.append(fault) }
  }

  /// Takes all faults away; what was frozen goes on. The server listens or not as before.
  package func clear() {
    core.state.withLock {
      $0.faults = []
      $0.stopsBookmarks = false
      $0.watchLimit = nil
      $0.dropsEvent = nil
    }
    watchesAreFrozen = false
    thaw()
  }

  /// Like SIGSTOP: connections are taken, requests wait, watches are silent.
  package func freeze() { core.state.withLock { $0.isFrozen = true } }

  /// Like SIGCONT: what came meanwhile is done now.
  package func thaw() {
    let waiting = core.state.withLock { state in
      defer { state.waiting = [] }
      state.isFrozen = false
      if !state.freezesWatches { state.sendHeld() }
      return state.waiting
    }
    for request in waiting { request() }
  }

  /// Watches stay open and silent; what they missed comes when this is switched off.
  package var watchesAreFrozen: Bool {
    get { core.state.withLock { $0.freezesWatches } }
    nonmutating set {
      core.state.withLock { state in
        state.freezesWatches = newValue
        if !newValue, !state.isFrozen { state.sendHeld() }
      }
    }
  }

  /// Watches that asked for bookmarks get none.
  package var bookmarksStop: Bool {
    get { core.state.withLock { $0.stopsBookmarks } }
    nonmutating set { core.state.withLock { $0.stopsBookmarks = newValue } }
  }

  /// Every watch is cut after so many octets of its stream.
  package var watchLimit: Int? {
    get { core.state.withLock { $0.watchLimit } }
    nonmutating set { core.state.withLock { $0.watchLimit = newValue } }
  }

  /// Events that `isDropped` picks reach no watch, as behind a faulty cache; nil for none.
  package func dropEvents(where isDropped: (@Sendable (WatchedEvent) -> Bool)?) {
    core.state.withLock { $0.dropsEvent = isDropped }
  }

  /// Cuts the connections of all watches, or of those on one resource (`leases`).
  package func cutWatches(of resource: String? = nil) {
    core.state.withLock { state in
      for (number, watcher) in state.watchers
      where resource.map({ $0 == watcher.route.kind.plural }) ?? true {
        watcher.connection.cut()
        state.watchers[number] = nil
      }
    }
  }

  /// Sends octets, which should end with a line feed, into the streams of all watches, or of those on one
  /// resource.
  package func sendIntoWatches(_ text: String, of resource: String? = nil) {
    core.state.withLock { state in
      for (number, watcher) in state.watchers
      where resource.map({ $0 == watcher.route.kind.plural }) ?? true {
        state.send(Array(text.utf8), to: number)
      }
    }
  }

  /// Cuts all connections there are.
  package func cutConnections() {
    for connection in core.state.withLock({ Array($0.connections.values) }) { connection.cut() }
  }

  /// Forgets the history: whoever continues from an older version gets a 410.
  package func compact() { core.state.withLock { $0.store.compact() } }
}
