internal import CLinux
internal import Glibc
package import LANTestKit
internal import LinuxSystem
internal import Synchronization

/// A way to a server on loopback with faults to switch on.
package final class TCPProxy: Sendable {
  /// What goes wrong on the way.
  package struct Faults: Sendable {
    /// Requests do not arrive.
    package var losesRequests = false
    /// Requests arrive, answers do not.
    package var losesAnswers = false
    /// The same for requests to these paths alone: `/v3/kv/txn`.
    package var losesAnswersTo: Set<String> = []
    /// Answers wait until this is switched off.
    package var holdsAnswers = false
    /// Each answer begins so much later.
    package var delaysAnswers = Duration.zero
    /// New connections are closed at once.
    package var rejects = false

    package init() {}
  }

  private final class Connection: Sendable {
    let client: Descriptor
    let server: Descriptor
    let isMuted = Mutex(false)

    init(_ client: consuming Descriptor, _ server: consuming Descriptor) {
      self.client = client
      self.server = server
    }

    func cut() {
      shutdown(client.rawValue, Int32(SHUT_RDWR))
      shutdown(server.rawValue, Int32(SHUT_RDWR))
    }
  }

  private struct State {
    var faults = Faults()
    var connections: [Connection] = []
    var listener: LoopbackListener?
    var octets = 0
  }
  private let state = Mutex(State())
  private let target: UInt16
  package let port: UInt16

  /// For plain http.
  package var url: String { "http://\(host):\(port)" }
  /// `127.0.0.1`, unless told otherwise.
  package let host: String

  /// Listens on a port of its own for whoever wants to reach `target`.
  ///
  /// - Parameters:
  ///   - lastOctet: of the address it listens on.
  ///   - socket: where it listens instead: in a network namespace, from which loopback is out of reach.
  package init(to target: UInt16, lastOctet: UInt8 = 1, on socket: BoundSocket? = nil) throws {
    self.target = target
    host = socket?.host ?? "127.0.0.\(lastOctet)"
    let listener =
      if let socket {
        try LoopbackListener(on: Descriptor(owning: socket.descriptor))
      } else {
        try LoopbackListener(lastOctet: lastOctet)
      }
    port = listener.port
    state.withLock { $0.listener = listener }
    // On a thread: a client has a time limit, and other tests may keep the whole pool of tasks busy for longer.
    listener.start { [weak self] in self?.take($0) }
  }

  deinit { close() }

  package func set(_ change: (inout Faults) -> Void) { state.withLock { change(&$0.faults) } }

  /// Ends all connections there are.
  package func cut() {
    let all = state.withLock { state in
      defer { state.connections = [] }
      return state.connections
    }
    for connection in all { connection.cut() }
  }

  /// Ends everything; connections are refused from now on.
  package func close() {
    state.withLock { $0.listener }?.close()
    cut()
  }

  private func take(_ client: consuming Descriptor) {
    guard !state.withLock({ $0.faults.rejects }), let server = try? connectToLoopback(target) else {
      return
    }
    let connection = Connection(client, server)
    state.withLock { $0.connections.append(connection) }
    startThread(named: "requests") { [self] in
      while true {
        let bytes = receive(connection.client.rawValue)
        guard !bytes.isEmpty else { break }
        let faults = state.withLock { $0.faults }
        if faults.losesRequests { continue }
        let text = String(decoding: bytes.prefix(200), as: UTF8.self)
        if faults.losesAnswersTo.contains(where: { text.contains("POST \($0) ") }) {
          connection.isMuted.withLock { $0 = true }
        }
        guard send(bytes, to: connection.server.rawValue) else { break }
      }
      connection.cut()
    }
    startThread(named: "answers") { [self] in
      while true {
        let bytes = receive(connection.server.rawValue)
        guard !bytes.isEmpty else { break }
        while state.withLock({ $0.faults.holdsAnswers }) { usleep(1000) }
        let delay = state.withLock { $0.faults.delaysAnswers }
        if delay > .zero, bytes.starts(with: "HTTP/1.1 ".utf8) {
          usleep(UInt32(delay / .microseconds(1)))
        }
        if state.withLock({ $0.faults.losesAnswers }) || connection.isMuted.withLock({ $0 }) {
          continue
        }
        guard send(bytes, to: connection.client.rawValue) else { break }
      }
      connection.cut()
    }
  }
}
