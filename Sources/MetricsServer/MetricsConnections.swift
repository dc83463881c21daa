internal import NIOCore

/// The connections of a server: does what its table decides. Belongs to the one event loop.
final class MetricsConnections: @unchecked Sendable {
  let limits: MetricsServer.Limits
  private var table: ConnectionTable
  private var handlers: [ConnectionTable.ID: MetricsHandler] = [:]
  private var lastID = 0

  init(_ limits: MetricsServer.Limits) {
    self.limits = limits
    table = ConnectionTable(limits)
  }

  /// Lets a client in.
  func open(_ handler: MetricsHandler, from source: String) -> ConnectionTable.ID {
    lastID += 1
    handlers[lastID] = handler
    evict(table.open(lastID, from: source))
    return lastID
  }

  func ask(_ id: ConnectionTable.ID, isProbe: Bool) {
    if table.ask(id, isProbe: isProbe) { handlers[id]?.make() }
    proceed()
  }

  /// The making of an answer has ended.
  func ended(isProbe: Bool) {
    if !isProbe { table.ended() }
    proceed()
  }

  func answer(_ id: ConnectionTable.ID) { table.answer(id) }

  /// The answer has been leaving for `Limits.patience`.
  func slow(_ id: ConnectionTable.ID) {
    table.slow(id)
    proceed()
  }

  func answered(_ id: ConnectionTable.ID) {
    table.answered(id)
    proceed()
  }

  func close(_ id: ConnectionTable.ID) {
    table.close(id)
    handlers[id] = nil
    proceed()
  }

  private func proceed() {
    evict(table.takeSlow())
    while let id = table.next() { handlers[id]?.make() }
  }

  private func evict(_ id: ConnectionTable.ID?) {
    guard let id, let handler = handlers.removeValue(forKey: id) else { return }
    handler.end()
  }
}
