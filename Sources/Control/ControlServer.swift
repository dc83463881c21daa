internal import CLinux
internal import Glibc
internal import LinuxSystem
internal import Synchronization
internal import Time

/// Answers `announcer status` and its siblings on a Unix socket that root and its group may open.
///
/// One request a connection: a line of JSON in, a JSON document out, the end. A thread of its own
/// moves the octets and never waits for a client; the handler runs beside it, so that neither a
/// slow client nor a slow answer holds up anybody else.
package final class ControlServer: Sendable {
  package typealias Handler = @Sendable (Request) async -> Response

  private let socket: ControlSocket
  private let version: String
  private let handler: Handler
  private let wake: StopSignal
  private let mail = Mutex(Mail())

  /// What the handlers have for the thread.
  private struct Mail {
    var answers: [(client: Int, octets: [UInt8])] = []
    var isStopping = false
  }

  private struct Job: Sendable {
    let client: Int
    let request: Request
  }

  /// For one beyond, one ends that does nothing. While all wait for their answers, it stays in the kernel's queue.
  private static let clientLimit = 64
  /// Accepted at a time, so that those who are here wait for no more than this.
  private static let acceptLimit = 16

  /// Takes the socket; clients wait from here on, and are answered once `run` is called.
  ///
  /// - Parameters:
  ///   - version: this program's, for answers that the handler has no part in.
  package init(path: String, version: String, handler: @escaping Handler) throws(ControlFailure) {
    do throws(SystemError) {
      wake = try StopSignal()
    } catch {
      throw ControlFailure(.obstructed, "control socket \(path): \(error)")
    }
    socket = try ControlSocket(path: path)
    self.version = version
    self.handler = handler
  }

  /// Serves until `stop` is called or the task is cancelled; then the socket is gone from its path.
  package func run() async {
    let (jobs, post) = AsyncStream.makeStream(of: Job.self)
    await withTaskCancellationHandler {
      await withDiscardingTaskGroup { group in
        group.addTask {
          await withThread(named: "control") { self.serve { post.yield($0) } }
          post.finish()
        }
        for await job in jobs {
          group.addTask {
            let response = await self.handler(job.request)
            self.answer(job.client, with: response)
          }
        }
        group.cancelAll()
      }
    } onCancel: {
      stop()
    }
    socket.close()
  }

  /// Ends `run`; clients in the middle of something are cut off.
  package func stop() {
    mail.withLock { $0.isStopping = true }
    wake.raise()
  }

  private func answer(_ client: Int, with response: Response) {
    let octets = JSON.line(response) + [UInt8(ascii: "\n")]
    mail.withLock { $0.answers.append((client, octets)) }
    wake.raise()
  }

  // MARK: The thread

  private func serve(_ post: (Job) -> Void) {
    var clients: [Int: ControlConnection] = [:]
    var lastClient = 0
    var acceptAgain = Instant.distantPast
    while true {
      let now = Instant.now
      let isAccepting =
        now >= acceptAgain
        && (clients.count < Self.clientLimit || Self.idlest(of: clients, now) != nil)
      let order = clients.keys.sorted()
      var descriptors = [
        pollfd(fd: wake.fileDescriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: isAccepting ? socket.fileDescriptor : -1, events: Int16(POLLIN), revents: 0),
      ]
      for client in order {
        guard let connection = clients[client] else { continue }
        descriptors.append(
          pollfd(fd: connection.fileDescriptor, events: connection.events, revents: 0))
      }
      var next = clients.values.map(\.deadline).min() ?? .distantFuture
      if acceptAgain > now { next = min(next, acceptAgain) }
      if !isAccepting { next = min(next, now + ControlConnection.stallTime) }
      _ = unsafe poll(&descriptors, UInt(descriptors.count), Self.milliseconds(until: next, now))

      if descriptors[0].revents != 0 {
        wake.clear()
        let (answers, isStopping) = mail.withLock { mail in
          defer { mail.answers = [] }
          return (mail.answers, mail.isStopping)
        }
        if isStopping { return }
        for (client, octets) in answers { clients[client]?.answer(octets, now: .now) }
      }
      for (client, descriptor) in zip(order, descriptors.dropFirst(2)) where descriptor.revents != 0
      {
        guard let connection = clients[client] else { continue }
        handle(connection, client, events: descriptor.revents, post)
      }
      if descriptors[1].revents != 0 {
        for turn in 0..<Self.acceptLimit {
          // A connection ends only for one that is there: `poll` has told of the first.
          let isFull = clients.count >= Self.clientLimit
          if isFull, turn > 0 || !makeRoom(among: &clients, post) { break }
          let number = accept(socket.fileDescriptor, nil, nil)
          guard number >= 0 else {
            if errno == EAGAIN || errno == EINTR { break }
            // Out of descriptors or memory: the client stays in the queue, and the thread must not
            // spin on it.
            if !makeRoom(among: &clients, post) { acceptAgain = .now + .milliseconds(100) }
            break
          }
          makeNonblocking(number)
          lastClient += 1
          clients[lastClient] = ControlConnection(owning: number, now: .now)
        }
      }
      expire(clients.values)
      clients = clients.filter { $0.value.stage != .ended }
    }
  }

  private func handle(
    _ connection: ControlConnection, _ client: Int, events: Int16, _ post: (Job) -> Void
  ) {
    switch connection.stage {
    case .reading:
      switch connection.read() {
      case .more: break
      case .tooLong:
        refuse(connection, "the request is longer than \(ControlConnection.longestRequest) octets")
      case .line(let octets):
        if let request = JSON.decode(Request.self, from: octets) {
          post(Job(client: client, request: request))
        } else {
          refuse(connection, "the request is not understood")
        }
      }
    case .writing: connection.write()
    // Only an error or the client's leaving is reported here.
    case .waiting, .ended: connection.end()
    }
  }

  private func expire(_ connections: some Sequence<ControlConnection>) {
    let now = Instant.now
    for connection in connections where now >= connection.deadline {
      if connection.stage == .reading {
        let seconds = ControlConnection.requestTime.components.seconds
        refuse(connection, "no request within \(seconds) s")
      } else {
        connection.end()
      }
    }
  }

  /// Ends a connection whose client does nothing, where there is one.
  private func makeRoom(
    among clients: inout [Int: ControlConnection], _ post: (Job) -> Void
  ) -> Bool {
    while let client = Self.idlest(of: clients, .now), let connection = clients[client] {
      if connection.stage == .reading {
        // What it has sent may lie in the kernel, unread because others came first.
        handle(connection, client, events: Int16(POLLIN), post)
        switch connection.stage {
        case .reading: refuse(connection, "too many ask at once")
        case .waiting, .writing: continue
        case .ended: break
        }
      }
      clients.removeValue(forKey: client)
      return true
    }
    return false
  }

  /// The oldest of those whose request is not complete; else the one that has not read its answer for the longest.
  private static func idlest(of clients: [Int: ControlConnection], _ now: Instant) -> Int? {
    if let oldest = clients.filter({ $0.value.stage == .reading }).keys.min() { return oldest }
    return clients.filter { $0.value.isStalled(now) }
      .min { $0.value.lastProgress < $1.value.lastProgress }?.key
  }

  private func refuse(_ connection: ControlConnection, _ reason: String) {
    let response = Response(version: version, error: reason)
    connection.answer(JSON.line(response) + [UInt8(ascii: "\n")], now: .now)
  }

  /// For `poll(2)`: rounded up, so that the deadline has passed when it returns; -1 for never.
  private static func milliseconds(until deadline: Instant, _ now: Instant) -> Int32 {
    if deadline == .distantFuture { return -1 }
    let nanoseconds = max(0, (deadline - now).nanoseconds)
    return Int32(clamping: (nanoseconds / 1_000_000) + 1)
  }
}
