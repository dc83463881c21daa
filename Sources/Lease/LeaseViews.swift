internal import Synchronization

/// The views of an election, for one reader: the newest only, which names everything that has changed since the one
/// that was read before.
package final class LeaseViews: AsyncSequence, Sendable {
  package typealias Element = LeaseView
  package typealias Failure = Never

  private let unread = Mutex<LeaseView?>(nil)
  private let signals: AsyncStream<Void>
  private let signal: AsyncStream<Void>.Continuation

  init() {
    (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  func publish(_ view: LeaseView) {
    unread.withLock { unread in
      var view = view
      if let older = unread { view.supersede(older) }
      unread = view
    }
    signal.yield()
  }

  /// The reader's loop ends once it has read what was published before.
  func finish() { signal.finish() }

  package func makeAsyncIterator() -> Iterator {
    Iterator(views: self, signals: signals.makeAsyncIterator())
  }

  package struct Iterator: AsyncIteratorProtocol {
    fileprivate let views: LeaseViews
    fileprivate var signals: AsyncStream<Void>.Iterator

    package mutating func next(isolation actor: isolated (any Actor)?) async -> LeaseView? {
      while await signals.next(isolation: actor) != nil {
        if let view = views.take() { return view }
      }
      return nil
    }
  }

  private func take() -> LeaseView? {
    unread.withLock { unread in
      defer { unread = nil }
      return unread
    }
  }
}
