internal import Time

/// What the service manager was told: READY after the start and after each reload, and one line for `systemctl status`
/// whenever it changes.
struct Readiness: Sendable {
  typealias Waiting = @Sendable (NodeKnowledge?) -> Void

  enum Message: Hashable, Sendable {
    /// The start, or a reload, is complete.
    case ready(String)
    case status(String)
  }

  /// Whether everything was gone over once, from the links to what is announced.
  private(set) var isSettled = false
  /// When a conflict that the line names is over.
  var lineDueAt = Instant.distantFuture
  /// The last line; empty while a start or a reload is not complete.
  private var line = ""
  /// Callers that wait until a reload is complete.
  private var waiting: [Waiting] = []

  /// Whether the start, or the last reload, is complete.
  var isComplete: Bool { !line.isEmpty }

  mutating func noteSettled() { isSettled = true }

  /// A configuration was taken over or refused: the service manager waits for READY after each reload, good or bad
  /// (Type=notify-reload).
  mutating func beginReload() { line = "" }

  /// - Parameter awaitsVerdicts: whether the LAN is being asked for addresses. READY waits for that. The claims of
  ///   those that are free may take some milliseconds more.
  /// - Returns: what to tell; nil where that is nothing new, or READY has to wait.
  mutating func say(_ new: String, awaitsVerdicts: Bool) -> Message? {
    guard new != line else { return nil }
    if line.isEmpty, awaitsVerdicts { return nil }
    defer { line = new }
    return line.isEmpty ? .ready(new) : .status(new)
  }

  mutating func add(_ waiting: @escaping Waiting) { self.waiting.append(waiting) }

  /// Those who wait for a reload, each of them once.
  mutating func takeWaiting() -> [Waiting] {
    defer { waiting = [] }
    return waiting
  }
}
