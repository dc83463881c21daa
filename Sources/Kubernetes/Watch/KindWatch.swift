internal import Cluster
internal import KubernetesObjects
internal import LinuxSystem
internal import Synchronization
internal import Time

/// Watches one kind of objects and tells what happens to them.
final class KindWatch: Sendable {
  private struct State {
    var standing = KindStanding()
    var names: Set<ObjectName> = []
    var hasListened = false
    /// Whether the watch begins again only because there was nothing to hear.
    var isQuiet = false
    /// What keeps news from coming.
    var failure: String?
    /// What was heard and is neither a list nor an event; until the next list.
    var unintelligible: String?
    /// The objects that were heard and cannot be read.
    var unread = UnreadObjects()
    /// Whether the server does not have the kind: then nobody misses what could not be read.
    var isAbsent = false

    var trouble: String? { failure ?? unintelligible ?? (isAbsent ? nil : unread.summary) }
  }
  private let state = Mutex(State())
  private let client: APIClient
  private let kind: ClusterObject.Kind
  private let pace: ListWatchPace
  private let tell: @Sendable (ClusterNews) -> Void

  init(
    _ client: APIClient, _ kind: ClusterObject.Kind, pace: ListWatchPace,
    tell: @escaping @Sendable (ClusterNews) -> Void
  ) {
    self.client = client
    self.kind = kind
    self.pace = pace
    self.tell = tell
  }

  var standing: KindStanding { state.withLock { $0.standing } }

  func run() async {
    let finder = KindFinder(client: client, kind: kind, patience: pace.patience)
    let watch = ListWatch(client, pace: pace) { () async throws(APIFailure) -> String? in
      let path = try await finder.path()
      self.state.withLock { $0.standing.path = path }
      return path
    }
    await watch.run { self.take($0) }
  }

  private func take(_ news: ListWatchNews) {
    switch news {
    case .listed(let pages, let version, let isRestored):
      replace(pages, version, isRestored: isRestored)
    case .event(let line): change(line)
    case .listening:
      state.withLock { state in
        if state.hasListened, !state.isQuiet { state.standing.reconnections += 1 }
        (state.hasListened, state.isQuiet) = (true, false)
      }
      noteFailure(nil)
    case .quiet:
      state.withLock { $0.isQuiet = true }
      tell(.quiet(kind))
    case .failed(let failure):
      state.withLock { $0.isQuiet = false }
      noteFailure(failure.text)
    case .absent:
      noteTrouble { ($0.failure, $0.unintelligible, $0.isAbsent) = (nil, nil, true) }
      state.withLock { state in
        state.names = []
        state.standing.objectCount = 0
      }
      noteInstalled(false)
    }
  }

  private func replace(_ pages: [[UInt8]], _ version: String, isRestored: Bool) {
    var objects: [ClusterObject] = []
    var unreadable: [UnreadableObject] = []
    for page in pages {
      do {
        let list = try ObjectList(json: page, of: kind)
        objects += list.objects
        unreadable += list.unreadable
      } catch {
        // What is left of the list is not all there is: nothing is withdrawn for it.
        noteTrouble {
          $0.unintelligible = "a list of \(kind.rawValue) objects: \(error.description)"
        }
        return
      }
    }
    state.withLock { state in
      state.names = Set(objects.map(\.name))
      state.standing.objectCount = state.names.count
      state.standing.lastListAt = .now
    }
    noteInstalled(true)
    // Before the objects that can be read: what may be announced is decided on both.
    noteUnread { $0 = UnreadObjects(unreadable) }
    tell(.replaced(kind, objects, version: version, isRestored: isRestored))
    noteTrouble { ($0.unintelligible, $0.isAbsent) = (nil, false) }
  }

  private func change(_ line: [UInt8]) {
    let event: WatchEvent
    do {
      event = try WatchEvent(json: line, of: kind)
    } catch {
      return noteTrouble {
        $0.unintelligible = "an event of \(kind.rawValue): \(error.description)"
      }
    }
    switch event {
    case .changed(let object, _):
      noteEvent { $0.insert(object.name) }
      tell(.changed(object))
      noteRead(object.name)
    case .deleted(let name, let version):
      noteEvent { $0.remove(name) }
      tell(.deleted(kind, name, version: version))
      noteRead(name)
    case .unreadable(let object, _):
      noteEvent { _ in }
      noteUnread { $0.insert(object) }
      noteTrouble { _ in }
    case .bookmark, .failed, .unknown: break
    }
  }

  private func noteEvent(_ change: (inout Set<ObjectName>) -> Void) {
    state.withLock { state in
      change(&state.names)
      state.standing.objectCount = state.names.count
      state.standing.lastEventAt = .now
    }
  }

  private func noteInstalled(_ isInstalled: Bool) {
    let isNews = state.withLock { state in
      defer { state.standing.isInstalled = isInstalled }
      return state.standing.isInstalled != isInstalled
    }
    if isNews { tell(.kind(kind, isInstalled: isInstalled)) }
  }

  /// After the object is told: nothing is announced for a moment because neither it nor the doubt is there.
  private func noteRead(_ name: ObjectName) {
    guard state.withLock({ $0.unread.contains(name) }) else { return }
    noteUnread { $0.remove(name) }
    noteTrouble { _ in }
  }

  private func noteUnread(_ change: (inout UnreadObjects) -> Void) {
    let (reasons, isNews) = state.withLock { state in
      let before = state.unread.reasons
      change(&state.unread)
      let reasons = state.unread.reasons
      return (reasons, reasons != before)
    }
    if isNews { tell(.unread(kind, reasons)) }
  }

  private func noteFailure(_ text: String?) { noteTrouble { $0.failure = text } }

  private func noteTrouble(_ change: (inout State) -> Void) {
    let (trouble, isNews) = state.withLock { state in
      change(&state)
      let trouble = state.trouble
      defer { state.standing.trouble = trouble }
      return (trouble, trouble != state.standing.trouble)
    }
    if isNews { tell(.trouble(kind, trouble)) }
  }
}
