/// What one part of the daemon hands to another: a stream for its one reader, and the end that sends.
struct Channel<Element: Sendable>: Sendable {
  let stream: AsyncStream<Element>
  private let continuation: AsyncStream<Element>.Continuation

  /// - Parameter limit: how many wait for the reader at most, the newest of them; nil for all.
  init(newest limit: Int? = nil) {
    (stream, continuation) = AsyncStream.makeStream(
      bufferingPolicy: limit.map { .bufferingNewest($0) } ?? .unbounded)
  }

  /// Returns at once, whether or not anybody reads.
  func send(_ element: Element) { continuation.yield(element) }
}
